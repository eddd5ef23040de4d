//! A model of the developer's own (`provider: 'custom'`), called by functions of the face (`ts/custom-model.ts`).

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tracing::Instrument;

use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::http::{MAX_BODY_BYTES, Patience, parse_json};
use crate::input;
use crate::llm::text_sink::TextSink;
use crate::llm::tool_calls::{MAX_CALLS, read_tool_calls};
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ModelName};
use crate::message::Message;
use crate::node::user_code::{DEFAULT_PATIENCE, UserCode};

/// Calls the developer's model.
pub(super) struct JsModel {
    user: UserCode,
    /// Path of its options, which its functions are known by.
    option: String,
    config: ModelConfig,
    patience: Duration,
}

/// What `chat` returns, and what a stream yields.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    content: Option<String>,
    tool_calls: Option<Vec<Call>>,
}

#[derive(Deserialize)]
struct Call {
    id: Option<String>,
    name: String,
    parameters: Option<Value>,
}

/// What the face makes of what `stream` returns.
#[derive(Deserialize)]
struct Opened {
    /// The number of an iterator, to be asked for its pieces.
    stream: Option<u32>,
    /// An answer that is there already.
    response: Option<Answer>,
}

/// The next piece of an iterator.
#[derive(Deserialize)]
struct Next {
    done: bool,
    piece: Option<Answer>,
}

impl JsModel {
    pub fn new(user: UserCode, option: &str, config: &ModelConfig) -> Self {
        let patience = config.timeout.map_or(Patience::default().timeout, Duration::from_millis);
        Self { user, option: option.to_owned(), config: config.clone(), patience }
    }

    /// Calls one of its functions. Text that no database holds is replaced, as in answers of other models.
    async fn call<T: serde::de::DeserializeOwned>(&self, function: &str, argument: &Value) -> Result<T> {
        let name = format!("{}.{function}", self.option);
        let value = self.user.call_raw(&name, argument, self.patience).await?;
        let repaired = parse_json(value.get().as_bytes()).map(|value| value.to_string());
        let repaired = repaired.unwrap_or_else(|_| value.get().to_owned());
        input::read(&repaired).map_err(|problem| {
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

    fn response(&self, function: &str, answer: Answer) -> Result<ChatResponse> {
        let content = answer.content.unwrap_or_default();
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
        Ok(ChatResponse { content, tool_calls: read_tool_calls(calls), model })
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
        let opened: Opened = self.call("stream", &self.request(request)).await?;
        let Some(number) = opened.stream else {
            let response = self.response("stream", opened.response.unwrap_or_default())?;
            text.send(&response.content).await;
            return Ok(response);
        };
        let mut open = OpenIterator { model: self, number: Some(number) };
        let mut whole = Answer::default();
        loop {
            let next: Next = self.call("stream.next", &json!(number)).await?;
            if let Some(Answer { content, tool_calls }) = next.piece {
                let piece = content.unwrap_or_default();
                let (said, calls) =
                    (whole.content.get_or_insert_default(), whole.tool_calls.get_or_insert_default());
                if said.len() + piece.len() > MAX_BODY_BYTES {
                    return Err(self.invalid("stream", "its text is longer than 16 MiB".to_owned()));
                }
                text.send(&piece).await;
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
        self.response("stream", whole)
    }
}

/// An iterator of the developer's, which is told when nobody wants more of it.
struct OpenIterator<'a> {
    model: &'a JsModel,
    number: Option<u32>,
}

impl Drop for OpenIterator<'_> {
    fn drop(&mut self) {
        let (Some(number), Ok(runtime)) = (self.number, tokio::runtime::Handle::try_current()) else {
            return;
        };
        let (user, name) = (self.model.user.clone(), format!("{}.stream.return", self.model.option));
        let told = async move {
            // Whatever becomes of it: nobody waits for it any more.
            let _ = user.call_raw(&name, &number, DEFAULT_PATIENCE).await;
        };
        runtime.spawn(told.in_current_span());
    }
}

/// A message in the shape that is documented for models of one's own.
fn message(message: &Message) -> Value {
    match message {
        Message::System(text) => json!({ "role": "system", "content": text }),
        Message::User(text) => json!({ "role": "user", "content": text }),
        Message::Tool { call_id, content } => {
            json!({ "role": "tool", "toolCallId": call_id, "content": content })
        }
        Message::Assistant { content, tool_calls } if tool_calls.is_empty() => {
            json!({ "role": "assistant", "content": content })
        }
        Message::Assistant { content, tool_calls } => {
            json!({ "role": "assistant", "content": content, "toolCalls": tool_calls })
        }
    }
}
