//! The agent's memory: a window per conversation, a storage, and the rules of what is kept.

mod meaning;
mod retention;
mod retrieval;
mod sessions;
mod window;

pub use meaning::{Indexer, Meaning, Reindexed, VectorStats, Warn};
pub use retrieval::{Recalled, RecalledBy, RetrieveOptions};

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::debug;

use crate::config::{AutoPersist, DEFAULT_CONTEXT_WINDOW, DEFAULT_MIN_IMPORTANCE, MemoryConfig};
use crate::error::{Error, Result};
use crate::events::{ConversationEvent, Event, EventKind, Listener};
use crate::memory::{DEFAULT_LIMIT, Direction, Memory, MemoryQuery, MemoryType, OrderBy, check_id, now};
use crate::message::Channel;
use crate::recall::window::Windows;
use crate::stopwatch::Stopwatch;
use crate::storage::Storage;

/// The agent's memory.
pub struct MemoryManager {
    windows: Windows,
    storage: Option<Arc<dyn Storage>>,
    auto_persist: Option<AutoPersist>,
    saved: AtomicU64,
    listener: Option<Arc<dyn Listener>>,
    meaning: Option<Arc<Meaning>>,
}

/// What is remembered of the end of a conversation that came to nothing in particular.
const CONVERSATION_ENDED: &str = "Conversation ended";

/// What a session's metadata may say that belongs into `sessionMetadata`.
const SESSION_FIELDS: [&str; 9] =
    ["callSid", "messageSid", "emailId", "inReplyTo", "from", "to", "subject", "participants", "duration"];

/// How much is remembered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryStats {
    /// Memories in the window.
    pub short_term_count: usize,
    /// Memories this agent has saved to its storage since it started.
    pub long_term_count: u64,
    /// How the embedding of memories goes, with vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vectors: Option<VectorStats>,
}

impl MemoryManager {
    /// A memory with these rules over that storage.
    pub fn new(config: &MemoryConfig, storage: Option<Arc<dyn Storage>>) -> Result<Self> {
        let storage = match (config.long_term_enabled, storage) {
            (Some(true), None) => {
                return Err(Error::config(
                    "agent.memory.longTermEnabled",
                    "is true but there is no storage; give `agent.memory.longTermStorage` or `database`",
                ));
            }
            (Some(false), _) => None,
            (_, storage) => storage,
        };
        Ok(Self {
            windows: Windows::new(config.context_window.unwrap_or(DEFAULT_CONTEXT_WINDOW)),
            storage,
            auto_persist: config.auto_persist.clone(),
            saved: AtomicU64::new(0),
            listener: None,
            meaning: None,
        })
    }

    /// Who hears of what happens with it: conversations that begin and end, and the tools of the agent.
    pub fn heard_by(self, listener: Option<Arc<dyn Listener>>) -> Self {
        Self { listener, ..self }
    }

    /// Tells who wants to hear of it.
    pub async fn tell(&self, event: Event<'_>) {
        if let Some(listener) = &self.listener {
            listener.hear(event).await;
        }
    }

    /// Whether somebody wants to hear of such events.
    pub fn is_heard(&self, kind: EventKind) -> bool {
        self.listener.as_ref().is_some_and(|listener| listener.listens_to(kind))
    }

    /// Finds memories by their meaning too.
    pub fn with_meaning(self, meaning: Arc<Meaning>) -> Self {
        Self { meaning: Some(meaning), ..self }
    }

    /// The meaning of what is stored, with vectors.
    pub fn meaning(&self) -> Option<&Arc<Meaning>> {
        self.meaning.as_ref()
    }

    /// Whether memories outlive this process.
    pub fn has_storage(&self) -> bool {
        self.storage.is_some()
    }

    /// Remembers: in the window, and in the storage when the rules say so. Resolves when it is kept.
    pub async fn store(&self, memory: Memory) -> Result<()> {
        memory.validate()?;
        let storage = self.storage.as_ref().filter(|_| self.persists(&memory));
        if let Some(storage) = storage {
            let watch = Stopwatch::start();
            storage.save(memory.clone()).await?;
            debug!(duration_ms = watch.ms(), kind = memory.kind.as_str(), "Memory saved");
            self.saved.fetch_add(1, Ordering::Relaxed);
            if let Some(meaning) = &self.meaning {
                meaning.add(&memory);
            }
        }
        self.windows.add(memory, storage.is_some())
    }

    /// Remembers several, all or none of them: as [`Self::store`] does each.
    pub async fn store_batch(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        let persists = |memory: &Memory| self.storage.is_some() && self.persists(memory);
        let persisted: Vec<Memory> = memories.iter().filter(|memory| persists(memory)).cloned().collect();
        if let Some(storage) = self.storage.as_ref().filter(|_| !persisted.is_empty()) {
            let count = persisted.len() as u64;
            storage.save_batch(persisted.clone()).await?;
            self.saved.fetch_add(count, Ordering::Relaxed);
            if let Some(meaning) = &self.meaning {
                persisted.iter().for_each(|memory| meaning.add(memory));
            }
        }
        memories.into_iter().try_for_each(|memory| {
            let saved = persists(&memory);
            self.windows.add(memory, saved)
        })
    }

    /// The memory of that id.
    pub async fn get(&self, id: &str) -> Result<Option<Memory>> {
        match &self.storage {
            Some(storage) => match storage.get(id).await? {
                Some(memory) => Ok(Some(memory)),
                None => Ok(self.windows.get(id).filter(|memory| !self.persists(memory))),
            },
            None => Ok(self.windows.get(id)),
        }
    }

    /// Forgets the memory of that id, in the window and in the storage, and what it means.
    pub async fn delete(&self, id: &str) -> Result<()> {
        if let Some(storage) = &self.storage {
            storage.delete(id).await?;
        }
        self.windows.forget(id);
        match &self.meaning {
            Some(meaning) => meaning.remove(id).await,
            None => Ok(()),
        }
    }

    /// What the storage and the window know, the storage winning.
    pub async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        let Some(storage) = &self.storage else { return self.windows.find(query) };
        let whole = MemoryQuery { limit: None, offset: 0, ..query.clone() };
        let unsaved = self.windows.find_unsaved(&whole)?;
        if unsaved.is_empty() {
            return storage.search(query).await;
        }
        let limit = query.limit.map(|limit| limit.saturating_add(query.offset));
        let stored = storage.search(&MemoryQuery { limit, offset: 0, ..query.clone() }).await?;
        let all = self.merge(query, stored, unsaved)?;
        let limit = query.limit.map_or(usize::MAX, |limit| limit as usize);
        Ok(all.into_iter().skip(query.offset as usize).take(limit).collect())
    }

    /// The whole conversation, oldest first.
    pub async fn conversation_history(&self, conversation_id: &str) -> Result<Vec<Memory>> {
        self.search(&MemoryQuery::conversation(conversation_id)).await
    }

    /// The newest memories of a channel, newest first; 100 unless said otherwise.
    pub async fn channel_history(
        &self,
        channel: Channel,
        limit: Option<u32>,
        conversation_id: Option<String>,
    ) -> Result<Vec<Memory>> {
        let query = MemoryQuery {
            channel: Some(channel),
            conversation_id,
            ..MemoryQuery::newest(limit.unwrap_or(DEFAULT_LIMIT))
        };
        self.search(&query).await
    }

    /// The newest `limit` memories of a conversation, oldest first.
    pub async fn recent(&self, conversation_id: &str, limit: u32) -> Result<Vec<Memory>> {
        let query =
            MemoryQuery { conversation_id: Some(conversation_id.to_owned()), ..MemoryQuery::newest(limit) };
        let mut newest = self.search(&query).await?;
        newest.reverse();
        Ok(newest)
    }

    /// Records that a conversation begins. Of the metadata, callSid, messageSid, participants and
    /// the like are kept in `sessionMetadata` too, where searches find them.
    pub async fn start_session(
        &self,
        conversation_id: &str,
        channel: Channel,
        metadata: Option<Map<String, Value>>,
    ) -> Result<()> {
        let content = format!("Started {} conversation", channel.as_str());
        let mut event = session_event("start", conversation_id, "active", content)?;
        if let (Some(session), Some(metadata)) = (&mut event.session_metadata, &metadata) {
            let known =
                SESSION_FIELDS.iter().filter_map(|key| Some((key.to_string(), metadata.get(*key)?.clone())));
            session.extend(known);
        }
        let begins = self.is_heard(EventKind::ConversationStart) && self.get(&event.id).await?.is_none();
        let event = Memory {
            channel: Some(channel.clone()),
            metadata: metadata.clone().map(Value::Object),
            importance: Some(5),
            ..event
        };
        self.store(event).await?;
        if begins {
            self.begins(conversation_id, &channel, metadata.as_ref()).await;
        }
        Ok(())
    }

    /// Records that a conversation ended, and how.
    pub async fn end_session(
        &self,
        conversation_id: &str,
        summary: Option<&str>,
        known: Map<String, Value>,
    ) -> Result<()> {
        let summary = summary.filter(|summary| !summary.is_empty()).unwrap_or(CONVERSATION_ENDED);
        let mut event = session_event("end", conversation_id, "completed", summary.to_owned())?;
        event.session_metadata.get_or_insert_default().extend(known);
        self.store(Memory { importance: Some(7), ..event }).await?;
        if self.is_heard(EventKind::ConversationEnd) {
            // It has ended, whether its beginning can be read or not.
            let start = self.get(&session_id("start", conversation_id)).await.ok().flatten();
            let (channel, summary) = (start.as_ref().and_then(|start| start.channel.as_ref()), Some(summary));
            let event =
                ConversationEvent { conversation_id, channel, metadata: None, summary, timestamp: now() };
            self.tell(Event::ConversationEnd(event)).await;
        }
        Ok(())
    }

    /// Whether nothing of a conversation is remembered.
    pub async fn is_new(&self, conversation_id: &str) -> Result<bool> {
        Ok(self.recent(conversation_id, 1).await?.is_empty())
    }

    /// Tells that a conversation begins.
    pub async fn begins(
        &self,
        conversation_id: &str,
        channel: &Channel,
        metadata: Option<&Map<String, Value>>,
    ) {
        let channel = Some(channel);
        let event = ConversationEvent { conversation_id, channel, metadata, summary: None, timestamp: now() };
        self.tell(Event::ConversationStart(event)).await;
    }

    /// How much is remembered.
    pub fn stats(&self) -> MemoryStats {
        MemoryStats {
            short_term_count: self.windows.count(),
            long_term_count: self.saved.load(Ordering::Relaxed),
            vectors: self.meaning.as_ref().map(|meaning| meaning.stats()),
        }
    }

    /// Empties the window; what is in a storage stays.
    pub fn clear_short_term(&self) {
        self.windows.clear();
    }

    /// Starts counting saved memories anew. Nothing is deleted from the storage.
    pub fn clear_long_term(&self) {
        self.saved.store(0, Ordering::Relaxed);
    }

    fn persists(&self, memory: &Memory) -> bool {
        let Some(rules) = &self.auto_persist else { return true };
        let least = rules.min_importance.unwrap_or(DEFAULT_MIN_IMPORTANCE);
        rules.persist_all
            || rules.types.contains(&memory.kind)
            || memory.importance.is_some_and(|importance| f64::from(importance) >= least)
            || memory.goal_achieved == Some(true)
    }

    /// Stored and unsaved memories in the query's order. Ties of time keep the order of saving,
    /// which the window knows for what it holds; what it no longer holds is older.
    fn merge(&self, query: &MemoryQuery, stored: Vec<Memory>, unsaved: Vec<Memory>) -> Result<Vec<Memory>> {
        let window = self.windows.find(&MemoryQuery {
            conversation_id: query.conversation_id.clone(),
            direction: Direction::Asc,
            ..MemoryQuery::default()
        })?;
        let places: HashMap<String, usize> =
            window.into_iter().enumerate().map(|(n, memory)| (memory.id, n + 1)).collect();
        let mut all = stored;
        let known: HashSet<String> = all.iter().map(|memory| memory.id.clone()).collect();
        all.extend(unsaved.into_iter().filter(|memory| !known.contains(&memory.id)));
        let place = |memory: &Memory| places.get(&memory.id).copied().unwrap_or_default();
        all.sort_by(|a, b| {
            let in_time = a.timestamp.cmp(&b.timestamp).then(place(a).cmp(&place(b)));
            match (query.order_by, query.direction) {
                (OrderBy::Timestamp, Direction::Asc) => in_time,
                (OrderBy::Timestamp, Direction::Desc) => in_time.reverse(),
                (OrderBy::Importance, direction) => direction.by_importance(a, b).then(match direction {
                    Direction::Asc => in_time,
                    Direction::Desc => in_time.reverse(),
                }),
            }
        });
        Ok(all)
    }
}

fn session_id(event: &str, conversation_id: &str) -> String {
    format!("session-{event}-{conversation_id}")
}

fn session_event(event: &str, conversation_id: &str, status: &str, content: String) -> Result<Memory> {
    // The memory's own id has a prefix, and the same limit.
    let id = session_id(event, conversation_id);
    check_id("conversationId", &id).map_err(|reason| Error::argument("conversationId", reason))?;
    let session: Map<String, Value> = [("conversationId", json!(conversation_id)), ("status", json!(status))]
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect();
    Ok(Memory { id, session_metadata: Some(session), ..Memory::new(MemoryType::System, content) })
}
