//! Stop words: words that are in every question and say nothing of its topic.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Question and function words of the largest languages, folded. None is a noun in another of them.
/// A word that several languages share is listed once.
#[rustfmt::skip]
const STOP_WORDS: [(&str, &[&str]); 9] = [
    ("English", &[
        "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does",
        "for", "from", "had", "has", "have", "he", "her", "his", "how", "in", "is", "it", "its", "of",
        "on", "or", "she", "that", "the", "their", "they", "this", "to", "was", "we", "were", "what",
        "when", "where", "which", "who", "why", "will", "with", "would", "you",
    ]),
    ("German", &[
        "das", "dem", "den", "der", "des", "ein", "eine", "einen", "einer", "habe", "haben", "hat",
        "ich", "ist", "mit", "oder", "sind", "und", "von", "wann", "waren", "warum", "welche",
        "welcher", "welches", "wer", "wie",
    ]),
    ("French", &[
        "avec", "comment", "du", "elle", "est", "et", "il", "je", "la", "le", "les", "nous", "ou",
        "pourquoi", "quand", "quel", "quelle", "quelles", "quels", "qui", "sont", "tu", "une", "vous",
    ]),
    ("Spanish", &[
        "como", "con", "cual", "cuales", "cuando", "del", "donde", "el", "era", "es", "fue", "las",
        "los", "por", "porque", "que", "quien", "son", "un", "una", "unas", "unos",
    ]),
    ("Portuguese", &[
        "com", "foi", "onde", "os", "quais", "qual", "quando", "quem", "um", "uma",
    ]),
    ("Italian", &[
        "chi", "come", "dove", "gli", "lo", "quale", "quali", "sono", "uno",
    ]),
    ("Dutch", &[
        "een", "en", "het", "hoe", "ik", "met", "van", "waar", "waarom", "wanneer", "welke", "zijn",
    ]),
    ("Turkish", &[
        "bir", "bu", "hangi", "ile", "kim", "nasıl", "ne", "neden", "nerede", "ve",
    ]),
    ("Russian", &[
        "был", "была", "были", "в", "где", "и", "как", "какая", "какие", "когда", "кто", "на", "не",
        "от", "почему", "с", "что", "это",
    ]),
];

/// Returns `true` for a folded word that texts are not found by.
pub(super) fn is_stop_word(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| STOP_WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect());
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_analysis::fold::fold;

    #[test]
    fn stop_words_are_folded_and_listed_once() {
        let mut seen = FxHashSet::default();
        for (language, words) in STOP_WORDS {
            assert!(words.is_sorted(), "{language}");
            for word in words {
                assert_eq!(fold(word), *word);
                assert!(seen.insert(*word) && is_stop_word(word), "{word}");
            }
        }
    }
}
