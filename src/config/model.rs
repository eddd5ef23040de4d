//! What the agent thinks with.

use secrecy::SecretString;
use serde::Deserialize;

/// Tokens of prompt and history sent to the model when `model.maxContextTokens` is not given.
pub const DEFAULT_CONTEXT_TOKENS: usize = 16_000;

/// Which wire format and service the model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// OpenAI, or any server that speaks its chat completions.
    OpenAi,
    /// OpenRouter.
    OpenRouter,
}

/// What the agent thinks with.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelConfig {
    /// The service.
    pub provider: Provider,
    /// The service's key.
    pub api_key: Option<SecretString>,
    /// Name of the model.
    pub model: String,
    /// Another server with the same API, up to and including its version: `http://localhost:11434/v1`.
    pub base_url: Option<String>,
    /// Sampling temperature; the provider's default unless given.
    pub temperature: Option<f64>,
    /// Longest answer in tokens; the provider's default unless given.
    pub max_tokens: Option<u32>,
    /// OpenRouter's `HTTP-Referer`.
    pub http_referer: Option<String>,
    /// Milliseconds one attempt may take; 60,000 unless given.
    pub timeout: Option<u64>,
    /// Further attempts after 429, 5xx and network failures; 2 unless given.
    pub max_retries: Option<usize>,
    /// Tokens of prompt and history sent at most; 16,000 unless given.
    pub max_context_tokens: Option<usize>,
}
