//! Options of the agent's memory.

use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::types::memory::MemoryType;

/// Default size of the short-term memory, in memories per conversation.
pub const DEFAULT_CONTEXT_WINDOW: usize = 20;
/// Default minimum importance at which `autoPersist` stores a memory.
pub const DEFAULT_MIN_IMPORTANCE: f64 = 7.0;

/// Maximum length of an embedding model's name, in bytes.
const MAX_MODEL_NAME_BYTES: usize = 200;

/// Options of the agent's memory.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MemoryConfig {
    /// Size of the short-term memory, in memories per conversation. If set, it also limits the
    /// messages sent to the model.
    pub context_window: Option<usize>,
    /// Uses the long-term storage. Default: on if there is a storage.
    pub long_term_enabled: Option<bool>,
    /// Rules for storing memories. Default: every memory is stored.
    pub auto_persist: Option<AutoPersist>,
    /// Finds memories by semantic search. Default: on if there is a vector store or an embedder.
    pub vector_enabled: Option<bool>,
    /// Embedding model. Default: the model's provider.
    pub embedder: Option<EmbedderConfig>,
    /// Adds what is known of the customer, and the date, to the prompt of every turn. Default: on.
    pub known_customer: Option<bool>,
}

/// An embedding model.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedderConfig {
    /// Provider of the embeddings.
    pub provider: EmbedderProvider,
    /// Name of the model. Default: the provider's small model.
    pub model: Option<String>,
    /// API key. Default: the language model's key, if the provider is the same.
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub api_key: Option<SecretString>,
    /// Base URL of another server with the same API, including its version.
    pub base_url: Option<String>,
    /// Number of dimensions of a vector. Default: the model's default.
    pub dimensions: Option<usize>,
}

/// A provider of embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmbedderProvider {
    /// OpenAI, or any server with an OpenAI-compatible embeddings API.
    OpenAi,
    /// OpenRouter, which has an OpenAI-compatible API.
    OpenRouter,
    /// Google.
    Google,
    /// Custom code of the developer.
    Custom,
}

impl MemoryConfig {
    pub(super) fn validate(&self) -> Result<()> {
        if self.context_window == Some(0) {
            return Err(Error::config("agent.memory.contextWindow", "must be at least 1"));
        }
        if let Some(rules) = &self.auto_persist
            && rules.types.iter().any(|kind| !kind.is_known())
        {
            let words = MemoryType::VALUES.join(", ");
            return Err(Error::config("agent.memory.autoPersist.types", format!("may only contain {words}")));
        }
        if let Some(embedder) = &self.embedder {
            if embedder.dimensions == Some(0) {
                return Err(Error::config("agent.memory.embedder.dimensions", "must be at least 1"));
            }
            if embedder
                .model
                .as_ref()
                .is_some_and(|model| model.trim().is_empty() || model.len() > MAX_MODEL_NAME_BYTES)
            {
                let reason = format!("must have 1 to {MAX_MODEL_NAME_BYTES} characters");
                return Err(Error::config("agent.memory.embedder.model", reason));
            }
        }
        Ok(())
    }
}

/// Rules for storing memories. One matching rule is enough.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutoPersist {
    /// Minimum importance. Default: 7.
    pub min_importance: Option<f64>,
    /// Types of memories.
    pub types: Vec<MemoryType>,
    /// Stores every memory.
    pub persist_all: bool,
}
