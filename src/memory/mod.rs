//! The agent's memory: short-term memory, long-term storage and the persistence rules.

mod extraction;
mod get_all;
mod lasting;
mod lexical_index;
mod retention;
mod retrieval;
mod rolling_summary;
mod semantic_index;
mod session_events;
mod sessions;
mod short_term;
pub mod storage;
mod summaries;
pub mod vector_store;

pub use retrieval::options::RetrieveOptions;
pub use retrieval::{Explanation, RankedMemory, RetrievalMode, RetrievedMemories};
pub use rolling_summary::{ConversationOwner, RollingSummary, covered_until, rolling_summary_memory};
pub use semantic_index::{Indexer, ReindexReport, SemanticIndex, VectorStats, WarningHandler};
pub use session_events::{is_rolling_summary, is_session_end};

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::try_join_all;
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::debug;

use crate::config::{AutoPersist, DEFAULT_CONTEXT_WINDOW, DEFAULT_MIN_IMPORTANCE, MemoryConfig};
use crate::error::{Error, Result};
use crate::memory::session_events::{CONVERSATION_ENDED, END, session_event, session_id};
use crate::memory::short_term::ShortTermMemory;
use crate::memory::storage::Storage;
use crate::stopwatch::Stopwatch;
use crate::types::customer::Customer;
use crate::types::event::{ConversationEvent, Event, EventKind, EventListener};
use crate::types::memory::{DEFAULT_LIMIT, Direction, Memory, MemoryQuery, OrderBy, now};
use crate::types::message::Channel;
use crate::types::visibility::Viewer;

/// The agent's memory.
pub struct MemoryManager {
    short_term: ShortTermMemory,
    storage: Option<Arc<dyn Storage>>,
    auto_persist: Option<AutoPersist>,
    saved: AtomicU64,
    listener: Option<Arc<dyn EventListener>>,
    semantic_index: Option<Arc<SemanticIndex>>,
}

/// Session metadata that is copied to `sessionMetadata`.
const SESSION_FIELDS: [&str; 9] =
    ["callSid", "messageSid", "emailId", "inReplyTo", "from", "to", "subject", "participants", "duration"];

/// Memory statistics.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryStats {
    /// Memories in short-term memory.
    pub short_term_count: usize,
    /// Memories saved to long-term storage by this agent since it started.
    pub long_term_count: u64,
    /// Statistics of the semantic index, if enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vectors: Option<VectorStats>,
}

impl MemoryManager {
    /// Creates a memory with these rules over a storage.
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
            short_term: ShortTermMemory::new(config.context_window.unwrap_or(DEFAULT_CONTEXT_WINDOW)),
            storage,
            auto_persist: config.auto_persist.clone(),
            saved: AtomicU64::new(0),
            listener: None,
            semantic_index: None,
        })
    }

    /// Sets the listener for events: conversation starts and ends, and tool executions.
    pub fn with_listener(self, listener: Option<Arc<dyn EventListener>>) -> Self {
        Self { listener, ..self }
    }

    /// Emits an event to the listener, if any.
    pub async fn emit(&self, event: Event<'_>) {
        if let Some(listener) = &self.listener {
            listener.on_event(event).await;
        }
    }

    /// Returns `true` if the listener subscribes to this kind of event.
    pub fn has_listener(&self, kind: EventKind) -> bool {
        self.listener.as_ref().is_some_and(|listener| listener.subscribes_to(kind))
    }

    /// Enables semantic search.
    pub fn with_semantic_index(self, semantic_index: Arc<SemanticIndex>) -> Self {
        Self { semantic_index: Some(semantic_index), ..self }
    }

    /// Returns the semantic index, if enabled.
    pub fn semantic_index(&self) -> Option<&Arc<SemanticIndex>> {
        self.semantic_index.as_ref()
    }

    /// Returns `true` if memories outlive this process.
    pub fn has_storage(&self) -> bool {
        self.storage.is_some()
    }

    /// Stores a memory: in short-term memory, and in the storage if the rules say so. Resolves once
    /// it is saved.
    pub async fn store(&self, memory: Memory) -> Result<()> {
        memory.validate()?;
        let storage = self.storage.as_ref().filter(|_| self.should_persist(&memory));
        if let Some(storage) = storage {
            let watch = Stopwatch::start();
            storage.save(memory.clone()).await?;
            debug!(duration_ms = watch.ms(), kind = memory.kind.as_str(), "Memory saved");
            self.saved.fetch_add(1, Ordering::Relaxed);
            if let Some(semantic_index) = &self.semantic_index {
                semantic_index.add(&memory);
            }
        }
        self.short_term.add(memory, storage.is_some())
    }

    /// Stores several memories as [`Self::store`] does, all or none.
    pub async fn store_batch(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        let should_persist = |memory: &Memory| self.storage.is_some() && self.should_persist(memory);
        let persisted: Vec<Memory> =
            memories.iter().filter(|memory| should_persist(memory)).cloned().collect();
        if let Some(storage) = self.storage.as_ref().filter(|_| !persisted.is_empty()) {
            let count = persisted.len() as u64;
            storage.save_batch(persisted.clone()).await?;
            self.saved.fetch_add(count, Ordering::Relaxed);
            if let Some(semantic_index) = &self.semantic_index {
                persisted.iter().for_each(|memory| semantic_index.add(memory));
            }
        }
        memories.into_iter().try_for_each(|memory| {
            let saved = should_persist(&memory);
            self.short_term.add(memory, saved)
        })
    }

    /// Returns the memory with the given id, if any.
    pub async fn get(&self, id: &str) -> Result<Option<Memory>> {
        match &self.storage {
            Some(storage) => match storage.get(id).await? {
                Some(memory) => Ok(Some(memory)),
                None => Ok(self.short_term.get(id).filter(|memory| !self.should_persist(memory))),
            },
            None => Ok(self.short_term.get(id)),
        }
    }

    /// Deletes a memory from short-term memory, the storage and the semantic index.
    pub async fn delete(&self, id: &str) -> Result<()> {
        if let Some(storage) = &self.storage {
            storage.delete(id).await?;
        }
        self.short_term.forget(id);
        match &self.semantic_index {
            Some(semantic_index) => semantic_index.remove(id).await,
            None => Ok(()),
        }
    }

    /// Searches the storage and short-term memory. A stored version takes precedence.
    pub async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        let Some(storage) = &self.storage else { return self.short_term.find(query) };
        let whole = MemoryQuery { limit: None, offset: 0, ..query.clone() };
        let unsaved = self.short_term.find_unsaved(&whole)?;
        if unsaved.is_empty() {
            return storage.search(query).await;
        }
        let limit = query.limit.map(|limit| limit.saturating_add(query.offset));
        let stored = storage.search(&MemoryQuery { limit, offset: 0, ..query.clone() }).await?;
        let all = self.merge(query, stored, unsaved)?;
        let limit = query.limit.map_or(usize::MAX, |limit| limit as usize);
        Ok(all.into_iter().skip(query.offset as usize).take(limit).collect())
    }

    /// Returns memories of the TypeScript SDK that may name a person, in any spelling of their
    /// addresses. Returns `None` if only a scan of all memories can find them.
    pub async fn sdk_memories_mentioning(
        &self,
        email: Option<&str>,
        phone: Option<&str>,
    ) -> Result<Option<Vec<Memory>>> {
        match &self.storage {
            Some(storage) => storage.sdk_memories_mentioning(email, phone).await,
            None => Ok(None),
        }
    }

    /// Returns the newest conversations that the TypeScript SDK had with this customer alone.
    pub async fn sdk_conversations(&self, customer: &Customer) -> Result<Vec<String>> {
        match &self.storage {
            Some(storage) => {
                let addressed = customer.all().filter(|one| one.email.is_some() || one.phone.is_some());
                let found = try_join_all(addressed.map(|one| storage.sdk_conversations(one))).await?;
                Ok(found.into_iter().flatten().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Returns the viewer that a customer is in a conversation.
    pub async fn viewer(&self, conversation_id: &str, customer: &Customer) -> Result<Viewer> {
        Ok(Viewer {
            conversation_id: conversation_id.to_owned(),
            customer: customer.clone(),
            sdk_conversations: self.sdk_conversations(customer).await?,
        })
    }

    /// Rebuilds the lexical index, then embeds all memories that have no vector, or with `force`
    /// all memories.
    pub async fn reindex(&self, force: bool) -> Result<ReindexReport> {
        let indexed = match &self.storage {
            Some(storage) => storage.rebuild_index().await?,
            None => 0,
        };
        let report = match self.semantic_index() {
            Some(semantic_index) => semantic_index.reindex(force).await?,
            None => ReindexReport::default(),
        };
        Ok(ReindexReport { indexed, ..report })
    }

    /// Returns a whole conversation, oldest first.
    pub async fn conversation_history(&self, conversation_id: &str) -> Result<Vec<Memory>> {
        self.search(&MemoryQuery::conversation(conversation_id)).await
    }

    /// Returns the newest memories of a channel, newest first; default limit 100.
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

    /// Returns the newest `limit` memories of a conversation, oldest first.
    pub async fn recent(&self, conversation_id: &str, limit: u32) -> Result<Vec<Memory>> {
        let query =
            MemoryQuery { conversation_id: Some(conversation_id.to_owned()), ..MemoryQuery::newest(limit) };
        let mut newest = self.search(&query).await?;
        newest.reverse();
        Ok(newest)
    }

    /// Records the start of a conversation. Fields such as callSid, messageSid and participants are
    /// copied from the metadata to `sessionMetadata`, where searches find them.
    pub async fn start_session(
        &self,
        conversation_id: &str,
        channel: Channel,
        metadata: Option<Map<String, Value>>,
    ) -> Result<()> {
        let content = format!("Started {} conversation", channel.as_str());
        let mut event = session_event("start", conversation_id, "active", content)?;
        if let Some(metadata) = &metadata {
            event.extend_session(
                SESSION_FIELDS.iter().filter_map(|key| Some((key.to_string(), metadata.get(*key)?.clone()))),
            );
        }
        let is_first =
            self.has_listener(EventKind::ConversationStart) && self.get(&event.id).await?.is_none();
        let event = Memory {
            channel: Some(channel.clone()),
            metadata: metadata.clone().map(Into::into),
            importance: Some(5),
            ..event
        };
        self.store(event).await?;
        if is_first {
            self.emit_conversation_start(conversation_id, &channel, metadata.as_ref()).await;
        }
        Ok(())
    }

    /// Records the end of a conversation and its summary. `until` is the id of the last message that
    /// the summary covers, if known.
    pub async fn end_session(
        &self,
        conversation_id: &str,
        summary: Option<&str>,
        until: Option<String>,
        known: Map<String, Value>,
    ) -> Result<()> {
        let summary = summary.filter(|summary| !summary.is_empty()).unwrap_or(CONVERSATION_ENDED);
        let mut event = session_event(END, conversation_id, "completed", summary.to_owned())?;
        event.extend_metadata(until.map(rolling_summary::until_field));
        // The summary belongs to the customer, who may hear of it in later conversations.
        let ConversationOwner { fields, channel } = self.owner_of_conversation(conversation_id).await?;
        event.extend_session(fields.into_iter().chain(known));
        self.store(Memory { importance: Some(7), channel, ..event }).await?;
        if self.has_listener(EventKind::ConversationEnd) {
            // The conversation has ended, even if its start cannot be read.
            let start = self.get(&session_id("start", conversation_id)).await.ok().flatten();
            let (channel, summary) = (start.as_ref().and_then(|start| start.channel.as_ref()), Some(summary));
            let event =
                ConversationEvent { conversation_id, channel, metadata: None, summary, timestamp: now() };
            self.emit(Event::ConversationEnd(event)).await;
        }
        Ok(())
    }

    /// Returns `true` if nothing of a conversation is stored.
    pub async fn is_new(&self, conversation_id: &str) -> Result<bool> {
        Ok(self.recent(conversation_id, 1).await?.is_empty())
    }

    /// Emits a conversation-start event.
    pub async fn emit_conversation_start(
        &self,
        conversation_id: &str,
        channel: &Channel,
        metadata: Option<&Map<String, Value>>,
    ) {
        let channel = Some(channel);
        let event = ConversationEvent { conversation_id, channel, metadata, summary: None, timestamp: now() };
        self.emit(Event::ConversationStart(event)).await;
    }

    /// Returns memory statistics.
    pub fn stats(&self) -> MemoryStats {
        MemoryStats {
            short_term_count: self.short_term.count(),
            long_term_count: self.saved.load(Ordering::Relaxed),
            vectors: self.semantic_index.as_ref().map(|semantic_index| semantic_index.stats()),
        }
    }

    /// Changes the size of short-term memory per conversation. Applies from the next memory.
    pub fn resize_short_term(&self, size: usize) {
        self.short_term.resize(size);
    }

    /// Clears short-term memory; the storage is unchanged.
    pub fn clear_short_term(&self) {
        self.short_term.clear();
    }

    /// Resets the count of saved memories. Deletes nothing from the storage.
    pub fn clear_long_term(&self) {
        self.saved.store(0, Ordering::Relaxed);
    }

    fn should_persist(&self, memory: &Memory) -> bool {
        let Some(rules) = &self.auto_persist else { return true };
        let least = rules.min_importance.unwrap_or(DEFAULT_MIN_IMPORTANCE);
        rules.persist_all
            || rules.types.contains(&memory.kind)
            || memory.importance.is_some_and(|importance| f64::from(importance) >= least)
            || memory.goal_achieved == Some(true)
    }

    /// Merges stored and unsaved memories in the query's order. Ties of time keep the order of
    /// saving. Short-term memory knows that order for its entries; all other memories are older.
    fn merge(&self, query: &MemoryQuery, stored: Vec<Memory>, unsaved: Vec<Memory>) -> Result<Vec<Memory>> {
        let window = self.short_term.find(&MemoryQuery {
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
                (OrderBy::Importance, direction) => direction.cmp_importance(a, b).then(match direction {
                    Direction::Asc => in_time,
                    Direction::Desc => in_time.reverse(),
                }),
            }
        });
        Ok(all)
    }
}
