//! The parts of a number as written: digits, brackets, country code, extension, URI.

use std::sync::LazyLock;

use regex::Regex;

use crate::phone::PhoneError;
use crate::phone::characters::to_ascii;

/// Maximum length of a notation, in bytes.
const MAX_BYTES: usize = 256;
/// Maximum number of digits: two prefixes and an E.164 number.
const MAX_DIGITS: usize = 32;

/// A scheme (RFC 3966, `whatsapp:` of Twilio), or an address book label.
static SCHEME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:tel|phone|telephone|mobile|cell|sms|smsto|mms|mmsto|callto|whatsapp|rcs)(?:\.?:|\.)(?://)?",
    )
    .ok()
});
/// An extension at the end, with the words of libphonenumber's parser.
static EXTENSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = r"e?xt(?:ensi[oó]n)?|extn|xx?|int|anexo|poste|доб|#";
    Regex::new(&format!(r"[\s,;.(/-]*(?:(?:{words})[\s.:=]*|,,+\s*)\(?(\d{{1,9}})\)?#?$")).ok()
});
/// The placeholder of a carrier's code in Brazil: `0xx11`, `+55 (0xx11)`, `0**11`.
static CARRIER_PLACEHOLDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(^|[ (.-])0\s*(?:xx|\*\*)").ok());

/// The parts of a number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Notation {
    pub digits: Digits,
    /// `true` if the number begins with `+`.
    pub is_international: bool,
    pub extension: Option<String>,
}

/// The ASCII digits of a number.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Digits {
    pub text: String,
    /// Start and end of the digits in brackets.
    pub brackets: Vec<(usize, usize)>,
    /// Positions of digits after a space or mark.
    pub gaps: Vec<usize>,
}

impl Digits {
    /// Returns the digits after the first `count` ones.
    pub fn after(&self, count: usize) -> Self {
        let text = self.text.get(count..).unwrap_or_default().to_owned();
        let shifted = |(start, end): &(usize, usize)| {
            start.checked_sub(count).and_then(|start| Some((start, end.checked_sub(count)?)))
        };
        let gaps = self.gaps.iter().filter_map(|at| at.checked_sub(count)).collect();
        Self { text, brackets: self.brackets.iter().filter_map(shifted).collect(), gaps }
    }

    /// Returns the digits in brackets that begin at `start`.
    pub fn in_brackets_at(&self, start: usize) -> Option<&str> {
        let (start, end) = self.brackets.iter().find(|(at, _)| *at == start)?;
        self.text.get(*start..*end)
    }
}

impl Notation {
    /// Splits a number into its parts.
    pub fn read(given: &str) -> Result<Self, PhoneError> {
        if given.len() > MAX_BYTES {
            return Err(PhoneError::NotANumber);
        }
        let ascii = to_ascii(given).replace("%2b", "+").replace("%20", " ");
        let is_around = |c: char| c == ' ' || "<>\"'`".contains(c);
        let text = ascii.trim_matches(is_around);
        let text = SCHEME.as_ref().map_or(text.into(), |scheme| scheme.replace(text, ""));
        let (number, parameters) = text.split_once(';').unwrap_or((&text, ""));
        let number =
            CARRIER_PLACEHOLDER.as_ref().map_or(number.into(), |place| place.replace(number, "${1}0"));
        let (number, mut extension) = without_extension(number.trim_matches(is_around));
        let mut number = number.to_owned();
        for parameter in parameters.split(';').map(str::trim).filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("ext", digits)) => {
                    extension = Some(digits.chars().filter(char::is_ascii_digit).collect())
                }
                Some(("phone-context", context)) if context.starts_with('+') && !number.starts_with('+') => {
                    number = format!("{context}{number}");
                }
                Some((name, _)) if is_name(name) => {}
                None if is_name(parameter) => {}
                None if parameter.bytes().all(|b| b.is_ascii_digit()) => {
                    extension = Some(parameter.to_owned())
                }
                _ => return Err(PhoneError::NotANumber),
            }
        }
        let (digits, is_international) = digits(&number)?;
        Ok(Self { digits, is_international, extension: extension.filter(|digits| !digits.is_empty()) })
    }
}

/// Returns `true` for the name of a URI parameter.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

fn without_extension(number: &str) -> (&str, Option<String>) {
    let found = EXTENSION.as_ref().and_then(|extension| extension.captures(number));
    let parts = found.and_then(|found| Some((found.get(0)?.start(), found.get(1)?.as_str().to_owned())));
    match parts {
        Some((start, extension)) => (&number[..start], Some(extension)),
        None => (number, None),
    }
}

fn digits(number: &str) -> Result<(Digits, bool), PhoneError> {
    let mut digits = Digits::default();
    let mut is_international = false;
    let mut open = None;
    for c in number.chars() {
        let count = digits.text.len();
        match c {
            '0'..='9' => digits.text.push(c),
            '+' if count == 0 => is_international = true,
            '(' => open = Some(count),
            ')' => digits.brackets.extend(open.take().filter(|open| *open < count).map(|open| (open, count))),
            ' ' | '-' | '.' | '/' => digits.gaps.push(count),
            _ => {
                let letters = number.chars().filter(|c| c.is_alphabetic()).count();
                let has_digits = number.bytes().any(|b| b.is_ascii_digit());
                return Err(if letters > 0 && has_digits && c.is_alphabetic() {
                    PhoneError::Letters
                } else {
                    PhoneError::NotANumber
                });
            }
        }
    }
    if digits.text.is_empty() || digits.text.len() > MAX_DIGITS {
        return Err(PhoneError::NotANumber);
    }
    Ok((digits, is_international))
}
