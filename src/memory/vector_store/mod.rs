//! Vectors: embeddings of memories, embedders, vector stores and nearest-neighbour search.

pub mod database;
pub mod embedding_space;
pub mod http_embedder;
pub mod in_memory;

use async_trait::async_trait;

use crate::error::Result;
use crate::types::vector::{VectorEntry, VectorMatch, VectorQuery};

/// An embedding model.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Returns the name of the model. Vectors of different models cannot be compared.
    fn model(&self) -> &str;

    /// Returns the dimensions of a vector, if configured.
    fn dimensions(&self) -> Option<usize> {
        None
    }

    /// Embeds texts, one vector per text, in order. The result is validated by [`embedding_space`].
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>>;
}

/// A store for vectors with nearest-neighbour search.
#[async_trait]
pub trait VectorStore: Send + Sync {
    /// Inserts vectors; an existing id is replaced.
    async fn upsert(&self, entries: Vec<VectorEntry>) -> Result<()>;

    /// Returns the nearest vectors that match the filter, best match first.
    async fn search(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>>;

    /// Removes the vectors of these memories, of all models.
    async fn delete(&self, ids: &[String]) -> Result<()>;

    /// Returns the memories that have a vector in a space; `None` if the store cannot tell.
    async fn has(&self, ids: &[String], space: &str) -> Result<Option<Vec<String>>>;

    /// Returns the other spaces with vectors in this store, if it can tell.
    async fn other_spaces(&self, _space: &str) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// Prepares the store for vectors of the given dimensions.
    async fn prepare(&self, _dimensions: usize) -> Result<()> {
        Ok(())
    }

    /// Removes the vectors of all other spaces, if the store can.
    async fn retain_space(&self, _space: &str) -> Result<()> {
        Ok(())
    }
}
