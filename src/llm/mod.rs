//! Language models: one trait, and one module per wire format.

mod anthropic;
mod call_ids;
pub mod factory;
mod fallback;
mod google;
mod http_model;
mod openai;
#[cfg(any(test, fuzzing))]
pub(crate) mod properties;
pub(crate) mod reasoning;
pub mod text_sink;
pub mod tokens;
pub mod tool_calls;
mod unsupported_features;
pub(crate) mod wire_format;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::llm::text_sink::TextSink;
use crate::types::message::{Message, ReasoningDetails, ToolCall};

/// A language model.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Requests the next message of a transcript.
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse>;

    /// Streams the next message: like `chat`, but sends the text as it arrives. Models without
    /// streaming send it as one piece.
    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let response = self.chat(request).await?;
        text.send(&response.content).await;
        Ok(response)
    }

    /// Checks that the service is reachable and accepts the credentials, with one request that
    /// costs nothing. Models without such a request always succeed.
    async fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// A request for the next message.
#[derive(Debug, Clone, Copy)]
pub struct ChatRequest<'a> {
    /// Transcript, instructions first.
    pub messages: &'a [Message],
    /// Tools that the model may call; an empty list forbids calls.
    pub tools: &'a [ToolDefinition],
    /// Id of the conversation, for custom models.
    pub conversation_id: &'a str,
}

/// A tool, as described to the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolDefinition {
    /// Name, unique in a registry.
    pub name: String,
    /// Description of the tool's purpose.
    pub description: String,
    /// JSON Schema of the arguments.
    pub parameters: Value,
}

/// An answer of a model: text, tool calls or both.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChatResponse {
    /// Text, possibly empty.
    pub content: String,
    /// Tool calls.
    pub tool_calls: Vec<ToolCall>,
    /// Provider-specific content that must be sent back with the calls.
    pub reasoning: Option<ReasoningDetails>,
    /// Model that gave the answer.
    pub model: ModelName,
    /// `true` if the text contained the end of reasoning without its beginning.
    pub closes_unopened_reasoning: bool,
}

/// A model, as named in answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ModelName {
    /// Provider: `openai`, `anthropic`, …
    pub provider: String,
    /// Name of the model in the options.
    pub model: String,
}

impl ChatResponse {
    /// Creates an answer without reasoning from a text. Fails if the answer is empty; `reason` is
    /// the cause, if known.
    fn from_text(text: &str, tool_calls: Vec<ToolCall>, reason: Option<String>) -> Result<Self> {
        let (content, closes_unopened_reasoning) = reasoning::strip_reasoning(text);
        if content.trim().is_empty() && tool_calls.is_empty() {
            let reason = reason.unwrap_or_else(|| match text.trim().is_empty() {
                true => "it has neither text nor tool calls".to_owned(),
                false => REASONING_ONLY.to_owned(),
            });
            return Err(Error::ModelResponseInvalid(reason));
        }
        Ok(Self { content, tool_calls, closes_unopened_reasoning, ..Self::default() })
    }
}

/// Error for an empty answer that reached the token limit.
const TOKEN_LIMIT_REACHED: &str = "it ended at the token limit before any text; raise `model.maxTokens`";
/// Error for an answer that consists of reasoning only.
const REASONING_ONLY: &str =
    "it has thoughts, but no answer; raise `model.maxTokens`, or check the server's template";
/// Placeholder for a missing answer, for services that require one between tool results and a user
/// message.
const MISSING_ANSWER: &str = "(No answer was given.)";
/// Placeholder for an empty message, for services that reject empty text.
const EMPTY_MESSAGE: &str = "(no text)";
/// Placeholder before the agent's first message, for services that require a user message first.
const OPENING_MESSAGE: &str = "(The conversation goes on.)";
