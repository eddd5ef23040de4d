//! Language models: one trait, one file per wire format.

pub mod openai;
pub mod tokens;

use async_trait::async_trait;
use serde_json::Value;

use crate::error::Result;
use crate::message::{Message, ToolCall};

/// A model that can hold a conversation.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Asks for the next message of a transcript.
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse>;
}

/// What a model is asked.
#[derive(Debug, Clone, Copy)]
pub struct ChatRequest<'a> {
    /// The transcript, instructions first.
    pub messages: &'a [Message],
    /// Tools the model may ask for; none forbids them.
    pub tools: &'a [ToolDefinition],
}

/// A tool as the model sees it.
#[derive(Debug, Clone, PartialEq)]
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
}
