//! Adapter for a custom storage (`IStorage`), called through `ts/storage/custom-storage.ts`.

use async_trait::async_trait;
use serde_json::json;

use crate::error::Result;
use crate::memory::storage::Storage;
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};
use crate::types::memory::json::query_json;
use crate::types::memory::{Memory, MemoryQuery};

/// A custom storage.
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
        self.user.call("storage.save", &memory, DEFAULT_TIMEOUT).await
    }

    async fn save_batch(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        self.user.call("storage.saveBatch", &memories, DEFAULT_TIMEOUT).await
    }

    async fn get(&self, id: &str) -> Result<Option<Memory>> {
        self.user.call("storage.get", &id, DEFAULT_TIMEOUT).await
    }

    async fn search(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        query.validate()?;
        self.user.call("storage.search", &query_json(query), DEFAULT_TIMEOUT).await
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.user.call("storage.delete", &id, DEFAULT_TIMEOUT).await
    }

    async fn health_check(&self) -> bool {
        self.user.call("storage.healthCheck", &json!(null), DEFAULT_TIMEOUT).await.unwrap_or_default()
    }
}
