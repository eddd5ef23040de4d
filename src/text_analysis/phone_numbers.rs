//! Terms of telephone numbers, however they are written.

use super::characters::{is_digit, is_space};

/// Number of digits that a number has at least, and by which it is found.
const DIGITS: usize = 7;

/// Returns `#` and the last digits of each number in a text. A number's digits may be apart by spaces
/// and `().-/`.
pub(super) fn phone_number_terms(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c| !can_be_in_number(c)).filter_map(|part| {
        let last: Vec<char> = part.chars().rev().filter(|&c| is_digit(c)).take(DIGITS).collect();
        (last.len() == DIGITS).then(|| std::iter::once('#').chain(last.into_iter().rev()).collect())
    })
}

fn can_be_in_number(c: char) -> bool {
    match c {
        '(' | ')' | '.' | '-' | '/' => true,
        _ => is_digit(c) || is_space(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_last_digits() {
        for (text, terms) in [
            ("call +1 (555) 123-4567 now", &["#1234567"][..]),
            ("5551234567", &["#1234567"]),
            ("030/12 34 56 7, or 0301234568", &["#1234567", "#1234568"]),
            ("+4930123456+4930123457", &["#0123456", "#0123457"]),
            ("٠١٢٣٤٥٦٧", &["#١٢٣٤٥٦٧"]),
            ("123-456", &[]),
            ("123x4567", &[]),
            ("", &[]),
        ] {
            assert_eq!(phone_number_terms(text).collect::<Vec<_>>(), terms, "{text}");
        }
    }
}
