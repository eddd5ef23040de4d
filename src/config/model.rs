//! What the agent thinks with.

use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};

/// Tokens of prompt and history sent to the model when `model.maxContextTokens` is not given.
pub const DEFAULT_CONTEXT_TOKENS: usize = 16_000;

/// Whose model it is, which decides the wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// OpenAI, or any server that speaks its chat completions.
    OpenAi,
    /// OpenRouter.
    OpenRouter,
    /// Anthropic's Messages API.
    Anthropic,
    /// Google's Gemini API.
    Google,
    /// The developer's own code.
    Custom,
}

impl Provider {
    /// The word of the option.
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

/// What the agent thinks with.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelConfig {
    /// Whose model it is.
    pub provider: Provider,
    /// The service's key.
    pub api_key: Option<SecretString>,
    /// Name of the model; only the developer's own may have none.
    #[serde(default)]
    pub model: String,
    /// Another server with the same API, up to and including its version: `http://localhost:11434/v1`.
    pub base_url: Option<String>,
    /// Sampling temperature; the provider's default unless given.
    pub temperature: Option<f64>,
    /// Longest answer in tokens; the provider's default unless given, 4,096 for Anthropic, which has none.
    pub max_tokens: Option<u32>,
    /// OpenRouter's `HTTP-Referer`.
    pub http_referer: Option<String>,
    /// Milliseconds one attempt may take, 60,000 unless given; of a streamed answer, until it begins and between its pieces.
    pub timeout: Option<u64>,
    /// Further attempts after 429, 5xx and network failures; 2 unless given.
    pub max_retries: Option<usize>,
    /// Tokens of prompt and history sent at most; 16,000 unless given.
    pub max_context_tokens: Option<usize>,
    /// Models that are asked in this order when this one cannot answer.
    #[serde(default)]
    pub fallbacks: Vec<ModelConfig>,
}

impl ModelConfig {
    /// Refuses what no model can be made of.
    pub(super) fn validate(&self) -> Result<()> {
        for (option, model) in self.in_order() {
            if model.model.trim().is_empty() && model.provider != Provider::Custom {
                return Err(Error::config(format!("{option}.model"), "is missing"));
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

    /// The models in the order they are asked, each with the path of its options.
    pub fn in_order(&self) -> impl Iterator<Item = (String, &Self)> {
        let fallbacks = self.fallbacks.iter().enumerate();
        let fallbacks = fallbacks.map(|(n, fallback)| (format!("model.fallbacks[{n}]"), fallback));
        std::iter::once(("model".to_owned(), self)).chain(fallbacks)
    }

    /// What a request may have in tokens, so that whichever model is asked can take it.
    pub fn context_tokens(&self) -> usize {
        let given = self.in_order().filter_map(|(_, model)| model.max_context_tokens).min();
        given.unwrap_or(DEFAULT_CONTEXT_TOKENS)
    }
}
