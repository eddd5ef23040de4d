//! What is held of a person, in every place where something is: to be told to them, or to be forgotten.

mod remembered;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tracing::info;

use crate::customer::Customer;
use crate::database::{CallLog, Database, Entry, Lead, PersonKeys};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::memory::{Memory, timestamp};
use crate::persons::remembered::{is_named_in, remembered};
use crate::recall::MemoryManager;
use crate::tools::{is_own_record, notations, record_keys};

/// Where persons are looked for.
pub struct Persons {
    /// What was said and done.
    pub memory: Arc<MemoryManager>,
    /// Leads, call logs and vectors.
    pub database: Option<Arc<Database>>,
    /// What came in.
    pub inbox: Arc<dyn Inbox>,
    /// ISO 3166-1 alpha-2, of numbers without a country code.
    pub country: String,
}

/// Everything that is held of a person.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holdings {
    /// Memories, oldest first.
    pub memories: Vec<Memory>,
    /// Records of the person.
    pub leads: Vec<Lead>,
    /// How conversations with the person ended.
    pub call_logs: Vec<CallLog>,
    /// What came in from the person, was sent, or is noted of them.
    pub inbox: Vec<InboxRow>,
    /// The channels on whose allowlist the person is.
    pub allowlist: Vec<String>,
}

/// An entry of the inbox, told.
#[derive(Debug, Serialize)]
pub struct InboxRow {
    kind: String,
    state: String,
    answer: Option<String>,
    #[serde(with = "timestamp")]
    at: DateTime<Utc>,
}

/// How much was forgotten.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forgotten {
    /// Memories.
    pub memories: usize,
    /// Records of the person.
    pub leads: usize,
    /// Call logs.
    pub call_logs: usize,
    /// Entries of the inbox.
    pub inbox: usize,
}

impl Persons {
    /// Everything that is held of a person.
    pub async fn export(&self, person: &Customer) -> Result<Holdings> {
        let found = self.find(person).await?;
        Ok(Holdings {
            memories: found.memories,
            leads: found.leads,
            call_logs: found.call_logs,
            inbox: found.inbox.into_iter().map(InboxRow::from).collect(),
            allowlist: match &self.database {
                Some(database) => database.channels_that_allow(&identifiers(person)).await?,
                None => Vec::new(),
            },
        })
    }

    /// Forgets a person: doing it again, also after a failure, forgets what is left. What leads to the rest goes last.
    pub async fn forget(&self, person: &Customer) -> Result<Forgotten> {
        let found = self.find(person).await?;
        let ids: Vec<String> = found.memories.iter().map(|memory| memory.id.clone()).collect();
        // Those that carry the person's address lead to the others of their conversations.
        let (first, last): (Vec<Memory>, Vec<Memory>) =
            found.memories.into_iter().partition(|memory| !is_named_in(person, memory));
        for memories in [first, last] {
            self.memory.delete_all(memories.into_iter().map(|memory| memory.id).collect()).await?;
        }
        if let Some(database) = &self.database {
            database.forget_vectors(&ids).await?;
            database.forget_leads(&found.keys, &found.leads).await?;
            database.forget_call_logs(&found.keys).await?;
            database.disallow_everywhere(&identifiers(person)).await?;
        }
        self.inbox.forget(&identifiers(person)).await?;
        let forgotten = Forgotten {
            memories: ids.len(),
            leads: found.leads.len(),
            call_logs: found.call_logs.len(),
            inbox: found.inbox.len(),
        };
        info!(memories = forgotten.memories, leads = forgotten.leads, "Forgot a person");
        Ok(forgotten)
    }

    async fn find(&self, person: &Customer) -> Result<Found> {
        if person.is_unknown() {
            return Err(Error::argument("person", "names nobody; give an `email`, a `phone` or an `id`"));
        }
        let mut keys = PersonKeys {
            email: person.email.clone(),
            phones: person.phone.as_deref().map(notations).unwrap_or_default(),
            leads: record_keys(person),
            conversations: Vec::new(),
        };
        let inbox = self.inbox.of_customers(&identifiers(person)).await?;
        let mut conversations: Vec<String> = inbox.iter().filter_map(Entry::conversation).collect();
        if let Some(database) = &self.database {
            let logs = database.call_logs_of(&keys).await?;
            conversations.extend(logs.into_iter().map(|log| log.conversation_id));
        }
        let (memories, conversations) = remembered(&self.memory, person, conversations).await?;
        keys.conversations = conversations;
        let (mut leads, mut call_logs) = (Vec::new(), Vec::new());
        if let Some(database) = &self.database {
            leads = database.leads_of(&keys).await?;
            leads.retain(|lead| is_own_record(person, &self.country, lead));
            call_logs = database.call_logs_of(&keys).await?;
        }
        Ok(Found { keys, memories, leads, call_logs, inbox })
    }
}

struct Found {
    keys: PersonKeys,
    memories: Vec<Memory>,
    leads: Vec<Lead>,
    call_logs: Vec<CallLog>,
    inbox: Vec<Entry>,
}

/// The person as customers are named where messages come in.
fn identifiers(person: &Customer) -> Vec<String> {
    [&person.email, &person.phone].into_iter().flatten().cloned().collect()
}

impl From<Entry> for InboxRow {
    fn from(entry: Entry) -> Self {
        let (kind, state) = (entry.kind.as_str().to_owned(), entry.state.as_str().to_owned());
        Self { kind, state, answer: entry.answer, at: entry.touched_at }
    }
}
