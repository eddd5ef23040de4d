//! Conversion of tool call ids to the format that the requested model accepts, because another
//! model may have created them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Characters of short ids.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MISTRAL_ID_LENGTH: usize = 9;

/// A format of tool call ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallIdFormat {
    /// Up to 40 characters (OpenAI).
    OpenAi,
    /// Up to 64 letters, digits, `_` and `-` (Anthropic).
    Anthropic,
    /// Nine letters and digits (Mistral).
    Mistral,
}

impl CallIdFormat {
    const fn longest(self) -> usize {
        match self {
            Self::OpenAi => 40,
            Self::Anthropic => 64,
            Self::Mistral => MISTRAL_ID_LENGTH,
        }
    }

    fn accepts(self, id: &str) -> bool {
        let allowed = |c: char| match self {
            Self::OpenAi => true,
            Self::Anthropic => c.is_ascii_alphanumeric() || c == '_' || c == '-',
            Self::Mistral => c.is_ascii_alphanumeric(),
        };
        let length = id.chars().count();
        let fits = if self == Self::Mistral {
            length == MISTRAL_ID_LENGTH
        } else {
            (1..=self.longest()).contains(&length)
        };
        fits && id.chars().all(allowed)
    }
}

/// The call ids of one request. The same transcript always yields the same ids.
#[derive(Debug)]
pub(super) struct CallIdMap {
    form: CallIdFormat,
    seen: HashSet<String>,
    /// Ids of the latest calls without a result: the original id and the id as sent.
    open: Vec<(String, String)>,
}

impl CallIdMap {
    /// Creates an empty mapping for one request.
    pub(super) fn new(form: CallIdFormat) -> Self {
        Self { form, seen: HashSet::new(), open: Vec::new() }
    }

    /// Starts another message with calls.
    pub(super) fn begin(&mut self) {
        self.open.clear();
    }

    /// Returns the id of a call as it is sent: in the accepted format, and unique in the request.
    pub(super) fn call(&mut self, id: &str) -> String {
        let sent = if self.is_free(id) { id.to_owned() } else { self.alternative(id) };
        self.seen.insert(sent.clone());
        self.open.push((id.to_owned(), sent.clone()));
        sent
    }

    /// Returns the id of the call that a result belongs to, as it was sent.
    pub(super) fn result(&mut self, id: &str) -> String {
        match self.open.iter().position(|(call, _)| call == id) {
            Some(at) => self.open.remove(at).1,
            None => id.to_owned(),
        }
    }

    fn is_free(&self, id: &str) -> bool {
        self.form.accepts(id) && !self.seen.contains(id)
    }

    fn alternative(&self, id: &str) -> String {
        if self.form == CallIdFormat::Mistral {
            return (0..u64::MAX).map(|salt| short(id, salt)).find(|id| self.is_free(id)).unwrap_or_default();
        }
        let accepted =
            |c: char| self.form == CallIdFormat::OpenAi || c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let word: String = id.chars().map(|c| if accepted(c) { c } else { '_' }).collect();
        if self.is_free(&word) {
            return word;
        }
        let numbered =
            |n: usize| format!("call_{n}_{word}").chars().take(self.form.longest()).collect::<String>();
        (self.seen.len()..).map(numbered).find(|id| self.is_free(id)).unwrap_or_default()
    }
}

/// Hashes an id to nine letters and digits.
fn short(id: &str, salt: u64) -> String {
    let mut hasher = DefaultHasher::new();
    (id, salt).hash(&mut hasher);
    let mut rest = hasher.finish();
    let digits = std::iter::repeat_with(|| {
        let digit = ALPHABET[usize::try_from(rest % 62).unwrap_or_default()];
        rest /= 62;
        char::from(digit)
    });
    digits.take(MISTRAL_ID_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_ids_to_accepted_unique_ids_and_results_to_the_same_ids() {
        let long = "x".repeat(41);
        let given =
            ["abcdefghi", "call_1", "functions.look:0", "", "call_1", "a.b", "a:b", "é", &long, "a_b"];
        for form in [CallIdFormat::OpenAi, CallIdFormat::Anthropic, CallIdFormat::Mistral] {
            let mut ids = CallIdMap::new(form);
            let sent: Vec<String> = given.iter().map(|id| ids.call(id)).collect();
            assert!(sent.iter().all(|id| form.accepts(id)), "{sent:?}");
            assert_eq!(sent.iter().collect::<HashSet<_>>().len(), sent.len(), "{sent:?}");
            assert_eq!(sent[0], "abcdefghi");
            let results: Vec<String> = given.iter().map(|id| ids.result(id)).collect();
            assert_eq!(results, sent);
            let mut again = CallIdMap::new(form);
            assert_eq!(given.iter().map(|id| again.call(id)).collect::<Vec<_>>(), sent);
        }
    }
}
