//! Serialization of requests and parsing of answers of the Gemini API.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::schema;
use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::http::parse_json;
use crate::llm::http_model::{RequestParams, is_code_word};
use crate::llm::tool_calls::{
    CallIdAllocator, arguments_object, read_arguments, read_calls, sanitize_tool_name,
};
use crate::llm::unsupported_features::SYSTEM_ROLE;
use crate::llm::{
    ChatRequest, ChatResponse, EMPTY_MESSAGE, OPENING_MESSAGE, TOKEN_LIMIT_REACHED, ToolDefinition,
};
use crate::types::message::{Message, ReasoningDetails, ToolCall};

/// Placeholder that Google documents for calls of another model, because Gemini 3 requires a
/// signature.
const SKIP_SIGNATURE: &str = "skip_thought_signature_validator";

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value {
    let requires_signature = config.model.contains("gemini-3");
    let system_as_user = params.unsupported_features.has(SYSTEM_ROLE);
    let mut transcript =
        Transcript { model: params.model, requires_signature, system_as_user, ..Transcript::default() };
    for message in request.messages {
        transcript.add(message);
    }
    let mut body = Map::new();
    if !transcript.system.is_empty() {
        body.insert("systemInstruction".to_owned(), json!({ "parts": transcript.system }));
    }
    body.insert("contents".to_owned(), transcript.contents.into());
    if !request.tools.is_empty() {
        let tools: Vec<Value> = request.tools.iter().map(declaration).collect();
        body.insert("tools".to_owned(), json!([{ "functionDeclarations": tools }]));
    }
    let mut generation = Map::new();
    if let Some(temperature) = config.temperature.filter(|_| !params.unsupported_features.has("temperature"))
    {
        generation.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(tokens) = config.max_tokens.filter(|_| !params.unsupported_features.has("maxOutputTokens")) {
        generation.insert("maxOutputTokens".to_owned(), json!(tokens));
    }
    if !generation.is_empty() {
        body.insert("generationConfig".to_owned(), generation.into());
    }
    Value::Object(body)
}

fn declaration(tool: &ToolDefinition) -> Value {
    let mut declaration = json!({ "name": function_name(&tool.name), "description": tool.description });
    // An object without properties is rejected, so a function without arguments has no parameters.
    if let Some(parameters) = schema::parameters(&tool.parameters) {
        declaration["parameters"] = parameters;
    }
    declaration
}

/// Returns a tool name that Gemini accepts: it begins with a letter or an underscore.
fn function_name(name: &str) -> String {
    let name = sanitize_tool_name(name);
    if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { name } else { format!("_{name}") }
}

/// A transcript in the API's format: instructions are separate, and the results of tools are one
/// content directly after the calls.
#[derive(Default)]
struct Transcript<'a> {
    /// Path of the requested model's options.
    model: &'a str,
    /// Sends instructions as the first user message, because Gemma supports no system role.
    system_as_user: bool,
    /// `true` if the model requires a signature for every call.
    requires_signature: bool,
    system: Vec<Value>,
    contents: Vec<Value>,
    /// `true` if the last content holds tool results.
    results: bool,
    /// Names of the latest function calls, by call id.
    called: HashMap<String, String>,
}

impl Transcript<'_> {
    fn add(&mut self, message: &Message) {
        match message {
            Message::System(text) if self.system_as_user => {
                self.push("user", vec![json!({ "text": text })], false)
            }
            Message::System(text) => self.system.push(json!({ "text": text })),
            Message::User(text) => {
                let text = if text.trim().is_empty() { EMPTY_MESSAGE } else { text };
                self.push("user", vec![json!({ "text": text })], false);
            }
            Message::Assistant { content, tool_calls, reasoning } => {
                self.called =
                    tool_calls.iter().map(|call| (call.id.clone(), function_name(&call.name))).collect();
                let parts =
                    match ReasoningDetails::of(reasoning.as_ref(), self.model).and_then(Value::as_array) {
                        Some(parts) => self.reasoning(parts, tool_calls),
                        None => {
                            let text = (!content.trim().is_empty()).then(|| json!({ "text": content }));
                            let calls = tool_calls.iter().enumerate();
                            let calls = calls.map(|(n, call)| self.call(call, &Value::Null, n == 0));
                            text.into_iter().chain(calls).collect()
                        }
                    };
                if !parts.is_empty() {
                    self.push("model", parts, false);
                }
            }
            Message::Tool { call_id, content } => {
                let name = self.called.get(call_id).cloned().unwrap_or_else(|| "unknown".to_owned());
                let response = match parse_json(content.as_bytes()) {
                    Ok(object @ Value::Object(_)) => object,
                    _ => json!({ "result": content }),
                };
                let result = json!({ "id": call_id, "name": name, "response": response });
                self.push("user", vec![json!({ "functionResponse": result })], true);
            }
        }
    }

    /// Returns parts as they were received, with their signatures, and the calls in their
    /// positions.
    fn reasoning(&self, parts: &[Value], calls: &[ToolCall]) -> Vec<Value> {
        let mut calls = calls.iter().enumerate();
        let sent = parts.iter().filter_map(|part| match part.get("functionCall") {
            Some(_) => calls.next().map(|(n, call)| self.call(call, &part["thoughtSignature"], n == 0)),
            None => Some(part.clone()),
        });
        sent.collect()
    }

    fn call(&self, call: &ToolCall, signature: &Value, first: bool) -> Value {
        let args = arguments_object(&call.parameters);
        let mut part =
            json!({ "functionCall": { "id": call.id, "name": function_name(&call.name), "args": args } });
        match signature {
            Value::String(signature) => part["thoughtSignature"] = json!(signature),
            // Of parallel calls, only the first one is signed.
            _ if self.requires_signature && first => part["thoughtSignature"] = json!(SKIP_SIGNATURE),
            _ => {}
        }
        part
    }

    fn push(&mut self, role: &str, parts: Vec<Value>, results: bool) {
        if self.contents.is_empty() && role == "model" {
            self.push("user", vec![json!({ "text": OPENING_MESSAGE })], false);
        }
        let alike = self.results == results;
        self.results = results;
        if let Some(last) = self.contents.last_mut().filter(|last| alike && last["role"] == role)
            && let Some(before) = last["parts"].as_array_mut()
        {
            before.extend(parts);
            return;
        }
        self.contents.push(json!({ "role": role, "parts": parts }));
    }
}

pub(super) fn response(body: &Value, tools: &[ToolDefinition]) -> Result<ChatResponse> {
    let Some(candidate) = body.pointer("/candidates/0").filter(|candidate| candidate.is_object()) else {
        let blocked = body.pointer("/promptFeedback/blockReason").and_then(Value::as_str);
        let reason = match blocked.filter(|reason| is_code_word(reason)) {
            Some(reason) => format!("the prompt was blocked ({reason})"),
            None => "it has no candidates".to_owned(),
        };
        return Err(Error::ModelResponseInvalid(reason));
    };
    let parts = candidate.pointer("/content/parts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let content = text(parts);
    let calls = parts.iter().filter(|part| part.get("functionCall").is_some());
    let tool_calls = read_calls(calls, |part, ids| read_tool_call(part, tools, ids))?;
    let reasoning = reasoning(parts).filter(|_| !tool_calls.is_empty());
    let response = ChatResponse::from_text(&content, tool_calls, why_empty(candidate))?;
    Ok(ChatResponse { reasoning, ..response })
}

/// Returns the parts that must be sent back, if any part is signed.
fn reasoning(parts: &[Value]) -> Option<ReasoningDetails> {
    let is_signed = |part: &Value| part["thoughtSignature"].is_string();
    parts.iter().any(is_signed).then(|| {
        let is_kept = |part: &Value| {
            let is_text =
                part["thought"] != true && part["text"].as_str().is_some_and(|text| !text.is_empty());
            is_signed(part) || is_text || part.get("functionCall").is_some()
        };
        let kept = parts.iter().filter(|part| is_kept(part)).cloned().collect();
        ReasoningDetails { content: kept, ..ReasoningDetails::default() }
    })
}

/// Joins the text of parts, without reasoning.
pub(super) fn text(parts: &[Value]) -> String {
    parts.iter().filter(|part| part["thought"] != true).filter_map(|part| part["text"].as_str()).collect()
}

fn why_empty(candidate: &Value) -> Option<String> {
    match candidate.get("finishReason")?.as_str()? {
        "MAX_TOKENS" => Some(TOKEN_LIMIT_REACHED.to_owned()),
        "STOP" => None,
        reason => is_code_word(reason).then(|| format!("it is empty ({reason})")),
    }
}

fn read_tool_call(part: &Value, tools: &[ToolDefinition], ids: &mut CallIdAllocator) -> Result<ToolCall> {
    let call = &part["functionCall"];
    let name = call["name"]
        .as_str()
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    let tool = tools.iter().find(|tool| function_name(&tool.name) == name);
    Ok(ToolCall {
        id: ids.allocate(call["id"].as_str()),
        name: tool.map_or(name, |tool| &tool.name).to_owned(),
        parameters: read_arguments(call.get("args")),
    })
}
