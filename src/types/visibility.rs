//! Access control for memories: the owner of a memory, and the viewers that may see it. Ownership
//! comes only from the channel address or the developer, never from message content.

use serde_json::{Map, Value, json};

use crate::phone::{is_same_phone, phone_spellings};
use crate::types::customer::Customer;
use crate::types::memory::Memory;

/// Fields of `sessionMetadata` that identify the owner of a memory.
const OWNER_FIELDS: [&str; 3] = ["customerId", "customerEmail", PHONE_FIELD];
/// Owner field that holds a phone number.
const PHONE_FIELD: &str = "customerPhone";

/// The viewer of memories: a conversation and its customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Viewer {
    /// Id of the conversation.
    pub conversation_id: String,
    /// Customer of the conversation.
    pub customer: Customer,
    /// Conversations that the TypeScript SDK had with this customer alone. They need a list because
    /// the SDK recorded no owner.
    pub sdk_conversations: Vec<String>,
}

impl Viewer {
    /// Returns `true` if the viewer may see the memory. That is so for the customer's own memories,
    /// for memories of this conversation without an owner, and for memories shared with all
    /// customers.
    pub fn can_see(&self, memory: &Memory) -> bool {
        if has_owner(memory) {
            return is_owned_by(memory, &self.customer);
        }
        let is_here =
            |id: &str| self.conversation_id == id || self.sdk_conversations.iter().any(|known| known == id);
        memory.conversation_id().is_some_and(is_here) || is_shared(memory)
    }
}

/// Returns the customer's identifiers on the line as `sessionMetadata` fields.
pub fn owner_fields(customer: &Customer) -> Map<String, Value> {
    let Customer { id, email, phone, .. } = customer;
    OWNER_FIELDS
        .into_iter()
        .zip([id, email, phone])
        .filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))))
        .collect()
}

/// Returns the customer that has these identifiers as `sessionMetadata` fields.
pub fn customer_of_fields(fields: &Map<String, Value>) -> Customer {
    let [id, email, phone] = OWNER_FIELDS.map(|field| fields.get(field)?.as_str().map(str::to_owned));
    Customer { id, email, phone, ..Customer::default() }
}

/// Returns the person's identifiers in every form in which `sessionMetadata` may hold them: phone
/// numbers in all their spellings.
pub fn owner_field_variants(customer: &Customer) -> Vec<(String, Value)> {
    customer.all().flat_map(variants_on_the_line).collect()
}

fn variants_on_the_line(customer: &Customer) -> Vec<(String, Value)> {
    let mut fields: Vec<(String, Value)> = owner_fields(customer).into_iter().collect();
    let spellings = customer.phone.as_deref().map(phone_spellings).unwrap_or_default();
    let others = spellings.into_iter().filter(|spelling| customer.phone.as_ref() != Some(spelling));
    fields.extend(others.map(|spelling| (PHONE_FIELD.to_owned(), json!(spelling))));
    fields
}

/// Returns the owner fields of a memory that are set.
pub fn owner_fields_of(memory: &Memory) -> impl Iterator<Item = (&'static str, &Value)> {
    OWNER_FIELDS
        .into_iter()
        .filter_map(|key| Some((key, memory.session(key)?)))
        .filter(|(_, value)| !value.is_null())
}

/// Returns `true` if the memory has an owner.
pub fn has_owner(memory: &Memory) -> bool {
    owner_fields_of(memory).next().is_some()
}

/// Returns `true` if the memory and the person share an identifier.
pub fn is_owned_by(memory: &Memory, customer: &Customer) -> bool {
    customer.all().any(|customer| is_owned_on_the_line(memory, customer))
}

fn is_owned_on_the_line(memory: &Memory, customer: &Customer) -> bool {
    let known = owner_fields(customer);
    owner_fields_of(memory).any(|(key, value)| match (known.get(key), value) {
        (Some(Value::String(known)), Value::String(value)) if key == PHONE_FIELD => {
            is_same_phone(known, value)
        }
        (known, value) => known == Some(value),
    })
}

/// Returns `true` if the developer marked the memory as shared with all customers by
/// `metadata.shared`. A memory of a conversation or a customer is never shared, so nothing said in
/// a conversation can become shared knowledge.
pub fn is_shared(memory: &Memory) -> bool {
    memory.meta("shared") == Some(&Value::Bool(true))
        && memory.session("conversationId").is_none_or(Value::is_null)
        && !has_owner(memory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::MemoryType;

    fn memory(session: Value, metadata: Value) -> Memory {
        Memory {
            session_metadata: session.as_object().cloned().map(Into::into),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::Conversation, "x")
        }
    }

    fn viewer(email: Option<&str>) -> Viewer {
        let customer = Customer { email: email.map(str::to_owned), ..Customer::default() };
        Viewer { conversation_id: "c".into(), customer, sdk_conversations: Vec::new() }
    }

    #[test]
    fn sees_only_own_memories() {
        for (session, anna, nobody) in [
            (json!({ "conversationId": "c", "customerEmail": "anna@x.y" }), true, false),
            (json!({ "conversationId": "d", "customerEmail": "anna@x.y" }), true, false),
            (json!({ "conversationId": "c", "customerEmail": "bob@x.y" }), false, false),
            (json!({ "conversationId": "c", "customerPhone": "+15551234567" }), false, false),
            (json!({ "conversationId": "c", "customerId": null }), true, true),
            (json!({ "conversationId": "d" }), false, false),
            (json!({}), false, false),
            // A row from another program: an owner of an unknown type still counts as an owner.
            (json!({ "conversationId": "c", "customerId": 7 }), false, false),
        ] {
            let memory = memory(session.clone(), json!({}));
            assert_eq!(viewer(Some("anna@x.y")).can_see(&memory), anna, "{session}");
            assert_eq!(viewer(None).can_see(&memory), nobody, "{session}");
        }
    }

    #[test]
    fn shares_only_memories_without_an_owner() {
        let shared = json!({ "shared": true });
        assert!(viewer(None).can_see(&memory(json!({}), shared.clone())));
        for (session, metadata) in [
            (json!({}), json!({ "shared": "true" })),
            (json!({ "conversationId": "d" }), shared.clone()),
            (json!({ "customerEmail": "bob@x.y" }), shared),
        ] {
            assert!(!viewer(Some("anna@x.y")).can_see(&memory(session, metadata)));
        }
    }
}
