//! Options of the language model.

use secrecy::SecretString;
use serde::Deserialize;

use super::placeholder;
use crate::error::{Error, Result};

/// Default maximum of tokens of prompt and history sent to the model.
pub const DEFAULT_CONTEXT_TOKENS: usize = 16_000;

/// A model provider, which determines the wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// OpenAI, or any server with an OpenAI-compatible chat completions API.
    OpenAi,
    /// OpenRouter.
    OpenRouter,
    /// Anthropic's Messages API.
    Anthropic,
    /// Google's Gemini API.
    Google,
    /// Custom code of the developer.
    Custom,
}

impl Provider {
    /// Returns the option's value as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::OpenRouter => "openrouter",
            Self::Anthropic => "anthropic",
            Self::Google => "google",
            Self::Custom => "custom",
        }
    }
}

/// Options of a language model.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelConfig {
    /// Provider of the model.
    pub provider: Provider,
    /// API key.
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub api_key: Option<SecretString>,
    /// Name of the model. Only a custom model may have none.
    #[serde(default)]
    pub model: String,
    /// Base URL of another server with the same API, including its version:
    /// `http://localhost:11434/v1`.
    pub base_url: Option<String>,
    /// Sampling temperature. Default: the provider's default.
    pub temperature: Option<f64>,
    /// Maximum length of an answer in tokens. Default: the provider's default, or 4,096 for
    /// Anthropic, which has no default.
    pub max_tokens: Option<u32>,
    /// Value of OpenRouter's `HTTP-Referer` header.
    pub http_referer: Option<String>,
    /// Timeout of one attempt in milliseconds, default 60,000. For streams, the timeout until the
    /// first event and between events.
    pub timeout: Option<u64>,
    /// Maximum number of retries after 429, 5xx and network errors. Default: 2.
    pub max_retries: Option<usize>,
    /// Maximum tokens of prompt and history. Default: 16,000.
    pub max_context_tokens: Option<usize>,
    /// Fallback models, which are tried in this order when this model fails.
    #[serde(default)]
    pub fallbacks: Vec<ModelConfig>,
}

impl ModelConfig {
    /// Rejects invalid options.
    pub(super) fn validate(&self) -> Result<()> {
        for (option, model) in self.with_fallbacks() {
            if model.model.trim().is_empty() && model.provider != Provider::Custom {
                return Err(Error::config(format!("{option}.model"), "is missing"));
            }
            if let Some(line) = model.provider.api_key_example().filter(|_| model.base_url.is_none()) {
                placeholder::reject(&format!("{option}.apiKey"), model.api_key.as_ref(), line)?;
            }
            if model.timeout == Some(0) {
                return Err(Error::config(format!("{option}.timeout"), "must be at least 1 millisecond"));
            }
            if option != "model" && !model.fallbacks.is_empty() {
                let reason = "must not be given to a fallback; list all of them in `model.fallbacks`";
                return Err(Error::config(format!("{option}.fallbacks"), reason));
            }
        }
        Ok(())
    }

    /// Returns the models in the order they are tried, each with the path of its options.
    pub fn with_fallbacks(&self) -> impl Iterator<Item = (String, &Self)> {
        let fallbacks = self.fallbacks.iter().enumerate();
        let fallbacks = fallbacks.map(|(n, fallback)| (format!("model.fallbacks[{n}]"), fallback));
        std::iter::once(("model".to_owned(), self)).chain(fallbacks)
    }

    /// Returns the maximum tokens of a request that every configured model accepts.
    pub fn context_tokens(&self) -> usize {
        let given = self.with_fallbacks().filter_map(|(_, model)| model.max_context_tokens).min();
        given.unwrap_or(DEFAULT_CONTEXT_TOKENS)
    }
}
