//! Whose a memory is, and who may be told of it. Only what the line and the developer said counts, never what was said
//! on the line.

use serde_json::{Map, Value, json};

use crate::customer::Customer;
use crate::memory::Memory;

/// The fields of `sessionMetadata` that say whose a memory is.
const OWNER_FIELDS: [&str; 3] = ["customerId", "customerEmail", "customerPhone"];

/// Those who hear an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audience {
    /// The conversation.
    pub conversation_id: String,
    /// The person it is with.
    pub customer: Customer,
}

impl Audience {
    /// Whether a memory may be told here: it is the customer's own, or nobody's and of this conversation, or for everyone.
    pub fn may_hear(&self, memory: &Memory) -> bool {
        if has_owner(memory) {
            return is_owned_by(memory, &self.customer);
        }
        memory.conversation_id() == Some(self.conversation_id.as_str()) || is_for_everyone(memory)
    }
}

/// The customer's identifiers as `sessionMetadata` keeps them.
pub fn owner_fields(customer: &Customer) -> Map<String, Value> {
    let Customer { id, email, phone } = customer;
    OWNER_FIELDS
        .into_iter()
        .zip([id, email, phone])
        .filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))))
        .collect()
}

/// What a memory says of whose it is.
pub fn owners(memory: &Memory) -> impl Iterator<Item = (&'static str, &Value)> {
    OWNER_FIELDS
        .into_iter()
        .filter_map(|key| Some((key, memory.session(key)?)))
        .filter(|(_, value)| !value.is_null())
}

/// Whether a memory is somebody's.
pub fn has_owner(memory: &Memory) -> bool {
    owners(memory).next().is_some()
}

/// Whether a memory shares an identifier with a customer.
pub fn is_owned_by(memory: &Memory, customer: &Customer) -> bool {
    let known = owner_fields(customer);
    owners(memory).any(|(key, value)| known.get(key) == Some(value))
}

/// Whether the developer marked a memory as knowledge for all customers, with `metadata.shared`. What belongs to a
/// conversation or a customer never is, so that nothing said can become so.
pub fn is_for_everyone(memory: &Memory) -> bool {
    memory.meta("shared") == Some(&Value::Bool(true))
        && memory.session("conversationId").is_none_or(Value::is_null)
        && !has_owner(memory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryType;

    fn memory(session: Value, metadata: Value) -> Memory {
        Memory {
            session_metadata: session.as_object().cloned(),
            metadata: Some(metadata),
            ..Memory::new(MemoryType::Conversation, "x")
        }
    }

    fn audience(email: Option<&str>) -> Audience {
        let customer = Customer { email: email.map(str::to_owned), ..Customer::default() };
        Audience { conversation_id: "c".into(), customer }
    }

    #[test]
    fn only_what_is_ones_own_is_heard() {
        for (session, anna, nobody) in [
            (json!({ "conversationId": "c", "customerEmail": "anna@x.y" }), true, false),
            (json!({ "conversationId": "d", "customerEmail": "anna@x.y" }), true, false),
            (json!({ "conversationId": "c", "customerEmail": "bob@x.y" }), false, false),
            (json!({ "conversationId": "c", "customerPhone": "+15551234567" }), false, false),
            (json!({ "conversationId": "c", "customerId": null }), true, true),
            (json!({ "conversationId": "d" }), false, false),
            (json!({}), false, false),
            // Of rows of others: whatever it is, it is not nothing.
            (json!({ "conversationId": "c", "customerId": 7 }), false, false),
        ] {
            let memory = memory(session.clone(), json!({}));
            assert_eq!(audience(Some("anna@x.y")).may_hear(&memory), anna, "{session}");
            assert_eq!(audience(None).may_hear(&memory), nobody, "{session}");
        }
    }

    #[test]
    fn knowledge_is_for_everyone_only_when_it_is_nobodys() {
        let shared = json!({ "shared": true });
        assert!(audience(None).may_hear(&memory(json!({}), shared.clone())));
        for (session, metadata) in [
            (json!({}), json!({ "shared": "true" })),
            (json!({ "conversationId": "d" }), shared.clone()),
            (json!({ "customerEmail": "bob@x.y" }), shared),
        ] {
            assert!(!audience(Some("anna@x.y")).may_hear(&memory(session, metadata)));
        }
    }
}
