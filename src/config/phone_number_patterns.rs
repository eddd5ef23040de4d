//! Lists of phone numbers and prefixes.

use serde::Deserialize;

use crate::error::{Error, Result};

/// A list of E.164 numbers, or of prefixes that end in `*`: `+15551234567`, `+1900*`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumberPatterns(Vec<String>);

impl PhoneNumberPatterns {
    /// Returns `true` if the list matches an E.164 number.
    pub fn matches(&self, number: &str) -> bool {
        self.0.iter().any(|entry| match entry.strip_suffix('*') {
            Some(beginning) => number.starts_with(beginning),
            None => number == entry,
        })
    }

    /// Returns `true` if the list matches one of the E.164 spellings of a number.
    pub fn matches_any(&self, spellings: &[String]) -> bool {
        spellings.iter().any(|spelling| self.matches(spelling))
    }

    /// Returns `true` if the list is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn validate(&self, option: &str) -> Result<()> {
        match self.0.iter().position(|entry| !is_pattern(entry)) {
            None => Ok(()),
            Some(at) => {
                let reason = "must be a number like +15551234567, or a prefix like +1900*";
                Err(Error::config(format!("{option}[{at}]"), reason))
            }
        }
    }
}

fn is_pattern(entry: &str) -> bool {
    let digits = entry.strip_suffix('*').unwrap_or(entry).strip_prefix('+');
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_whole_numbers_and_prefixes() {
        let numbers = PhoneNumberPatterns(vec!["+15551234567".into(), "+1900*".into()]);
        assert!(numbers.matches("+15551234567") && numbers.matches("+19005550000"));
        assert!(!numbers.matches("+15551234568") && !numbers.matches("+1901"));
        assert!(numbers.validate("x").is_ok());
        for bad in ["", "*", "+", "5551234567", "+1 555", "+1555*1"] {
            let error = PhoneNumberPatterns(vec![bad.into()]).validate("channels.blocked").unwrap_err();
            assert!(error.to_string().contains("`channels.blocked[0]`"), "{error}");
        }
    }
}
