//! What the agent remembers and what is kept.

use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::memory::MemoryType;

/// Memories kept per conversation in the window when none is given.
pub const DEFAULT_CONTEXT_WINDOW: usize = 20;
/// Importance from which `autoPersist` keeps a memory when it does not say otherwise.
pub const DEFAULT_MIN_IMPORTANCE: f64 = 7.0;

/// Longest name of an embedder's model.
const MAX_MODEL: usize = 200;

/// What the agent remembers and what is kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MemoryConfig {
    /// Memories kept per conversation in the window; when set, it also caps what the model sees.
    pub context_window: Option<usize>,
    /// Whether the storage is used; absent counts as true when there is one.
    pub long_term_enabled: Option<bool>,
    /// What is persisted; absent means everything.
    pub auto_persist: Option<AutoPersist>,
    /// Whether memories are found by their meaning; absent counts as true when there is a vector store or an embedder.
    pub vector_enabled: Option<bool>,
    /// Who turns memories into vectors; the model's provider unless given.
    pub embedder: Option<EmbedderConfig>,
}

/// Who turns memories into vectors.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedderConfig {
    /// Whose embeddings.
    pub provider: EmbedderProvider,
    /// Name of the model; the provider's small one unless given.
    pub model: Option<String>,
    /// The service's key; the model's unless given, where that is the same service.
    pub api_key: Option<SecretString>,
    /// Another server with the same API, up to and including its version.
    pub base_url: Option<String>,
    /// Numbers of a vector; the model's default unless given.
    pub dimensions: Option<usize>,
}

/// Whose embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmbedderProvider {
    /// OpenAI, or any server that speaks its embeddings.
    OpenAi,
    /// OpenRouter, which speaks OpenAI's.
    OpenRouter,
    /// Google.
    Google,
    /// The developer's own code.
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
            let words = MemoryType::WORDS.join(", ");
            return Err(Error::config("agent.memory.autoPersist.types", format!("may hold {words}")));
        }
        if let Some(embedder) = &self.embedder {
            if embedder.dimensions == Some(0) {
                return Err(Error::config("agent.memory.embedder.dimensions", "must be at least 1"));
            }
            if embedder.model.as_ref().is_some_and(|model| model.trim().is_empty() || model.len() > MAX_MODEL)
            {
                let reason = format!("must have 1 to {MAX_MODEL} characters");
                return Err(Error::config("agent.memory.embedder.model", reason));
            }
        }
        Ok(())
    }
}

/// Which memories are persisted: any rule that matches suffices.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutoPersist {
    /// From this importance on; 7 unless given.
    pub min_importance: Option<f64>,
    /// These kinds.
    pub types: Vec<MemoryType>,
    /// Everything.
    pub persist_all: bool,
}
