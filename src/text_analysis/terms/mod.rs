//! Terms: the words, numbers and n-grams by which a text is found.

use super::fold::fold;
use super::grams::Grams;
use super::phone_numbers::phone_number_terms;
use super::runs::{RunKind, next_run};
use super::stem::stem;
use super::stop_words::is_stop_word;

/// Length from which a text is analysed in pieces, in bytes.
const PIECE: usize = 4_096;
/// Maximum length of a piece, in bytes. Only a text without spaces is cut there, within a word.
const MAX_PIECE: usize = 65_536;
/// Characters before which a text may be cut: no term, composed character or case mapping reaches
/// across them.
const SEPARATORS: [char; 5] = [' ', '\n', '。', '，', '、'];
const ORDINAL_ENDINGS: [&str; 4] = ["st", "nd", "rd", "th"];

/// Returns the terms of a text, in order and with repetitions. Telephone numbers come last.
pub fn terms(text: &str) -> Vec<String> {
    terms_iter(text).collect()
}

/// Returns the terms of a text one by one. A long text is analysed only as far as terms are taken.
pub fn terms_iter(text: &str) -> impl Iterator<Item = String> + '_ {
    pieces(text).flat_map(|piece| PieceTerms::new(fold(piece))).chain(phone_number_terms(text))
}

/// Cuts a text into pieces that are analysed one after another.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at_least = rest.ceil_char_boundary(PIECE);
        let at_most = rest.floor_char_boundary(MAX_PIECE);
        let end = rest[at_least..at_most].find(SEPARATORS).map_or(at_most, |at| at_least + at);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Iterator over the terms of a folded piece of text.
struct PieceTerms {
    folded: String,
    at: usize,
    grams: Option<Grams>,
}

impl PieceTerms {
    fn new(folded: String) -> Self {
        Self { folded, at: 0, grams: None }
    }
}

impl Iterator for PieceTerms {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        loop {
            if let Some(gram) = self.grams.as_mut().and_then(|grams| grams.next(&self.folded)) {
                return Some(gram.to_owned());
            }
            self.grams = None;
            let run = next_run(&self.folded, self.at)?;
            self.at = run.bytes.end;
            match run.kind {
                RunKind::Grams(length) => self.grams = Some(Grams::new(run.bytes, length)),
                RunKind::Digits => return Some(number(&self.folded[run.bytes]).to_owned()),
                RunKind::Word => {
                    let word = &self.folded[run.bytes];
                    if says_something(word) {
                        return Some(stem(word));
                    }
                }
            }
        }
    }
}

/// Returns the digits without leading zeros.
fn number(digits: &str) -> &str {
    let number = digits.trim_start_matches('0');
    if number.is_empty() { "0" } else { number }
}

/// Returns `true` unless the word is in every text. A word of one byte is a single ASCII letter.
fn says_something(word: &str) -> bool {
    word.len() > 1 && !ORDINAL_ENDINGS.contains(&word) && !is_stop_word(word)
}

#[cfg(test)]
mod tests;
