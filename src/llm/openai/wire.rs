//! The JSON of chat completions: our types out, our types in.

use serde_json::{Map, Value, json};

use crate::config::{ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::llm::tool_calls::{Ids, read_arguments, read_calls, sent_arguments, sent_name};
use crate::llm::{CUT_SHORT, ChatRequest, ChatResponse};
use crate::message::{Message, ToolCall};

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>, streamed: bool) -> Value {
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
    if streamed {
        body.insert("stream".to_owned(), json!(true));
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

fn tool_call(call: &ToolCall) -> Value {
    let (name, arguments) = (sent_name(&call.name), sent_arguments(&call.parameters).to_string());
    json!({ "id": call.id, "type": "function", "function": { "name": name, "arguments": arguments } })
}

pub(super) fn response(body: &Value) -> Result<ChatResponse> {
    let Some(message) = body.pointer("/choices/0/message").filter(|message| message.is_object()) else {
        return Err(Error::ModelResponseInvalid("it has no choices".to_owned()));
    };
    let mut content = text(message.get("content"));
    if content.is_empty() {
        content = text(message.get("refusal"));
    }
    let calls = message.get("tool_calls").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let tool_calls = read_calls(calls.iter(), read_tool_call)?;
    let cut = body.pointer("/choices/0/finish_reason").and_then(Value::as_str) == Some("length");
    ChatResponse::unless_empty(content, tool_calls, cut.then(|| CUT_SHORT.to_owned()))
}

/// A string, or the text parts of an array.
pub(super) fn text(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text").or_else(|| part.get("refusal"))?.as_str())
            .collect(),
        _ => String::new(),
    }
}

fn read_tool_call(call: &Value, ids: &mut Ids) -> Result<ToolCall> {
    let name = call
        .pointer("/function/name")
        .and_then(Value::as_str)
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    Ok(ToolCall {
        id: ids.take(call.get("id").and_then(Value::as_str)),
        name: name.to_owned(),
        parameters: read_arguments(call.pointer("/function/arguments")),
        signature: None,
    })
}
