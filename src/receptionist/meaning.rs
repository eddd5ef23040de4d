//! Whether memories are found by their meaning, and with what.

use std::sync::Arc;

use crate::config::EmbedderProvider;
use crate::error::{Error, Result};
use crate::recall::Meaning;
use crate::receptionist::{GivenStorage, Receptionist};
use crate::vectors::database::DatabaseVectorStore;
use crate::vectors::in_memory::InMemoryVectorStore;
use crate::vectors::provider::{EmbeddingSettings, ProviderEmbedder};
use crate::vectors::{Embedder, VectorStore};

/// The paths of what must be given.
const ENABLED: &str = "agent.memory.vectorEnabled";
const EMBEDDER: &str = "agent.memory.embedder";

impl Receptionist {
    /// What finds memories by their meaning, where that is wanted, and what works less well than it could.
    ///
    /// Fails with `INVALID_CONFIG` where something is missing for it.
    pub(super) fn meaning(&self) -> Result<Option<(Meaning, Option<String>)>> {
        let Some(agent) = &self.config.agent else { return Ok(None) };
        let memory = &agent.memory;
        let is_given = self.vector_store.is_some() || memory.embedder.is_some();
        if !memory.vector_enabled.unwrap_or(is_given) {
            return Ok(None);
        }
        let storage = self.storage().filter(|_| memory.long_term_enabled != Some(false)).ok_or_else(|| {
            let reason = "needs a storage whose memories can be found: give `agent.memory.longTermStorage` or `database`";
            Error::config(ENABLED, reason)
        })?;
        let (store, warning) = match &self.vector_store {
            Some(store) => (Arc::clone(store), None),
            None => self.own_vector_store(),
        };
        Ok(Some((Meaning::new(self.embedder()?, store, storage, Arc::clone(&self.warn)), warning)))
    }

    fn embedder(&self) -> Result<Arc<dyn Embedder>> {
        let given = self.config.agent.as_ref().and_then(|agent| agent.memory.embedder.as_ref());
        if given.is_some_and(|given| given.provider == EmbedderProvider::Custom) {
            let missing = || Error::config(EMBEDDER, "has no function `embed`");
            return self.embedder.clone().ok_or_else(missing);
        }
        let settings = EmbeddingSettings::new(given, self.config.model.as_ref())?;
        Ok(Arc::new(ProviderEmbedder::new(settings)?))
    }

    /// Where vectors are kept when the developer does not say: where the memories are.
    fn own_vector_store(&self) -> (Arc<dyn VectorStore>, Option<String>) {
        let database = match &self.given {
            Some(GivenStorage::InMemory(_)) => None,
            Some(given) => given.database().cloned().or_else(|| self.database()),
            None => self.database(),
        };
        if let Some(database) = database {
            return (Arc::new(DatabaseVectorStore::new(database)), None);
        }
        let lasts = matches!(self.given, Some(GivenStorage::Custom { .. }));
        let warning = lasts.then(|| {
            "Vectors are kept in this process, so that at every start all memories are embedded anew. Give `database`, or an \
             `agent.memory.vectorStore` that lasts."
                .to_owned()
        });
        (Arc::new(InMemoryVectorStore::new()), warning)
    }
}
