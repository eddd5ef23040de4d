//! Configuration of the semantic index.

use std::sync::Arc;

use crate::config::EmbedderProvider;
use crate::error::{Error, Result};
use crate::memory::SemanticIndex;
use crate::memory::vector_store::database::DatabaseVectorStore;
use crate::memory::vector_store::http_embedder::{EmbeddingSettings, HttpEmbedder};
use crate::memory::vector_store::in_memory::InMemoryVectorStore;
use crate::memory::vector_store::{Embedder, VectorStore};
use crate::receptionist::{ProvidedStorage, Receptionist};

/// Paths of the options.
const ENABLED: &str = "agent.memory.vectorEnabled";
const EMBEDDER: &str = "agent.memory.embedder";

impl Receptionist {
    /// Creates the semantic index, if enabled, with a warning if it works less well than it could.
    ///
    /// Fails with `INVALID_CONFIG` if a required option is missing.
    pub(super) fn semantic_index(&self) -> Result<Option<(SemanticIndex, Option<String>)>> {
        let Some(agent) = &self.config.agent else { return Ok(None) };
        let memory = &agent.memory;
        let is_given = self.vector_store.is_some() || memory.embedder.is_some();
        if !memory.vector_enabled.unwrap_or(is_given) {
            return Ok(None);
        }
        let storage =
            self.storage().filter(|_| memory.long_term_enabled != Some(false)).ok_or_else(|| {
                let reason = "needs a long-term storage: give `agent.memory.longTermStorage` or `database`";
                Error::config(ENABLED, reason)
            })?;
        let (store, warning) = match &self.vector_store {
            Some(store) => (Arc::clone(store), None),
            None => self.own_vector_store(),
        };
        Ok(Some((SemanticIndex::new(self.embedder()?, store, storage, Arc::clone(&self.warn)), warning)))
    }

    fn embedder(&self) -> Result<Arc<dyn Embedder>> {
        let given = self.config.agent.as_ref().and_then(|agent| agent.memory.embedder.as_ref());
        if given.is_some_and(|given| given.provider == EmbedderProvider::Custom) {
            let missing = || Error::config(EMBEDDER, "has no function `embed`");
            return self.embedder.clone().ok_or_else(missing);
        }
        let settings = EmbeddingSettings::new(given, self.config.model.as_ref())?;
        Ok(Arc::new(HttpEmbedder::new(settings)?))
    }

    /// Returns the default vector store: the database that holds the memories, else one in memory.
    fn own_vector_store(&self) -> (Arc<dyn VectorStore>, Option<String>) {
        let database = match &self.provided {
            Some(ProvidedStorage::InMemory(_)) => None,
            Some(given) => given.database().cloned().or_else(|| self.database()),
            None => self.database(),
        };
        if let Some(database) = database {
            return (Arc::new(DatabaseVectorStore::new(database)), None);
        }
        let lasts = matches!(self.provided, Some(ProvidedStorage::Custom { .. }));
        let warning = lasts.then(|| {
            "Vectors are kept in this process, so all memories are embedded again at every start. Give `database`, or an \
             `agent.memory.vectorStore` that lasts."
                .to_owned()
        });
        (Arc::new(InMemoryVectorStore::new()), warning)
    }
}
