//! The messages of a request. Roles alternate and the user begins, because the chat templates of
//! many models require it.

use serde_json::{Map, Value, json};

use super::compat;
use super::content::is_reasoning;
use crate::config::ModelConfig;
use crate::llm::call_ids::{CallIdFormat, CallIdMap};
use crate::llm::http_model::RequestParams;
use crate::llm::tool_calls::{arguments_object, sanitize_tool_name};
use crate::llm::unsupported_features::{LONG_CALL_IDS, MISSING_REASONING, SYSTEM_ROLE};
use crate::llm::{EMPTY_MESSAGE, MISSING_ANSWER, OPENING_MESSAGE};
use crate::types::message::{Message, ReasoningDetails, ToolCall};

/// Converts messages to the API's format. The instructions are one message at the beginning. User
/// and assistant alternate, beginning with the user, and an answer follows tool results.
pub(super) fn messages(config: &ModelConfig, messages: &[Message], params: RequestParams<'_>) -> Vec<Value> {
    let form = if params.unsupported_features.has(LONG_CALL_IDS) {
        CallIdFormat::Mistral
    } else {
        compat::call_id_format(config)
    };
    let ids = CallIdMap::new(form);
    let mut transcript = Transcript { params, ids, system: String::new(), messages: Vec::new() };
    for message in messages {
        transcript.add(message);
    }
    transcript.finish()
}

struct Transcript<'a> {
    params: RequestParams<'a>,
    ids: CallIdMap,
    system: String,
    messages: Vec<Value>,
}

impl Transcript<'_> {
    fn add(&mut self, message: &Message) {
        match message {
            Message::System(text) => join(&mut self.system, text),
            Message::User(text) => {
                let text = if text.trim().is_empty() { EMPTY_MESSAGE } else { text };
                if self.last_role() == "tool" {
                    self.messages.push(json!({ "role": "assistant", "content": MISSING_ANSWER }));
                }
                self.say("user", text);
            }
            Message::Assistant { content, tool_calls, .. } if tool_calls.is_empty() => {
                if !content.trim().is_empty() {
                    self.say("assistant", content);
                }
            }
            Message::Assistant { content, tool_calls, reasoning } => {
                let reasoning =
                    ReasoningDetails::of(reasoning.as_ref(), self.params.model).unwrap_or(&Value::Null);
                self.call(content, tool_calls, reasoning);
            }
            Message::Tool { call_id, content } => {
                let id = self.ids.result(call_id);
                self.messages.push(json!({ "role": "tool", "tool_call_id": id, "content": content }));
            }
        }
    }

    fn last_role(&self) -> &str {
        self.messages.last().and_then(|last| last["role"].as_str()).unwrap_or_default()
    }

    /// Returns the text of the last message, if it has the same role.
    fn last_text(&mut self, role: &str) -> Option<&mut String> {
        let last = self.messages.last_mut().filter(|last| last["role"] == role)?;
        match last.get_mut("content") {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    fn say(&mut self, role: &str, text: &str) {
        self.begin(role);
        match self.last_text(role) {
            Some(before) => join(before, text),
            None => self.messages.push(json!({ "role": role, "content": text })),
        }
    }

    /// Inserts a user message at the beginning if another role would be first.
    fn begin(&mut self, role: &str) {
        if self.messages.is_empty() && role != "user" {
            self.messages.push(json!({ "role": "user", "content": OPENING_MESSAGE }));
        }
    }

    fn call(&mut self, content: &str, calls: &[ToolCall], reasoning: &Value) {
        self.begin("assistant");
        let mut text = match self.last_text("assistant") {
            Some(before) => {
                let before = std::mem::take(before);
                self.messages.pop();
                before
            }
            None => String::new(),
        };
        if !content.is_empty() {
            join(&mut text, content);
        }
        self.ids.begin();
        let echoed = reasoning["calls"].as_array().map_or(&[][..], Vec::as_slice);
        let sent = calls.iter().enumerate().map(|(n, call)| {
            let mut sent = echoed.get(n).cloned().unwrap_or_else(|| json!({}));
            let (name, arguments) =
                (sanitize_tool_name(&call.name), arguments_object(&call.parameters).to_string());
            sent["id"] = json!(self.ids.call(&call.id));
            sent["type"] = json!("function");
            sent["function"]["name"] = json!(name);
            sent["function"]["arguments"] = json!(arguments);
            self.without_unsupported(sent)
        });
        let sent: Vec<Value> = sent.collect();
        let mut message = reasoning.get("message").cloned().unwrap_or_else(|| json!({}));
        message = self.without_unsupported(message);
        message["role"] = json!("assistant");
        message["tool_calls"] = json!(sent);
        if !text.is_empty() && message.get("content").is_none() {
            message["content"] = json!(text);
        }
        self.messages.push(message);
    }

    /// Adds reasoning to every assistant message without any.
    fn fill_reasoning(&mut self) {
        for message in self.messages.iter_mut().filter(|message| message["role"] == "assistant") {
            if !message.get(REASONING_CONTENT).is_some_and(is_not_empty) {
                message[REASONING_CONTENT] = json!(LOST_REASONING);
            }
        }
    }

    fn without_unsupported(&self, mut value: Value) -> Value {
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|name, _| !self.params.unsupported_features.has(name));
        }
        value
    }

    fn finish(mut self) -> Vec<Value> {
        if self.params.unsupported_features.has(MISSING_REASONING)
            && !self.params.unsupported_features.has(REASONING_CONTENT)
        {
            self.fill_reasoning();
        }
        if self.system.is_empty() {
            return self.messages;
        }
        if !self.params.unsupported_features.has(SYSTEM_ROLE) {
            self.messages.insert(0, json!({ "role": "system", "content": self.system }));
            return self.messages;
        }
        // The instructions precede the first user message.
        match self.messages.first_mut().and_then(|first| first.get_mut("content")) {
            Some(Value::String(text)) => *text = format!("{}\n\n{text}", self.system),
            _ => self.messages.insert(0, json!({ "role": "user", "content": self.system })),
        }
        self.messages
    }
}

/// Field of the reasoning of DeepSeek, Kimi and others.
const REASONING_CONTENT: &str = "reasoning_content";
/// Placeholder for lost reasoning. An empty text is rejected like a missing one.
const LOST_REASONING: &str = " ";

/// Appends a paragraph.
fn join(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

/// Fields of calls that every server supports. Other fields are specific to the model and are sent
/// back to it.
const PLAIN_CALL: &[&str] = &["id", "type", "index", "function"];
const PLAIN_FUNCTION: &[&str] = &["name", "arguments", "parsed_arguments"];
/// Parts of the names of fields that hold reasoning and signatures.
const REASONING_FIELDS: &[&str] =
    &["reason", "think", "thought", "signature", "extra_content", "provider_specific_fields", "encrypted"];

/// Returns `true` if a field of a message is sent back with its calls.
fn is_echoed(name: &str) -> bool {
    REASONING_FIELDS.iter().any(|part| name.contains(part))
        && !matches!(name, "finish_reason" | "stop_reason")
}

/// Returns `true` if a field of a call is sent back with it.
pub(super) fn is_echoed_of_call(name: &str) -> bool {
    !PLAIN_CALL.contains(&name)
}

/// Returns the parts of a message that are sent back with its calls. `reasoning_in_text` means that
/// the text contains reasoning, which the chat template parses again.
pub(super) fn reasoning(message: &Value, reasoning_in_text: bool) -> Option<ReasoningDetails> {
    let fields = message.as_object()?;
    let mut own: Map<String, Value> =
        fields.iter().filter(|(name, value)| is_sent_back(name, value)).map(owned).collect();
    let content = fields.get("content").filter(|content| reasoning_in_text || has_reasoning(content));
    own.extend(content.map(|content| ("content".to_owned(), content.clone())));
    let calls = fields.get("tool_calls").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let calls: Vec<Value> = calls.iter().map(of_call).collect();
    let empty = own.is_empty() && calls.iter().all(|call| !is_not_empty(call));
    (!empty).then(|| ReasoningDetails {
        content: json!({ "message": own, "calls": calls }),
        ..ReasoningDetails::default()
    })
}

fn of_call(call: &Value) -> Value {
    let fields = call.as_object().into_iter().flatten();
    let mut own: Map<String, Value> =
        fields.filter(|(name, value)| is_echoed_of_call(name) && is_not_empty(value)).map(owned).collect();
    let function = call.get("function").and_then(Value::as_object).into_iter().flatten();
    let function: Map<String, Value> = function
        .filter(|(name, value)| !PLAIN_FUNCTION.contains(&name.as_str()) && is_not_empty(value))
        .map(owned)
        .collect();
    if !function.is_empty() {
        own.insert("function".to_owned(), function.into());
    }
    own.into()
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// Returns `true` if a value is not empty.
pub(super) fn is_not_empty(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

/// Returns `true` if a field of a message is sent back unchanged. This is a reasoning field that is
/// not empty. An empty `reasoning_content` is included, because some models require it.
pub(super) fn is_sent_back(name: &str, value: &Value) -> bool {
    is_echoed(name) && (is_not_empty(value) || (name == REASONING_CONTENT && value.is_string()))
}

/// Returns `true` if a list of parts contains reasoning (Mistral).
fn has_reasoning(content: &Value) -> bool {
    content.as_array().into_iter().flatten().any(is_reasoning)
}
