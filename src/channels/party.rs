//! Who is on the other end of a line, as far as the line tells.

use crate::customer::{Customer, normalize_phone};

/// Words and numbers (they spell the words on a telephone's keys) that stand for a number which is hidden.
const HIDDEN: [(&str, &str); 5] = [
    ("anonymous", "+266696687"),
    ("restricted", "+7378742833"),
    ("blocked", "+2562533"),
    ("unknown", "+8656696"),
    ("unavailable", "+86282452253"),
];
/// What Twilio puts before numbers on WhatsApp.
const WHATSAPP: &str = "whatsapp:";

/// The other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A number, E.164.
    Phone(String),
    /// An address that is no number: `sip:…`, `client:…`, a short code.
    Address(String),
    /// Somebody who hides the number.
    Anonymous,
}

impl Party {
    /// Reads an address as Twilio gives it; `country` is where numbers without a country code are dialled.
    pub fn read(address: &str, country: &str) -> Self {
        let address = address.trim();
        let hidden = |(word, number): &(&str, &str)| address.eq_ignore_ascii_case(word) || address == *number;
        if address.is_empty() || HIDDEN.iter().any(hidden) {
            return Self::Anonymous;
        }
        match normalize_phone(address.strip_prefix(WHATSAPP).unwrap_or(address), country) {
            Some(number) => Self::Phone(number),
            None => Self::Address(address.to_owned()),
        }
    }

    /// The customer that this is: only a number names one.
    pub fn customer(&self) -> Customer {
        Customer { phone: self.phone().map(str::to_owned), ..Customer::default() }
    }

    /// The number.
    pub fn phone(&self) -> Option<&str> {
        match self {
            Self::Phone(number) => Some(number),
            _ => None,
        }
    }

    /// What limits are counted and conversations found by.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Phone(address) | Self::Address(address) => Some(address),
            Self::Anonymous => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_customers_and_nothing_else_is() {
        for address in ["+15551234567", "(555) 123-4567", "whatsapp:+15551234567"] {
            assert_eq!(Party::read(address, "US").phone(), Some("+15551234567"), "{address}");
        }
        for address in ["sip:john@example.com", "client:john", "12345"] {
            assert_eq!(Party::read(address, "US"), Party::Address(address.into()));
            assert!(Party::read(address, "US").customer().is_unknown());
        }
        for address in ["", " ", "anonymous", "Anonymous", "+266696687", "RESTRICTED", "+86282452253"] {
            assert_eq!(Party::read(address, "US"), Party::Anonymous, "{address}");
        }
    }
}
