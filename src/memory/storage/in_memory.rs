//! In-memory storage for development, tests and agents without a database.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, Deref};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use parking_lot::{Mutex, MutexGuard};
use serde::{Serialize, Serializer, ser};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::OnceCell;
use tokio::task::yield_now;
use uuid::Uuid;

use crate::case_folding::fold_text;
use crate::error::Result;
use crate::memory::lexical_index::InProcessIndex;
use crate::memory::storage::Storage;
use crate::types::memory::{Direction, Memory, MemoryQuery, OrderBy};
use crate::types::signature::{Signatures, row_of, scopes_of, signature_of, visible_scopes};
use crate::types::visibility::Viewer;

/// Sort position: time in milliseconds, then order of saving.
type Position = (i64, u64);

type Timeline = BTreeMap<Position, Arc<StoredMemory>>;

/// Number of memories that are indexed between two points at which other tasks may run.
const FILLED_AT_ONCE: usize = 50;

/// A memory with its cached JSON. The JSON is cached because a conversation is read again in every
/// turn.
pub struct StoredMemory {
    memory: Memory,
    json: OnceLock<Box<RawValue>>,
}

/// A storage whose contents are lost when the process exits.
#[derive(Default)]
pub struct InMemoryStorage {
    state: Mutex<State>,
    /// Set once all memories are in the lexical index.
    indexed: OnceCell<()>,
}

#[derive(Default)]
struct State {
    positions: HashMap<String, Position>,
    all: Timeline,
    /// Timelines by conversation; `None` holds memories outside of conversations.
    conversations: HashMap<Option<String>, Timeline>,
    saved: u64,
    /// The lexical index, once it is used.
    index: Option<Arc<InProcessIndex>>,
}

impl InMemoryStorage {
    /// Creates an empty storage.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of memories.
    pub fn count(&self) -> usize {
        self.state().all.len()
    }

    /// Removes all memories.
    pub fn clear(&self) {
        let mut state = self.state();
        let index = state.index.take();
        if let Some(index) = &index {
            index.clear();
        }
        *state = State { index, ..State::default() };
    }

    /// Returns all memories, oldest first.
    pub fn all(&self) -> Vec<Arc<StoredMemory>> {
        self.state().all.values().cloned().collect()
    }

    /// Saves a memory; the synchronous form of [`Storage::save`].
    pub fn put(&self, memory: Memory) -> Result<()> {
        memory.validate()?;
        self.state().put(memory);
        Ok(())
    }

    /// Saves memories; the synchronous form of [`Storage::save_batch`].
    pub fn put_all(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        let mut state = self.state();
        memories.into_iter().for_each(|memory| state.put(memory));
        Ok(())
    }

    /// Searches memories; the synchronous form of [`Storage::search`].
    pub fn find(&self, query: &MemoryQuery) -> Result<Vec<Arc<StoredMemory>>> {
        query.validate()?;
        Ok(self.state().find(query))
    }

    /// Returns a memory; the synchronous form of [`Storage::get`].
    pub fn peek(&self, id: &str) -> Option<Arc<StoredMemory>> {
        let state = self.state();
        state.all.get(state.positions.get(id)?).cloned()
    }

    /// Deletes a memory. Returns `true` if it existed.
    pub fn forget(&self, id: &str) -> bool {
        self.state().remove(id).is_some()
    }

    /// Trims a conversation, or the memories outside of conversations, to its newest memories.
    /// Returns the ids of the removed ones.
    pub(crate) fn trim(&self, conversation: Option<&str>, keep: usize) -> Vec<String> {
        let mut state = self.state();
        let Some(timeline) = state.conversations.get(&conversation.map(str::to_owned)) else {
            return Vec::new();
        };
        let surplus = timeline.len().saturating_sub(keep);
        let ids: Vec<String> = timeline.values().take(surplus).map(|memory| memory.id.clone()).collect();
        for id in &ids {
            state.remove(id);
        }
        ids
    }

    /// Returns the lexical index. The first call fills it, so that a storage without questions does
    /// without. Later saves add to it.
    async fn index(&self) -> Arc<InProcessIndex> {
        let index = Arc::clone(self.state().index.get_or_insert_default());
        self.indexed.get_or_init(async || self.fill(&index).await).await;
        index
    }

    async fn fill(&self, index: &InProcessIndex) {
        // The rest does not run on JavaScript's thread, which has made the call.
        yield_now().await;
        for (place, stored) in self.all().into_iter().enumerate() {
            if place % FILLED_AT_ONCE == 0 {
                yield_now().await;
            }
            let signature = signature_of(&stored, row_of(&stored.id));
            // Only if it was not saved again or deleted since.
            let state = self.state();
            let current = state.positions.get(&stored.id).and_then(|position| state.all.get(position));
            if current.is_some_and(|current| Arc::ptr_eq(current, &stored)) {
                index.add(signature.row, &stored.id, &scopes_of(&stored, None), &signature);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl Deref for StoredMemory {
    type Target = Memory;

    fn deref(&self) -> &Memory {
        &self.memory
    }
}

impl Serialize for StoredMemory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = match self.json.get() {
            Some(json) => json,
            None => {
                let written = to_raw_value(&self.memory).map_err(ser::Error::custom)?;
                self.json.get_or_init(|| written)
            }
        };
        json.serialize(serializer)
    }
}

impl State {
    fn put(&mut self, memory: Memory) {
        let sequence = match self.remove(&memory.id) {
            Some((_, sequence)) => sequence,
            None => {
                self.saved += 1;
                self.saved
            }
        };
        let position = (memory.timestamp.timestamp_millis(), sequence);
        if let Some(index) = &self.index {
            let signature = signature_of(&memory, row_of(&memory.id));
            index.add(signature.row, &memory.id, &scopes_of(&memory, None), &signature);
        }
        let memory = Arc::new(StoredMemory { memory, json: OnceLock::new() });
        let conversation = memory.conversation_id().map(str::to_owned);
        self.conversations.entry(conversation).or_default().insert(position, Arc::clone(&memory));
        self.positions.insert(memory.id.clone(), position);
        self.all.insert(position, memory);
    }

    fn remove(&mut self, id: &str) -> Option<Position> {
        if let Some(index) = &self.index {
            index.remove(id);
        }
        let position = self.positions.remove(id)?;
        let memory = self.all.remove(&position)?;
        let conversation = memory.conversation_id().map(str::to_owned);
        if let Some(timeline) = self.conversations.get_mut(&conversation) {
            timeline.remove(&position);
            if timeline.is_empty() {
                self.conversations.remove(&conversation);
            }
        }
        Some(position)
    }

    fn find(&self, query: &MemoryQuery) -> Vec<Arc<StoredMemory>> {
        let timeline = match &query.conversation_id {
            None => &self.all,
            Some(_) => match self.conversations.get(&query.conversation_id) {
                None => return Vec::new(),
                Some(timeline) => timeline,
            },
        };
        let from = query.start.map_or(i64::MIN, |start| start.timestamp_millis());
        let to = query.end.map_or(i64::MAX, |end| end.timestamp_millis());
        if from > to {
            return Vec::new();
        }
        let keywords: Vec<String> = query.keywords.iter().map(|keyword| fold_text(keyword)).collect();
        let found = timeline
            .range((Bound::Included((from, 0)), Bound::Included((to, u64::MAX))))
            .map(|(_, memory)| memory)
            .filter(|memory| matches(query, &keywords, memory));
        let limit = query.limit.map_or(usize::MAX, |limit| limit as usize);
        let page = |found: &mut dyn Iterator<Item = &Arc<StoredMemory>>| {
            found.skip(query.offset as usize).take(limit).cloned().collect()
        };
        match (query.order_by, query.direction) {
            (OrderBy::Timestamp, Direction::Asc) => page(&mut found.into_iter()),
            (OrderBy::Timestamp, Direction::Desc) => page(&mut found.rev()),
            (OrderBy::Importance, direction) => {
                let mut found: Vec<_> = found.collect();
                // A stable sort keeps ties in the order of time.
                if direction == Direction::Desc {
                    found.reverse();
                }
                found.sort_by(|a, b| direction.cmp_importance(a, b));
                page(&mut found.into_iter())
            }
        }
    }
}

/// Applies the filters that no index covers. `keywords` are case-folded.
fn matches(query: &MemoryQuery, keywords: &[String], memory: &Memory) -> bool {
    (query.kinds.is_empty() || query.kinds.contains(&memory.kind))
        && (query.channel.is_none() || query.channel == memory.channel)
        && (query.role.is_none() || query.role == memory.role)
        && query.min_importance.is_none_or(|least| memory.importance.is_some_and(|n| f64::from(n) >= least))
        && query.session_metadata.iter().all(|(key, wanted)| same(wanted, memory.session(key)))
        && (keywords.is_empty() || {
            let content = fold_text(&memory.content);
            keywords.iter().any(|keyword| content.contains(keyword))
        })
}

/// Returns `true` if a session field has the wanted value; `null` matches an absent field.
fn same(wanted: &Value, found: Option<&Value>) -> bool {
    match (wanted, found) {
        (Value::Null, None) => true,
        (Value::Number(a), Some(Value::Number(b))) => a.as_f64() == b.as_f64(),
        (wanted, Some(found)) => wanted == found,
        (_, None) => false,
    }
}

#[async_trait]
impl Storage for InMemoryStorage {
    async fn save(&self, memory: Memory) -> Result<()> {
        self.put(memory)
    }

    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()> {
        self.put_all(memories)
    }

    async fn get(&self, id: &str) -> Result<Option<Memory>> {
        Ok(self.peek(id).map(|stored| stored.memory.clone()))
    }

    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        Ok(self.find(query)?.iter().map(|stored| stored.memory.clone()).collect())
    }

    async fn signatures(&self, viewer: Option<&Viewer>) -> Result<Option<Signatures>> {
        Ok(Some(self.index().await.signatures(&visible_scopes(viewer, None))))
    }

    async fn memories_by_row(&self, rows: &[Uuid]) -> Result<Vec<(Uuid, Memory)>> {
        let ids = self.index().await.ids(rows);
        let memory = |(row, id): (Uuid, String)| Some((row, self.peek(&id)?.memory.clone()));
        Ok(ids.into_iter().filter_map(memory).collect())
    }

    async fn rebuild_index(&self) -> Result<u64> {
        self.index().await;
        Ok(self.count() as u64)
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.forget(id);
        Ok(())
    }

    async fn health_check(&self) -> bool {
        true
    }
}
