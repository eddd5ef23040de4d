//! Personal data export and erasure across memories, database and inbox.

mod memories;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tracing::info;

use crate::database::{CallLog, Database, Entry, Lead, PersonIdentifiers};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::memory::MemoryManager;
use crate::phone::phone_spellings;
use crate::privacy::memories::{find_memories, names_person};
use crate::tools::{is_own_record, phone_formats, record_keys};
use crate::types::customer::Customer;
use crate::types::memory::{Memory, timestamp};
use crate::types::visibility::{is_owned_by, owner_field_variants};

/// The stores that may hold personal data.
pub struct PersonalData {
    /// Memories.
    pub memory: Arc<MemoryManager>,
    /// Leads, call logs and vectors.
    pub database: Option<Arc<Database>>,
    /// Inbox entries.
    pub inbox: Arc<dyn Inbox>,
    /// Default region for numbers without a country code, ISO 3166-1 alpha-2.
    pub country: String,
}

/// All personal data of a person.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonalDataExport {
    /// Memories, oldest first.
    pub memories: Vec<Memory>,
    /// Customer records of the person.
    pub leads: Vec<Lead>,
    /// Call logs of conversations with the person.
    pub call_logs: Vec<CallLog>,
    /// Inbox entries: messages from the person or to them, and notes about them.
    pub inbox: Vec<ExportedInboxEntry>,
    /// Channels whose allowlist contains the person.
    pub allowlist: Vec<String>,
}

/// An inbox entry in an export.
#[derive(Debug, Serialize)]
pub struct ExportedInboxEntry {
    kind: String,
    state: String,
    answer: Option<String>,
    #[serde(with = "timestamp")]
    at: DateTime<Utc>,
}

/// Numbers of erased items.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureReport {
    /// Memories.
    pub memories: usize,
    /// Customer records.
    pub leads: usize,
    /// Call logs.
    pub call_logs: usize,
    /// Inbox entries.
    pub inbox: usize,
}

impl PersonalData {
    /// Exports all personal data of a person.
    pub async fn export(&self, person: &Customer) -> Result<PersonalDataExport> {
        let found = self.find(person).await?;
        Ok(PersonalDataExport {
            memories: found.memories,
            leads: found.leads,
            call_logs: found.call_logs,
            inbox: found.inbox.into_iter().map(ExportedInboxEntry::from).collect(),
            allowlist: match &self.database {
                Some(database) => database.channels_that_allow(&identifiers(person)).await?,
                None => Vec::new(),
            },
        })
    }

    /// Erases all personal data of a person. Can be repeated after a failure: data that leads to
    /// other data is deleted last.
    pub async fn forget(&self, person: &Customer) -> Result<ErasureReport> {
        let mut found = self.find(person).await?;
        let summaries = self.shared_summaries(person, &found).await?;
        found.memories.extend(summaries);
        // Memories with the person's address lead to the other memories of their conversations.
        let (first, last): (Vec<&Memory>, Vec<&Memory>) =
            found.memories.iter().partition(|memory| !names_person(person, &self.country, memory));
        for memories in [first, last] {
            self.memory.delete_all(ids(&memories)).await?;
        }
        if let Some(database) = &self.database {
            database.erase_vectors(&ids(&found.memories.iter().collect::<Vec<_>>())).await?;
            let owners = owner_field_variants(person);
            database.erase_signatures(&found.memories, &owners, &found.keys.conversations).await?;
            database.erase_leads(&found.keys, &found.leads).await?;
            database.erase_call_logs(&found.keys).await?;
            database.disallow_everywhere(&identifiers(person)).await?;
        }
        self.inbox.erase(&identifiers(person)).await?;
        let forgotten = ErasureReport {
            memories: found.memories.len(),
            leads: found.leads.len(),
            call_logs: found.call_logs.len(),
            inbox: found.inbox.len(),
        };
        info!(memories = forgotten.memories, leads = forgotten.leads, "Person erased");
        Ok(forgotten)
    }

    /// Returns the summaries of conversations that the person had together with others. They may tell
    /// of each of them, and are not part of an export.
    async fn shared_summaries(&self, person: &Customer, found: &PersonalRecords) -> Result<Vec<Memory>> {
        let own = found.memories.iter().filter(|memory| is_owned_by(memory, person));
        let conversations: BTreeSet<&str> = own.filter_map(Memory::conversation_id).collect();
        let known: HashSet<&str> = found.memories.iter().map(|memory| memory.id.as_str()).collect();
        let mut summaries = Vec::new();
        for id in conversations {
            summaries.extend(self.memory.summaries(id).await?);
        }
        summaries.retain(|summary| !known.contains(summary.id.as_str()));
        Ok(summaries)
    }

    async fn find(&self, person: &Customer) -> Result<PersonalRecords> {
        if person.is_unknown() {
            return Err(Error::argument(
                "person",
                "has no identifier; give an `email`, a `phone` or an `id`",
            ));
        }
        let mut keys = PersonIdentifiers {
            email: person.email.clone(),
            phones: person.phone.as_deref().map(phone_formats).unwrap_or_default(),
            leads: record_keys(person),
            conversations: Vec::new(),
        };
        let inbox = self.inbox.entries_of_customers(&identifiers(person)).await?;
        let mut conversations: Vec<String> = inbox.iter().filter_map(Entry::conversation).collect();
        if let Some(database) = &self.database {
            let logs = database.call_logs_of(&keys).await?;
            conversations.extend(logs.into_iter().map(|log| log.conversation_id));
        }
        let (memories, conversations) =
            find_memories(&self.memory, person, &self.country, conversations).await?;
        keys.conversations = conversations;
        let (mut leads, mut call_logs) = (Vec::new(), Vec::new());
        if let Some(database) = &self.database {
            leads = database.leads_of(&keys).await?;
            leads.retain(|lead| is_own_record(person, &self.country, lead));
            call_logs = database.call_logs_of(&keys).await?;
        }
        Ok(PersonalRecords { keys, memories, leads, call_logs, inbox })
    }
}

struct PersonalRecords {
    keys: PersonIdentifiers,
    memories: Vec<Memory>,
    leads: Vec<Lead>,
    call_logs: Vec<CallLog>,
    inbox: Vec<Entry>,
}

fn ids(memories: &[&Memory]) -> Vec<String> {
    memories.iter().map(|memory| memory.id.clone()).collect()
}

/// Returns the person's identifiers as used by the inbox and the allowlists.
fn identifiers(person: &Customer) -> Vec<String> {
    let phones = person.phone.as_deref().map(phone_spellings).unwrap_or_default();
    person.email.iter().cloned().chain(phones).collect()
}

impl From<Entry> for ExportedInboxEntry {
    fn from(entry: Entry) -> Self {
        let (kind, state) = (entry.kind.as_str().to_owned(), entry.state.as_str().to_owned());
        Self { kind, state, answer: entry.answer, at: entry.touched_at }
    }
}
