//! Errors of texts that are not phone numbers.

/// A reason why a text is not a usable phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneError {
    /// The text is not a phone number.
    NotANumber,
    /// The number spells digits as letters, such as 1-800-FLOWERS.
    Letters,
    /// The number has an extension, but must belong to one person.
    Extension,
    /// The number has no country code, and does not match a number of that country.
    NotInCountry(String),
}

impl PhoneError {
    /// Returns what is wrong with an argument, and what to write instead.
    pub fn reason(&self) -> String {
        match self {
            Self::NotANumber => {
                "is not a phone number; give it like +15551234567, or set `tools.defaultCountry`".to_owned()
            }
            Self::Letters => {
                "has letters; give the digits that they stand for, +18003569377 for 1-800-FLOWERS".to_owned()
            }
            Self::Extension => "has an extension, which does not say whose number it is; give the number \
                                without it, and `customer.id` to tell persons apart"
                .to_owned(),
            Self::NotInCountry(country) => format!(
                "is not a phone number of {country} (`tools.defaultCountry`); give it with its country code, \
                 like +15551234567"
            ),
        }
    }
}
