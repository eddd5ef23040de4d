//! Vectors in this process only, searched exactly.

use std::collections::{BTreeSet, HashMap};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use serde_json::Value;

use crate::error::Result;
use crate::vectors::space::cosine;
use crate::vectors::{VectorEntry, VectorMatch, VectorQuery, VectorStore};

/// A store whose vectors are lost when the process ends.
#[derive(Default)]
pub struct InMemoryVectorStore {
    entries: RwLock<HashMap<String, VectorEntry>>,
}

impl InMemoryVectorStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many vectors there are.
    pub fn count(&self) -> usize {
        self.read().len()
    }

    /// Removes all vectors.
    pub fn clear(&self) {
        self.write().clear();
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, VectorEntry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, VectorEntry>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The best of many, without keeping all.
pub(crate) fn nearest(
    entries: impl Iterator<Item = VectorMatch>,
    known: Vec<VectorMatch>,
    limit: usize,
) -> Vec<VectorMatch> {
    let order = |a: &VectorMatch, b: &VectorMatch| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id));
    let mut best = known;
    for entry in entries {
        best.push(entry);
        if best.len() >= limit.saturating_mul(2).max(64) {
            best.sort_unstable_by(order);
            best.truncate(limit);
        }
    }
    best.sort_unstable_by(order);
    best.truncate(limit);
    best
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
            .filter(|entry| entry.vector.len() == query.vector.len() && query.filter.passes(&entry.metadata))
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

    async fn keep_only(&self, space: &str) -> Result<()> {
        self.write().retain(|_, entry| entry.metadata.get("space").and_then(Value::as_str) == Some(space));
        Ok(())
    }
}
