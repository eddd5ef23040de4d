//! Classes of characters, by Unicode's general category.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Number of decimal digits of a script. Their code points follow each other, zero first.
const DIGITS: u32 = 10;

/// Returns `true` for a decimal digit of any script.
pub(super) fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { c.general_category() == GeneralCategory::DecimalNumber }
}

/// Returns `true` for a letter or number of any script.
pub(super) fn is_letter_or_number(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// Returns `true` for a letter or number of any script, and for the low line.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || is_letter_or_number(c)
}

/// Returns `true` for a mark that takes no space of its own.
pub(super) fn is_nonspacing_mark(c: char) -> bool {
    !c.is_ascii() && c.general_category() == GeneralCategory::NonspacingMark
}

/// Returns `true` for a mark that belongs to the letter before it.
pub(super) fn is_mark(c: char) -> bool {
    let marks = [GeneralCategory::NonspacingMark, GeneralCategory::SpacingMark];
    !c.is_ascii() && marks.contains(&c.general_category())
}

/// Returns `true` for white space, including the four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// Reads a number of exactly `length` decimal digits of any script.
pub(super) fn read_number(text: &str, length: usize) -> Option<u32> {
    let mut number = 0;
    let mut count = 0;
    for c in text.chars() {
        count += 1;
        if count > length {
            return None;
        }
        number = number * DIGITS + digit_value(c)?;
    }
    (count == length).then_some(number)
}

fn digit_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(DIGITS);
    }
    let before = (0..u32::from(c)).rev().take_while(|&code| char::from_u32(code).is_some_and(is_digit));
    is_digit(c).then(|| before.count() as u32 % DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_scripts_are_read() {
        for (text, number) in
            [("2026", 2026), ("٢٠٢٦", 2026), ("२०२६", 2026), ("𝟚𝟘𝟚𝟞", 2026), ("２０２６", 2026)]
        {
            assert_eq!(read_number(text, 4), Some(number), "{text}");
        }
        for text in ["", "202", "20260", "202x", "20²6", "２０２"] {
            assert_eq!(read_number(text, 4), None, "{text}");
        }
    }
}
