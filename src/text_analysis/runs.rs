//! Runs: pieces of a folded text that are of one kind of script.

use std::ops::Range;

use super::characters::{CharacterClass, class_of};

/// Kind of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunKind {
    /// Decimal digits.
    Digits,
    /// Letters of a script that separates its words.
    Word,
    /// Letters of a script without spaces, which are found by n-grams of this length.
    Grams(usize),
}

/// A run of a folded text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub kind: RunKind,
    pub bytes: Range<usize>,
}

/// Returns the first run that begins at or after a byte. Runs end where the kind of script changes,
/// and at everything but letters, numbers and marks.
pub(super) fn next_run(text: &str, from: usize) -> Option<Run> {
    let mut begun: Option<(RunKind, usize)> = None;
    for (offset, c) in text.get(from..)?.char_indices() {
        let at = from + offset;
        let kind = kind_of(c, begun.map(|(kind, _)| kind));
        match begun {
            None => begun = kind.map(|kind| (kind, at)),
            Some((run, start)) if kind != Some(run) => return Some(Run { kind: run, bytes: start..at }),
            Some(_) => {}
        }
    }
    begun.map(|(kind, start)| Run { kind, bytes: start..text.len() })
}

/// Returns the kind of a character. A mark is of the kind of the character before it.
fn kind_of(c: char, before: Option<RunKind>) -> Option<RunKind> {
    match class_of(c) {
        CharacterClass::Digit => Some(RunKind::Digits),
        CharacterClass::Letter => Some(gram_length(c).map_or(RunKind::Word, RunKind::Grams)),
        CharacterClass::Mark => before,
        CharacterClass::Other => None,
    }
}

fn gram_length(c: char) -> Option<usize> {
    match c {
        // Kana, Han and Hangul.
        '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' => Some(2),
        // Thai and Lao, Burmese, Khmer.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_cut_between_kinds() {
        let text = "at 3pm, 東京tower กา e\u{301}2";
        let mut at = 0;
        let mut runs = Vec::new();
        while let Some(run) = next_run(text, at) {
            at = run.bytes.end;
            runs.push((run.kind, &text[run.bytes]));
        }
        let expected = [
            (RunKind::Word, "at"),
            (RunKind::Digits, "3"),
            (RunKind::Word, "pm"),
            (RunKind::Grams(2), "東京"),
            (RunKind::Word, "tower"),
            (RunKind::Grams(3), "กา"),
            (RunKind::Word, "e\u{301}"),
            (RunKind::Digits, "2"),
        ];
        assert_eq!(runs, expected);
        assert_eq!(next_run("\u{301}!", 0), None);
    }
}
