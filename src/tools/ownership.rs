//! Ownership of customer records. It comes only from the channel address or the developer, never
//! from message content.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::database::Lead;
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::phone::{is_same_phone, normalize_phone, phone_spellings};
use crate::tools::ToolContext;
use crate::tools::leads::Leads;
use crate::types::customer::{Customer, normalize_email};
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::visibility::{has_owner, is_owned_by, owner_field_variants};

/// Metadata flag: the e-mail address was only stated, by somebody on another channel address. It
/// finds the record, but gives no ownership.
pub(super) const CLAIMED_EMAIL: &str = "claimedEmail";
/// Metadata flag: the same for the phone number, see [`CLAIMED_EMAIL`].
pub(super) const CLAIMED_PHONE: &str = "claimedPhone";
/// Metadata flag: the record's key does not belong to the person who provided its content.
pub(super) const CLAIMED_KEY: &str = "claimedKey";
/// Metadata field: the only conversation that ever wrote the record.
pub(super) const CONVERSATION: &str = "conversationId";
/// Maximum length of a key. Longer ids are hashed so that every key fits its storage.
const MAX_KEY_CHARS: usize = 400;

/// The customer in a conversation.
pub(super) struct Caller<'a> {
    pub(super) customer: &'a Customer,
    pub(super) conversation_id: &'a str,
    pub(super) country: &'a str,
}

/// Returns `true` if a record belongs to a customer. It does not if somebody else only stated the
/// customer's address.
pub(crate) fn is_own_record(customer: &Customer, country: &str, lead: &Lead) -> bool {
    Caller { customer, conversation_id: "", country }.owns(lead)
}

/// Returns the flags with which a record of two people no longer belongs to `former`.
pub(crate) fn disowning_flags(former: &Customer, country: &str, lead: &Lead) -> Map<String, Value> {
    let caller = Caller { customer: former, conversation_id: "", country };
    let flags = [
        (CLAIMED_EMAIL, caller.has_email(lead)),
        (CLAIMED_PHONE, caller.has_phone(lead)),
        (CLAIMED_KEY, caller.keys().contains(&lead.external_id)),
    ];
    let set = flags.into_iter().filter(|(_, is_theirs)| *is_theirs);
    set.map(|(flag, _)| (flag.to_owned(), Value::Bool(true))).collect()
}

/// Returns the keys of records that were created for a customer's own identifiers.
pub(crate) fn record_keys(customer: &Customer) -> Vec<String> {
    Caller { customer, conversation_id: "", country: "" }.keys()
}

impl<'a> Caller<'a> {
    pub(super) fn new(context: &'a ToolContext, country: &'a str) -> Self {
        Self { customer: &context.customer, conversation_id: &context.conversation_id, country }
    }

    /// Returns `true` if the record belongs to the caller.
    pub(super) fn owns(&self, lead: &Lead) -> bool {
        let by_email = self.has_email(lead) && !has_flag(lead, CLAIMED_EMAIL);
        let by_phone = self.has_phone(lead) && !has_flag(lead, CLAIMED_PHONE);
        let by_key = self.keys().contains(&lead.external_id) && !has_flag(lead, CLAIMED_KEY);
        by_email || by_phone || by_key
    }

    /// Returns `true` if the record contains the caller's channel address.
    pub(super) fn appears_in(&self, lead: &Lead) -> bool {
        self.has_email(lead) || self.has_phone(lead)
    }

    fn has_email(&self, lead: &Lead) -> bool {
        let mut emails = self.customer.all().filter_map(|one| one.email.as_deref());
        emails.any(|email| same_email(lead.email.as_deref(), email))
    }

    fn has_phone(&self, lead: &Lead) -> bool {
        let mut phones = self.customer.all().filter_map(|one| one.phone.as_deref());
        phones.any(|phone| self.same_phone(lead.phone.as_deref(), phone))
    }

    /// Returns the flags to write with a record that will contain these addresses: `false` for the
    /// channel address, `true` for an address that was only stated. `before` is the existing
    /// record, if any.
    pub(super) fn claim_flags(&self, before: Option<&Lead>, after: &Lead) -> Map<String, Value> {
        let known = !self.customer.is_unknown();
        let ours = before.is_none_or(is_own_key);
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

    /// Returns `true` if only this conversation ever wrote the record.
    pub(super) fn is_only_writer(&self, lead: &Lead) -> bool {
        lead.metadata.get(CONVERSATION).and_then(Value::as_str) == Some(self.conversation_id)
    }

    pub(super) fn same_phone(&self, stored: Option<&str>, e164: &str) -> bool {
        let stored = stored.and_then(|phone| normalize_phone(phone, self.country));
        stored.is_some_and(|stored| is_same_phone(&stored, e164))
    }

    /// Returns the caller's own record, if any.
    pub(super) async fn own_lead(&self, leads: &Leads) -> Result<Option<Lead>> {
        let mut own: Vec<Lead> = Vec::new();
        for Customer { email, phone, .. } in self.customer.all() {
            let phones = phone.as_deref().map(phone_formats).unwrap_or_default();
            let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
            let matching = leads.matching(email.as_deref(), &phones).await?;
            own.extend(matching.into_iter().filter(|lead| self.owns(lead)));
        }
        let by_email = own.iter().position(|lead| self.has_email(lead));
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

    /// Returns the scopes of the caller's memories: each identifier, and the TypeScript SDK's
    /// conversations with the caller. An unknown caller has only the current conversation.
    pub(super) async fn memory_scopes(&self, memory: &MemoryManager) -> Result<Vec<MemoryScope>> {
        let identifiers = owner_field_variants(self.customer);
        if identifiers.is_empty() {
            return Ok(vec![MemoryScope::Conversation(self.conversation_id.to_owned())]);
        }
        let earlier = memory.sdk_conversations(self.customer).await?;
        let identifiers = identifiers.into_iter().map(|(field, id)| MemoryScope::Customer(field, id));
        Ok(identifiers.chain(earlier.into_iter().map(MemoryScope::Conversation)).collect())
    }

    /// Returns `true` if a memory in one of these scopes belongs to the caller: it shares an
    /// identifier, or it has no owner and is from one of the caller's conversations.
    pub(super) fn owns_memory(&self, memory: &Memory, scope: &MemoryScope) -> bool {
        let is_nobodys = !has_owner(memory) && matches!(scope, MemoryScope::Conversation(_));
        is_nobodys || is_owned_by(memory, self.customer)
    }

    /// Returns the keys of records that were created for the caller's own identifiers, the most
    /// reliable first.
    pub(super) fn keys(&self) -> Vec<String> {
        self.customer.all().flat_map(Self::keys_of).collect()
    }

    /// Returns the keys for the identifiers on the line, without linked ones.
    pub(super) fn keys_on_line(&self) -> Vec<String> {
        Self::keys_of(self.customer)
    }

    fn keys_of(customer: &Customer) -> Vec<String> {
        let Customer { id, email, phone, .. } = customer;
        let phones = phone.as_deref().map(phone_spellings).unwrap_or_default();
        let email = email.iter().map(|email| key("email", email));
        let phones = phones.iter().map(|phone| key("phone", phone));
        email.chain(phones).chain(id.iter().map(|id| key("customer", id))).collect()
    }
}

/// A scope of a memory search.
pub(super) enum MemoryScope {
    Conversation(String),
    /// A field of `sessionMetadata` and the customer's identifier in it.
    Customer(String, Value),
}

impl MemoryScope {
    /// Returns the query, restricted to the scope.
    pub(super) fn narrow(&self, mut query: MemoryQuery) -> MemoryQuery {
        match self {
            Self::Conversation(id) => query.conversation_id = Some(id.clone()),
            Self::Customer(field, id) => {
                query.session_metadata = Map::from_iter([(field.clone(), id.clone())])
            }
        }
        query
    }
}

/// Returns `true` if the record was created by this package. In records that others created or
/// imported, the addresses are known to be the customer's.
fn is_own_key(lead: &Lead) -> bool {
    ["email:", "phone:", "customer:", "conversation:", "lead:"]
        .iter()
        .any(|kind| lead.external_id.starts_with(kind))
}

/// Returns the key of a record: its first identifier.
pub(super) fn key(kind: &str, identifier: &str) -> String {
    if identifier.chars().count() <= MAX_KEY_CHARS {
        format!("{kind}:{identifier}")
    } else {
        format!("{kind}:{}", Uuid::new_v5(&Uuid::NAMESPACE_OID, identifier.as_bytes()))
    }
}

/// Returns the formats in which rows written by others may contain an E.164 number.
pub(crate) fn phone_formats(e164: &str) -> Vec<String> {
    let digits = e164.trim_start_matches('+');
    let spellings = phone_spellings(e164).into_iter();
    let mut phone_formats: Vec<String> =
        spellings.flat_map(|spelling| [spelling.trim_start_matches('+').to_owned(), spelling]).collect();
    if let Some(national) = digits.strip_prefix('1').filter(|national| national.len() == 10) {
        let (area, rest) = national.split_at(3);
        let (exchange, line) = rest.split_at(3);
        phone_formats.extend([
            national.to_owned(),
            format!("{area}-{exchange}-{line}"),
            format!("({area}) {exchange}-{line}"),
            format!("+1 {area} {exchange} {line}"),
        ]);
    }
    phone_formats
}

pub(super) fn same_email(stored: Option<&str>, email: &str) -> bool {
    stored.and_then(normalize_email).as_deref() == normalize_email(email).as_deref() && stored.is_some()
}

fn has_flag(lead: &Lead, flag: &str) -> bool {
    lead.metadata.get(flag) == Some(&Value::Bool(true))
}
