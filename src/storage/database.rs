//! Memories in the user's database.

use std::sync::Arc;

use async_trait::async_trait;

use crate::database::Database;
use crate::error::Result;
use crate::memory::{Memory, MemoryQuery};
use crate::storage::Storage;

/// A storage over a [`Database`].
pub struct DatabaseStorage {
    database: Arc<Database>,
}

impl DatabaseStorage {
    /// A storage over that database.
    pub fn new(database: Arc<Database>) -> Self {
        Self { database }
    }

    /// The database beneath.
    pub fn database(&self) -> &Arc<Database> {
        &self.database
    }
}

#[async_trait]
impl Storage for DatabaseStorage {
    async fn save(&self, memory: Memory) -> Result<()> {
        self.database.save_memories(vec![memory]).await
    }

    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()> {
        self.database.save_memories(memories).await
    }

    async fn get(&self, id: &str) -> Result<Option<Memory>> {
        self.database.memory(id).await
    }

    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        self.database.search_memories(query).await
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.database.delete_memory(id).await
    }

    async fn health_check(&self) -> bool {
        self.database.is_healthy().await
    }
}
