//! Addresses of messages: phone numbers, `whatsapp:+…`, and other senders.

use crate::channels::shared::remote_party::CHANNEL_PREFIXES;
use crate::error::{Error, Result};
use crate::phone::{PhoneError, PhoneNumber};
use crate::providers::twilio::{MessageSender, is_sid};

/// Length of a short code, in digits.
const SHORT_CODE_DIGITS: std::ops::RangeInclusive<usize> = 3..=8;
const WHATSAPP: &str = CHANNEL_PREFIXES[0];

/// A phone number on a messaging channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MessageAddress {
    /// `whatsapp:`, `rcs:`, or `None` for SMS.
    pub channel: Option<&'static str>,
    pub number: PhoneNumber,
}

/// A sender as the developer names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sender {
    Phone(MessageAddress),
    ShortCode(String),
    /// A Messaging Service, `MG…`.
    Service(String),
}

impl MessageAddress {
    /// Parses a number, with or without a channel prefix.
    pub fn read(given: &str, country: &str) -> Result<Self, PhoneError> {
        let given = given.trim();
        let of_channel = |channel: &&'static str| {
            given.get(..channel.len()).is_some_and(|start| start.eq_ignore_ascii_case(channel))
        };
        let channel = CHANNEL_PREFIXES.iter().find(|channel| of_channel(channel)).copied();
        let number = given.get(channel.map_or(0, str::len)..).unwrap_or_default();
        Ok(Self { channel, number: PhoneNumber::read(number, country)? })
    }

    /// Returns the address in Twilio's notation. On WhatsApp it keeps the number as written,
    /// because WhatsApp knows it by that spelling.
    pub fn to_twilio(&self) -> String {
        match self.channel {
            Some(channel) => format!("{channel}{}", self.number.written),
            None => self.number.e164.clone(),
        }
    }

    pub fn is_whatsapp(&self) -> bool {
        self.channel == Some(WHATSAPP)
    }
}

impl Sender {
    /// Parses a sender: a number, a short code, or a Messaging Service. Rejects names, because
    /// customers cannot reply to them, and a mistyped option would pass as one. A Messaging Service
    /// sends from names in countries that have them.
    pub fn read(argument: &str, given: &str, country: &str) -> Result<Self> {
        let given = given.trim();
        if is_sid(given, &["MG"]) {
            return Ok(Self::Service(given.to_owned()));
        }
        let is_code = given.bytes().all(|b| b.is_ascii_digit());
        if is_code && SHORT_CODE_DIGITS.contains(&given.len()) {
            return Ok(Self::ShortCode(given.to_owned()));
        }
        match MessageAddress::read(given, country) {
            Ok(address) if address.number.extension.is_none() => Ok(Self::Phone(address)),
            Ok(_) => Err(Error::phone(argument, &PhoneError::Extension)),
            Err(problem) => Err(Error::phone(argument, &problem)),
        }
    }

    /// Returns the sender on the recipient's channel, and the address that replies come to.
    pub fn on_channel(self, channel: Option<&'static str>) -> (MessageSender, String) {
        match self {
            Self::Phone(address) => {
                let address = MessageAddress { channel: address.channel.or(channel), ..address }.to_twilio();
                (MessageSender::Number(address.clone()), address)
            }
            Self::ShortCode(code) => (MessageSender::Number(code.clone()), code),
            Self::Service(sid) => (MessageSender::Service(sid.clone()), sid),
        }
    }

    /// Returns the channel of the sender, if it names one.
    pub fn channel(&self) -> Option<&'static str> {
        match self {
            Self::Phone(address) => address.channel,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatsapp_numbers_keep_their_spelling() {
        for (given, country, sent) in [
            ("whatsapp:+5218112345678", "US", "whatsapp:+5218112345678"),
            ("WhatsApp: +52 81 1234 5678", "US", "whatsapp:+528112345678"),
            ("whatsapp:+55 31 8765-4321", "BR", "whatsapp:+553187654321"),
            ("whatsapp:+5491123456789", "AR", "whatsapp:+5491123456789"),
            ("+5218112345678", "US", "+528112345678"),
            ("+55 31 8765-4321", "BR", "+5531987654321"),
            ("+5491123456789", "AR", "+5491123456789"),
            ("rcs:+1 555 123 4567", "US", "rcs:+15551234567"),
        ] {
            assert_eq!(MessageAddress::read(given, country).unwrap().to_twilio(), sent, "{given}");
        }
        for refused in ["whatsapp:", "whatsapp:anonymous", "whatsapp:12345", "sip:+15551234567@example.com"] {
            assert!(MessageAddress::read(refused, "US").is_err(), "{refused}");
        }
    }

    #[test]
    fn accepts_what_twilio_sends_from() {
        let number =
            |given: &str, channel| match Sender::read("from", given, "US").unwrap().on_channel(channel) {
                (MessageSender::Number(number), _) => number,
                (MessageSender::Service(sid), _) => format!("service {sid}"),
            };
        let service = format!("MG{}", "0".repeat(32));
        assert_eq!(number("(555) 123-4567", None), "+15551234567");
        assert_eq!(number("+15551234567", Some("whatsapp:")), "whatsapp:+15551234567");
        assert_eq!(number("whatsapp:+15551234567", Some("whatsapp:")), "whatsapp:+15551234567");
        assert_eq!(number("12345", None), "12345");
        assert_eq!(number(&service, Some("whatsapp:")), format!("service {service}"));
        for refused in ["", "12", "ACME Corp", "nobody", "555-1234", "sip:a@b", "name@b"] {
            assert!(Sender::read("from", refused, "US").is_err(), "{refused}");
        }
    }
}
