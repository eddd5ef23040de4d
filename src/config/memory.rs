//! What the agent remembers and what is kept.

use serde::Deserialize;

use crate::config::null_as_default;
use crate::error::{Error, Result};
use crate::memory::MemoryType;

/// Memories kept per conversation in the window when none is given.
pub const DEFAULT_CONTEXT_WINDOW: usize = 20;
/// Importance from which `autoPersist` keeps a memory when it does not say otherwise.
pub const DEFAULT_MIN_IMPORTANCE: f64 = 7.0;

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
    #[serde(deserialize_with = "null_as_default")]
    pub types: Vec<MemoryType>,
    /// Everything.
    #[serde(deserialize_with = "null_as_default")]
    pub persist_all: bool,
}
