//! The text of a model, made ready to be spoken while it arrives: Markdown, angle brackets and emoji
//! are taken out, and complete clauses are released.

/// Number of characters after which a text without a clause is released at a space.
const MAX_PENDING_CHARS: usize = 120;
/// Maximum length of a Markdown link that a clause waits for, in bytes.
const MAX_LINK_BYTES: usize = 2_000;

/// A text that arrives in pieces and is spoken in clauses.
#[derive(Debug, Default)]
pub struct SpeechText {
    /// Text of the model that is not released yet.
    pending: String,
    /// `true` if something was released and the line it belongs to has not ended.
    is_inside_line: bool,
    /// The last character released.
    last: Option<char>,
}

/// Returns the spoken form of a whole text.
pub fn spoken(text: &str) -> String {
    let mut speech = SpeechText::default();
    let start = speech.push(text);
    start + &speech.finish()
}

/// Appends words to a text, with a space between them.
pub(super) fn append_words(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

impl SpeechText {
    /// Adds a piece of the model's text. Returns the clauses that it completes, ready to be spoken.
    pub fn push(&mut self, piece: &str) -> String {
        self.pending.push_str(piece);
        let mut spoken = String::new();
        while let Some(end) = clause_end(&self.pending) {
            let clause: String = self.pending.drain(..end).collect();
            self.release(&clause, &mut spoken);
        }
        spoken
    }

    /// Returns the rest of the text, ready to be spoken.
    pub fn finish(&mut self) -> String {
        let mut spoken = String::new();
        let rest = std::mem::take(&mut self.pending);
        self.release(&rest, &mut spoken);
        self.is_inside_line = false;
        spoken
    }

    /// Appends a part of the model's text in its spoken form.
    fn release(&mut self, text: &str, spoken: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            if !self.is_inside_line {
                rest = after_line_marker(rest);
                self.is_inside_line = true;
            }
            let Some(character) = rest.chars().next() else { return };
            if character == '\n' {
                self.end_line(spoken);
                rest = &rest[1..];
                continue;
            }
            if let Some((label, after)) = link(rest) {
                label.chars().for_each(|character| self.append(character, spoken));
                rest = after;
                continue;
            }
            let after = &rest[character.len_utf8()..];
            if !is_silent(character, self.last, after) {
                self.append(character, spoken);
            }
            rest = after;
        }
    }

    /// Ends a line. A line without punctuation, such as a heading, becomes a sentence.
    fn end_line(&mut self, spoken: &mut String) {
        self.is_inside_line = false;
        match self.last {
            None | Some(' ') => {}
            Some(last) if last.is_alphanumeric() => ". ".chars().for_each(|one| self.append(one, spoken)),
            Some(_) => self.append(' ', spoken),
        }
    }

    fn append(&mut self, character: char, spoken: &mut String) {
        let character = if character.is_whitespace() || character.is_control() { ' ' } else { character };
        // Words stay apart by one space.
        if character == ' ' && self.last.is_none_or(|last| last == ' ') {
            return;
        }
        spoken.push(character);
        self.last = Some(character);
    }
}

/// Returns the end of the first clause, with the space after it.
fn clause_end(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    let mut last_space = None;
    let mut count = 0;
    let mut link_start = None;
    while let Some((at, character)) = characters.next() {
        count += 1;
        match character {
            '[' => link_start = link_start.or(Some(at)),
            ')' => link_start = None,
            ']' if !text[at + 1..].is_empty() && !text[at + 1..].starts_with('(') => link_start = None,
            _ => {}
        }
        if link_start.is_some_and(|start| at - start < MAX_LINK_BYTES) {
            continue;
        }
        let after = at + character.len_utf8();
        let next = characters.peek().map(|(_, next)| *next);
        if character == '\n' || "。！？；，、।؟".contains(character) {
            return Some(after);
        }
        if ".!?;:,…—".contains(character) && next.is_some_and(char::is_whitespace) {
            let space = next.map_or(0, char::len_utf8);
            return Some(after + space);
        }
        if character.is_whitespace() {
            last_space = Some(after);
        }
        if count >= MAX_PENDING_CHARS {
            return Some(last_space.unwrap_or(after));
        }
    }
    None
}

/// Returns a line without the mark of a heading, list entry or quotation at its start.
fn after_line_marker(line: &str) -> &str {
    let text = line.trim_start_matches([' ', '\t']);
    let heading = text.trim_start_matches('#');
    if heading.len() < text.len() && heading.starts_with(' ') {
        return heading.trim_start_matches(' ');
    }
    let bullet = ["- ", "* ", "+ ", "• ", "> "].iter().find_map(|marker| text.strip_prefix(marker));
    bullet.unwrap_or(text)
}

/// Splits a Markdown link or image at the start of a text into its label and the text after it.
fn link(text: &str) -> Option<(&str, &str)> {
    let label = text.strip_prefix("![").or_else(|| text.strip_prefix('['))?;
    let (label, target) = label.split_once("](")?;
    let (target, after) = target.split_once(')')?;
    let is_link = !label.contains(['[', ']', '\n']) && !target.contains([' ', '\n']);
    is_link.then_some((label, after))
}

/// Returns `true` for a character that is not spoken: a mark of Markdown, an angle bracket, an emoji.
fn is_silent(character: char, before: Option<char>, after: &str) -> bool {
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    match character {
        '`' | '<' | '>' => true,
        '*' | '~' => !(before == Some(' ') && after.starts_with(' ')),
        '_' => !(is_word(before) && is_word(after.chars().next())),
        '\u{200d}' | '\u{fe0f}' | '\u{20e3}' => true,
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the clauses of a text that arrives in pieces of some characters.
    fn clauses(text: &str, length: usize) -> Vec<String> {
        let mut speech = SpeechText::default();
        let characters: Vec<char> = text.chars().collect();
        let pieces = characters.chunks(length).map(|piece| piece.iter().collect::<String>());
        let mut clauses: Vec<String> = pieces.map(|piece| speech.push(&piece)).collect();
        clauses.push(speech.finish());
        clauses.into_iter().filter(|clause| !clause.is_empty()).collect()
    }

    #[test]
    fn clauses_are_released_as_soon_as_they_are_complete() {
        assert_eq!(
            clauses("Sure, Anna. It costs 3.50 euros; shall I book it?", 1),
            ["Sure, ", "Anna. ", "It costs 3.50 euros; ", "shall I book it?"]
        );
        assert_eq!(clauses("はい、わかりました。では", 1), ["はい、", "わかりました。", "では"]);
        let long = "word ".repeat(60);
        assert!(clauses(&long, 3).iter().all(|clause| clause.chars().count() <= MAX_PENDING_CHARS));
    }

    #[test]
    fn markdown_is_not_spoken_however_it_is_cut() {
        for (text, spoken) in [
            ("We are **open** until _six_.", "We are open until six."),
            ("# Hours\n\n- Monday: 9 to 5\n- Sunday\n\nBye.", "Hours. Monday: 9 to 5. Sunday. Bye."),
            ("See [our site](https://a.com/x_y(1), please.", "See our site, please."),
            ("Press [1], or [2].", "Press [1], or [2]."),
            ("Use `code` and ~~no~~ <b>bold</b>.", "Use code and no bbold/b."),
            ("3 * 4 is snake_case and a < b", "3 * 4 is snake_case and a b"),
            ("Great 👍🏽 news ☎️!", "Great news !"),
            ("> quoted\n1. first\n2. second", "quoted. 1. first. 2. second"),
            ("![a map](https://m.com/a.png) here", "a map here"),
        ] {
            for length in [1, 2, 3, 7, 1_000] {
                assert_eq!(clauses(text, length).concat(), spoken, "{text} in pieces of {length}");
            }
        }
    }

    #[test]
    fn any_text_is_released_in_the_end() {
        for text in ["[", "[a](", "[a](b", "***", "", "\n\n\n", " ", "[a]", &"[".repeat(5_000)] {
            let whole = clauses(text, 1).concat();
            assert_eq!(whole, clauses(text, 1_000).concat(), "{text}");
        }
    }
}
