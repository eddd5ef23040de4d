//! Addresses of customers.

use crate::customer::{normalize_email, normalize_phone};
use crate::mail::Mailbox;

const COUNTRIES: [&str; 6] = ["US", "GB", "DE", "IT", "JP", "??"];

/// What is normalised stays as it is, whatever it was before.
pub fn customer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(email) = normalize_email(&text) {
        assert_eq!(normalize_email(&email).as_ref(), Some(&email));
        assert!(!email.chars().any(|c| c.is_control() || c.is_whitespace()), "{email:?}");
    }
    for country in COUNTRIES {
        if let Some(phone) = normalize_phone(&text, country) {
            assert!(phone.starts_with('+') && (8..=16).contains(&phone.len()), "{phone}");
            assert!(phone[1..].bytes().all(|digit| digit.is_ascii_digit()), "{phone}");
            assert_eq!(normalize_phone(&phone, country).as_ref(), Some(&phone));
        }
    }
    if let Some(mailbox) = Mailbox::parse(&text) {
        assert!(!mailbox.address.chars().any(char::is_control), "{mailbox:?}");
        assert!(!mailbox.name.iter().any(|name| name.chars().any(char::is_control)), "{mailbox:?}");
        assert_eq!(mailbox.key(), mailbox.key().to_lowercase());
    }
}
