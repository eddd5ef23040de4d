//! Adapter for a custom model (`provider: 'custom'`), called through `ts/models/custom-model.ts`.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::async_context::WithAsyncContext;
use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::http::{MAX_BODY_BYTES, RetryConfig, parse_json};
use crate::json;
use crate::llm::reasoning::{Buffering, ReasoningFilter, strip_reasoning};
use crate::llm::text_sink::TextSink;
use crate::llm::tool_calls::{MAX_CALLS, read_tool_calls};
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ModelName};
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};
use crate::task;
use crate::types::message::Message;

/// A custom model.
pub(super) struct JsModel {
    user: UserCode,
    /// Path of the model's options, which identifies its functions.
    option: String,
    config: ModelConfig,
    timeout: Duration,
}

/// The result of `chat`, or a chunk of a stream.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ModelOutput {
    content: Option<String>,
    tool_calls: Option<Vec<ModelToolCall>>,
}

#[derive(Deserialize)]
struct ModelToolCall {
    id: Option<String>,
    name: String,
    parameters: Option<Value>,
}

/// The result of `stream`, as prepared by the TypeScript layer.
#[derive(Deserialize)]
struct StreamStart {
    /// Number of an iterator over the chunks.
    stream: Option<u32>,
    /// A complete response.
    response: Option<ModelOutput>,
}

/// The next chunk of an iterator.
#[derive(Deserialize)]
struct StreamItem {
    done: bool,
    piece: Option<ModelOutput>,
}

impl JsModel {
    pub fn new(user: UserCode, option: &str, config: &ModelConfig) -> Self {
        let timeout = config.timeout.map_or(RetryConfig::default().timeout, Duration::from_millis);
        Self { user, option: option.to_owned(), config: config.clone(), timeout }
    }

    /// Calls a function of the model. Text that no database can store is replaced, as for other
    /// models.
    async fn call<T: serde::de::DeserializeOwned>(&self, function: &str, argument: &Value) -> Result<T> {
        let name = format!("{}.{function}", self.option);
        let value = self.user.call_raw(&name, argument, self.timeout).await?;
        let repaired = parse_json(value.get().as_bytes()).map(|value| value.to_string());
        let repaired = repaired.unwrap_or_else(|_| value.get().to_owned());
        json::read(&repaired).map_err(|problem| {
            problem.into_error(|path, reason| Error::UserCodeInvalid {
                what: name,
                reason: format!("`{path}` {reason}"),
            })
        })
    }

    fn request(&self, request: ChatRequest<'_>) -> Value {
        let mut body = Map::new();
        if !self.config.model.is_empty() {
            body.insert("model".to_owned(), json!(self.config.model));
        }
        body.insert("messages".to_owned(), request.messages.iter().map(message).collect());
        body.insert("tools".to_owned(), json!(request.tools));
        body.insert("conversationId".to_owned(), json!(request.conversation_id));
        if let Some(temperature) = self.config.temperature {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        if let Some(tokens) = self.config.max_tokens {
            body.insert("maxTokens".to_owned(), json!(tokens));
        }
        Value::Object(body)
    }

    fn response(&self, function: &str, answer: ModelOutput) -> Result<ChatResponse> {
        // Custom models are often local models, which put their reasoning into the text.
        let (content, _) = strip_reasoning(&answer.content.unwrap_or_default());
        let calls = answer.tool_calls.unwrap_or_default();
        if content.trim().is_empty() && calls.is_empty() {
            return Err(self.invalid(function, "it has neither `content` nor `toolCalls`".to_owned()));
        }
        if calls.len() > MAX_CALLS {
            return Err(self.invalid(function, format!("it has more than {MAX_CALLS} `toolCalls`")));
        }
        let calls = calls.into_iter().map(|call| (call.id, call.name, call.parameters));
        let name = if self.config.model.is_empty() { "custom" } else { &self.config.model };
        let model = ModelName { provider: "custom".to_owned(), model: name.to_owned() };
        let tool_calls = read_tool_calls(calls);
        Ok(ChatResponse { content, tool_calls, model, ..ChatResponse::default() })
    }

    fn invalid(&self, function: &str, reason: String) -> Error {
        Error::UserCodeInvalid { what: format!("{}.{function}", self.option), reason }
    }
}

#[async_trait]
impl ChatModel for JsModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let answer = self.call("chat", &self.request(request)).await?;
        self.response("chat", answer)
    }

    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let opened: StreamStart = self.call("stream", &self.request(request)).await?;
        let Some(number) = opened.stream else {
            let response = self.response("stream", opened.response.unwrap_or_default())?;
            text.send(&response.content).await;
            return Ok(response);
        };
        let mut open = IteratorGuard { model: self, number: Some(number) };
        let mut whole = ModelOutput::default();
        let mut filter = ReasoningFilter::new(Buffering::Off);
        loop {
            let next: StreamItem = self.call("stream.next", &json!(number)).await?;
            if let Some(ModelOutput { content, tool_calls }) = next.piece {
                let piece = content.unwrap_or_default();
                let (said, calls) =
                    (whole.content.get_or_insert_default(), whole.tool_calls.get_or_insert_default());
                if said.len() + piece.len() > MAX_BODY_BYTES {
                    return Err(self.invalid("stream", "its text is longer than 16 MiB".to_owned()));
                }
                text.send(&filter.push(&piece)).await;
                said.push_str(&piece);
                calls.extend(tool_calls.unwrap_or_default());
                if calls.len() > MAX_CALLS {
                    break;
                }
            }
            if next.done {
                open.number = None;
                break;
            }
        }
        text.send(&filter.finish()).await;
        self.response("stream", whole)
    }
}

/// An iterator of the developer. On drop it is notified that no more chunks are needed.
struct IteratorGuard<'a> {
    model: &'a JsModel,
    number: Option<u32>,
}

impl Drop for IteratorGuard<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let (user, name) = (self.model.user.clone(), format!("{}.stream.return", self.model.option));
        let notification = async move {
            // The outcome is irrelevant, because no caller waits for it.
            let _ = user.call_raw(&name, &number, DEFAULT_TIMEOUT).await;
        };
        task::spawn_if_running(notification.with_current_context());
    }
}

/// Converts a message into the format documented for custom models.
fn message(message: &Message) -> Value {
    match message {
        Message::System(text) => json!({ "role": "system", "content": text }),
        Message::User(text) => json!({ "role": "user", "content": text }),
        Message::Tool { call_id, content } => {
            json!({ "role": "tool", "toolCallId": call_id, "content": content })
        }
        Message::Assistant { content, tool_calls, .. } if tool_calls.is_empty() => {
            json!({ "role": "assistant", "content": content })
        }
        Message::Assistant { content, tool_calls, .. } => {
            json!({ "role": "assistant", "content": content, "toolCalls": tool_calls })
        }
    }
}
