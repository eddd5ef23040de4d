//! Case folding for keyword search. Keywords match literally, ignoring case by Unicode simple case
//! mapping and respecting accents.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Returns the simple lower-case mapping of a character.
pub(crate) fn fold(c: char) -> char {
    // U+0130 is the only character with a longer full mapping; its first character is the simple
    // one.
    c.to_lowercase().next().unwrap_or(c)
}

/// Folds the case of a text, for comparison with other folded texts.
pub(crate) fn fold_text(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// Returns all characters that fold to the same character as `c`, `c` first.
pub(crate) fn variants(c: char) -> Vec<char> {
    static UPPER: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
        let mut upper: HashMap<char, Vec<char>> = HashMap::new();
        for c in ('\u{41}'..='\u{1ffff}').filter(|&c| fold(c) != c) {
            upper.entry(fold(c)).or_default().push(c);
        }
        upper
    });
    let folded = fold(c);
    let others = std::iter::once(folded).chain(UPPER.get(&folded).into_iter().flatten().copied());
    std::iter::once(c).chain(others.filter(|&other| other != c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_case_but_not_accents() {
        assert_eq!(fold_text("CAFÉ İ"), "café i");
        assert_ne!(fold_text("cafe"), fold_text("café"));
    }

    #[test]
    fn returns_all_case_variants() {
        assert_eq!(variants('é'), ['é', 'É']);
        assert_eq!(variants('É'), ['É', 'é']);
        assert_eq!(variants('%'), ['%']);
        assert_eq!(variants('k'), ['k', 'K', '\u{212a}']);
    }
}
