//! The JSON of chat completions: our types out, our types in.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::config::{ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::http::parse_json;
use crate::llm::{ChatRequest, ChatResponse};
use crate::message::{Message, ToolCall};

/// Deepest arguments accepted: a recorded call wraps them once, and databases hold 31 levels.
const MAX_ARGUMENT_DEPTH: usize = 30;
/// Longest name of a function.
const MAX_NAME_CHARS: usize = 64;

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>) -> Value {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(config.model));
    body.insert("messages".to_owned(), request.messages.iter().map(message).collect());
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({ "type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.parameters,
            }})
        });
        body.insert("tools".to_owned(), tools.collect());
    }
    if let Some(temperature) = config.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(tokens) = config.max_tokens {
        // Compatible servers know the older name.
        let own = config.provider == Provider::OpenAi && config.base_url.is_none();
        let name = if own { "max_completion_tokens" } else { "max_tokens" };
        body.insert(name.to_owned(), json!(tokens));
    }
    Value::Object(body)
}

fn message(message: &Message) -> Value {
    match message {
        Message::System(text) => json!({ "role": "system", "content": text }),
        Message::User(text) => json!({ "role": "user", "content": text }),
        Message::Tool { call_id, content } => {
            json!({ "role": "tool", "tool_call_id": call_id, "content": content })
        }
        Message::Assistant { content, tool_calls } if tool_calls.is_empty() => {
            json!({ "role": "assistant", "content": content })
        }
        Message::Assistant { content, tool_calls } => {
            let calls: Vec<Value> = tool_calls.iter().map(tool_call).collect();
            let mut message = json!({ "role": "assistant", "tool_calls": calls });
            if !content.is_empty() {
                message["content"] = json!(content);
            }
            message
        }
    }
}

/// A call as the model is told it made it. Names and arguments a server might refuse are mended: a
/// refusal here would refuse every later request of the conversation.
fn tool_call(call: &ToolCall) -> Value {
    let name: String = call
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
        .take(MAX_NAME_CHARS)
        .collect();
    let name = if name.is_empty() { "unnamed".to_owned() } else { name };
    let arguments = match &call.parameters {
        Value::Object(_) => call.parameters.to_string(),
        Value::Null => "{}".to_owned(),
        other => json!({ "invalid_arguments": other }).to_string(),
    };
    json!({ "id": call.id, "type": "function", "function": { "name": name, "arguments": arguments } })
}

pub(super) fn response(body: &Value) -> Result<ChatResponse> {
    let Some(message) = body.pointer("/choices/0/message").filter(|message| message.is_object()) else {
        let reason = if body.get("error").is_some() { "it carries an error" } else { "it has no choices" };
        return Err(Error::ModelResponseInvalid(reason.to_owned()));
    };
    let mut content = text(message.get("content"));
    if content.is_empty() {
        content = text(message.get("refusal"));
    }
    let mut ids = HashSet::new();
    let calls = message.get("tool_calls").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let tool_calls = calls.iter().map(|call| read_tool_call(call, &mut ids)).collect::<Result<Vec<_>>>()?;
    if content.trim().is_empty() && tool_calls.is_empty() {
        let cut = body.pointer("/choices/0/finish_reason").and_then(Value::as_str) == Some("length");
        let reason = if cut {
            "it ended at the token limit before any text; raise `model.maxTokens`"
        } else {
            "it has neither text nor tool calls"
        };
        return Err(Error::ModelResponseInvalid(reason.to_owned()));
    }
    Ok(ChatResponse { content, tool_calls })
}

/// A string, or the text parts of an array.
fn text(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text").or_else(|| part.get("refusal"))?.as_str())
            .collect(),
        _ => String::new(),
    }
}

fn read_tool_call(call: &Value, ids: &mut HashSet<String>) -> Result<ToolCall> {
    let name = call
        .pointer("/function/name")
        .and_then(Value::as_str)
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    let parameters = match call.pointer("/function/arguments") {
        None | Some(Value::Null) => json!({}),
        Some(Value::String(text)) => read_arguments(text),
        Some(object @ Value::Object(_)) if depth(object) <= MAX_ARGUMENT_DEPTH => object.clone(),
        Some(other) => Value::String(other.to_string()),
    };
    let given = call.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = given
        .filter(|id| !ids.contains(*id))
        .map_or_else(|| format!("call_{}", uuid::Uuid::now_v7().simple()), str::to_owned);
    ids.insert(id.clone());
    Ok(ToolCall { id, name: name.to_owned(), parameters })
}

/// An object, or the text itself where it is none that could be kept.
fn read_arguments(text: &str) -> Value {
    if text.trim().is_empty() {
        return json!({});
    }
    match parse_json(text.as_bytes()) {
        Ok(arguments @ Value::Object(_)) if depth(&arguments) <= MAX_ARGUMENT_DEPTH => arguments,
        _ => Value::String(text.replace('\0', "\u{fffd}")),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or_default(),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}
