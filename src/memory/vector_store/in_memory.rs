//! In-memory vector store with exact search.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use serde_json::Value;

use crate::error::Result;
use crate::memory::vector_store::VectorStore;
use crate::types::vector::{VectorEntry, VectorMatch, VectorQuery, cosine, nearest};

/// A vector store whose contents are lost when the process exits.
#[derive(Default)]
pub struct InMemoryVectorStore {
    entries: RwLock<HashMap<String, VectorEntry>>,
}

impl InMemoryVectorStore {
    /// Creates an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of vectors.
    pub fn count(&self) -> usize {
        self.read().len()
    }

    /// Removes all vectors.
    pub fn clear(&self) {
        self.write().clear();
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, VectorEntry>> {
        self.entries.read()
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, VectorEntry>> {
        self.entries.write()
    }
}

#[async_trait]
impl VectorStore for InMemoryVectorStore {
    async fn upsert(&self, entries: Vec<VectorEntry>) -> Result<()> {
        let mut known = self.write();
        known.extend(entries.into_iter().map(|entry| (entry.id.clone(), entry)));
        Ok(())
    }

    async fn search(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>> {
        let entries = self.read();
        let found = entries
            .values()
            .filter(|entry| entry.vector.len() == query.vector.len() && query.filter.matches(&entry.metadata))
            .map(|entry| VectorMatch { id: entry.id.clone(), score: cosine(&entry.vector, &query.vector) });
        Ok(nearest(found, Vec::new(), query.limit))
    }

    async fn delete(&self, ids: &[String]) -> Result<()> {
        let mut entries = self.write();
        for id in ids {
            entries.remove(id);
        }
        Ok(())
    }

    async fn has(&self, ids: &[String], space: &str) -> Result<Option<Vec<String>>> {
        let entries = self.read();
        let has = |id: &&String| {
            entries
                .get(*id)
                .is_some_and(|entry| entry.metadata.get("space").and_then(Value::as_str) == Some(space))
        };
        Ok(Some(ids.iter().filter(has).cloned().collect()))
    }

    async fn other_spaces(&self, space: &str) -> Result<Vec<String>> {
        let entries = self.read();
        let spaces = entries.values().filter_map(|entry| entry.metadata.get("space")?.as_str());
        let others: BTreeSet<&str> = spaces.filter(|other| *other != space).collect();
        Ok(others.into_iter().map(str::to_owned).collect())
    }

    async fn retain_space(&self, space: &str) -> Result<()> {
        self.write().retain(|_, entry| entry.metadata.get("space").and_then(Value::as_str) == Some(space));
        Ok(())
    }
}
