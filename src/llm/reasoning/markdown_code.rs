//! Detection of Markdown code, in which reasoning markers are ordinary text.

/// The code context at the end of a text.
#[derive(Debug)]
pub(super) struct MarkdownCode {
    /// Character and length of the open fence.
    fence: Option<(char, usize)>,
    /// Number of backticks that opened the inline code; 0 outside inline code.
    span: usize,
    /// Indentation of the current line, while the line has only spaces.
    indent: Option<usize>,
    /// `true` if the current line is indented code.
    indented: bool,
    /// `true` if the text has a word; `true` if it had one before the current line.
    words: (bool, bool),
}

/// Minimum indentation of a code line.
const INDENT: usize = 4;

impl Default for MarkdownCode {
    fn default() -> Self {
        Self { fence: None, span: 0, indent: Some(0), indented: false, words: (false, false) }
    }
}

impl MarkdownCode {
    /// Returns `true` if the text ends within code.
    pub(super) fn is_open(&self) -> bool {
        self.fence.is_some() || self.span > 0 || self.indented || self.is_deep()
    }

    /// Returns `true` if the current line is code as soon as a word follows.
    fn is_deep(&self) -> bool {
        self.words.1 && self.indent.is_some_and(|spaces| spaces >= INDENT)
    }

    /// Returns `true` if the current line has only spaces.
    pub(super) fn at_line_start(&self) -> bool {
        self.indent.is_some()
    }

    /// Starts a new line.
    pub(super) fn begin_line(&mut self) {
        self.indent = Some(0);
        self.indented = false;
    }

    /// Processes more text. Runs of backticks and tildes must not be split.
    pub(super) fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let run = match first {
                '`' | '~' => rest.len() - rest.trim_start_matches(first).len(),
                _ => first.len_utf8(),
            };
            match first {
                '`' | '~' => self.mark(first, run),
                '\n' => {
                    // Inline code ends with its paragraph.
                    if self.indent.is_some() {
                        self.span = 0;
                    }
                    self.begin_line();
                    self.words.1 = self.words.0;
                }
                ' ' => self.indent = self.indent.map(|spaces| spaces + 1),
                '\t' => self.indent = self.indent.map(|spaces| spaces + INDENT),
                '\r' => {}
                _ => {
                    self.indented |= self.is_deep();
                    self.indent = None;
                    self.words.0 = true;
                }
            }
            rest = &rest[run..];
        }
    }

    fn mark(&mut self, mark: char, length: usize) {
        let starts_line = self.indent.take().is_some_and(|spaces| spaces < INDENT);
        match self.fence {
            Some((open, least)) if starts_line && open == mark && length >= least => self.fence = None,
            Some(_) => {}
            None if starts_line && length >= 3 => self.fence = Some((mark, length)),
            None if mark == '~' => {}
            None if self.span == 0 => self.span = length,
            None if self.span == length => self.span = 0,
            None => {}
        }
    }
}
