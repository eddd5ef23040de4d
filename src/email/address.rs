//! Mailboxes: an e-mail address with an optional display name.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Deserializer};

/// Maximum length of an address, in bytes.
const MAX_ADDRESS_BYTES: usize = 254;
/// Maximum length of a display name, in characters.
const MAX_NAME_CHARS: usize = 200;

/// An e-mail address with an optional display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name.
    pub name: Option<String>,
    /// The address as it was given. Addresses are compared by [`Mailbox::key`].
    pub address: String,
}

impl Mailbox {
    /// Parses `ann@example.com` or `Ann <ann@example.com>`. Returns `None` for anything else,
    /// including several addresses.
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

    /// Creates a mailbox from a name, which may be empty, and an address. Returns `None` if the
    /// address is invalid or either could inject a header.
    pub fn named(name: &str, address: &str) -> Option<Self> {
        let address = unquoted(address.trim());
        let address = address.as_ref();
        let options = Options::default().without_display_text().without_domain_literal();
        let fits = address.len() <= MAX_ADDRESS_BYTES && !address.chars().any(char::is_control);
        let standard = quoted_dots(address);
        if !fits || EmailAddress::parse_with_options(&standard, options).is_err() || !is_one_line(name) {
            return None;
        }
        let name = name.trim();
        let name = (!name.is_empty()).then(|| name.chars().take(MAX_NAME_CHARS).collect());
        Some(Self { name, address: address.to_owned() })
    }

    /// Returns the key by which customers' addresses are compared: the address in lower case.
    pub fn key(&self) -> String {
        self.address.to_lowercase()
    }

    /// Returns the address in the form of RFC 5321. Japanese carriers issued addresses like
    /// `ken..ji.@phone.example`, which are written `"ken..ji."@phone.example`.
    pub fn quoted_address(&self) -> Cow<'_, str> {
        quoted_dots(&self.address)
    }

    /// Returns the part after the `@`.
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

/// Adds quotes to a local part with dots that RFC 5321 allows in quotes only.
fn quoted_dots(address: &str) -> Cow<'_, str> {
    match address.rsplit_once('@') {
        Some((local, domain)) if has_odd_dots(local) => Cow::Owned(format!("\"{local}\"@{domain}")),
        _ => Cow::Borrowed(address),
    }
}

/// Removes quotes that only the dots of the local part require. The address means the same with and
/// without them.
fn unquoted(address: &str) -> Cow<'_, str> {
    let local = address.rsplit_once('@').and_then(|(local, domain)| {
        let local = local.strip_prefix('"')?.strip_suffix('"')?;
        has_odd_dots(local).then(|| format!("{local}@{domain}"))
    });
    local.map_or(Cow::Borrowed(address), Cow::Owned)
}

/// Returns `true` if a local part consists of atoms and dots, with a dot at an end or two dots in a
/// row.
fn has_odd_dots(local: &str) -> bool {
    let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    (local.starts_with('.') || local.ends_with('.') || local.contains(".."))
        && local.chars().all(|c| c == '.' || is_atom(c))
        && local.contains(is_atom)
}

/// Returns `true` if text is a single line, which a header requires.
pub fn is_one_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_addresses_with_and_without_names() {
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
    fn rejects_anything_but_a_single_address() {
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
