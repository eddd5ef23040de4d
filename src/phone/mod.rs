//! Phone numbers as people, address books and providers write them, parsed into E.164.

mod characters;
mod error;
mod notation;
mod numbering_plan;
mod spellings;
#[cfg(test)]
mod tests;

pub use characters::{is_invisible, keypad_digits, to_ascii};
pub use error::PhoneError;
pub use spellings::{is_same_phone, phone_identity, phone_spellings};

use crate::phone::notation::Notation;
use crate::phone::numbering_plan::{NumberingPlan, international};
use crate::phone::spellings::dialled_spelling;

/// A phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// E.164, as the phone network dials it.
    pub e164: String,
    /// E.164 as it was written. Differs from `e164` where WhatsApp spells numbers differently.
    pub written: String,
    /// Digits of the extension.
    pub extension: Option<String>,
}

impl PhoneNumber {
    /// Parses a number in any usual notation. Numbers without a country code belong to `country`
    /// (ISO 3166-1 alpha-2).
    ///
    /// A number with a country code is kept, except for a superfluous trunk prefix. One without
    /// must match the numbering plan of the country.
    pub fn read(given: &str, country: &str) -> Result<Self, PhoneError> {
        let Notation { digits, is_international, extension } = Notation::read(given)?;
        let plan = NumberingPlan::of_country(country);
        let e164 = if is_international {
            let prefixed = plan.as_ref().and_then(|plan| plan.after_plus_and_prefix(&digits));
            prefixed.or_else(|| international(&digits).map(|number| number.e164))
        } else {
            let number = plan.as_ref().and_then(|plan| plan.number(&digits));
            let number = number.or_else(|| numbering_plan::after_default_prefix(&digits));
            Some(number.ok_or_else(|| PhoneError::NotInCountry(country.to_owned()))?)
        };
        let e164 = e164.map(|e164| dialled_spelling(&e164)).ok_or(PhoneError::NotANumber)?;
        let as_given = format!("+{}", digits.text);
        let written = if is_international && phone_spellings(&e164).contains(&as_given) {
            as_given
        } else {
            e164.clone()
        };
        Ok(Self { e164, written, extension })
    }

    /// Parses the number of one person. Rejects extensions, because several persons share the
    /// number.
    pub fn of_person(given: &str, country: &str) -> Result<Self, PhoneError> {
        let number = Self::read(given, country)?;
        if number.extension.is_some() { Err(PhoneError::Extension) } else { Ok(number) }
    }
}

/// Returns the E.164 of one person's phone number in any usual notation. Numbers without a country
/// code belong to `country` (ISO 3166-1 alpha-2).
pub fn normalize_phone(phone: &str, country: &str) -> Option<String> {
    PhoneNumber::of_person(phone, country).ok().map(|number| number.e164)
}
