//! Removal of a model's reasoning from an answer. Servers without a reasoning parser leave it in
//! the text, between markers.

use markdown_code::MarkdownCode;
use markers::{
    FIRST_CHARS, Marker, Match, Tag, UNMARKED_HARMONY, is_quote, last_closing_marker, match_marker,
};
use state::{ReasoningBlock, State};

/// A streaming filter that removes reasoning from a model's text.
#[derive(Debug)]
pub(crate) struct ReasoningFilter {
    buffering: Buffering,
    /// Text that is buffered until it is certain that it is not reasoning.
    buffered: String,
    /// Undecided text, which may be the beginning of a marker.
    rest: String,
    state: State,
    code: MarkdownCode,
    /// Whitespace before the first word, which is removed if reasoning follows.
    leading_space: String,
    /// `true` once the text has a word outside reasoning.
    begun: bool,
    /// `true` if reasoning was found. In that case, markers around the answer are removed too.
    found: bool,
    /// `true` if reasoning ended without a beginning, because the chat template puts the beginning
    /// into the prompt.
    closes_unopened_reasoning: bool,
    /// Last character of the text.
    last: Option<char>,
}

/// The buffering of text until the end of reasoning whose beginning is in the prompt, and therefore
/// not visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Buffering {
    /// No buffering: text is sent as it arrives.
    Off,
    /// Buffering until the first end of reasoning, or the end of the answer.
    UntilReasoningEnds,
    /// Buffering until the end of the answer.
    UntilComplete,
}

/// Removes the reasoning from a complete answer. The second value is `true` if reasoning ended
/// without a beginning.
pub(crate) fn strip_reasoning(text: &str) -> (String, bool) {
    let mut filter = ReasoningFilter::new(Buffering::UntilComplete);
    let mut spoken = filter.push(text);
    spoken.push_str(&filter.finish());
    (spoken, filter.closes_unopened_reasoning())
}

impl ReasoningFilter {
    /// Creates a filter for one answer.
    pub(crate) fn new(buffering: Buffering) -> Self {
        Self {
            buffering,
            buffered: String::new(),
            rest: String::new(),
            state: State::Text,
            code: MarkdownCode::default(),
            leading_space: String::new(),
            begun: false,
            found: false,
            closes_unopened_reasoning: false,
            last: None,
        }
    }

    /// Adds a piece and returns the text that can be sent.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        self.rest.push_str(piece);
        let text = self.read(false);
        self.release(text)
    }

    /// Ends the answer and returns the rest of the text.
    pub(crate) fn finish(&mut self) -> String {
        let mut text = self.read(true);
        match std::mem::replace(&mut self.state, State::Text) {
            State::Text | State::Header(_) => {}
            State::Reasoning(block) => {
                // Reasoning without an end was truncated. Elsewhere, the marker is ordinary text.
                let after = block.after.or_else(|| last_closing_marker(&block.text));
                let text_of = match after {
                    Some(after) => Some(block.text[after..].to_owned()),
                    None => (!block.placed).then(|| block.text.clone()),
                };
                self.found |= after.is_some();
                if let Some(rest) = text_of {
                    self.emit(&rest, &mut text);
                }
            }
        }
        if !self.found {
            text.push_str(&std::mem::take(&mut self.leading_space));
        }
        std::mem::take(&mut self.buffered) + &text
    }

    /// Returns `true` if reasoning in this answer ended without a beginning.
    pub(crate) fn closes_unopened_reasoning(&self) -> bool {
        self.closes_unopened_reasoning
    }

    /// Returns `true` if the answer had text, so that `closes_unopened_reasoning` is meaningful.
    pub(crate) fn has_text(&self) -> bool {
        self.begun || self.found
    }

    /// Stops buffering, because the server separates reasoning from text.
    pub(crate) fn stop_buffering(&mut self) {
        if self.buffering == Buffering::UntilReasoningEnds {
            self.buffering = Buffering::Off;
        }
    }

    fn release(&mut self, text: String) -> String {
        if self.buffering == Buffering::Off {
            return std::mem::take(&mut self.buffered) + &text;
        }
        self.buffered.push_str(&text);
        String::new()
    }

    /// Processes the undecided text as far as possible.
    fn read(&mut self, ended: bool) -> String {
        let mut out = String::new();
        loop {
            let before = self.position();
            match &mut self.state {
                State::Text => self.read_text(ended, &mut out),
                State::Header(_) => self.read_header(),
                State::Reasoning(_) => self.read_block(ended),
            }
            let moved = self.position() != before;
            if self.rest.is_empty() || (!moved && !ended) {
                return out;
            }
            if !moved {
                // At the end of the answer, an incomplete marker is text.
                let rest = std::mem::take(&mut self.rest);
                match &mut self.state {
                    State::Text => self.emit(&rest, &mut out),
                    State::Header(head) => head.push_str(&rest),
                    State::Reasoning(block) => block.text.push_str(&rest),
                }
                return out;
            }
        }
    }

    /// Returns the current position, which changes with every progress.
    fn position(&self) -> (usize, std::mem::Discriminant<State>) {
        (self.rest.len(), std::mem::discriminant(&self.state))
    }

    /// Appends text that is not reasoning.
    fn emit(&mut self, text: &str, out: &mut String) {
        self.code.read(text);
        self.last = text.chars().next_back().or(self.last);
        if self.begun {
            return out.push_str(text);
        }
        let words = text.trim_start();
        self.leading_space.push_str(&text[..text.len() - words.len()]);
        if !words.is_empty() {
            self.begun = true;
            let leading_space = std::mem::take(&mut self.leading_space);
            // Whitespace between reasoning and answer is removed.
            out.push_str(if self.found { "" } else { &leading_space });
            out.push_str(words);
        }
    }

    fn read_text(&mut self, ended: bool, out: &mut String) {
        let stripped = UNMARKED_HARMONY.open;
        if !self.begun && stripped.starts_with(self.rest.trim_start()) && !ended {
            return;
        }
        if !self.begun
            && let Some(after) = self.rest.trim_start().strip_prefix(stripped)
            && after.starts_with(|c: char| c.is_uppercase())
        {
            let after = after.to_owned();
            return self.begin_block(&UNMARKED_HARMONY, stripped.to_owned(), after, false);
        }
        // Only whole runs are processed, because code is marked by one, two or three characters in
        // a row.
        let end = if ended { self.rest.len() } else { self.rest.trim_end_matches(['`', '~']).len() };
        let mut at = 0;
        while let Some(next) = self.rest[at..end].find(FIRST_CHARS).map(|next| at + next) {
            let plain = self.rest[at..next].to_owned();
            self.emit(&plain, out);
            at = next;
            let mark = match match_marker(&self.rest[at..]) {
                _ if self.code.is_open() => Match::None,
                Match::Complete(_, length) => match self.is_quoted(at + length) {
                    Some(true) => Match::None,
                    None if !ended => Match::Partial,
                    _ => match_marker(&self.rest[at..]),
                },
                mark => mark,
            };
            match mark {
                Match::Complete(mark, length) => {
                    let (written, after) =
                        (self.rest[at..at + length].to_owned(), self.rest[at + length..].to_owned());
                    return self.handle_marker(mark, written, after, out);
                }
                Match::Partial if !ended => {
                    self.rest.drain(..at);
                    return;
                }
                Match::Partial | Match::None => {
                    let width = self.rest[at..].chars().next().map_or(1, char::len_utf8);
                    let one = self.rest[at..at + width].to_owned();
                    self.emit(&one, out);
                    at += width;
                }
            }
        }
        let plain = self.rest[at..end].to_owned();
        self.emit(&plain, out);
        self.rest.drain(..end);
    }

    /// Returns `true` if a marker that ends at `end` is quoted and therefore ordinary text. Returns
    /// `None` if that depends on the next character.
    fn is_quoted(&self, end: usize) -> Option<bool> {
        let before = self.last.filter(|&c| is_quote(c));
        match (before, self.rest[end..].chars().next()) {
            (None, _) => Some(false),
            (Some(_), None) => None,
            (Some(before), Some(after)) => Some(before == after),
        }
    }

    /// Processes a marker outside reasoning and code.
    fn handle_marker(&mut self, mark: Marker, written: String, after: String, out: &mut String) {
        match mark {
            Marker::Open(tag) => {
                let placed = !self.begun || self.code.at_line_start();
                self.begin_block(tag, written, after, placed);
            }
            Marker::Close => {
                // Everything before it was reasoning, which is removed as far as it was not sent
                // yet.
                self.closes_unopened_reasoning = true;
                self.found = true;
                if self.buffering != Buffering::Off {
                    self.buffered.clear();
                    out.clear();
                    self.begun = false;
                    if self.buffering == Buffering::UntilReasoningEnds {
                        self.buffering = Buffering::Off;
                    }
                }
                self.code = MarkdownCode::default();
                self.rest = after;
            }
            Marker::Header => {
                self.found = true;
                self.state = State::Header(written);
                self.rest = after;
            }
            Marker::Answer if self.found => self.rest = after,
            Marker::Answer => {
                self.emit(&written, out);
                self.rest = after;
            }
        }
    }

    fn begin_block(&mut self, tag: &'static Tag, text: String, after: String, placed: bool) {
        self.state = State::Reasoning(ReasoningBlock { tag, text, depth: 1, after: None, placed });
        self.rest = after;
    }
}

mod block;
mod markdown_code;
mod markers;
mod state;
#[cfg(test)]
mod tests;
