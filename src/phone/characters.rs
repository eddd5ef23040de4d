//! Characters of phone numbers and keywords: digits of all scripts, invisible marks, and variants
//! of `+`, `-` and `.`.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Digits of the letters `a` to `z` on a telephone keypad, ITU-T E.161.
const KEYPAD: &[u8; 26] = b"22233344455566677778889999";
/// Letters and symbols without a glyph: Hangul fillers (Unicode `Default_Ignorable_Code_Point`).
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];
/// Distance of the full-width forms from ASCII.
const FULL_WIDTH: u32 = 0xfee0;

/// Returns a number in ASCII and lower case, without invisible marks. Characters that cannot be
/// part of a number stay as they are.
pub fn to_ascii(given: &str) -> String {
    given.chars().filter(|c| !is_invisible(*c)).map(ascii).flat_map(char::to_lowercase).collect()
}

/// Returns `true` for characters without glyph and width: direction marks, joiners, byte order
/// marks, soft hyphens, variation selectors.
pub fn is_invisible(c: char) -> bool {
    FILLERS.contains(&c)
        || matches!(
            c.general_category(),
            GeneralCategory::Format | GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
        )
}

/// Returns the digits that spell a word on a telephone keypad. Characters other than letters are
/// omitted.
pub fn keypad_digits(word: &str) -> String {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic);
    letters
        .filter_map(|letter| KEYPAD.get(usize::from(letter.to_ascii_lowercase() - b'a')))
        .map(|digit| char::from(*digit))
        .collect()
}

fn ascii(c: char) -> char {
    if c.is_ascii() {
        return match c {
            '[' | '{' => '(',
            ']' | '}' => ')',
            '\\' => '/',
            '~' | '_' => '-',
            _ if c.is_whitespace() => ' ',
            _ => c,
        };
    }
    if let Some(digit) = decimal_digit(c) {
        return char::from(b'0' + digit);
    }
    if let '\u{ff01}'..='\u{ff5e}' = c {
        return char::from_u32(u32::from(c) - FULL_WIDTH).map_or(c, ascii);
    }
    match c {
        // Minus signs, hyphen bullets, the Japanese prolonged sound marks, swung dashes.
        '\u{2212}' | '\u{207b}' | '\u{208b}' | '\u{02d7}' | '\u{2043}' | '\u{30fc}' | '\u{ff70}'
        | '\u{2053}' | '\u{223c}' | '\u{2796}' => '-',
        // Leaders, bullets, middle dots, ideographic full stops.
        '\u{2024}' | '\u{00b7}' | '\u{2022}' | '\u{2027}' | '\u{22c5}' | '\u{3002}' | '\u{ff61}'
        | '\u{30fb}' | '\u{ff65}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '\u{fe62}' | '\u{207a}' | '\u{fb29}' | '\u{2795}' => '+',
        // A Braille pattern without dots.
        '\u{2800}' => ' ',
        _ => match c.general_category() {
            GeneralCategory::DashPunctuation => '-',
            GeneralCategory::OpenPunctuation => '(',
            GeneralCategory::ClosePunctuation => ')',
            GeneralCategory::InitialPunctuation | GeneralCategory::FinalPunctuation => '"',
            GeneralCategory::SpaceSeparator
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => ' ',
            _ => c,
        },
    }
}

/// Returns the value of a decimal digit in any script. Unicode keeps the ten digits of a script
/// together, 0 first (The Unicode Standard, 4.6).
fn decimal_digit(c: char) -> Option<u8> {
    let is_digit = |code: u32| {
        char::from_u32(code).is_some_and(|c| c.general_category() == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(c);
    if !is_digit(code) {
        return None;
    }
    let before = (1..=code).take_while(|back| is_digit(code - back)).count();
    u8::try_from(before % 10).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_of_every_script() {
        for (digits, script) in [
            ("0123456789", "Latin"),
            ("٠١٢٣٤٥٦٧٨٩", "Arabic-Indic"),
            ("۰۱۲۳۴۵۶۷۸۹", "Extended Arabic-Indic (Persian, Urdu)"),
            ("०१२३४५६७८९", "Devanagari"),
            ("০১২৩৪৫৬৭৮৯", "Bengali"),
            ("௦௧௨௩௪௫௬௭௮௯", "Tamil"),
            ("๐๑๒๓๔๕๖๗๘๙", "Thai"),
            ("၀၁၂၃၄၅၆၇၈၉", "Myanmar"),
            ("០១២៣៤៥៦៧៨៩", "Khmer"),
            ("０１２３４５６７８９", "full width"),
            ("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "mathematical bold"),
            ("𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "mathematical monospace"),
        ] {
            assert_eq!(to_ascii(digits), "0123456789", "{script}");
        }
        assert_eq!(to_ascii("²½Ⅳ①"), "²½ⅳ①", "numerals that are no digits");
    }

    #[test]
    fn spells_words_on_a_keypad() {
        for (word, digits) in [("anonymous", "266696687"), ("Restricted", "7378742833"), ("o-k", "65")] {
            assert_eq!(keypad_digits(word), digits);
        }
    }
}
