//! The remote party of a call or message, as far as the network identifies it.

use crate::channels::shared::withheld_number::is_withheld;
use crate::phone::{normalize_phone, phone_identity};
use crate::types::customer::Customer;

/// Prefixes of channels whose addresses are phone numbers verified by the channel (Twilio,
/// Messaging Channels).
pub const CHANNEL_PREFIXES: [&str; 2] = ["whatsapp:", "rcs:"];
/// Maximum length of a short code, in digits.
const MAX_SHORT_CODE_DIGITS: usize = 6;

/// A remote party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteParty {
    /// A phone number, E.164.
    Phone(String),
    /// An address other than a number: `sip:…`, `client:…`, a short code, an alphanumeric sender.
    Address(String),
    /// A party with a withheld number.
    Anonymous,
}

impl RemoteParty {
    /// Parses the address of a message in Twilio's notation. Numbers without a country code belong
    /// to `country`.
    pub fn read(address: &str, country: &str) -> Self {
        let address = address.trim();
        if is_withheld(address) {
            return Self::Anonymous;
        }
        if is_short_code(address) {
            return Self::Address(address.to_owned());
        }
        match normalize_phone(strip_channel_prefix(address).unwrap_or(address), country) {
            Some(number) => Self::Phone(number),
            None => Self::Address(normalize_sip(address)),
        }
    }

    /// Parses the address of a call. A word without a scheme means that the network withholds the
    /// number, whichever word it is.
    pub fn from_call(address: &str, country: &str) -> Self {
        match Self::read(address, country) {
            Self::Address(word) if is_name(&word) && !word.contains(|c: char| c.is_ascii_digit()) => {
                Self::Anonymous
            }
            party => party,
        }
    }

    /// Returns the customer. Only a number identifies one.
    pub fn customer(&self) -> Customer {
        Customer { phone: self.phone().map(str::to_owned), ..Customer::default() }
    }

    /// Returns the phone number, if any.
    pub fn phone(&self) -> Option<&str> {
        match self {
            Self::Phone(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the key for rate limits and conversations, the same for all spellings of a number.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Phone(number) => Some(phone_identity(number)),
            Self::Address(address) => Some(address.clone()),
            Self::Anonymous => None,
        }
    }

    /// Returns `false` for alphanumeric senders, which cannot receive messages.
    pub fn accepts_messages(&self) -> bool {
        match self {
            Self::Phone(_) => true,
            Self::Address(address) => !is_name(address),
            Self::Anonymous => false,
        }
    }
}

/// Returns the number of an address such as `whatsapp:+15551234567`.
pub fn strip_channel_prefix(address: &str) -> Option<&str> {
    CHANNEL_PREFIXES.into_iter().find_map(|channel| {
        let (start, number) = address.split_at_checked(channel.len())?;
        start.eq_ignore_ascii_case(channel).then_some(number)
    })
}

fn is_short_code(address: &str) -> bool {
    address.len() <= MAX_SHORT_CODE_DIGITS && address.bytes().all(|b| b.is_ascii_digit())
}

/// Returns `true` for a word that is neither a URI nor a code.
fn is_name(address: &str) -> bool {
    !address.contains(':') && address.contains(char::is_alphabetic)
}

/// Normalizes a SIP address to lower case, without port and parameters, so that variations do not
/// evade the rate limits. Returns other addresses unchanged.
fn normalize_sip(address: &str) -> String {
    let lower = address.to_lowercase();
    let scheme = ["sip:", "sips:"].into_iter().find(|scheme| lower.starts_with(scheme));
    let parts = scheme.and_then(|scheme| Some((scheme, lower[scheme.len()..].split_once('@')?)));
    match parts {
        Some((scheme, (user, host))) => {
            let user = user.split([';', ':']).next().unwrap_or_default();
            let host = host.split([';', ':', '?', '>']).next().unwrap_or_default();
            format!("{scheme}{user}@{host}")
        }
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_identify_customers() {
        for address in ["+15551234567", "(555) 123-4567", "whatsapp:+15551234567"] {
            assert_eq!(RemoteParty::read(address, "US").phone(), Some("+15551234567"), "{address}");
        }
        for address in ["sip:john@example.com", "client:john", "12345"] {
            assert_eq!(RemoteParty::read(address, "US"), RemoteParty::Address(address.into()));
            assert!(RemoteParty::read(address, "US").customer().is_unknown());
        }
        for address in ["", " ", "anonymous", "Anonymous", "+266696687", "RESTRICTED", "+86282452253"] {
            assert_eq!(RemoteParty::read(address, "US"), RemoteParty::Anonymous, "{address}");
        }
    }

    #[test]
    fn a_claimed_number_does_not_identify_a_customer() {
        for address in [
            "sip:+15551234567@example.com",
            "sips:15551234567@10.0.0.1;user=phone",
            "client:+15551234567",
            "messenger:15551234567",
            "+15551234567@example.com",
            "+15551234567 ext. 12",
            "1-800-FLOWERS",
        ] {
            assert!(RemoteParty::read(address, "US").customer().is_unknown(), "{address}");
        }
    }

    #[test]
    fn sip_variations_have_one_key() {
        for address in
            ["sip:Ann@Example.com", "sip:ann@example.com:5060;transport=tcp", "SIP:ann:pw@example.com"]
        {
            assert_eq!(
                RemoteParty::read(address, "US").key().as_deref(),
                Some("sip:ann@example.com"),
                "{address}"
            );
        }
    }

    #[test]
    fn alphanumeric_senders_accept_no_messages() {
        for (address, takes) in [
            ("Amazon", false),
            ("ACME 24", false),
            ("12345", true),
            ("+15551234567", true),
            ("messenger:7", true),
        ] {
            assert_eq!(RemoteParty::read(address, "US").accepts_messages(), takes, "{address}");
        }
        assert_eq!(RemoteParty::from_call("Verborgen", "NL"), RemoteParty::Anonymous);
        assert_eq!(RemoteParty::from_call("client:ann", "NL"), RemoteParty::Address("client:ann".into()));
    }
}
