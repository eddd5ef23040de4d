//! Properties of customer addresses.

use crate::email::Mailbox;
use crate::phone::{PhoneNumber, is_same_phone, normalize_phone, phone_identity, phone_spellings};
use crate::types::customer::normalize_email;

const COUNTRIES: [&str; 12] = ["US", "GB", "DE", "IT", "JP", "MX", "AR", "BR", "AU", "SG", "RU", "??"];

/// Checks that normalisation is idempotent for any input.
pub fn customer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(email) = normalize_email(&text) {
        assert_eq!(normalize_email(&email).as_ref(), Some(&email));
        assert!(!email.chars().any(|c| c.is_control() || c.is_whitespace()), "{email:?}");
    }
    for country in COUNTRIES {
        if let Ok(number) = PhoneNumber::read(&text, country) {
            assert!(is_same_phone(&number.written, &number.e164), "{number:?}");
        }
        if let Some(phone) = normalize_phone(&text, country) {
            assert!(phone.starts_with('+') && (8..=16).contains(&phone.len()), "{phone}");
            assert!(phone[1..].bytes().all(|digit| digit.is_ascii_digit()), "{phone}");
            assert_eq!(normalize_phone(&phone, country).as_ref(), Some(&phone));
            let identity = phone_identity(&phone);
            for spelling in phone_spellings(&phone) {
                assert_eq!(phone_identity(&spelling), identity, "{spelling}");
                assert!(is_same_phone(&spelling, &phone), "{spelling}");
            }
        }
    }
    if let Some(mailbox) = Mailbox::parse(&text) {
        assert!(!mailbox.address.chars().any(char::is_control), "{mailbox:?}");
        assert!(!mailbox.name.iter().any(|name| name.chars().any(char::is_control)), "{mailbox:?}");
        assert_eq!(mailbox.key(), mailbox.key().to_lowercase());
    }
}
