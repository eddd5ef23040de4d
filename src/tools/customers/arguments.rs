//! The arguments of a model about a customer.

use serde_json::{Map, Value, json};

use crate::database::Lead;
use crate::error::Error;
use crate::phone::{PhoneError, PhoneNumber, is_same_phone};
use crate::tools::leads::Leads;
use crate::tools::ownership::{Caller, phone_formats, same_email};
use crate::tools::{argument, failed};
use crate::types::customer::{Customer, normalize_email};
use crate::types::message::ToolResult;

/// An invalid e-mail address or phone number.
pub(super) enum InvalidContact {
    Email,
    Phone,
    Extension,
}

impl InvalidContact {
    /// Returns a result that has the model ask again.
    pub(super) fn ask_again(&self) -> ToolResult {
        match self {
            Self::Email => failed(
                "`email` is no e-mail address. Ask the customer to repeat it, then try again.",
                "I didn't get that e-mail address. Could you say it again, please?",
            ),
            Self::Phone => failed(
                "`phone` is no phone number. Ask the customer to repeat it with its country code, then try again.",
                "I didn't get that phone number. Could you say it again, please?",
            ),
            Self::Extension => failed(
                "`phone` has an extension. Save the number without it, and the extension in `notes`.",
                "I'll note the number and the extension.",
            ),
        }
    }
}

/// Customer data from the model: trimmed, empty as absent, and the phone number in E.164.
pub(super) struct CustomerArgs {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) company: Option<String>,
    pub(super) notes: Option<String>,
}

impl CustomerArgs {
    pub(super) fn read(arguments: &Value, country: &str) -> Result<Self, InvalidContact> {
        let text = |name| argument(arguments, name).map(str::to_owned);
        let email = text("email");
        if email.as_deref().is_some_and(|email| normalize_email(email).is_none()) {
            return Err(InvalidContact::Email);
        }
        let phone = text("phone")
            .map(|phone| match PhoneNumber::of_person(&phone, country) {
                Ok(number) => Ok(number.e164),
                Err(PhoneError::Extension) => Err(InvalidContact::Extension),
                Err(_) => Err(InvalidContact::Phone),
            })
            .transpose()?;
        Ok(Self { name: text("name"), email, phone, company: text("company"), notes: text("notes") })
    }

    /// Returns the records with the e-mail address or the phone number.
    pub(super) async fn matches(&self, leads: &Leads, caller: &Caller<'_>) -> Result<Vec<Lead>, Error> {
        let phones = self.phone.as_deref().map(phone_formats).unwrap_or_default();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        let email = self.email.as_deref().and_then(normalize_email);
        let mut found = leads.matching(email.as_deref(), &phones).await?;
        found.retain(|lead| self.has_email_of(lead) || self.has_phone_of(lead, caller));
        Ok(found)
    }

    /// Returns `true` if the address is that of the customer in the conversation.
    pub(super) fn is_about(&self, customer: &Customer) -> bool {
        let email = self.email.as_deref().and_then(normalize_email);
        let phones = self.phone.as_deref().zip(customer.phone.as_deref());
        (email.is_some() && email == customer.email)
            || phones.is_some_and(|(given, known)| is_same_phone(given, known))
    }

    pub(super) fn has_email_of(&self, lead: &Lead) -> bool {
        self.email.as_deref().is_some_and(|email| same_email(lead.email.as_deref(), email))
    }

    pub(super) fn has_phone_of(&self, lead: &Lead, caller: &Caller<'_>) -> bool {
        self.phone.as_deref().is_some_and(|phone| caller.same_phone(lead.phone.as_deref(), phone))
    }

    fn all(&self) -> [(&'static str, &Option<String>); 5] {
        [
            ("name", &self.name),
            ("email", &self.email),
            ("phone", &self.phone),
            ("company", &self.company),
            ("notes", &self.notes),
        ]
    }

    pub(super) fn fields(&self) -> Vec<&'static str> {
        self.all().into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name).collect()
    }

    pub(super) fn to_json(&self) -> Value {
        self.all()
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))))
            .collect()
    }

    /// Returns the fields that a lead keeps in its metadata.
    pub(super) fn details(&self) -> Map<String, Value> {
        [("company", &self.company), ("notes", &self.notes)]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))))
            .collect()
    }
}
