//! A reply on the line: the text that was sent, and the part of it that was heard.

/// The characters that end a sentence.
const SENTENCE_ENDS: [char; 7] = ['.', '!', '?', '。', '！', '？', '؟'];

/// The kind of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyKind {
    /// The greeting, which the provider has got beforehand.
    Greeting,
    /// The answer of a turn.
    Answer {
        /// The number of the turn.
        turn: u32,
        /// The number of times that the turn has run tools before.
        part: u32,
    },
    /// A fixed phrase, which is not remembered.
    Phrase,
    /// A phrase that covers a wait. Later speech may cut it.
    Filler,
}

impl ReplyKind {
    /// Returns the number of the turn that it answers, if it answers one.
    pub fn turn(self) -> Option<u32> {
        match self {
            Self::Answer { turn, .. } => Some(turn),
            Self::Greeting | Self::Phrase | Self::Filler => None,
        }
    }
}

/// A reply that was begun.
#[derive(Debug)]
pub struct Reply {
    pub kind: ReplyKind,
    /// The number of the reply in its session.
    pub number: u32,
    /// The text sent so far.
    sent: String,
    /// Length of the part that was heard, in bytes.
    heard: usize,
    /// `true` if the last piece was sent.
    pub is_complete: bool,
}

impl Reply {
    /// Creates a reply without text.
    pub fn new(kind: ReplyKind, number: u32) -> Self {
        Self { kind, number, sent: String::new(), heard: 0, is_complete: false }
    }

    /// Adds text that is sent.
    pub fn push(&mut self, text: &str) {
        self.sent.push_str(text);
    }

    /// Returns the part that was heard.
    pub fn heard(&self) -> &str {
        self.sent[..self.heard].trim_end()
    }

    /// Returns the part that was not heard.
    pub fn unheard(&self) -> &str {
        self.sent[self.heard..].trim()
    }

    /// Returns the part of the current sentence that was heard, if its end was not.
    pub fn cut_sentence(&self) -> &str {
        let heard = self.heard();
        if self.unheard().is_empty() || heard.ends_with(SENTENCE_ENDS) {
            return "";
        }
        heard.rsplit(SENTENCE_ENDS).next().unwrap_or_default().trim_start()
    }

    /// Returns the text from the sentence on whose end was not heard.
    pub fn rest_with_cut_sentence(&self) -> &str {
        let cut = self.cut_sentence().len();
        let start = self.heard().len() - cut;
        self.sent[start..].trim_start()
    }

    /// Returns `true` if all of it was heard.
    pub fn is_heard(&self) -> bool {
        self.is_complete && self.unheard().is_empty()
    }

    /// Counts all of it as heard.
    pub fn hear_all(&mut self) {
        self.heard = self.sent.len();
    }

    /// Returns the end of a played text in the unheard part, in bytes of the whole. Spaces do not
    /// count, because providers move them. A text that begins later than the unheard part means that
    /// the report of the text before it is missing.
    pub fn end_of(&self, played: &str) -> Option<usize> {
        let wanted: Vec<char> = played.chars().filter(|one| !one.is_whitespace()).collect();
        if wanted.is_empty() {
            return None;
        }
        let unheard: Vec<(usize, char)> =
            self.sent[self.heard..].char_indices().filter(|(_, one)| !one.is_whitespace()).collect();
        let start = unheard
            .windows(wanted.len())
            .position(|window| window.iter().map(|(_, one)| *one).eq(wanted.iter().copied()))?;
        let (at, last) = unheard[start + wanted.len() - 1];
        Some(self.heard + at + last.len_utf8())
    }

    /// Counts the text up to `end` as heard.
    pub fn hear_to(&mut self, end: usize) {
        self.heard = self.heard.max(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> Reply {
        let mut reply = Reply::new(ReplyKind::Phrase, 1);
        reply.push(text);
        reply
    }

    #[test]
    fn hears_clause_by_clause() {
        let mut reply = reply("Sentence 1 of two. Sentence 2 of two.");
        for (played, heard) in [
            ("Sentence 1 of two.", "Sentence 1 of two."),
            (" Sentence 2", "Sentence 1 of two. Sentence 2"),
            ("of  two.", "Sentence 1 of two. Sentence 2 of two."),
        ] {
            let end = reply.end_of(played).unwrap();
            reply.hear_to(end);
            assert_eq!(reply.heard(), heard);
        }
        reply.is_complete = true;
        assert!(reply.is_heard());
    }

    #[test]
    fn a_cut_sentence_is_known_to_its_start() {
        let mut reply = reply("One. Two and three. Four.");
        for (heard, cut, rest) in [
            ("", "", "One. Two and three. Four."),
            ("One.", "", "Two and three. Four."),
            ("Two an", "Two an", "Two and three. Four."),
            ("d three.", "", "Four."),
            ("Four.", "", ""),
        ] {
            reply.hear_to(reply.end_of(heard).unwrap_or_default());
            assert_eq!((reply.cut_sentence(), reply.rest_with_cut_sentence()), (cut, rest));
        }
    }

    #[test]
    fn a_missing_report_is_made_up_for_by_the_next_one() {
        let mut reply = reply("One. Two. Three.");
        reply.hear_to(reply.end_of("Two.").unwrap());
        assert_eq!((reply.heard(), reply.unheard()), ("One. Two.", "Three."));
        assert_eq!(reply.end_of("One."), None);
        assert_eq!(reply.end_of("  "), None);
    }
}
