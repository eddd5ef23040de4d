//! Lookup of records and notes that save_customer_info kept.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::database::Lead;
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::tools::leads::Leads;
use crate::tools::ownership::Caller;
use crate::types::memory::{Memory, MemoryQuery, MemoryType};
use crate::types::visibility::has_owner;

pub(super) const SAVE: &str = "save_customer_info";
/// Maximum number of saves searched, the newest first.
const MAX_SAVES: u32 = 100;

/// Returns the caller's own record. For an unknown caller, this is the record that only this
/// conversation has written.
pub(in crate::tools) async fn own_record(
    caller: &Caller<'_>,
    leads: &Leads,
    memory: &MemoryManager,
) -> Result<Option<Lead>> {
    if !caller.customer.is_unknown() {
        return caller.own_lead(leads).await;
    }
    let saves = saves_in(caller.conversation_id, memory).await?;
    let Some(key) = saves.iter().find_map(lead_of) else { return Ok(None) };
    // A record that a known customer saved in the conversation belongs to that customer, not to the
    // current speaker.
    if saves.iter().any(|save| lead_of(save) == Some(key) && has_owner(save)) {
        return Ok(None);
    }
    Ok(leads.get(key).await?.filter(|lead| caller.is_only_writer(lead)))
}

/// Returns the record that this conversation completed last.
pub(super) async fn last_saved_record(
    conversation_id: &str,
    leads: &Leads,
    memory: &MemoryManager,
) -> Result<Option<Lead>> {
    let saves = saves_in(conversation_id, memory).await?;
    match saves.iter().find_map(lead_of) {
        Some(key) => leads.get(key).await,
        None => Ok(None),
    }
}

async fn saves_in(conversation_id: &str, memory: &MemoryManager) -> Result<Vec<Memory>> {
    let query = MemoryQuery { conversation_id: Some(conversation_id.to_owned()), ..saves() };
    memory.search(&query).await
}

/// Returns the notes about the caller, newest first: those of the record, and earlier ones that
/// were replaced there.
pub(in crate::tools) async fn notes_about(
    record: &Lead,
    caller: &Caller<'_>,
    memory: &MemoryManager,
) -> Result<Vec<String>> {
    let in_record = record.metadata.get("notes").and_then(Value::as_str);
    let mut notes: Vec<String> = in_record.map(str::to_owned).into_iter().collect();
    for scope in caller.memory_scopes(memory).await? {
        let memories = memory.search(&scope.narrow(saves())).await?;
        let theirs = |memory: &&Memory| {
            lead_of(memory) == Some(record.external_id.as_str()) && caller.owns_memory(memory, &scope)
        };
        let said = memories.iter().filter(theirs);
        notes.extend(
            said.filter_map(|memory| Some(memory.meta("customerData")?.get("notes")?.as_str()?.to_owned())),
        );
    }
    let mut seen = HashSet::new();
    notes.retain(|note| seen.insert(note.clone()));
    Ok(notes)
}

fn saves() -> MemoryQuery {
    MemoryQuery {
        kinds: vec![MemoryType::Decision],
        keywords: vec!["Customer information: ".to_owned()],
        ..MemoryQuery::newest(MAX_SAVES)
    }
}

/// Returns the key of the record that a save completed.
fn lead_of(memory: &Memory) -> Option<&str> {
    memory.meta("toolName").filter(|tool| **tool == json!(SAVE))?;
    memory.meta("leadId")?.as_str()
}
