//! Storage in the user's database.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use crate::database::Database;
use crate::error::Result;
use crate::memory::storage::Storage;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::signature::{Signatures, visible_scopes};
use crate::types::visibility::Viewer;

/// A storage over a [`Database`].
pub struct DatabaseStorage {
    database: Arc<Database>,
}

impl DatabaseStorage {
    /// Creates a storage over a database.
    pub fn new(database: Arc<Database>) -> Self {
        Self { database }
    }

    /// Returns the underlying database.
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

    async fn sdk_memories_mentioning(
        &self,
        email: Option<&str>,
        phone: Option<&str>,
    ) -> Result<Option<Vec<Memory>>> {
        if !self.database.has_typescript_sdk_tables().await? {
            return Ok(Some(Vec::new()));
        }
        self.database.memories_mentioning(email, phone).await.map(Some)
    }

    async fn sdk_conversations(&self, customer: &Customer) -> Result<Vec<String>> {
        match self.database.has_typescript_sdk_tables().await? {
            true => self.database.conversations_with(customer).await,
            false => Ok(Vec::new()),
        }
    }

    async fn signatures(&self, viewer: Option<&Viewer>) -> Result<Option<Signatures>> {
        self.database.signatures(&visible_scopes(viewer, self.database.tenant_id())).await
    }

    fn row(&self, id: &str) -> Uuid {
        self.database.row_id(id)
    }

    async fn memories_by_row(&self, rows: &[Uuid]) -> Result<Vec<(Uuid, Memory)>> {
        self.database.memories_by_row(rows).await
    }

    async fn rebuild_index(&self) -> Result<u64> {
        self.database.rebuild_index().await
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.database.delete_memory(id).await
    }

    async fn health_check(&self) -> bool {
        self.database.is_healthy().await
    }
}
