//! The identity of a customer: the channel address, never a claim made in a conversation.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::phone::PhoneNumber;

/// Maximum length of an identifier, in characters.
const MAX_CHARS: usize = 512;

/// Normalised identifiers of the person in a conversation.
///
/// Comes from the channel (phone number, e-mail address) or from the developer. Nothing that a
/// model or a customer says changes it.
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
    /// Further identifiers of the person, each a customer of its own. They widen what is read and are
    /// never written: a memory belongs to the identifiers on the line.
    #[serde(skip)]
    pub also: Vec<Customer>,
}

impl Customer {
    /// Returns the customer on the line, and the person's further identifiers.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.also)
    }

    /// Normalises the identifiers given by a developer; empty ones count as absent. `at` is the
    /// path of the customer within the arguments. `country` is the default region for numbers
    /// without a country code.
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
                .ok_or_else(|| Error::argument(format!("{at}email"), "is not a valid e-mail address"))
        });
        let phone = text(self.phone).map(|phone| {
            let number = PhoneNumber::of_person(&phone, country);
            number.map(|number| number.e164).map_err(|problem| Error::phone(&format!("{at}phone"), &problem))
        });
        Ok(Self { id, email: email.transpose()?, phone: phone.transpose()?, also: Vec::new() })
    }

    /// Returns `true` if no identifier is known.
    pub fn is_unknown(&self) -> bool {
        self.id.is_none() && self.email.is_none() && self.phone.is_none()
    }
}

/// Normalises an e-mail address to lower case, because addresses are compared ignoring case.
/// Returns `None` if it is invalid.
pub fn normalize_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let valid = !local.is_empty()
        && !domain.is_empty()
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    valid.then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_email_addresses() {
        assert_eq!(normalize_email(" John@Example.COM ").as_deref(), Some("john@example.com"));
        for email in ["", "john", "@x", "john@", "a b@c.d"] {
            assert_eq!(normalize_email(email), None, "{email}");
        }
    }
}
