//! Vector store in the user's database: pgvector on PostgreSQL if available, else vectors as bytes.

use std::sync::Arc;

use async_trait::async_trait;

use crate::database::Database;
use crate::error::Result;
use crate::memory::vector_store::VectorStore;
use crate::types::vector::{VectorEntry, VectorMatch, VectorQuery};

/// A vector store over a [`Database`].
pub struct DatabaseVectorStore {
    database: Arc<Database>,
}

impl DatabaseVectorStore {
    /// Creates a store; the database gets a table for the vectors.
    pub fn new(database: Arc<Database>) -> Self {
        database.enable_vectors();
        Self { database }
    }
}

#[async_trait]
impl VectorStore for DatabaseVectorStore {
    async fn upsert(&self, entries: Vec<VectorEntry>) -> Result<()> {
        self.database.upsert_vectors(entries).await
    }

    async fn search(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>> {
        self.database.search_vectors(query).await
    }

    async fn delete(&self, ids: &[String]) -> Result<()> {
        self.database.delete_vectors(ids).await
    }

    async fn has(&self, ids: &[String], space: &str) -> Result<Option<Vec<String>>> {
        self.database.memories_with_vectors(ids, space).await.map(Some)
    }

    async fn other_spaces(&self, space: &str) -> Result<Vec<String>> {
        self.database.other_vector_spaces(space).await
    }

    async fn prepare(&self, dimensions: usize) -> Result<()> {
        self.database.index_vectors(dimensions).await
    }

    async fn retain_space(&self, space: &str) -> Result<()> {
        self.database.delete_other_vector_spaces(space).await
    }
}
