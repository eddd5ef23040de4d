//! Finds the memories of a person.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::memory::MemoryManager;
use crate::phone::phone_spellings;
use crate::tools::phone_formats;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryQuery, MemoryType};
use crate::types::visibility::{has_owner, is_owned_by, owner_field_variants};
use crate::typescript_sdk::{self, channel_addresses, saved_addresses, webhook_sids};

const PAGE: u32 = 1_000;

/// Returns the memories of a person, oldest first, and the ids of conversations with the person
/// alone.
///
/// `known` are conversations that other data attributes to the person. `country` is the default
/// region for numbers without a country code. Of a conversation with others, only messages that
/// name the person are included, and the replies to them.
pub(super) async fn find_memories(
    memory: &MemoryManager,
    person: &Customer,
    country: &str,
    known: Vec<String>,
) -> Result<(Vec<Memory>, Vec<String>)> {
    let mut known: BTreeSet<String> = known.into_iter().filter(|id| !id.is_empty()).collect();
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for (field, value) in person_fields(person) {
        let session_metadata = Map::from_iter([(field, value)]);
        let query = MemoryQuery { session_metadata, ..MemoryQuery::newest(PAGE) };
        for_each_memory(memory, query, |memory| match memory.conversation_id() {
            Some(id) => {
                known.insert(id.to_owned());
            }
            None => found.push(memory),
        })
        .await?;
    }
    let mentions = find_mentions(memory, person, country).await?;
    let sids: BTreeSet<(&str, String)> = mentions.iter().flat_map(webhook_sids).collect();
    for (field, sid) in sids {
        // When a webhook started a conversation, the SDK stored the rest of the call or message in
        // another one.
        let session_metadata = Map::from_iter([(field.to_owned(), json!(sid))]);
        for_each_memory(memory, MemoryQuery { session_metadata, ..MemoryQuery::newest(PAGE) }, |memory| {
            known.extend(memory.conversation_id().map(str::to_owned));
        })
        .await?;
    }
    for memory in mentions {
        match memory.conversation_id() {
            Some(id) => {
                named.insert(id.to_owned());
            }
            None => found.push(memory),
        }
    }
    let mut own = Vec::new();
    for id in known.union(&named) {
        let history = memory.conversation_history(id).await?;
        match participation(person, country, &history, known.contains(id)) {
            Participation::OnlyPerson => {
                found.extend(history);
                own.push(id.clone());
            }
            Participation::WithOthers => found.extend(messages_of(person, country, history)),
        }
    }
    let mut seen = HashSet::new();
    found.retain(|memory| seen.insert(memory.id.clone()));
    found.sort_by_key(|memory| memory.timestamp);
    Ok((found, own))
}

/// Returns `true` if a memory carries an identifier of the person.
pub(super) fn names_person(person: &Customer, country: &str, memory: &Memory) -> bool {
    person_fields(person).iter().any(|(field, value)| memory.session(field) == Some(value))
        || typescript_sdk::mentions(memory, person, country)
}

/// Participation of a person in a conversation.
enum Participation {
    /// The person alone.
    OnlyPerson,
    /// The person and others.
    WithOthers,
}

fn participation(person: &Customer, country: &str, history: &[Memory], known: bool) -> Participation {
    let (mut theirs, mut others, mut others_saved) = (known, false, false);
    for memory in history {
        if has_owner(memory) {
            others |= !is_owned_by(memory, person);
        }
        let line = channel_addresses(memory, country);
        let on_line = line.iter().any(|address| address.belongs_to(person));
        theirs |= on_line;
        others |= !line.is_empty() && !on_line;
        others_saved |= saved_addresses(memory, country).iter().any(|address| !address.belongs_to(person));
    }
    // Without a channel address, the only evidence is saved data. It is attributed to the person
    // unless it names somebody else.
    if others || !theirs && others_saved { Participation::WithOthers } else { Participation::OnlyPerson }
}

/// Returns the messages that name the person. A message of the TypeScript SDK without an address is
/// a reply to the message before it.
fn messages_of(person: &Customer, country: &str, history: Vec<Memory>) -> Vec<Memory> {
    let mut answering = false;
    history
        .into_iter()
        .filter(|memory| {
            let line = channel_addresses(memory, country);
            if has_owner(memory) {
                answering = false;
            } else if !line.is_empty() {
                answering = line.iter().any(|address| address.belongs_to(person));
            }
            let named = names_person(person, country, memory);
            named || answering && line.is_empty() && saved_addresses(memory, country).is_empty()
        })
        .collect()
}

/// Finds memories that name the person outside of the `sessionMetadata` owner fields: saved
/// customer data, and rows of the TypeScript SDK.
async fn find_mentions(memory: &MemoryManager, person: &Customer, country: &str) -> Result<Vec<Memory>> {
    let (email, phone) = (person.email.as_deref(), person.phone.as_deref());
    if email.is_none() && phone.is_none() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let is_mention = |memory: &Memory| typescript_sdk::mentions(memory, person, country);
    match memory.sdk_memories_mentioning(email, phone).await? {
        Some(rows) => {
            found.extend(rows.into_iter().filter(is_mention));
            let keywords =
                email.map(str::to_owned).into_iter().chain(phone.map(phone_formats).unwrap_or_default());
            let kinds = vec![MemoryType::Decision];
            let query = MemoryQuery { keywords: keywords.collect(), kinds, ..MemoryQuery::newest(PAGE) };
            for_each_memory(memory, query, |memory| found.extend(Some(memory).filter(is_mention))).await?;
        }
        None => {
            for_each_memory(memory, MemoryQuery::newest(PAGE), |memory| {
                found.extend(Some(memory).filter(is_mention))
            })
            .await?;
        }
    }
    Ok(found)
}

/// Calls `look` for every memory of a query, page by page.
async fn for_each_memory(
    memory: &MemoryManager,
    mut query: MemoryQuery,
    mut look: impl FnMut(Memory) + Send,
) -> Result<()> {
    loop {
        let page = memory.search(&query).await?;
        let last = page.len() < PAGE as usize;
        page.into_iter().for_each(&mut look);
        if last {
            return Ok(());
        }
        query.offset += PAGE;
    }
}

/// Returns the `sessionMetadata` fields that identify a person.
fn person_fields(person: &Customer) -> Vec<(String, Value)> {
    let phones = person.phone.as_deref().map(phone_spellings).unwrap_or_default();
    let ends = person.email.iter().cloned().chain(phones);
    let ends = ends.flat_map(|address| ["from", "to"].map(|end| (end.to_owned(), json!(address))));
    owner_field_variants(person).into_iter().chain(ends).collect()
}
