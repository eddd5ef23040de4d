//! The facts about a customer, from the customer's record and memories.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::customers::appointments::{Appointment, open_appointments};
use crate::customers::conversations::{ConversationSummary, last_conversations};
use crate::customers::stored_by::is_stored_by;
use crate::database::Lead;
use crate::types::customer::Customer;
use crate::types::fact::Fact;
use crate::types::memory::{Memory, MemoryType};
use crate::types::person_links::is_person_links;
use crate::types::validity::is_current;

/// Tool that stores preferences.
const REMEMBER: &str = "remember_preference";
/// Tool that completes the customer's record.
const SAVE: &str = "save_customer_info";
/// Fields of a record's metadata that say nothing about the customer.
const INTERNAL_FIELDS: [&str; 4] = ["conversationId", "claimedEmail", "claimedPhone", "claimedKey"];
/// Field of a record's metadata that is a note.
const NOTES: &str = "notes";

/// The facts about a customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownCustomer {
    /// Identifiers that the channel or the developer has given.
    #[serde(flatten)]
    pub customer: Customer,
    /// Further identifiers of the same person.
    pub linked: Vec<Customer>,
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Time of the first record or memory.
    #[serde(with = "time", skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Further fields of the record: `company`, addresses that are not on the line, fields of other
    /// programs.
    pub fields: BTreeMap<String, String>,
    /// Preferences, newest first. Each key appears once.
    pub preferences: Vec<Preference>,
    /// Facts that the customer told, newest first. Each key appears once.
    pub facts: Vec<KnownFact>,
    /// Notes, the record's first, then newest first.
    pub notes: Vec<String>,
    /// Appointments that have not begun, the next one first.
    pub appointments: Vec<Appointment>,
    /// Last other conversations, newest first.
    pub conversations: Vec<ConversationSummary>,
}

/// A preference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preference {
    /// Subject.
    pub key: String,
    /// Preference of the customer.
    pub value: String,
}

/// A fact that the customer told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownFact {
    /// Subject.
    pub key: String,
    /// Value.
    pub value: String,
    /// Time of the record, in milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub at: DateTime<Utc>,
    /// Id of the memory in which it was said.
    pub source: String,
}

impl KnownCustomer {
    /// Collects the facts. `leads` are the customer's own records, the most reliable first. `memories` are the customer's own,
    /// newest first. Conversations other than `conversation_id` are summarized.
    pub(super) fn new(
        customer: Customer,
        leads: &[Lead],
        memories: &[Memory],
        conversation_id: &str,
        now: DateTime<Utc>,
    ) -> Self {
        let facts_of = |memory: &&Memory| !is_person_links(memory);
        let oldest = memories.iter().filter(facts_of).map(|memory| memory.timestamp).min();
        let oldest_lead = leads.iter().filter_map(|lead| lead.created_at).min();
        Self {
            linked: customer.also.clone(),
            name: leads.iter().find_map(|lead| lead.name.clone()),
            since: oldest_lead.into_iter().chain(oldest).min(),
            // The first record's value of a field wins.
            fields: leads.iter().rev().flat_map(|lead| fields(&customer, lead)).collect(),
            preferences: preferences(memories),
            facts: facts(memories, now),
            notes: notes(leads, memories),
            appointments: open_appointments(memories, now),
            conversations: last_conversations(memories, conversation_id),
            customer,
        }
    }
}

fn fields(customer: &Customer, lead: &Lead) -> BTreeMap<String, String> {
    let addresses = [("email", &lead.email, &customer.email), ("phone", &lead.phone, &customer.phone)];
    let addresses = addresses.into_iter().filter(|(_, recorded, on_the_line)| recorded != on_the_line);
    let addresses = addresses.filter_map(|(field, recorded, _)| Some((field.to_owned(), recorded.clone()?)));
    let is_fact = |field: &str| field != NOTES && !INTERNAL_FIELDS.contains(&field);
    // Linked addresses are identifiers, not fields.
    let is_linked = |(_, address): &(String, String)| {
        let mut linked = customer.also.iter().flat_map(|one| one.email.iter().chain(&one.phone));
        linked.any(|one| one == address)
    };
    let addresses = addresses.filter(|address| !is_linked(address));
    let others = lead.metadata.iter().filter(|(field, _)| is_fact(field));
    others.filter_map(|(field, value)| Some((field.clone(), scalar(value)?))).chain(addresses).collect()
}

/// Returns the text of a value that is neither empty, a list nor an object.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn preferences(memories: &[Memory]) -> Vec<Preference> {
    let mut seen = HashSet::new();
    let stored = memories.iter().filter(|memory| is_stored_by(memory, REMEMBER)).filter_map(|memory| {
        let text = |field| Some(memory.meta(field)?.as_str()?.to_owned());
        Some(Preference { key: text("preferenceKey")?, value: text("preferenceValue")? })
    });
    stored.filter(|preference| seen.insert(preference.key.to_lowercase())).collect()
}

fn facts(memories: &[Memory], now: DateTime<Utc>) -> Vec<KnownFact> {
    let mut seen = HashSet::new();
    let current = memories.iter().filter(|memory| is_current(memory, now));
    let facts = current.filter_map(|memory| {
        let Fact { key, value, source, .. } = Fact::of(memory)?;
        Some(KnownFact { key, value, at: memory.timestamp, source })
    });
    facts.filter(|fact| seen.insert(fact.key.clone())).collect()
}

/// Returns the notes: that of the record, those that the record had before, and decisions that the
/// developer stored.
fn notes(leads: &[Lead], memories: &[Memory]) -> Vec<String> {
    let of_lead = |memory: &&Memory| {
        let saved = memory.meta("leadId").and_then(Value::as_str);
        let is_theirs = |id: &str| leads.iter().any(|lead| lead.external_id == id);
        is_stored_by(memory, SAVE) && saved.is_some_and(is_theirs)
    };
    let current = leads.iter().filter_map(|lead| lead.metadata.get(NOTES)?.as_str());
    let earlier = memories
        .iter()
        .filter(of_lead)
        .filter_map(|memory| memory.meta("customerData")?.get(NOTES)?.as_str());
    let by_developer = memories
        .iter()
        .filter(|memory| memory.kind == MemoryType::Decision && memory.meta("toolName").is_none())
        .filter(|memory| Fact::of(memory).is_none())
        .map(|memory| memory.content.as_str());
    let mut seen = HashSet::new();
    let all = current.chain(earlier).chain(by_developer);
    all.map(str::trim).filter(|note| !note.is_empty() && seen.insert(*note)).map(str::to_owned).collect()
}

/// Milliseconds since 1970, in JSON.
mod time {
    use chrono::{DateTime, Utc};
    use serde::{Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        time: &Option<DateTime<Utc>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(|time| time.timestamp_millis()).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::memory::now;

    fn decision(content: &str, metadata: Value) -> Memory {
        let metadata = (!metadata.is_null()).then(|| metadata.into());
        Memory { metadata, ..Memory::new(MemoryType::Decision, content) }
    }

    #[test]
    fn collects_the_facts_of_record_and_memories() {
        let lead = Lead {
            external_id: "phone:+15551234567".into(),
            name: Some("Anna".into()),
            email: Some("anna@x.y".into()),
            phone: Some("+15551234567".into()),
            metadata: json!({ "notes": "nuts", "company": "C", "conversationId": "c", "claimedEmail": true,
                "points": 7, "list": [1] })
            .as_object()
            .cloned()
            .unwrap(),
            ..Lead::default()
        };
        let saved = |lead: &str, notes: &str| {
            decision(
                "Customer information: …",
                json!({ "toolName": SAVE, "leadId": lead, "customerData": { "notes": notes } }),
            )
        };
        let preferred = |key: &str, value: &str| {
            decision("…", json!({ "toolName": REMEMBER, "preferenceKey": key, "preferenceValue": value }))
        };
        let memories = [
            preferred("Seat", "window"),
            preferred("seat", "aisle"),
            saved("phone:+15551234567", "nuts"),
            saved("phone:+15551234567", "milk"),
            saved("email:bob@x.y", "of somebody else"),
            decision("Pays by card", Value::Null),
            decision("car: Polo", json!({ "fact": { "key": "car", "value": "Polo", "source": "m" } })),
            decision("car: Golf", json!({ "fact": { "key": "car", "value": "Golf", "source": "m" } })),
        ];
        let customer = Customer { phone: Some("+15551234567".into()), ..Customer::default() };
        let known = KnownCustomer::new(customer, &[lead], &memories, "now", now());
        assert_eq!(known.name.as_deref(), Some("Anna"));
        let fields = known.fields.iter().map(|(field, value)| format!("{field}={value}"));
        assert_eq!(fields.collect::<Vec<_>>(), ["company=C", "email=anna@x.y", "points=7"]);
        assert_eq!(known.preferences, [Preference { key: "Seat".into(), value: "window".into() }]);
        assert_eq!(known.notes, ["nuts", "milk", "Pays by card"]);
        let facts = known.facts.iter().map(|fact| format!("{}: {}", fact.key, fact.value));
        assert_eq!(facts.collect::<Vec<_>>(), ["car: Polo"]);
        assert!(known.since.is_some());
    }
}
