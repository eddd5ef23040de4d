//! Serialization of requests and parsing of answers of the chat completions API.

use serde_json::{Map, Value, json};

use super::content::text;
use super::{compat, transcript};
use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::llm::http_model::RequestParams;
use crate::llm::tool_calls::{CallIdAllocator, read_arguments, read_calls};
use crate::llm::{ChatRequest, ChatResponse, TOKEN_LIMIT_REACHED};
use crate::types::message::ToolCall;

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(config.model));
    body.insert("messages".to_owned(), transcript::messages(config, request.messages, params).into());
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({ "type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.parameters,
            }})
        });
        body.insert("tools".to_owned(), tools.collect());
    }
    if params.streamed {
        body.insert("stream".to_owned(), json!(true));
    }
    if let Some(temperature) = config.temperature.filter(|_| !params.unsupported_features.has("temperature"))
    {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(tokens) = config.max_tokens {
        let mut names = ["max_tokens", "max_completion_tokens"];
        if compat::uses_max_completion_tokens(config) {
            names.reverse();
        }
        if let Some(name) = names.into_iter().find(|name| !params.unsupported_features.has(name)) {
            body.insert(name.to_owned(), json!(tokens));
        }
    }
    Value::Object(body)
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
    let mut tool_calls = read_calls(calls.iter(), read_tool_call)?;
    if tool_calls.is_empty()
        && let Some(function) = message.get("function_call").filter(|call| call.is_object())
    {
        // The deprecated form of a single call.
        let call = json!({ "function": function });
        tool_calls = read_calls(std::iter::once(&call), read_tool_call)?;
    }
    let cut = body.pointer("/choices/0/finish_reason").and_then(Value::as_str) == Some("length");
    let response =
        ChatResponse::from_text(&content, tool_calls, cut.then(|| TOKEN_LIMIT_REACHED.to_owned()))?;
    if response.tool_calls.is_empty() {
        return Ok(response);
    }
    let reasoning_in_text = response.content != content;
    Ok(ChatResponse { reasoning: transcript::reasoning(message, reasoning_in_text), ..response })
}

fn read_tool_call(call: &Value, ids: &mut CallIdAllocator) -> Result<ToolCall> {
    let name = call
        .pointer("/function/name")
        .and_then(Value::as_str)
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    // Some servers leave channel markers of gpt-oss at the end of the name.
    let name = name.split_once("<|").map_or(name, |(name, _)| name);
    Ok(ToolCall {
        id: ids.allocate(call.get("id").and_then(Value::as_str)),
        name: name.to_owned(),
        parameters: read_arguments(call.pointer("/function/arguments")),
    })
}
