//! A lexical index in this process over a storage that has none.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::error::Result;
use crate::memory::lexical_index::InProcessIndex;
use crate::memory::storage::Storage;
use crate::types::customer::Customer;
use crate::types::memory::{Direction, Memory, MemoryQuery};
use crate::types::signature::{Signatures, row_of, scopes_of, signature_of, visible_scopes};
use crate::types::visibility::Viewer;

/// Memories read per page of the storage.
const PAGE: u32 = 1_000;
/// Time by which a memory may be older than one that was saved before it, for the search of what
/// other processes have saved.
const LATE_SAVES: TimeDelta = TimeDelta::seconds(10);

/// A storage with a lexical index of its memories. The first question fills the index, and each later
/// one adds the memories that other processes have saved since.
pub struct IndexedStorage {
    storage: Arc<dyn Storage>,
    index: InProcessIndex,
    /// Position of the walk through the storage.
    walk: Mutex<Walk>,
}

/// A walk through a storage, in order of time.
#[derive(Debug, Default)]
struct Walk {
    /// Time of the newest memory that was read.
    newest: Option<DateTime<Utc>>,
}

impl IndexedStorage {
    /// Creates an index over a storage.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage, index: InProcessIndex::default(), walk: Mutex::default() }
    }

    /// Adds what was saved since the last call, by this process or another.
    async fn catch_up(&self) -> Result<()> {
        let mut walk = self.walk.lock().await;
        let start = walk.newest.map(|newest| newest - LATE_SAVES);
        let mut query =
            MemoryQuery { start, direction: Direction::Asc, limit: Some(PAGE), ..MemoryQuery::default() };
        let mut seen = HashSet::new();
        loop {
            let page = self.storage.search(&query).await?;
            let (count, newest) = (page.len(), page.last().map(|memory| memory.timestamp));
            let known = seen.len();
            let fresh = page.into_iter().filter(|memory| seen.insert(memory.id.clone()));
            fresh.for_each(|memory| self.add(&memory));
            walk.newest = walk.newest.max(newest);
            // A storage that ignores `offset` returns the same page again.
            if count < PAGE as usize || seen.len() == known {
                return Ok(());
            }
            // By offset among memories of one time, else by time, which stays cheap in a long walk.
            (query.start, query.offset) = match newest {
                Some(newest) if query.start.is_none_or(|start| newest > start) => (Some(newest), 0),
                _ => (query.start, query.offset.saturating_add(PAGE)),
            };
        }
    }

    fn add(&self, memory: &Memory) {
        let signature = signature_of(memory, row_of(&memory.id));
        self.index.add(signature.row, &memory.id, &scopes_of(memory, None), &signature);
    }
}

#[async_trait]
impl Storage for IndexedStorage {
    async fn save(&self, memory: Memory) -> Result<()> {
        self.storage.save(memory.clone()).await?;
        self.add(&memory);
        Ok(())
    }

    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()> {
        self.storage.save_batch(memories.clone()).await?;
        memories.iter().for_each(|memory| self.add(memory));
        Ok(())
    }

    async fn get(&self, id: &str) -> Result<Option<Memory>> {
        self.storage.get(id).await
    }

    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        self.storage.search(query).await
    }

    async fn sdk_memories_mentioning(
        &self,
        email: Option<&str>,
        phone: Option<&str>,
    ) -> Result<Option<Vec<Memory>>> {
        self.storage.sdk_memories_mentioning(email, phone).await
    }

    async fn sdk_conversations(&self, customer: &Customer) -> Result<Vec<String>> {
        self.storage.sdk_conversations(customer).await
    }

    async fn signatures(&self, viewer: Option<&Viewer>) -> Result<Option<Signatures>> {
        self.catch_up().await?;
        Ok(Some(self.index.signatures(&visible_scopes(viewer, None))))
    }

    async fn memories_by_row(&self, rows: &[Uuid]) -> Result<Vec<(Uuid, Memory)>> {
        let ids = self.index.ids(rows);
        let read = try_join_all(ids.iter().map(|(_, id)| self.storage.get(id))).await?;
        let mut found = Vec::with_capacity(read.len());
        for ((row, id), memory) in ids.into_iter().zip(read) {
            match memory {
                Some(memory) => found.push((row, memory)),
                None => self.index.remove(&id),
            }
        }
        Ok(found)
    }

    async fn rebuild_index(&self) -> Result<u64> {
        self.index.clear();
        *self.walk.lock().await = Walk::default();
        self.catch_up().await?;
        Ok(self.index.len() as u64)
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.storage.delete(id).await?;
        self.index.remove(id);
        Ok(())
    }

    async fn health_check(&self) -> bool {
        self.storage.health_check().await
    }
}
