//! A storage of the developer's own (`IStorage`), called by a function of the face (`ts/custom-storage.ts`).

use async_trait::async_trait;
use serde_json::json;

use crate::error::Result;
use crate::memory::json::query_json;
use crate::memory::{Memory, MemoryQuery};
use crate::node::user_code::{DEFAULT_PATIENCE, UserCode};
use crate::storage::Storage;

/// Calls the developer's storage.
pub(super) struct JsStorage {
    user: UserCode,
}

impl JsStorage {
    pub fn new(user: UserCode) -> Self {
        Self { user }
    }
}

#[async_trait]
impl Storage for JsStorage {
    async fn save(&self, memory: Memory) -> Result<()> {
        memory.validate()?;
        self.user.call("storage.save", &memory, DEFAULT_PATIENCE).await
    }

    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        self.user.call("storage.saveBatch", &memories, DEFAULT_PATIENCE).await
    }

    async fn get(&self, id: &str) -> Result<Option<Memory>> {
        self.user.call("storage.get", &id, DEFAULT_PATIENCE).await
    }

    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        query.validate()?;
        self.user.call("storage.search", &query_json(query), DEFAULT_PATIENCE).await
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.user.call("storage.delete", &id, DEFAULT_PATIENCE).await
    }

    async fn health_check(&self) -> bool {
        self.user.call("storage.healthCheck", &json!(null), DEFAULT_PATIENCE).await.unwrap_or_default()
    }
}
