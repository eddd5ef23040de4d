//! Mailboxes: an address, and whose it is.

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Deserializer};

/// Longest address, in bytes.
const MAX_ADDRESS_BYTES: usize = 254;
/// Longest name, in characters.
const MAX_NAME_CHARS: usize = 200;

/// An address with the name of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Whose it is.
    pub name: Option<String>,
    /// As it was given; addresses are compared by [`Mailbox::key`].
    pub address: String,
}

impl Mailbox {
    /// Reads `ann@example.com` or `Ann <ann@example.com>`; `None` for anything else, several addresses among it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => {
                let name = name.trim();
                let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
                Self::named(quoted.unwrap_or(name), address)
            }
            None => Self::named("", text),
        }
    }

    /// An address and a name, which may be empty; `None` when either could break out of a header.
    pub fn named(name: &str, address: &str) -> Option<Self> {
        let address = address.trim();
        let options = Options::default().without_display_text().without_domain_literal();
        let fits = address.len() <= MAX_ADDRESS_BYTES && !address.chars().any(char::is_control);
        if !fits || EmailAddress::parse_with_options(address, options).is_err() || !is_one_line(name) {
            return None;
        }
        let name = name.trim();
        let name = (!name.is_empty()).then(|| name.chars().take(MAX_NAME_CHARS).collect());
        Some(Self { name, address: address.to_owned() })
    }

    /// What says whether two addresses are the same customer's.
    pub fn key(&self) -> String {
        self.address.to_lowercase()
    }

    /// Behind the `@`.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl<'de> Deserialize<'de> for Mailbox {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(
                "must be one e-mail address, like ann@example.com or Ann <ann@example.com>",
            )
        })
    }
}

/// Whether text can stand in a header.
pub fn is_one_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_and_without_names() {
        for (text, name, address) in [
            ("ann@example.com", None, "ann@example.com"),
            (" Ann <Ann@Example.com> ", Some("Ann"), "Ann@Example.com"),
            ("\"O'Neil, Ann\" <ann+x@mail.example>", Some("O'Neil, Ann"), "ann+x@mail.example"),
            ("Änn 👋 <änn@bücher.example>", Some("Änn 👋"), "änn@bücher.example"),
        ] {
            let mailbox = Mailbox::parse(text).unwrap();
            assert_eq!((mailbox.name.as_deref(), mailbox.address.as_str()), (name, address));
        }
        assert_eq!(Mailbox::parse("Ann@Example.COM").unwrap().key(), "ann@example.com");
    }

    #[test]
    fn what_is_no_single_address_is_refused() {
        for text in [
            "",
            "ann",
            "ann@",
            "@example.com",
            "ann@example.com, bob@example.com",
            "ann@example.com\r\nBcc: bob@example.com",
            "Ann\r\nBcc: x <ann@example.com>",
            "ann@example.com>",
            "<ann@example.com",
            "ann@[127.0.0.1]",
            "a b@example.com",
            &format!("{}@example.com", "a".repeat(300)),
        ] {
            assert_eq!(Mailbox::parse(text), None, "{text:?}");
        }
    }
}
