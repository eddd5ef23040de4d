//! Models that ask a server of the test.

use std::time::Duration;

use serde_json::{Value, json};

use super::RemoteModel;
use crate::error::Result;
use crate::http::testing::{Answer, Server, reply};
use crate::http::{HttpClient, Patience};
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ToolDefinition};
use crate::message::Message;

pub(crate) const KEY: &str = "sk-secret";

pub(crate) fn remote(settings: Value) -> Result<RemoteModel> {
    Ok(RemoteModel::new(serde_json::from_value(settings).unwrap(), "model")?.unwrap())
}

/// A model that gives up quickly; `path` follows the server's address.
pub(crate) fn model(server: &Server, provider: &str, path: &str, retries: usize) -> RemoteModel {
    let mut model = remote(json!({
        "provider": provider, "apiKey": KEY, "model": "m", "baseUrl": format!("{}{path}", server.url),
    }))
    .unwrap();
    model.client = HttpClient::new(Patience {
        timeout: Duration::from_millis(400),
        retries,
        first_delay: Duration::from_millis(1),
    });
    model
}

pub(crate) fn answer(body: Value) -> Answer {
    reply(200, body)
}

pub(crate) fn asked<'a>(messages: &'a [Message], tools: &'a [ToolDefinition]) -> ChatRequest<'a> {
    ChatRequest { messages, tools, conversation_id: "c" }
}

pub(crate) async fn ask(model: &RemoteModel) -> Result<ChatResponse> {
    model.chat(asked(&[Message::User("private words".into())], &[])).await
}
