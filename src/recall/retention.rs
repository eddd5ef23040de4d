//! Memories that are kept for a time only.

use chrono::{DateTime, TimeDelta, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::error::{Error, Result};
use crate::memory::{Direction, MemoryQuery, MemoryType, check_timestamp};
use crate::recall::MemoryManager;

/// Memories deleted together: few, so that who saves at the same time hardly waits.
const BATCH: u32 = 200;
/// Deletes that are under way at once: those that wait for each other share statements.
const AT_ONCE: usize = 64;

impl MemoryManager {
    /// Deletes some memories from before that moment, of those kinds if any are named, the oldest first. Says how many; none when
    /// none are left.
    pub async fn prune(&self, before: DateTime<Utc>, kinds: Option<Vec<MemoryType>>) -> Result<usize> {
        check_timestamp(before).map_err(|reason| Error::argument("before", reason))?;
        let end = before - TimeDelta::milliseconds(1);
        // Everything, where a list turned out empty, is the last thing that is meant.
        if kinds.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::argument(
                "type",
                "names no type; leave it out to delete memories of all types",
            ));
        }
        let kinds = kinds.unwrap_or_default();
        let direction = Direction::Asc;
        let old = MemoryQuery { kinds, end: Some(end), direction, ..MemoryQuery::newest(BATCH) };
        let ids: Vec<String> = self.search(&old).await?.into_iter().map(|memory| memory.id).collect();
        let count = ids.len();
        self.delete_all(ids).await?;
        Ok(count)
    }

    /// [`Self::delete`] for several.
    pub async fn delete_all(&self, ids: Vec<String>) -> Result<()> {
        let deleted = stream::iter(ids).map(|id| async move { self.delete(&id).await });
        deleted.buffer_unordered(AT_ONCE).try_collect().await
    }
}
