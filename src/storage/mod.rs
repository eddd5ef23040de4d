//! Where memories live.

#[cfg(test)]
mod conformance;
pub mod database;
pub mod in_memory;

use async_trait::async_trait;

use crate::error::Result;
use crate::memory::{Memory, MemoryQuery};

/// A place that keeps memories. `conformance` holds the scenarios every implementation passes.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Saves a memory; the same id again replaces it and keeps its place in the order.
    async fn save(&self, memory: Memory) -> Result<()>;

    /// Saves all or none; of several with the same id the last one wins.
    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()>;

    /// The memory of that id.
    async fn get(&self, id: &str) -> Result<Option<Memory>>;

    /// The memories a query asks for, in its order.
    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>>;

    /// Removes the memory of that id, if there is one.
    async fn delete(&self, id: &str) -> Result<()>;

    /// Whether the storage answers.
    async fn health_check(&self) -> bool;
}
