//! Stems: the part of a word that its forms share.

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::irregular_forms::base_form;

/// Maximum length of a stem, in characters.
pub(super) const MAX_STEM: usize = 6;
/// Length from which no ending reaches the first [`MAX_STEM`] letters. Stemming takes quadratic time.
const LONG_WORD: usize = 64;

const ARABIC_PREFIXES: [&str; 6] = ["وال", "بال", "كال", "فال", "لل", "ال"];
const ARABIC_SUFFIXES: [&str; 8] = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];
/// Minimum number of letters that are left without a prefix.
const MIN_WITHOUT_PREFIX: usize = 2;
/// Minimum number of letters that are left without a suffix.
const MIN_WITHOUT_SUFFIX: usize = 3;

/// Returns the stem of a folded word.
pub(super) fn stem(word: &str) -> String {
    if word.starts_with(|c| ('\u{600}'..='\u{6ff}').contains(&c)) {
        return cut(arabic_stem(word)).to_owned();
    }
    let word = base_form(word);
    if word.is_ascii() && word.len() < LONG_WORD {
        static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
        return cut(&ENGLISH.stem(word)).to_owned();
    }
    cut(word).to_owned()
}

fn arabic_stem(word: &str) -> &str {
    let without = |prefix: &&str| has_chars(word.strip_prefix(*prefix)?, MIN_WITHOUT_PREFIX);
    let word = ARABIC_PREFIXES.iter().find_map(without).unwrap_or(word);
    let without = |suffix: &&str| has_chars(word.strip_suffix(*suffix)?, MIN_WITHOUT_SUFFIX);
    ARABIC_SUFFIXES.iter().find_map(without).unwrap_or(word)
}

fn has_chars(word: &str, least: usize) -> Option<&str> {
    (word.chars().take(least).count() == least).then_some(word)
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(MAX_STEM).map_or(word, |(end, _)| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_share_their_stem() {
        for (stem_of_all, forms) in [
            ("appoin", ["appointment", "appointments"]),
            ("go", ["went", "going"]),
            ("child", ["children", "child"]),
            ("notic", ["notices", "noticed"]),
            ("termin", ["termin", "terminen"]),
            ("كتاب", ["الكتاب", "كتابها"]),
            ("записа", ["записать", "записаться"]),
        ] {
            for form in forms {
                assert_eq!(stem(form), stem_of_all, "{form}");
            }
        }
    }

    #[test]
    fn long_words_are_cut_only() {
        for length in LONG_WORD - 1..=LONG_WORD + 1 {
            let word = "say".repeat(length).split_off(2 * length);
            let stemmed = Stemmer::new(Algorithm::English).stem(&word).into_owned();
            assert_eq!(stem(&word), cut(&stemmed));
        }
        assert_eq!(stem(&"ay".repeat(2_500_000)), "ayayay");
    }
}
