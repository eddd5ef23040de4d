//! The response of a text turn.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::agent::retrieved_context::RetrievedContext;
use crate::types::message::ToolResult;

/// The response of `text.generate`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextResponse {
    /// The reply.
    pub text: String,
    /// Details of the reply.
    pub metadata: TextMetadata,
}

/// Details of a reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextMetadata {
    /// The time of the reply; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub timestamp: DateTime<Utc>,
    /// The conversation, for the next request.
    pub conversation_id: String,
    /// The provider of the model: `openai`, `anthropic`, …
    pub provider: String,
    /// The model that replied.
    pub model: String,
    /// Names of the executed tools, in order, with repetitions.
    pub tools_used: Vec<String>,
    /// Results of the tools, in the same order.
    pub tool_results: Vec<ToolResult>,
    /// Calls of the tools, with their results.
    pub tool_calls: Vec<TextToolCall>,
    /// The retrieved context, unless retrieval is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<RetrievedContext>,
}

/// A tool call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextToolCall {
    /// The provider's id of the call.
    pub id: String,
    /// The name of the tool.
    pub name: String,
    /// The arguments.
    pub parameters: Value,
    /// The result.
    pub result: ToolResult,
}
