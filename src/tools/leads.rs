//! Storage of customer records: in the leads table, or as memories without a database.

use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Map, Value, json};
use tokio::sync::{Mutex, MutexGuard};

use crate::database::{Database, Lead, Precedence, row_id_without_tenant};
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::types::customer::normalize_email;
use crate::types::memory::{Memory, MemoryQuery, MemoryType, now};

/// Value of `metadata.toolName` in a memory that is a customer record.
const RECORD: &str = "customer_record";
const PAGE: u32 = 100;

/// The customer records, in a database or in memories.
pub struct Leads {
    database: Option<Arc<Database>>,
    memory: Arc<MemoryManager>,
    saving: Mutex<()>,
}

impl Leads {
    /// Creates a store over `database`, or over `memory` without one.
    pub fn new(database: Option<Arc<Database>>, memory: Arc<MemoryManager>) -> Self {
        Self { database, memory, saving: Mutex::new(()) }
    }

    /// Locks the store during the lookup and save of a record. Without the lock, two tool calls of
    /// one turn would create two records.
    pub(crate) async fn lock(&self) -> MutexGuard<'_, ()> {
        self.saving.lock().await
    }

    /// Returns the record of that key, if any.
    pub async fn get(&self, external_id: &str) -> Result<Option<Lead>> {
        if let Some(database) = &self.database {
            return database.lead(external_id).await;
        }
        let found = self.search_memories(external_id, |lead| lead.external_id == external_id).await?;
        Ok(found.into_iter().next())
    }

    /// Returns the id of the record's row in the leads table, even if the row does not exist yet.
    /// Without a database, it is the id that the row would have.
    pub async fn row_id(&self, external_id: &str) -> Result<String> {
        match &self.database {
            Some(database) => database.lead_id(external_id).await,
            None => Ok(row_id_without_tenant(external_id).to_string()),
        }
    }

    /// Returns the records with that e-mail address, ignoring case, or with any of those phone
    /// numbers.
    pub async fn matching(&self, email: Option<&str>, phones: &[&str]) -> Result<Vec<Lead>> {
        if email.is_none() && phones.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(database) = &self.database {
            return database.leads_matching(email, phones).await;
        }
        let email_key = email.and_then(normalize_email);
        let mut found: Vec<Lead> = Vec::new();
        for word in email.into_iter().chain(phones.iter().copied()) {
            let more = self
                .search_memories(word, |lead| {
                    let same_email =
                        email_key.is_some() && lead.email.as_deref().and_then(normalize_email) == email_key;
                    same_email || lead.phone.as_deref().is_some_and(|phone| phones.contains(&phone))
                })
                .await?;
            for lead in more {
                if !found.iter().any(|known| known.external_id == lead.external_id) {
                    found.push(lead);
                }
            }
        }
        Ok(found)
    }

    /// Returns the records with that e-mail address, with any of those phone numbers or of those ids.
    /// It is one read: among memories, only the newest [`PAGE`] records that have one of these texts
    /// are found.
    pub(crate) async fn candidates(
        &self,
        email: Option<&str>,
        phones: &[&str],
        external_ids: &[String],
    ) -> Result<Vec<Lead>> {
        if let Some(database) = &self.database {
            return database.leads_matching_any(email, phones, external_ids).await;
        }
        let texts = email.into_iter().chain(phones.iter().copied()).map(str::to_owned);
        let query = MemoryQuery {
            kinds: vec![MemoryType::Decision],
            keywords: texts.chain(external_ids.iter().cloned()).collect(),
            ..MemoryQuery::newest(PAGE)
        };
        if query.keywords.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.memory.search(&query).await?.iter().filter_map(from_memory).collect())
    }

    /// Creates the record, or completes the existing one of the same key.
    pub async fn save(&self, lead: &Lead, precedence: Precedence) -> Result<()> {
        if let Some(database) = &self.database {
            return database.save_lead(lead, precedence).await;
        }
        let known = self.get(&lead.external_id).await?;
        let lead = match known {
            Some(known) => merge(known, lead, precedence),
            None => lead.clone(),
        };
        self.memory.store(as_memory(&lead)).await
    }

    /// Returns the records among memories whose content has `word`, if they satisfy `wanted`.
    async fn search_memories(&self, word: &str, wanted: impl Fn(&Lead) -> bool) -> Result<Vec<Lead>> {
        let mut query = MemoryQuery::newest(PAGE);
        query.kinds = vec![MemoryType::Decision];
        query.keywords = vec![word.to_owned()];
        let mut found = Vec::new();
        loop {
            let page = self.memory.search(&query).await?;
            found.extend(page.iter().filter_map(from_memory).filter(|lead| wanted(lead)));
            if page.len() < PAGE as usize {
                return Ok(found);
            }
            query.offset += PAGE;
        }
    }
}

/// Merges two versions of a record as the database's upsert does.
fn merge(known: Lead, new: &Lead, precedence: Precedence) -> Lead {
    let pick = |known: Option<String>, new: &Option<String>| match precedence {
        Precedence::NewerWins => new.clone().or(known),
        Precedence::FillBlanks => known.or_else(|| new.clone()),
    };
    let same_writer = known.metadata.get("conversationId") == new.metadata.get("conversationId");
    let mut metadata = known.metadata;
    for (key, value) in &new.metadata {
        if precedence == Precedence::NewerWins || !metadata.contains_key(key) {
            metadata.insert(key.clone(), value.clone());
        }
    }
    if !same_writer {
        metadata.remove("conversationId");
    }
    Lead {
        external_id: known.external_id,
        name: pick(known.name, &new.name),
        email: pick(known.email, &new.email),
        phone: pick(known.phone, &new.phone),
        source: pick(known.source, &new.source),
        metadata,
        created_at: known.created_at,
    }
}

fn as_memory(lead: &Lead) -> Memory {
    let told = [Some(&lead.external_id), lead.name.as_ref(), lead.email.as_ref(), lead.phone.as_ref()];
    let content = told.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
    let record = json!({
        "externalId": lead.external_id, "name": lead.name, "email": lead.email, "phone": lead.phone,
        "source": lead.source, "metadata": lead.metadata,
        "createdAt": lead.created_at.unwrap_or_else(now).timestamp_millis(),
    });
    Memory {
        id: lead.external_id.clone(),
        importance: Some(9),
        metadata: Some(json!({ "toolName": RECORD, "lead": record }).into()),
        ..Memory::new(MemoryType::Decision, format!("Customer record: {content}"))
    }
}

fn from_memory(memory: &Memory) -> Option<Lead> {
    if memory.meta("toolName")? != RECORD {
        return None;
    }
    let record = memory.meta("lead")?;
    let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
    let external_id = text("externalId").filter(|id| *id == memory.id)?;
    let metadata = record.get("metadata").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    let created_at = record.get("createdAt").and_then(Value::as_i64);
    Some(Lead {
        external_id,
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
        source: text("source"),
        metadata,
        created_at: created_at.and_then(DateTime::from_timestamp_millis).or(Some(memory.timestamp)),
    })
}
