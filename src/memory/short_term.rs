//! Short-term memory: the newest memories of each conversation, kept in this process.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard};

use crate::error::Result;
use crate::memory::storage::in_memory::InMemoryStorage;
use crate::types::memory::{Memory, MemoryQuery};

/// Maximum number of conversations kept. The least recently used are evicted first.
const MAX_CONVERSATIONS: usize = 1_000;

pub(crate) struct ShortTermMemory {
    /// Maximum number of memories per conversation.
    size: AtomicUsize,
    memories: InMemoryStorage,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Ids of memories that are not in a storage.
    unsaved: HashSet<String>,
    /// Last use of each conversation, as a count of additions.
    used: HashMap<Option<String>, u64>,
    additions: u64,
}

impl ShortTermMemory {
    pub fn new(size: usize) -> Self {
        Self { size: AtomicUsize::new(size), memories: InMemoryStorage::new(), state: Mutex::default() }
    }

    /// Changes the number of memories kept per conversation. Applies from the next addition.
    pub fn resize(&self, size: usize) {
        self.size.store(size, Ordering::Relaxed);
    }

    /// Adds a memory; `saved` if it is in a storage too.
    pub fn add(&self, memory: Memory, saved: bool) -> Result<()> {
        let id = memory.id.clone();
        let conversation = memory.conversation_id().map(str::to_owned);
        self.memories.put(memory)?;
        let mut state = self.state();
        if saved {
            state.unsaved.remove(&id);
        } else {
            state.unsaved.insert(id);
        }
        let mut evicted = self.memories.trim(conversation.as_deref(), self.size.load(Ordering::Relaxed));
        state.additions += 1;
        let now = state.additions;
        state.used.insert(conversation, now);
        if state.used.len() > MAX_CONVERSATIONS
            && let Some(idle) = state.used.iter().min_by_key(|(_, used)| **used).map(|(id, _)| id.clone())
        {
            state.used.remove(&idle);
            evicted.extend(self.memories.trim(idle.as_deref(), 0));
        }
        for id in evicted {
            state.unsaved.remove(&id);
        }
        Ok(())
    }

    /// Returns the matching memories.
    pub fn find(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        Ok(self.memories.find(query)?.iter().map(|stored| Memory::clone(stored)).collect())
    }

    /// Returns the matching memories that are not in a storage.
    pub fn find_unsaved(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        if self.state().unsaved.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.memories.find(query)?;
        let state = self.state();
        found.retain(|memory| state.unsaved.contains(&memory.id));
        drop(state);
        Ok(found.iter().map(|stored| Memory::clone(stored)).collect())
    }

    pub fn get(&self, id: &str) -> Option<Memory> {
        self.memories.peek(id).map(|stored| Memory::clone(&stored))
    }

    pub fn forget(&self, id: &str) {
        self.memories.forget(id);
        self.state().unsaved.remove(id);
    }

    pub fn clear(&self) {
        self.memories.clear();
        *self.state() = State::default();
    }

    pub fn count(&self) -> usize {
        self.memories.count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::MemoryType;
    use serde_json::json;

    fn said(conversation: &str, n: usize) -> Memory {
        let session = json!({ "conversationId": conversation }).as_object().cloned();
        Memory {
            id: format!("{conversation}-{n}"),
            session_metadata: session.map(Into::into),
            ..Memory::new(MemoryType::Conversation, n.to_string())
        }
    }

    #[test]
    fn keeps_the_newest_memories_of_each_conversation() {
        let short_term = ShortTermMemory::new(2);
        for n in 0..5 {
            short_term.add(said("a", n), n % 2 == 0).unwrap();
            short_term.add(said("b", n), true).unwrap();
        }
        let ids = |found: Vec<Memory>| found.into_iter().map(|memory| memory.id).collect::<Vec<_>>();
        assert_eq!(ids(short_term.find(&MemoryQuery::conversation("a")).unwrap()), ["a-3", "a-4"]);
        assert_eq!(ids(short_term.find_unsaved(&MemoryQuery::conversation("a")).unwrap()), ["a-3"]);
        assert_eq!(short_term.count(), 4);
    }

    #[test]
    fn evicts_idle_conversations_completely() {
        let short_term = ShortTermMemory::new(20);
        for n in 0..MAX_CONVERSATIONS + 10 {
            short_term.add(said(&format!("c{n}"), 0), false).unwrap();
            short_term.add(said("busy", n), false).unwrap();
        }
        assert_eq!(short_term.find(&MemoryQuery::conversation("c0")).unwrap(), []);
        assert_eq!(short_term.find(&MemoryQuery::conversation("busy")).unwrap().len(), 20);
        assert_eq!(short_term.state().unsaved.len(), short_term.count());
        assert_eq!(short_term.state().used.len(), MAX_CONVERSATIONS);
    }
}
