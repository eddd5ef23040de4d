//! Serialization of requests and parsing of answers of the Messages API.

use serde_json::{Map, Value, json};

use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::llm::call_ids::{CallIdFormat, CallIdMap};
use crate::llm::http_model::{RequestParams, is_code_word};
use crate::llm::tool_calls::{
    CallIdAllocator, arguments_object, read_arguments, read_calls, sanitize_tool_name,
};
use crate::llm::{ChatRequest, ChatResponse, EMPTY_MESSAGE, OPENING_MESSAGE, TOKEN_LIMIT_REACHED};
use crate::types::message::{Message, ReasoningDetails, ToolCall};

/// Default maximum tokens of an answer. The API requires a value, and every model supports this
/// one.
const DEFAULT_MAX_TOKENS: u32 = 4_096;

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value {
    let transcript = Transcript::of(request.messages, params.model);
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(config.model.trim()));
    body.insert("max_tokens".to_owned(), json!(config.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS)));
    if !transcript.system.is_empty() {
        body.insert("system".to_owned(), json!(transcript.system));
    }
    body.insert("messages".to_owned(), transcript.messages.into());
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({ "name": tool.name, "description": tool.description, "input_schema": tool.parameters })
        });
        body.insert("tools".to_owned(), tools.collect());
    } else if !transcript.used.is_empty() {
        // The API requires declarations of all tools in the transcript, even if no further calls
        // are allowed.
        let tools = transcript
            .used
            .iter()
            .map(|name| json!({ "name": name, "description": "", "input_schema": { "type": "object" } }));
        body.insert("tools".to_owned(), tools.collect());
        body.insert("tool_choice".to_owned(), json!({ "type": "none" }));
    }
    if params.streamed {
        body.insert("stream".to_owned(), json!(true));
    }
    if let Some(temperature) = config.temperature.filter(|_| !params.unsupported_features.has("temperature"))
    {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    Value::Object(body)
}

/// A transcript in the API's format. Instructions are separate. User and assistant alternate,
/// beginning with the user. Tool results come first after the calls. No text is empty.
struct Transcript<'a> {
    /// Path of the requested model's options.
    model: &'a str,
    system: String,
    messages: Vec<Value>,
    /// Names of the tools in the transcript.
    used: Vec<String>,
    ids: CallIdMap,
}

impl<'a> Transcript<'a> {
    fn of(messages: &[Message], model: &'a str) -> Self {
        let (system, messages_sent, used) = (String::new(), Vec::new(), Vec::new());
        let ids = CallIdMap::new(CallIdFormat::Anthropic);
        let mut transcript = Self { model, system, messages: messages_sent, used, ids };
        for message in messages {
            transcript.add(message);
        }
        transcript
    }

    fn add(&mut self, message: &Message) {
        match message {
            Message::System(text) => {
                let gap = if self.system.is_empty() { "" } else { "\n\n" };
                self.system = format!("{}{gap}{text}", self.system);
            }
            Message::User(text) => {
                let text = if text.trim().is_empty() { EMPTY_MESSAGE } else { text };
                self.push("user", json!({ "type": "text", "text": text }));
            }
            Message::Assistant { content, tool_calls, reasoning } => {
                self.ids.begin();
                if let Some(blocks) =
                    ReasoningDetails::of(reasoning.as_ref(), self.model).and_then(Value::as_array)
                {
                    return self.reasoning(blocks, tool_calls);
                }
                if !content.trim().is_empty() {
                    self.push("assistant", json!({ "type": "text", "text": content }));
                }
                for call in tool_calls {
                    self.call(call);
                }
            }
            Message::Tool { call_id, content } => {
                let id = self.ids.result(call_id);
                let result = json!({ "type": "tool_result", "tool_use_id": id, "content": content });
                self.push("user", result);
            }
        }
    }

    fn call(&mut self, call: &ToolCall) {
        let name = sanitize_tool_name(&call.name);
        if !self.used.contains(&name) {
            self.used.push(name.clone());
        }
        let id = self.ids.call(&call.id);
        let input = arguments_object(&call.parameters);
        self.push("assistant", json!({ "type": "tool_use", "id": id, "name": name, "input": input }));
    }

    /// Adds blocks as they were received, including reasoning with signatures, and the calls in
    /// their positions.
    fn reasoning(&mut self, blocks: &[Value], calls: &[ToolCall]) {
        let mut calls = calls.iter();
        for block in blocks {
            match block["type"].as_str() {
                Some("tool_use") => calls.next().into_iter().for_each(|call| self.call(call)),
                _ => self.push("assistant", block.clone()),
            }
        }
    }

    fn push(&mut self, role: &str, block: Value) {
        if self.messages.is_empty() && role == "assistant" {
            self.push("user", json!({ "type": "text", "text": OPENING_MESSAGE }));
        }
        if let Some(last) = self.messages.last_mut().filter(|last| last["role"] == role)
            && let Some(content) = last["content"].as_array_mut()
        {
            content.push(block);
            return;
        }
        self.messages.push(json!({ "role": role, "content": [block] }));
    }
}

pub(super) fn response(body: &Value) -> Result<ChatResponse> {
    let Some(blocks) = body.get("content").and_then(Value::as_array) else {
        return Err(Error::ModelResponseInvalid("it has no content".to_owned()));
    };
    let of_type = |kind: &'static str| blocks.iter().filter(move |block| block["type"] == kind);
    let content: String = of_type("text").filter_map(|block| block["text"].as_str()).collect();
    let tool_calls = read_calls(of_type("tool_use"), read_tool_call)?;
    let reasoning = reasoning(blocks).filter(|_| !tool_calls.is_empty());
    let response = ChatResponse::from_text(&content, tool_calls, why_empty(body))?;
    Ok(ChatResponse { reasoning, ..response })
}

/// Returns the blocks that must be sent back, if they include reasoning. The API rejects calls
/// without their reasoning.
fn reasoning(blocks: &[Value]) -> Option<ReasoningDetails> {
    let is_reasoning =
        |block: &Value| matches!(block["type"].as_str(), Some("thinking" | "redacted_thinking"));
    blocks.iter().any(is_reasoning).then(|| {
        let is_kept = |block: &Value| match block["type"].as_str() {
            Some("text") => block["text"].as_str().is_some_and(|text| !text.trim().is_empty()),
            kind => is_reasoning(block) || kind == Some("tool_use"),
        };
        let kept = blocks.iter().filter(|block| is_kept(block)).cloned().collect();
        ReasoningDetails { content: kept, ..ReasoningDetails::default() }
    })
}

fn why_empty(body: &Value) -> Option<String> {
    match body.get("stop_reason")?.as_str()? {
        "max_tokens" => Some(TOKEN_LIMIT_REACHED.to_owned()),
        "end_turn" => None,
        reason => is_code_word(reason).then(|| format!("it is empty ({reason})")),
    }
}

fn read_tool_call(block: &Value, ids: &mut CallIdAllocator) -> Result<ToolCall> {
    let name = block["name"]
        .as_str()
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    Ok(ToolCall {
        id: ids.allocate(block["id"].as_str()),
        name: name.to_owned(),
        parameters: read_arguments(block.get("input")),
    })
}
