//! What a model passes about a customer.

use serde_json::{Map, Value, json};

use crate::customer::{Customer, normalize_email, normalize_phone};
use crate::database::Lead;
use crate::error::Error;
use crate::message::ToolResult;
use crate::tools::leads::Leads;
use crate::tools::ownership::{Caller, notations, same_email};
use crate::tools::{argument, failed};

/// An address that is none.
pub(super) enum Unreadable {
    Email,
    Phone,
}

impl Unreadable {
    /// A result that has the model ask again.
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
        }
    }
}

/// What the model passed: trimmed, empty as absent, the phone number in E.164.
pub(super) struct Given {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) company: Option<String>,
    pub(super) notes: Option<String>,
}

impl Given {
    pub(super) fn read(arguments: &Value, country: &str) -> Result<Self, Unreadable> {
        let text = |name| argument(arguments, name).map(str::to_owned);
        let email = text("email");
        if email.as_deref().is_some_and(|email| normalize_email(email).is_none()) {
            return Err(Unreadable::Email);
        }
        let phone = text("phone")
            .map(|phone| normalize_phone(&phone, country).ok_or(Unreadable::Phone))
            .transpose()?;
        Ok(Self { name: text("name"), email, phone, company: text("company"), notes: text("notes") })
    }

    /// The records that have the e-mail address or the phone number.
    pub(super) async fn matches(&self, leads: &Leads, caller: &Caller<'_>) -> Result<Vec<Lead>, Error> {
        let phones = self.phone.as_deref().map(notations).unwrap_or_default();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        let email = self.email.as_deref().and_then(normalize_email);
        let mut found = leads.matching(email.as_deref(), &phones).await?;
        found.retain(|lead| self.has_email_of(lead) || self.has_phone_of(lead, caller));
        Ok(found)
    }

    /// Whether it names the person on the line.
    pub(super) fn is_about(&self, customer: &Customer) -> bool {
        let email = self.email.as_deref().and_then(normalize_email);
        (email.is_some() && email == customer.email) || (self.phone.is_some() && self.phone == customer.phone)
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

    /// What a lead keeps in its metadata.
    pub(super) fn details(&self) -> Map<String, Value> {
        [("company", &self.company), ("notes", &self.notes)]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))))
            .collect()
    }
}
