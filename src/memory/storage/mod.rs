//! Storages for memories.

#[cfg(test)]
mod conformance;
pub mod database;
pub mod in_memory;
pub mod indexed;

use async_trait::async_trait;
use uuid::Uuid;

use crate::error::Result;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::signature::{Signatures, row_of};
use crate::types::visibility::Viewer;

/// A storage for memories. `conformance` holds the tests that every implementation passes.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Saves a memory. An existing id is replaced and keeps its place in the order.
    async fn save(&self, memory: Memory) -> Result<()>;

    /// Saves all memories or none. Of several with the same id, the last one wins.
    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()>;

    /// Returns the memory with the given id, if any.
    async fn get(&self, id: &str) -> Result<Option<Memory>>;

    /// Returns the memories that match a query, in its order.
    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>>;

    /// Returns memories of the TypeScript SDK that may name a person, in any spelling of their
    /// e-mail address or phone number. Returns `None` if only a scan of all memories can find them.
    async fn sdk_memories_mentioning(
        &self,
        _email: Option<&str>,
        _phone: Option<&str>,
    ) -> Result<Option<Vec<Memory>>> {
        Ok(None)
    }

    /// Returns the newest conversations that the TypeScript SDK had with this customer alone.
    async fn sdk_conversations(&self, _customer: &Customer) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// Returns the signatures of the memories that a viewer may see, or of all without a viewer.
    /// Returns `None` without a lexical index, and while it is being built.
    async fn signatures(&self, _viewer: Option<&Viewer>) -> Result<Option<Signatures>> {
        Ok(None)
    }

    /// Returns the row under which the lexical index knows the memory with the given id.
    fn row(&self, id: &str) -> Uuid {
        row_of(id)
    }

    /// Returns the memories of these rows of the lexical index, as far as they still exist.
    async fn memories_by_row(&self, _rows: &[Uuid]) -> Result<Vec<(Uuid, Memory)>> {
        Ok(Vec::new())
    }

    /// Rebuilds the lexical index. Returns the number of memories in it, 0 without an index.
    async fn rebuild_index(&self) -> Result<u64> {
        Ok(0)
    }

    /// Deletes the memory with the given id, if any.
    async fn delete(&self, id: &str) -> Result<()>;

    /// Returns `true` if the storage responds.
    async fn health_check(&self) -> bool;
}
