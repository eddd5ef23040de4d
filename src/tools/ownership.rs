//! Whose a customer record is. Only the line and the developer decide, never what was said.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::customer::{Customer, normalize_email, normalize_phone};
use crate::database::Lead;
use crate::error::Result;
use crate::tools::ToolContext;
use crate::tools::leads::Leads;

/// Set when the e-mail address was only said, on another line: it finds the record, but owns nothing.
pub(super) const CLAIMED_EMAIL: &str = "claimedEmail";
/// See [`CLAIMED_EMAIL`].
pub(super) const CLAIMED_PHONE: &str = "claimedPhone";
/// Set when the record's key is not of the person whose words it holds.
pub(super) const CLAIMED_KEY: &str = "claimedKey";
/// The only conversation that ever wrote a record.
pub(super) const CONVERSATION: &str = "conversationId";
/// Longer ids are hashed, so that every key fits where it is kept.
const MAX_KEY_CHARS: usize = 400;

/// The person on the line and the conversation with them.
pub(super) struct Caller<'a> {
    pub(super) customer: &'a Customer,
    pub(super) conversation_id: &'a str,
    pub(super) country: &'a str,
}

/// Whether a record is a customer's own: not if somebody else only named their address.
pub(crate) fn is_own_record(customer: &Customer, country: &str, lead: &Lead) -> bool {
    Caller { customer, conversation_id: "", country }.owns(lead)
}

/// Keys of records made for a customer's own identifiers.
pub(crate) fn record_keys(customer: &Customer) -> Vec<String> {
    Caller { customer, conversation_id: "", country: "" }.keys()
}

impl<'a> Caller<'a> {
    pub(super) fn new(context: &'a ToolContext, country: &'a str) -> Self {
        Self { customer: &context.customer, conversation_id: &context.conversation_id, country }
    }

    /// Whether the record is the caller's own.
    pub(super) fn owns(&self, lead: &Lead) -> bool {
        let by_email =
            self.customer.email.as_deref().is_some_and(|email| {
                same_email(lead.email.as_deref(), email) && !is_set(lead, CLAIMED_EMAIL)
            });
        let by_phone = self.customer.phone.as_deref().is_some_and(|phone| {
            self.same_phone(lead.phone.as_deref(), phone) && !is_set(lead, CLAIMED_PHONE)
        });
        let by_key = self.keys().contains(&lead.external_id) && !is_set(lead, CLAIMED_KEY);
        by_email || by_phone || by_key
    }

    /// Whether the record shows an address of the caller's line.
    pub(super) fn is_named_in(&self, lead: &Lead) -> bool {
        let Customer { email, phone, .. } = self.customer;
        email.as_deref().is_some_and(|email| same_email(lead.email.as_deref(), email))
            || phone.as_deref().is_some_and(|phone| self.same_phone(lead.phone.as_deref(), phone))
    }

    /// The flags to write with a record that will show these addresses: `false` for what is on the
    /// line, `true` for what was only said. `before` is the record as it is, when there is one.
    pub(super) fn claims(&self, before: Option<&Lead>, after: &Lead) -> Map<String, Value> {
        let known = !self.customer.is_unknown();
        let ours = before.is_none_or(is_kept_by_us);
        let same_email = |a: Option<&str>, b: Option<&str>| b.is_some_and(|b| same_email(a, b));
        let same_phone = |a: Option<&str>, b: Option<&str>| b.is_some_and(|b| self.same_phone(a, b));
        let email = (after.email.as_deref(), before.and_then(|lead| lead.email.as_deref()));
        let phone = (after.phone.as_deref(), before.and_then(|lead| lead.phone.as_deref()));
        let addresses = [
            (
                CLAIMED_EMAIL,
                email.0,
                same_email(email.1, email.0),
                same_email(email.0, self.customer.email.as_deref()),
            ),
            (
                CLAIMED_PHONE,
                phone.0,
                same_phone(phone.1, phone.0),
                same_phone(phone.0, self.customer.phone.as_deref()),
            ),
        ];
        let mut flags = Map::new();
        for (flag, shown, unchanged, on_the_line) in addresses {
            let flagged = before.is_some_and(|lead| lead.metadata.contains_key(flag));
            if on_the_line {
                flags.insert(flag.to_owned(), Value::Bool(false));
            } else if shown.is_some() && if unchanged { known && ours && !flagged } else { known || flagged }
            {
                flags.insert(flag.to_owned(), Value::Bool(true));
            }
        }
        let key_flagged = before.is_some_and(|lead| lead.metadata.contains_key(CLAIMED_KEY));
        if self.keys().contains(&after.external_id) {
            flags.insert(CLAIMED_KEY.to_owned(), Value::Bool(false));
        } else if known && ours && !key_flagged {
            flags.insert(CLAIMED_KEY.to_owned(), Value::Bool(true));
        }
        flags
    }

    /// Whether nobody but this conversation ever wrote the record.
    pub(super) fn is_only_writer(&self, lead: &Lead) -> bool {
        lead.metadata.get(CONVERSATION).and_then(Value::as_str) == Some(self.conversation_id)
    }

    pub(super) fn same_phone(&self, stored: Option<&str>, e164: &str) -> bool {
        stored.and_then(|phone| normalize_phone(phone, self.country)).as_deref() == Some(e164)
    }

    /// The caller's own record.
    pub(super) async fn own_lead(&self, leads: &Leads) -> Result<Option<Lead>> {
        let Customer { email, phone, .. } = self.customer;
        let phones = phone.as_deref().map(notations).unwrap_or_default();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        let matching = leads.matching(email.as_deref(), &phones).await?;
        let own: Vec<Lead> = matching.into_iter().filter(|lead| self.owns(lead)).collect();
        let by_email = own
            .iter()
            .position(|lead| email.as_deref().is_some_and(|email| same_email(lead.email.as_deref(), email)));
        if let Some(lead) = own.into_iter().nth(by_email.unwrap_or_default()) {
            return Ok(Some(lead));
        }
        for key in self.keys() {
            if let Some(lead) = leads.get(&key).await?.filter(|lead| self.owns(lead)) {
                return Ok(Some(lead));
            }
        }
        Ok(None)
    }

    /// Keys of records made for the caller's own identifiers, the surest first.
    pub(super) fn keys(&self) -> Vec<String> {
        let Customer { id, email, phone } = self.customer;
        [("email", email), ("phone", phone), ("customer", id)]
            .into_iter()
            .filter_map(|(kind, id)| id.as_deref().map(|id| key(kind, id)))
            .collect()
    }
}

/// Whether the record was made here. Of records that others made or imported, the addresses are
/// known to be the customer's.
fn is_kept_by_us(lead: &Lead) -> bool {
    ["email:", "phone:", "customer:", "conversation:", "lead:"]
        .iter()
        .any(|kind| lead.external_id.starts_with(kind))
}

/// Key of a record: its first identifier.
pub(super) fn key(kind: &str, identifier: &str) -> String {
    if identifier.chars().count() <= MAX_KEY_CHARS {
        format!("{kind}:{identifier}")
    } else {
        format!("{kind}:{}", Uuid::new_v5(&Uuid::NAMESPACE_OID, identifier.as_bytes()))
    }
}

/// How an E.164 number may stand in rows written by others.
pub(crate) fn notations(e164: &str) -> Vec<String> {
    let digits = e164.trim_start_matches('+');
    let mut notations = vec![e164.to_owned(), digits.to_owned()];
    if let Some(national) = digits.strip_prefix('1').filter(|national| national.len() == 10) {
        let (area, rest) = national.split_at(3);
        let (exchange, line) = rest.split_at(3);
        notations.extend([
            national.to_owned(),
            format!("{area}-{exchange}-{line}"),
            format!("({area}) {exchange}-{line}"),
            format!("+1 {area} {exchange} {line}"),
        ]);
    }
    notations
}

pub(super) fn same_email(stored: Option<&str>, email: &str) -> bool {
    stored.and_then(normalize_email).as_deref() == normalize_email(email).as_deref() && stored.is_some()
}

fn is_set(lead: &Lead, flag: &str) -> bool {
    lead.metadata.get(flag) == Some(&Value::Bool(true))
}
