//! Numbers that the developer names, whole or by their beginnings.

use serde::Deserialize;

use crate::error::{Error, Result};

/// E.164 numbers, or their beginnings with a `*`: `+15551234567`, `+1900*`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Numbers(Vec<String>);

impl Numbers {
    /// Whether a number, E.164, is one of them.
    pub fn contain(&self, number: &str) -> bool {
        self.0.iter().any(|entry| match entry.strip_suffix('*') {
            Some(beginning) => number.starts_with(beginning),
            None => number == entry,
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn validate(&self, option: &str) -> Result<()> {
        match self.0.iter().position(|entry| !is_number(entry)) {
            None => Ok(()),
            Some(at) => {
                let reason = "must be a number like +15551234567, or the beginning of one like +1900*";
                Err(Error::config(format!("{option}[{at}]"), reason))
            }
        }
    }
}

fn is_number(entry: &str) -> bool {
    let digits = entry.strip_suffix('*').unwrap_or(entry).strip_prefix('+');
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_named_whole_or_by_their_beginning() {
        let numbers = Numbers(vec!["+15551234567".into(), "+1900*".into()]);
        assert!(numbers.contain("+15551234567") && numbers.contain("+19005550000"));
        assert!(!numbers.contain("+15551234568") && !numbers.contain("+1901"));
        assert!(numbers.validate("x").is_ok());
        for bad in ["", "*", "+", "5551234567", "+1 555", "+1555*1"] {
            let error = Numbers(vec![bad.into()]).validate("channels.blocked").unwrap_err();
            assert!(error.to_string().contains("`channels.blocked[0]`"), "{error}");
        }
    }
}
