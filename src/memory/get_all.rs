//! Reading of many memories by their ids.

use std::collections::HashSet;

use futures::future::try_join_all;
use uuid::Uuid;

use crate::error::Result;
use crate::memory::MemoryManager;
use crate::types::memory::Memory;

impl MemoryManager {
    /// Returns the stored memories with these ids, as far as they exist, in no certain order. A few
    /// hundred ids at a time are one statement of a database.
    pub async fn get_all(&self, ids: &[String]) -> Result<Vec<Memory>> {
        let Some(storage) = &self.storage else { return Ok(Vec::new()) };
        let rows: Vec<Uuid> = ids.iter().map(|id| storage.row(id)).collect();
        let mut found: Vec<Memory> =
            storage.memories_by_row(&rows).await?.into_iter().map(|(_, memory)| memory).collect();
        // A storage without rows of its own has only those that its index knows.
        let known: HashSet<&str> = found.iter().map(|memory| memory.id.as_str()).collect();
        let others = ids.iter().filter(|id| !known.contains(id.as_str())).map(|id| storage.get(id));
        let others = try_join_all(others).await?;
        found.extend(others.into_iter().flatten());
        Ok(found)
    }
}
