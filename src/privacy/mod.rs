//! Personal data export and erasure across memories, database and inbox.

mod memories;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tracing::info;

use crate::customers::Identities;
use crate::database::{CallLog, Database, Entry, Lead, PersonIdentifiers};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::memory::MemoryManager;
use crate::phone::phone_spellings;
use crate::privacy::memories::{find_memories, names_person};
use crate::tools::{is_own_record, phone_formats, record_keys};
use crate::types::customer::Customer;
use crate::types::memory::{Memory, timestamp};
use crate::types::person_links::{Identifier, is_person_links};
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
#[derive(Debug, Default, Serialize)]
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

impl PersonalDataExport {
    /// Adds the data under another identifier of the same person.
    fn extend(&mut self, other: Self) {
        let new = |memory: &Memory| !self.memories.iter().any(|known| known.id == memory.id);
        let memories: Vec<Memory> = other.memories.into_iter().filter(new).collect();
        self.memories.extend(memories);
        self.memories.sort_by_key(|memory| memory.timestamp);
        let new = |lead: &Lead| !self.leads.iter().any(|known| known.external_id == lead.external_id);
        let leads: Vec<Lead> = other.leads.into_iter().filter(new).collect();
        self.leads.extend(leads);
        self.inbox.extend(other.inbox);
        let new = |log: &CallLog| !self.call_logs.iter().any(|known| known.external_id == log.external_id);
        let call_logs: Vec<CallLog> = other.call_logs.into_iter().filter(new).collect();
        self.call_logs.extend(call_logs);
        self.allowlist.extend(other.allowlist);
        self.allowlist.dedup();
    }
}

impl PersonalData {
    /// Exports all personal data of a person, under every identifier that the developer has merged.
    pub async fn export(&self, person: &Customer) -> Result<PersonalDataExport> {
        let mut export = PersonalDataExport::default();
        for one in self.merged(person).await? {
            export.extend(self.export_one(&one).await?);
        }
        Ok(export)
    }

    async fn export_one(&self, person: &Customer) -> Result<PersonalDataExport> {
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

    /// Erases all personal data of a person, under every identifier that the developer has merged. Of
    /// an identifier that only a conversation has linked, the link is erased: the data under it may be
    /// somebody else's. Can be repeated after a failure: data that leads to other data is deleted last.
    pub async fn forget(&self, person: &Customer) -> Result<ErasureReport> {
        let merged = self.merged(person).await?;
        let identifiers: Vec<Identifier> = merged.iter().flat_map(Identifier::all_of).collect();
        let mut forgotten = ErasureReport::default();
        // The identifiers that were given lead to the others.
        for (n, one) in merged.iter().enumerate().rev() {
            let mut found = self.find(one).await?;
            let summaries = self.shared_summaries(one, &found).await?;
            found.memories.extend(summaries);
            let is_last = n == 0;
            if is_last {
                Identities::new(Arc::clone(&self.memory)).erase_mentions(&identifiers).await?;
            }
            let one = self.erase(one, found, is_last).await?;
            forgotten.memories += one.memories;
            forgotten.leads += one.leads;
            forgotten.call_logs += one.call_logs;
            forgotten.inbox += one.inbox;
        }
        info!(memories = forgotten.memories, leads = forgotten.leads, "Person erased");
        Ok(forgotten)
    }

    /// Returns the person, and each identifier that the developer has merged with them. Each knows the
    /// others.
    pub async fn merged(&self, person: &Customer) -> Result<Vec<Customer>> {
        let own = Identifier::all_of(person);
        let merged = Identities::new(Arc::clone(&self.memory)).merged(person).await?;
        let others = merged.iter().filter(|one| !own.contains(one)).map(Identifier::customer);
        let all: Vec<Customer> = std::iter::once(person.clone()).chain(others).collect();
        let with_others = |one: &Customer| Customer {
            also: all.iter().filter(|other| *other != one).cloned().collect(),
            ..one.clone()
        };
        Ok(all.iter().map(with_others).collect())
    }

    /// Erases what was found under one identifier. Links between identifiers are erased with the last.
    async fn erase(
        &self,
        person: &Customer,
        mut found: PersonalRecords,
        is_last: bool,
    ) -> Result<ErasureReport> {
        found.memories.retain(|memory| is_last || !is_person_links(memory));
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
