//! Memories in this process only: for development, tests, and agents without a database.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, Deref};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_trait::async_trait;
use serde_json::Value;

use crate::error::Result;
use crate::keyword::fold_text;
use crate::memory::{Direction, Memory, MemoryQuery, OrderBy};
use crate::output::write;
use crate::storage::Storage;

/// Time in milliseconds, then the order of saving.
type Position = (i64, u64);
type Timeline = BTreeMap<Position, Arc<Kept>>;

/// A memory, and its JSON once somebody has asked for it: conversations are read again with every turn.
struct Kept {
    memory: Memory,
    json: OnceLock<String>,
}

/// A storage whose memories are lost when the process ends.
#[derive(Default)]
pub struct InMemoryStorage {
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    positions: HashMap<String, Position>,
    all: Timeline,
    /// By conversation; memories outside of any are under `None`.
    conversations: HashMap<Option<String>, Timeline>,
    saved: u64,
}

impl InMemoryStorage {
    /// An empty storage.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many memories there are.
    pub fn count(&self) -> usize {
        self.shelf().all.len()
    }

    /// Removes all memories.
    pub fn clear(&self) {
        *self.shelf() = Shelf::default();
    }

    /// Every memory, oldest first, as a JSON array.
    pub fn all_json(&self) -> Result<String> {
        let all: Vec<_> = self.shelf().all.values().cloned().collect();
        array(&all)
    }

    /// [`Storage::save`] without a future.
    pub fn put(&self, memory: Memory) -> Result<()> {
        memory.validate()?;
        self.shelf().put(memory);
        Ok(())
    }

    /// [`Storage::save_batch`] without a future.
    pub fn put_all(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        let mut shelf = self.shelf();
        memories.into_iter().for_each(|memory| shelf.put(memory));
        Ok(())
    }

    /// [`Storage::search`] without a future.
    pub fn find(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        Ok(self.find_kept(query)?.iter().map(|kept| kept.memory.clone()).collect())
    }

    /// [`Self::find`] as a JSON array.
    pub fn find_json(&self, query: &MemoryQuery) -> Result<String> {
        array(&self.find_kept(query)?)
    }

    /// [`Storage::get`] without a future.
    pub fn peek(&self, id: &str) -> Option<Memory> {
        self.peek_kept(id).map(|kept| kept.memory.clone())
    }

    /// [`Self::peek`] as JSON.
    pub fn peek_json(&self, id: &str) -> Result<Option<String>> {
        self.peek_kept(id).map(|kept| kept.json().map(str::to_owned)).transpose()
    }

    fn find_kept(&self, query: &MemoryQuery) -> Result<Vec<Arc<Kept>>> {
        query.validate()?;
        Ok(self.shelf().find(query))
    }

    fn peek_kept(&self, id: &str) -> Option<Arc<Kept>> {
        let shelf = self.shelf();
        shelf.positions.get(id).and_then(|position| shelf.all.get(position)).cloned()
    }

    /// Forgets a memory; says whether it was there.
    pub fn forget(&self, id: &str) -> bool {
        self.shelf().remove(id).is_some()
    }

    /// Keeps the newest memories of one conversation, or of those outside of any, and returns the
    /// ids of the others.
    pub(crate) fn trim(&self, conversation: Option<&str>, keep: usize) -> Vec<String> {
        let mut shelf = self.shelf();
        let Some(timeline) = shelf.conversations.get(&conversation.map(str::to_owned)) else {
            return Vec::new();
        };
        let surplus = timeline.len().saturating_sub(keep);
        let ids: Vec<String> = timeline.values().take(surplus).map(|memory| memory.id.clone()).collect();
        for id in &ids {
            shelf.remove(id);
        }
        ids
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn json(&self) -> Result<&str> {
        if let Some(json) = self.json.get() {
            return Ok(json);
        }
        let json = write(&self.memory)?;
        Ok(self.json.get_or_init(|| json))
    }
}

impl Deref for Kept {
    type Target = Memory;

    fn deref(&self) -> &Memory {
        &self.memory
    }
}

fn array(all: &[Arc<Kept>]) -> Result<String> {
    let mut json = String::from("[");
    for (n, kept) in all.iter().enumerate() {
        if n > 0 {
            json.push(',');
        }
        json.push_str(kept.json()?);
    }
    json.push(']');
    Ok(json)
}

impl Shelf {
    fn put(&mut self, memory: Memory) {
        let sequence = match self.remove(&memory.id) {
            Some((_, sequence)) => sequence,
            None => {
                self.saved += 1;
                self.saved
            }
        };
        let position = (memory.timestamp.timestamp_millis(), sequence);
        let memory = Arc::new(Kept { memory, json: OnceLock::new() });
        let conversation = memory.conversation_id().map(str::to_owned);
        self.conversations.entry(conversation).or_default().insert(position, Arc::clone(&memory));
        self.positions.insert(memory.id.clone(), position);
        self.all.insert(position, memory);
    }

    fn remove(&mut self, id: &str) -> Option<Position> {
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

    fn find(&self, query: &MemoryQuery) -> Vec<Arc<Kept>> {
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
        let page = |found: &mut dyn Iterator<Item = &Arc<Kept>>| {
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
                found.sort_by(|a, b| direction.by_importance(a, b));
                page(&mut found.into_iter())
            }
        }
    }
}

/// The filters that no index answers. `keywords` are folded.
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

/// Whether a session field has the wanted value; `null` is wanted where there is none.
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
        Ok(self.peek(id))
    }

    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        self.find(query)
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.forget(id);
        Ok(())
    }

    async fn health_check(&self) -> bool {
        true
    }
}
