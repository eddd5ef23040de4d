//! Options of the agent's memory.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use crate::error::Error;
use crate::types::memory::MemoryType;

/// Default size of the short-term memory, in memories per conversation.
pub const DEFAULT_CONTEXT_WINDOW: usize = 20;
/// Default minimum importance at which `autoPersist` stores a memory.
pub const DEFAULT_MIN_IMPORTANCE: f64 = 7.0;

/// Default maximum tokens of the memories in a prompt.
const DEFAULT_RETRIEVED_TOKENS: usize = 2_000;
/// Default maximum number of memories in a prompt.
const DEFAULT_RETRIEVED_MEMORIES: usize = 12;
const MAX_RETRIEVED_TOKENS: f64 = 100_000.0;
const MAX_RETRIEVED_MEMORIES: f64 = 100.0;
/// Default time without a message after which a conversation has ended.
const DEFAULT_SILENCE_MINUTES: f64 = 60.0;
const MIN_SILENCE_MINUTES: f64 = 0.01;
/// A week.
const MAX_SILENCE_MINUTES: f64 = 10_080.0;
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
    /// Retrieval of memories for each reply. Default: on.
    #[serde(deserialize_with = "retrieval")]
    pub retrieval: Retrieval,
    /// Summaries of conversations and facts about customers. Default: on.
    #[serde(deserialize_with = "summaries")]
    pub summaries: Summaries,
}

/// Summaries of conversations that end, and facts about customers.
#[derive(Debug, Clone, PartialEq)]
pub enum Summaries {
    /// Only calls and what the developer asks for are summarized.
    Off,
    /// A conversation ends, and is summarized, after this silence.
    On {
        /// Minutes without a message. Default: 60.
        silence_minutes: Option<f64>,
    },
}

impl Summaries {
    /// Returns the time without a message after which a conversation has ended.
    pub fn silence(&self) -> Option<Duration> {
        match self {
            Self::Off => None,
            Self::On { silence_minutes } => {
                Some(Duration::from_secs_f64(silence_minutes.unwrap_or(DEFAULT_SILENCE_MINUTES) * 60.0))
            }
        }
    }
}

impl Default for Summaries {
    fn default() -> Self {
        Self::On { silence_minutes: None }
    }
}

fn summaries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Summaries, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "must be false, or { silenceMinutes }")]
    enum Given {
        Switch(bool),
        #[serde(rename_all = "camelCase")]
        Options {
            silence_minutes: Option<f64>,
        },
    }
    Ok(match Option::<Given>::deserialize(deserializer)? {
        Some(Given::Switch(false)) => Summaries::Off,
        Some(Given::Options { silence_minutes }) => Summaries::On { silence_minutes },
        Some(Given::Switch(true)) | None => Summaries::default(),
    })
}

/// Retrieval of memories for each reply.
#[derive(Debug, Clone, PartialEq)]
pub enum Retrieval {
    /// No memories are added to prompts.
    Off,
    /// Memories are added within these limits.
    On(RetrievalLimits),
}

/// Limits of the memories that are added to a prompt.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RetrievalLimits {
    /// Maximum tokens of all memories. Default: 2,000. They never take more than an eighth of the
    /// model's context.
    tokens: Option<f64>,
    /// Maximum number of memories. Default: 12.
    limit: Option<f64>,
}

impl RetrievalLimits {
    /// Returns the maximum tokens of all memories.
    pub fn tokens(&self) -> usize {
        self.tokens.map_or(DEFAULT_RETRIEVED_TOKENS, |tokens| tokens as usize)
    }

    /// Returns the maximum number of memories.
    pub fn limit(&self) -> usize {
        self.limit.map_or(DEFAULT_RETRIEVED_MEMORIES, |limit| limit as usize)
    }
}

impl Default for Retrieval {
    fn default() -> Self {
        Self::On(RetrievalLimits::default())
    }
}

fn retrieval<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Retrieval, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "must be false, or { tokens, limit }")]
    enum Given {
        Switch(bool),
        Limits(RetrievalLimits),
    }
    Ok(match Option::<Given>::deserialize(deserializer)? {
        Some(Given::Switch(false)) => Retrieval::Off,
        Some(Given::Limits(limits)) => Retrieval::On(limits),
        Some(Given::Switch(true)) | None => Retrieval::default(),
    })
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
    pub(super) fn validate(&self) -> Result<(), Error> {
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
        if let Summaries::On { silence_minutes: Some(minutes) } = self.summaries
            && !(MIN_SILENCE_MINUTES..=MAX_SILENCE_MINUTES).contains(&minutes)
        {
            let reason = format!(
                "must be a number of minutes from {MIN_SILENCE_MINUTES} to {MAX_SILENCE_MINUTES}; \
                 `summaries: false` turns them off"
            );
            return Err(Error::config("agent.memory.summaries.silenceMinutes", reason));
        }
        if let Retrieval::On(limits) = &self.retrieval {
            for (name, value, most) in [
                ("tokens", limits.tokens, MAX_RETRIEVED_TOKENS),
                ("limit", limits.limit, MAX_RETRIEVED_MEMORIES),
            ] {
                let is_valid = |value: f64| value.fract() == 0.0 && (1.0..=most).contains(&value);
                if value.is_some_and(|value| !is_valid(value)) {
                    let reason =
                        format!("must be a whole number from 1 to {most}; `retrieval: false` turns it off");
                    return Err(Error::config(format!("agent.memory.retrieval.{name}"), reason));
                }
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
