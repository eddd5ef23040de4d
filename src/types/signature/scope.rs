//! Scopes of the lexical index: the sets of memories in which a question is answered.

use serde_json::Value;
use twox_hash::XxHash3_64;

use crate::types::memory::Memory;
use crate::types::visibility::{Viewer, is_shared, owner_field_variants, owner_fields_of};

/// A scope, identified by a hash. Two scopes may share one, so the memories themselves still decide
/// who sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(i64);

impl Scope {
    /// Returns the scope of all memories of a tenant.
    pub fn all(tenant: Option<&str>) -> Self {
        Self::of(tenant, "all", "")
    }

    /// Returns the scope of the memories that are shared with all customers.
    pub fn shared(tenant: Option<&str>) -> Self {
        Self::of(tenant, "shared", "")
    }

    /// Returns the scope of a conversation's memories without an owner.
    pub fn conversation(tenant: Option<&str>, id: &str) -> Self {
        Self::of(tenant, "conversationId", id)
    }

    /// Returns the scope of an owner's memories: those whose `sessionMetadata` has this value in this
    /// owner field.
    pub fn owner(tenant: Option<&str>, field: &str, value: &str) -> Self {
        Self::of(tenant, field, value)
    }

    /// Returns the scope of the notes on deleted memories. No memory is in it.
    pub fn deleted(tenant: Option<&str>) -> Self {
        Self::of(tenant, "deleted", "")
    }

    /// Returns the scope of the note on the state of a tenant's index. No memory is in it.
    pub fn marker(tenant: Option<&str>) -> Self {
        Self::of(tenant, "marker", "")
    }

    /// Returns the hash, as databases store it.
    pub fn hash(self) -> i64 {
        self.0
    }

    fn of(tenant: Option<&str>, field: &str, value: &str) -> Self {
        // No part but the last holds a NUL: tenants, like ids, are refused with one.
        let text = [tenant.unwrap_or_default(), field, value].join("\0");
        Self(XxHash3_64::oneshot(text.as_bytes()) as i64)
    }
}

/// Returns the scopes of a memory: [`Scope::all`] first, then those by which a viewer finds it.
pub fn scopes_of(memory: &Memory, tenant: Option<&str>) -> Vec<Scope> {
    let mut scopes = vec![Scope::all(tenant)];
    // A value of another type was written by another program. It is an owner that nobody is.
    let owners = owner_fields_of(memory).collect::<Vec<_>>();
    let known = owners.iter().filter_map(|(field, value)| Some(Scope::owner(tenant, field, value.as_str()?)));
    scopes.extend(known);
    if owners.is_empty() {
        match memory.conversation_id() {
            Some(id) => scopes.push(Scope::conversation(tenant, id)),
            None if is_shared(memory) => scopes.push(Scope::shared(tenant)),
            None => {}
        }
    }
    scopes
}

/// Returns the scopes of the memories that a viewer may see, or the scope of all memories without a
/// viewer. Callers check each memory they find with [`Viewer::can_see`].
pub fn visible_scopes(viewer: Option<&Viewer>, tenant: Option<&str>) -> Vec<Scope> {
    let Some(viewer) = viewer else { return vec![Scope::all(tenant)] };
    let owners = owner_field_variants(&viewer.customer);
    let mut scopes: Vec<Scope> = owners
        .iter()
        .filter_map(|(field, value)| Some(Scope::owner(tenant, field, Value::as_str(value)?)))
        .collect();
    scopes.push(Scope::conversation(tenant, &viewer.conversation_id));
    scopes.extend(viewer.sdk_conversations.iter().map(|id| Scope::conversation(tenant, id)));
    scopes.push(Scope::shared(tenant));
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::customer::Customer;
    use crate::types::memory::MemoryType;
    use serde_json::json;

    fn memory(session: Value, metadata: Value) -> Memory {
        Memory {
            session_metadata: session.as_object().cloned().map(Into::into),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::Conversation, "x")
        }
    }

    #[test]
    fn whatever_a_viewer_may_see_is_in_a_visible_scope() {
        let customer = Customer {
            phone: Some("+15551234567".into()),
            email: Some("anna@x.y".into()),
            ..Customer::default()
        };
        let viewer = Viewer { conversation_id: "c".into(), customer, sdk_conversations: vec!["old".into()] };
        let visible = visible_scopes(Some(&viewer), None);
        for session in [
            json!({ "conversationId": "c" }),
            json!({ "conversationId": "old" }),
            json!({ "conversationId": "d", "customerEmail": "anna@x.y" }),
            json!({ "conversationId": "d", "customerPhone": "+15551234567", "customerId": "other" }),
            json!({ "conversationId": "d", "customerPhone": "+15551234568" }),
            json!({ "conversationId": "d" }),
            json!({ "conversationId": "c", "customerId": 7 }),
            json!({}),
        ] {
            for metadata in [json!({}), json!({ "shared": true })] {
                let memory = memory(session.clone(), metadata);
                let found = scopes_of(&memory, None).iter().any(|scope| visible.contains(scope));
                assert_eq!(found, viewer.can_see(&memory), "{session}");
            }
        }
    }

    #[test]
    fn scopes_of_tenants_differ() {
        let memory = memory(json!({ "customerEmail": "anna@x.y" }), json!({}));
        let (a, b) = (scopes_of(&memory, Some("a")), scopes_of(&memory, Some("b")));
        assert!(a.iter().all(|scope| !b.contains(scope)));
        assert_eq!(a.len(), 2);
        assert!(scopes_of(&memory, None).iter().all(|scope| !a.contains(scope)));
    }
}
