//! Who a customer is: the address on the line, never what a conversation claims.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Longest identifier.
const MAX_CHARS: usize = 512;
/// A plus sign and fifteen digits.
const MAX_E164_BYTES: usize = 16;
/// Longest notation of a phone number, in bytes.
const MAX_PHONE_BYTES: usize = 64;

/// Identifiers of the person a conversation is with, normalised.
///
/// Comes from the line (number, e-mail address) or from the developer; nothing that a model or a
/// customer says ever changes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The developer's own id of the person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// Lower-case e-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// E.164 phone number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
}

impl Customer {
    /// What a developer gave, normalised; empty identifiers count as absent. `at` is where it stands among the arguments, and
    /// `country` where numbers without a country code are dialled.
    pub fn normalized(self, at: &str, country: &str) -> Result<Self> {
        let text = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
        let id = text(self.id);
        if let Some(id) = &id {
            if id.contains('\0') {
                let reason = "holds a NUL character, which databases cannot store";
                return Err(Error::argument(format!("{at}id"), reason));
            }
            if id.chars().count() > MAX_CHARS {
                return Err(Error::argument(
                    format!("{at}id"),
                    format!("is longer than {MAX_CHARS} characters"),
                ));
            }
        }
        let email = text(self.email).map(|email| {
            normalize_email(&email)
                .filter(|email| email.chars().count() <= MAX_CHARS)
                .ok_or_else(|| Error::argument(format!("{at}email"), "is no e-mail address"))
        });
        let phone = text(self.phone)
            .map(|phone| normalize_phone(&phone, country).ok_or_else(|| Error::phone(&format!("{at}phone"))));
        Ok(Self { id, email: email.transpose()?, phone: phone.transpose()? })
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        self.id.is_none() && self.email.is_none() && self.phone.is_none()
    }
}

/// E-mail addresses are compared ignoring case.
pub fn normalize_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let valid = !local.is_empty()
        && !domain.is_empty()
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    valid.then_some(email)
}

/// E.164 of a phone number in any usual notation; `country` (ISO 3166-1 alpha-2) is where numbers
/// without a country code are dialled.
pub fn normalize_phone(phone: &str, country: &str) -> Option<String> {
    let phone = phone.trim();
    let dialled = phone.strip_prefix("00").map(|rest| format!("+{rest}"));
    let phone = dialled.as_deref().unwrap_or(phone);
    let usual = |c: char| c.is_ascii_digit() || "+-./() \u{a0}".contains(c);
    if phone.len() > MAX_PHONE_BYTES || !phone.chars().all(usual) {
        return None;
    }
    if phone.starts_with('+') {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        return (7..=15).contains(&digits.len()).then(|| format!("+{digits}"));
    }
    let country = phonenumber::country::Id::from_str(country).ok()?;
    let number = phonenumber::parse(Some(country), phone).ok()?;
    let national = number.national().value().to_string().len();
    let e164 =
        (7..=14).contains(&national).then(|| number.format().mode(phonenumber::Mode::E164).to_string());
    e164.filter(|e164| e164.len() <= MAX_E164_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_in_usual_notations_are_one_number() {
        for phone in
            ["+1 (555) 123-4567", "(555) 123-4567", "555.123.4567", "1-555-123-4567", "001 555 123 4567"]
        {
            assert_eq!(normalize_phone(phone, "US").as_deref(), Some("+15551234567"), "{phone}");
        }
        assert_eq!(normalize_phone("020 7946 0018", "GB").as_deref(), Some("+442079460018"));
        assert_eq!(normalize_phone("+1234567890", "US").as_deref(), Some("+1234567890"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for phone in ["", "hello", "123", "+12", "' OR 1=1 --", "+1 555 CALL NOW"] {
            assert_eq!(normalize_phone(phone, "US"), None, "{phone}");
        }
        // With the code of its country it is longer than numbers are.
        assert_eq!(normalize_phone("555) 123-45674567", "GB"), None);
    }

    #[test]
    fn emails_ignore_case() {
        assert_eq!(normalize_email(" John@Example.COM ").as_deref(), Some("john@example.com"));
        for email in ["", "john", "@x", "john@", "a b@c.d"] {
            assert_eq!(normalize_email(email), None, "{email}");
        }
    }
}
