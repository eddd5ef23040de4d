//! How keywords match: literally, ignoring case by Unicode simple case mapping, minding accents.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The simple lower-case mapping of a character.
pub(crate) fn fold(c: char) -> char {
    // U+0130 alone has a longer full mapping, whose first character is its simple one.
    c.to_lowercase().next().unwrap_or(c)
}

/// Folds a text for [`contains`].
pub(crate) fn fold_text(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// All characters that fold to the same as `c`, `c` first.
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
    fn case_is_ignored_and_accents_are_not() {
        assert_eq!(fold_text("CAFÉ İ"), "café i");
        assert_ne!(fold_text("cafe"), fold_text("café"));
    }

    #[test]
    fn variants_are_what_folds_alike() {
        assert_eq!(variants('é'), ['é', 'É']);
        assert_eq!(variants('É'), ['É', 'é']);
        assert_eq!(variants('%'), ['%']);
        assert_eq!(variants('k'), ['k', 'K', '\u{212a}']);
    }
}
