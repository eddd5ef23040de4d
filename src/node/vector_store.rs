//! `InMemoryVectorStore` for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use crate::error::{Error, Result};
use crate::json;
use crate::json::write;
use crate::memory::vector_store::embedding_space::check_vector;
use crate::memory::vector_store::{VectorStore, in_memory};
use crate::node::promise::promise;
use crate::types::vector::{VectorEntry, VectorQuery};

/// In-memory vector store.
#[napi]
pub struct InMemoryVectorStore {
    inner: Arc<in_memory::InMemoryVectorStore>,
}

#[napi]
impl InMemoryVectorStore {
    /// Creates an empty store.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { inner: Arc::default() }
    }

    pub(super) fn inner(&self) -> Arc<in_memory::InMemoryVectorStore> {
        Arc::clone(&self.inner)
    }

    /// Inserts or replaces vectors.
    #[napi(catch_unwind)]
    pub fn upsert<'env>(&self, env: &'env Env, entries: String) -> napi::Result<PromiseRaw<'env, ()>> {
        let store = self.inner();
        promise(env, async move {
            let entries: Vec<VectorEntry> = arguments(&entries)?;
            for entry in &entries {
                check_vector(&entry.vector).map_err(|reason| Error::argument("vector", reason))?;
            }
            store.upsert(entries).await
        })
    }

    /// Returns the nearest vectors.
    #[napi(catch_unwind)]
    pub fn search<'env>(&self, env: &'env Env, query: String) -> napi::Result<PromiseRaw<'env, String>> {
        let store = self.inner();
        promise(env, async move { write(&store.search(&arguments::<VectorQuery>(&query)?).await?) })
    }

    /// Removes vectors.
    #[napi(catch_unwind)]
    pub fn delete<'env>(&self, env: &'env Env, ids: String) -> napi::Result<PromiseRaw<'env, ()>> {
        let store = self.inner();
        promise(env, async move { store.delete(&arguments::<Vec<String>>(&ids)?).await })
    }

    /// Returns the ids of memories that have a vector.
    #[napi(catch_unwind)]
    pub fn has<'env>(
        &self,
        env: &'env Env,
        ids: String,
        space: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let store = self.inner();
        promise(env, async move {
            write(&store.has(&arguments::<Vec<String>>(&ids)?, &space).await?.unwrap_or_default())
        })
    }

    /// Returns the number of vectors.
    #[napi(catch_unwind)]
    pub fn count(&self) -> u32 {
        u32::try_from(self.inner.count()).unwrap_or(u32::MAX)
    }

    /// Removes all vectors.
    #[napi(catch_unwind)]
    pub fn clear(&self) {
        self.inner.clear();
    }
}

fn arguments<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    json::read(json).map_err(|problem| problem.into_error(Error::argument))
}
