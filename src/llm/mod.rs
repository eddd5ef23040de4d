//! Language models: one trait, one file per wire format.

mod anthropic;
pub mod fallback;
mod google;
mod openai;
#[cfg(any(test, fuzzing))]
pub(crate) mod properties;
mod remote;
pub mod text_sink;
pub mod tokens;
pub mod tool_calls;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::llm::text_sink::TextSink;
use crate::message::{Message, ToolCall};

/// A model that can hold a conversation.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Asks for the next message of a transcript.
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse>;

    /// Like `chat`, and hands out the text as it arrives; in one piece, where a model cannot do better.
    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let response = self.chat(request).await?;
        text.send(&response.content).await;
        Ok(response)
    }

    /// Whether the service answers and takes the credentials, asked without cost and once; nothing is known of models that
    /// cannot be asked.
    async fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// What a model is asked.
#[derive(Debug, Clone, Copy)]
pub struct ChatRequest<'a> {
    /// The transcript, instructions first.
    pub messages: &'a [Message],
    /// Tools the model may ask for; none forbids them.
    pub tools: &'a [ToolDefinition],
    /// The conversation it belongs to, for the developer's own models.
    pub conversation_id: &'a str,
}

/// A tool as the model sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolDefinition {
    /// Name, unique in a registry.
    pub name: String,
    /// When to use it.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
}

/// What a model answers: text, tool calls or both.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChatResponse {
    /// Text, possibly empty.
    pub content: String,
    /// Tools asked for.
    pub tool_calls: Vec<ToolCall>,
    /// Which model gave it.
    pub model: ModelName,
}

/// A model, as answers name it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ModelName {
    /// `openai`, `anthropic`, …
    pub provider: String,
    /// Its name in the options.
    pub model: String,
}

impl ChatResponse {
    /// An answer, unless there is nothing in it; `reason` says why that may be.
    fn unless_empty(content: String, tool_calls: Vec<ToolCall>, reason: Option<String>) -> Result<Self> {
        if content.trim().is_empty() && tool_calls.is_empty() {
            let reason = reason.unwrap_or_else(|| "it has neither text nor tool calls".to_owned());
            return Err(Error::ModelResponseInvalid(reason));
        }
        Ok(Self { content, tool_calls, model: ModelName::default() })
    }
}

/// Why an answer is empty that ended at the token limit.
const CUT_SHORT: &str = "it ended at the token limit before any text; raise `model.maxTokens`";
/// Stands for a message without words where a service wants some.
const NO_WORDS: &str = "(no text)";
/// Stands before what the agent says first where a service wants the customer to begin.
const BEGINNING: &str = "(The conversation goes on.)";
