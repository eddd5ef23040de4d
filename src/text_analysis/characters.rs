//! Classes of characters, by Unicode's general category.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Number of decimal digits of a script. Their code points follow each other, zero first.
const DIGITS: u32 = 10;

/// Returns `true` for a decimal digit of any script.
pub(super) fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    // The first test is much the quicker.
    c.is_numeric() && c.general_category() == GeneralCategory::DecimalNumber
}

/// Class of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharacterClass {
    /// A decimal digit.
    Digit,
    /// A letter, or a number other than a decimal digit.
    Letter,
    /// A mark that belongs to the character before it.
    Mark,
    /// Anything else.
    Other,
}

/// Returns the class of a character of any script.
pub(super) fn class_of(c: char) -> CharacterClass {
    if c.is_ascii() {
        return match c {
            '0'..='9' => CharacterClass::Digit,
            'a'..='z' | 'A'..='Z' => CharacterClass::Letter,
            _ => CharacterClass::Other,
        };
    }
    match c.general_category() {
        GeneralCategory::DecimalNumber => CharacterClass::Digit,
        GeneralCategory::UppercaseLetter
        | GeneralCategory::LowercaseLetter
        | GeneralCategory::TitlecaseLetter
        | GeneralCategory::ModifierLetter
        | GeneralCategory::OtherLetter
        | GeneralCategory::LetterNumber
        | GeneralCategory::OtherNumber => CharacterClass::Letter,
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark => CharacterClass::Mark,
        _ => CharacterClass::Other,
    }
}

/// Returns `true` for a letter or number of any script, and for the low line.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || matches!(class_of(c), CharacterClass::Digit | CharacterClass::Letter)
}

/// Returns `true` for a mark that takes no space of its own.
pub(super) fn is_nonspacing_mark(c: char) -> bool {
    !c.is_ascii() && c.general_category() == GeneralCategory::NonspacingMark
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
