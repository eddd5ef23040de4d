//! Retention: deletion of old memories.

use chrono::{DateTime, TimeDelta, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::types::memory::{Direction, Memory, MemoryQuery, MemoryType, check_timestamp};
use crate::types::person_links::is_person_links;
use crate::types::validity::KNOWLEDGE_FIELD;

/// Memories deleted per call. The batch is small, so that concurrent saves hardly wait.
const BATCH: u32 = 200;
/// Maximum number of concurrent deletes. Waiting deletes share statements.
const CONCURRENCY: usize = 64;

impl MemoryManager {
    /// Deletes a batch of memories older than `before`, of the given kinds if any, the oldest
    /// first. Returns the number deleted, 0 when none are left. Documents are kept, because they
    /// are removed by their owner, and links of persons, because a split must not be undone.
    pub async fn prune(&self, before: DateTime<Utc>, kinds: Option<Vec<MemoryType>>) -> Result<usize> {
        check_timestamp(before).map_err(|reason| Error::argument("before", reason))?;
        let end = before - TimeDelta::milliseconds(1);
        // An empty list must not mean "all types": that is never the intention.
        if kinds.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::argument(
                "type",
                "names no type; leave it out to delete memories of all types",
            ));
        }
        let kinds = kinds.unwrap_or_default();
        let direction = Direction::Asc;
        let mut old = MemoryQuery { kinds, end: Some(end), direction, ..MemoryQuery::newest(BATCH) };
        loop {
            let batch = self.search(&old).await?;
            let size = batch.len() as u32;
            let is_kept = |memory: &Memory| memory.meta(KNOWLEDGE_FIELD).is_some() || is_person_links(memory);
            let deleted = batch.into_iter().filter(|memory| !is_kept(memory));
            let ids: Vec<String> = deleted.map(|memory| memory.id).collect();
            let count = ids.len();
            if count > 0 || size < BATCH {
                self.delete_all(ids).await?;
                return Ok(count);
            }
            old.offset += size;
        }
    }

    /// Deletes several memories, as [`Self::delete`] does.
    pub async fn delete_all(&self, ids: Vec<String>) -> Result<()> {
        let deleted = stream::iter(ids).map(|id| async move { self.delete(&id).await });
        deleted.buffer_unordered(CONCURRENCY).try_collect().await
    }
}
