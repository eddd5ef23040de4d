//! The window: the newest memories of each conversation, in this process.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Result;
use crate::memory::{Memory, MemoryQuery};
use crate::storage::in_memory::InMemoryStorage;

/// Conversations kept at most; the ones idle for longest go first.
const MAX_CONVERSATIONS: usize = 1_000;

pub(crate) struct Windows {
    /// Memories kept per conversation.
    size: usize,
    memories: InMemoryStorage,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Ids that are in no storage.
    unsaved: HashSet<String>,
    /// When each conversation was last added to, in additions.
    used: HashMap<Option<String>, u64>,
    additions: u64,
}

impl Windows {
    pub fn new(size: usize) -> Self {
        Self { size, memories: InMemoryStorage::new(), state: Mutex::default() }
    }

    /// Adds a memory, saying whether a storage has it too.
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
        let mut evicted = self.memories.trim(conversation.as_deref(), self.size);
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

    /// What a query finds here.
    pub fn find(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        self.memories.find(query)
    }

    /// What a query finds here and in no storage.
    pub fn find_unsaved(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        if self.state().unsaved.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.memories.find(query)?;
        let state = self.state();
        found.retain(|memory| state.unsaved.contains(&memory.id));
        Ok(found)
    }

    pub fn get(&self, id: &str) -> Option<Memory> {
        self.memories.peek(id)
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
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryType;
    use serde_json::json;

    fn said(conversation: &str, n: usize) -> Memory {
        let session = json!({ "conversationId": conversation }).as_object().cloned();
        Memory {
            id: format!("{conversation}-{n}"),
            session_metadata: session,
            ..Memory::new(MemoryType::Conversation, n.to_string())
        }
    }

    #[test]
    fn each_conversation_keeps_its_newest() {
        let windows = Windows::new(2);
        for n in 0..5 {
            windows.add(said("a", n), n % 2 == 0).unwrap();
            windows.add(said("b", n), true).unwrap();
        }
        let ids = |found: Vec<Memory>| found.into_iter().map(|memory| memory.id).collect::<Vec<_>>();
        assert_eq!(ids(windows.find(&MemoryQuery::conversation("a")).unwrap()), ["a-3", "a-4"]);
        assert_eq!(ids(windows.find_unsaved(&MemoryQuery::conversation("a")).unwrap()), ["a-3"]);
        assert_eq!(windows.count(), 4);
    }

    #[test]
    fn idle_conversations_go_first_and_leave_nothing_behind() {
        let windows = Windows::new(20);
        for n in 0..MAX_CONVERSATIONS + 10 {
            windows.add(said(&format!("c{n}"), 0), false).unwrap();
            windows.add(said("busy", n), false).unwrap();
        }
        assert_eq!(windows.find(&MemoryQuery::conversation("c0")).unwrap(), []);
        assert_eq!(windows.find(&MemoryQuery::conversation("busy")).unwrap().len(), 20);
        assert_eq!(windows.state().unsaved.len(), windows.count());
        assert_eq!(windows.state().used.len(), MAX_CONVERSATIONS);
    }
}
