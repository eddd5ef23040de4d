//! Adapter for a custom vector store (`IVectorStore`), called through `ts/vectors/vector-store.ts`.

use async_trait::async_trait;
use serde_json::json;

use crate::error::Result;
use crate::memory::vector_store::VectorStore;
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};
use crate::types::vector::{VectorEntry, VectorMatch, VectorQuery};

/// A custom vector store.
pub(super) struct JsVectorStore {
    user: UserCode,
}

impl JsVectorStore {
    pub fn new(user: UserCode) -> Self {
        Self { user }
    }
}

#[async_trait]
impl VectorStore for JsVectorStore {
    async fn upsert(&self, entries: Vec<VectorEntry>) -> Result<()> {
        self.user.call("vectorStore.upsert", &entries, DEFAULT_TIMEOUT).await
    }

    async fn search(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>> {
        self.user.call("vectorStore.search", query, DEFAULT_TIMEOUT).await
    }

    async fn delete(&self, ids: &[String]) -> Result<()> {
        self.user.call("vectorStore.delete", &ids, DEFAULT_TIMEOUT).await
    }

    async fn has(&self, ids: &[String], space: &str) -> Result<Option<Vec<String>>> {
        self.user.call("vectorStore.has", &json!({ "ids": ids, "space": space }), DEFAULT_TIMEOUT).await
    }
}
