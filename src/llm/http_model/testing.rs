//! Models that send requests to a test server.

use std::time::Duration;

use serde_json::{Value, json};

use super::HttpChatModel;
use crate::error::Result;
use crate::http::testing::{ScriptedReply, Server, reply};
use crate::http::{HttpClient, RetryConfig};
use crate::llm::factory::http_model;
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ToolDefinition};
use crate::types::message::Message;

pub(crate) const KEY: &str = "sk-secret";

pub(crate) fn remote(settings: Value) -> Result<HttpChatModel> {
    Ok(http_model(&serde_json::from_value(settings).unwrap(), "model")?.unwrap())
}

/// Creates a model with short timeouts. `path` is appended to the server's URL.
pub(crate) fn model(server: &Server, provider: &str, path: &str, retries: usize) -> HttpChatModel {
    let mut model = remote(json!({
        "provider": provider, "apiKey": KEY, "model": "m", "baseUrl": format!("{}{path}", server.url),
    }))
    .unwrap();
    model.client = HttpClient::new(RetryConfig {
        timeout: Duration::from_millis(400),
        retries,
        initial_backoff: Duration::from_millis(1),
    });
    model
}

pub(crate) fn answer(body: Value) -> ScriptedReply {
    reply(200, body)
}

pub(crate) fn asked<'a>(messages: &'a [Message], tools: &'a [ToolDefinition]) -> ChatRequest<'a> {
    ChatRequest { messages, tools, conversation_id: "c" }
}

pub(crate) async fn ask(model: &HttpChatModel) -> Result<ChatResponse> {
    model.chat(asked(&[Message::User("private words".into())], &[])).await
}
