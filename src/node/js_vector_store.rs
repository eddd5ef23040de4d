//! A vector store of the developer's own (`IVectorStore`), called by a function of the face (`ts/vector-store.ts`).

use async_trait::async_trait;
use serde_json::json;

use crate::error::Result;
use crate::node::user_code::{DEFAULT_PATIENCE, UserCode};
use crate::vectors::{VectorEntry, VectorMatch, VectorQuery, VectorStore};

/// Calls the developer's vector store.
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
        self.user.call("vectorStore.upsert", &entries, DEFAULT_PATIENCE).await
    }

    async fn search(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>> {
        self.user.call("vectorStore.search", query, DEFAULT_PATIENCE).await
    }

    async fn delete(&self, ids: &[String]) -> Result<()> {
        self.user.call("vectorStore.delete", &ids, DEFAULT_PATIENCE).await
    }

    async fn has(&self, ids: &[String], space: &str) -> Result<Option<Vec<String>>> {
        self.user.call("vectorStore.has", &json!({ "ids": ids, "space": space }), DEFAULT_PATIENCE).await
    }
}
