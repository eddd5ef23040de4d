//! The memories of a person.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use crate::audience::{has_owner, is_owned_by, owner_fields};
use crate::customer::Customer;
use crate::error::Result;
use crate::memory::{Memory, MemoryQuery};
use crate::recall::MemoryManager;

const PAGE: u32 = 1_000;

/// The memories of a person, oldest first, and the conversations with nobody else. `known` are conversations that
/// are theirs by other signs. Of a conversation with others too, only what names the person is theirs.
pub(super) async fn remembered(
    memory: &MemoryManager,
    person: &Customer,
    known: Vec<String>,
) -> Result<(Vec<Memory>, Vec<String>)> {
    let mut conversations: BTreeSet<String> = known.into_iter().filter(|id| !id.is_empty()).collect();
    let mut found = Vec::new();
    for (field, value) in fields(person) {
        let session_metadata = Map::from_iter([(field, value)]);
        let mut query = MemoryQuery { session_metadata, ..MemoryQuery::newest(PAGE) };
        loop {
            let page = memory.search(&query).await?;
            let last = page.len() < PAGE as usize;
            for memory in page {
                match memory.conversation_id() {
                    Some(id) => {
                        conversations.insert(id.to_owned());
                    }
                    None => found.push(memory),
                }
            }
            if last {
                break;
            }
            query.offset += PAGE;
        }
    }
    let mut own = Vec::new();
    for id in conversations {
        let history = memory.conversation_history(&id).await?;
        let is_others = |memory: &Memory| has_owner(memory) && !is_owned_by(memory, person);
        if history.iter().any(is_others) {
            found.extend(history.into_iter().filter(|memory| is_named_in(person, memory)));
        } else {
            found.extend(history);
            own.push(id);
        }
    }
    let mut seen = HashSet::new();
    found.retain(|memory| seen.insert(memory.id.clone()));
    found.sort_by_key(|memory| memory.timestamp);
    Ok((found, own))
}

/// Whether a memory carries an identifier of the person.
pub(super) fn is_named_in(person: &Customer, memory: &Memory) -> bool {
    fields(person).iter().any(|(field, value)| memory.session(field) == Some(value))
}

/// The fields of `sessionMetadata` that lead to a person.
fn fields(person: &Customer) -> Vec<(String, Value)> {
    let ends = [&person.email, &person.phone].into_iter().flatten();
    let ends = ends.flat_map(|address| ["from", "to"].map(|end| (end.to_owned(), json!(address))));
    owner_fields(person).into_iter().chain(ends).collect()
}
