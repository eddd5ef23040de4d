//! The JSON of contents and parts: our types out, our types in.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::schema;
use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::http::parse_json;
use crate::llm::remote::is_word;
use crate::llm::tool_calls::{Ids, read_arguments, read_calls, sent_arguments, sent_name};
use crate::llm::{BEGINNING, CUT_SHORT, ChatRequest, ChatResponse, NO_WORDS, ToolDefinition};
use crate::message::{Message, ToolCall};

/// What Google documents to be sent with a call that another model made, where Gemini 3 insists on a signature.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>) -> Value {
    let mut transcript = Transcript { insists: config.model.contains("gemini-3"), ..Transcript::default() };
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
    if let Some(temperature) = config.temperature {
        generation.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(tokens) = config.max_tokens {
        generation.insert("maxOutputTokens".to_owned(), json!(tokens));
    }
    if !generation.is_empty() {
        body.insert("generationConfig".to_owned(), generation.into());
    }
    Value::Object(body)
}

fn declaration(tool: &ToolDefinition) -> Value {
    let mut declaration = json!({ "name": function_name(&tool.name), "description": tool.description });
    // An object without properties is refused: a function without arguments has no parameters.
    if let Some(parameters) = schema::parameters(&tool.parameters) {
        declaration["parameters"] = parameters;
    }
    declaration
}

/// A tool's name as Gemini accepts it: it begins with a letter or an underscore.
fn function_name(name: &str) -> String {
    let name = sent_name(name);
    if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { name } else { format!("_{name}") }
}

/// The messages as the API wants them: the instructions apart, the results of tools in one content right after the calls.
#[derive(Default)]
struct Transcript {
    /// Whether the model wants every call to be signed.
    insists: bool,
    system: Vec<Value>,
    contents: Vec<Value>,
    /// Whether the last content holds results.
    results: bool,
    /// Names of the functions called last, by the id of the call.
    called: HashMap<String, String>,
}

impl Transcript {
    fn add(&mut self, message: &Message) {
        match message {
            Message::System(text) => self.system.push(json!({ "text": text })),
            Message::User(text) => {
                let text = if text.trim().is_empty() { NO_WORDS } else { text };
                self.push("user", vec![json!({ "text": text })], false);
            }
            Message::Assistant { content, tool_calls } => {
                let text = (!content.trim().is_empty()).then(|| json!({ "text": content }));
                let calls = tool_calls.iter().enumerate().map(|(n, call)| self.call(call, n == 0));
                let parts: Vec<Value> = text.into_iter().chain(calls).collect();
                self.called =
                    tool_calls.iter().map(|call| (call.id.clone(), function_name(&call.name))).collect();
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

    fn call(&self, call: &ToolCall, first: bool) -> Value {
        let args = sent_arguments(&call.parameters);
        let mut part =
            json!({ "functionCall": { "id": call.id, "name": function_name(&call.name), "args": args } });
        match &call.signature {
            Some(signature) => part["thoughtSignature"] = json!(signature),
            // Of calls made at once only the first is signed.
            None if self.insists && first => part["thoughtSignature"] = json!(NO_SIGNATURE),
            None => {}
        }
        part
    }

    fn push(&mut self, role: &str, parts: Vec<Value>, results: bool) {
        if self.contents.is_empty() && role == "model" {
            self.push("user", vec![json!({ "text": BEGINNING })], false);
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
        let reason = match blocked.filter(|reason| is_word(reason)) {
            Some(reason) => format!("the prompt was blocked ({reason})"),
            None => "it has no candidates".to_owned(),
        };
        return Err(Error::ModelResponseInvalid(reason));
    };
    let parts = candidate.pointer("/content/parts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let content = text(parts);
    let calls = parts.iter().filter(|part| part.get("functionCall").is_some());
    let tool_calls = read_calls(calls, |part, ids| read_tool_call(part, tools, ids))?;
    ChatResponse::unless_empty(content, tool_calls, why_empty(candidate))
}

/// The text of parts, without what the model only thought.
pub(super) fn text(parts: &[Value]) -> String {
    parts.iter().filter(|part| part["thought"] != true).filter_map(|part| part["text"].as_str()).collect()
}

fn why_empty(candidate: &Value) -> Option<String> {
    match candidate.get("finishReason")?.as_str()? {
        "MAX_TOKENS" => Some(CUT_SHORT.to_owned()),
        "STOP" => None,
        reason => is_word(reason).then(|| format!("it is empty ({reason})")),
    }
}

fn read_tool_call(part: &Value, tools: &[ToolDefinition], ids: &mut Ids) -> Result<ToolCall> {
    let call = &part["functionCall"];
    let name = call["name"]
        .as_str()
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    let tool = tools.iter().find(|tool| function_name(&tool.name) == name);
    Ok(ToolCall {
        id: ids.take(call["id"].as_str()),
        name: tool.map_or(name, |tool| &tool.name).to_owned(),
        parameters: read_arguments(call.get("args")),
        signature: part["thoughtSignature"].as_str().map(str::to_owned),
    })
}
