//! The JSON of messages: our types out, our types in.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::llm::remote::is_word;
use crate::llm::tool_calls::{Ids, read_arguments, read_calls, sent_arguments, sent_name};
use crate::llm::{BEGINNING, CUT_SHORT, ChatRequest, ChatResponse, NO_WORDS};
use crate::message::{Message, ToolCall};

/// What an answer may have in tokens, which the API wants to be told: every model can write as many.
const DEFAULT_MAX_TOKENS: u32 = 4_096;

pub(super) fn request(config: &ModelConfig, request: ChatRequest<'_>, streamed: bool) -> Value {
    let transcript = Transcript::of(request.messages);
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
        // Tools that occur must be declared, also when none may be asked for any more.
        let tools = transcript
            .used
            .iter()
            .map(|name| json!({ "name": name, "description": "", "input_schema": { "type": "object" } }));
        body.insert("tools".to_owned(), tools.collect());
        body.insert("tool_choice".to_owned(), json!({ "type": "none" }));
    }
    if streamed {
        body.insert("stream".to_owned(), json!(true));
    }
    if let Some(temperature) = config.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    Value::Object(body)
}

/// The messages as the API wants them: the instructions apart, user and assistant in turns beginning with the user, the
/// results of tools at the beginning of what follows the calls, no empty texts.
#[derive(Default)]
struct Transcript {
    system: String,
    messages: Vec<Value>,
    /// Names of the tools that occur.
    used: Vec<String>,
    seen: HashSet<String>,
    /// Ids of the latest calls, as they are and as they are sent.
    sent: HashMap<String, String>,
}

impl Transcript {
    fn of(messages: &[Message]) -> Self {
        let mut transcript = Self::default();
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
                let text = if text.trim().is_empty() { NO_WORDS } else { text };
                self.push("user", json!({ "type": "text", "text": text }));
            }
            Message::Assistant { content, tool_calls } => {
                if !content.trim().is_empty() {
                    self.push("assistant", json!({ "type": "text", "text": content }));
                }
                self.sent.clear();
                for call in tool_calls {
                    self.call(call);
                }
            }
            Message::Tool { call_id, content } => {
                let id = self.sent.get(call_id).unwrap_or(call_id);
                let result = json!({ "type": "tool_result", "tool_use_id": id, "content": content });
                self.push("user", result);
            }
        }
    }

    fn call(&mut self, call: &ToolCall) {
        let name = sent_name(&call.name);
        if !self.used.contains(&name) {
            self.used.push(name.clone());
        }
        let id = self.sent_id(&call.id);
        self.sent.insert(call.id.clone(), id.clone());
        let input = sent_arguments(&call.parameters);
        self.push("assistant", json!({ "type": "tool_use", "id": id, "name": name, "input": input }));
    }

    /// An id that the API accepts and that occurs once; the same transcript always gets the same.
    fn sent_id(&mut self, id: &str) -> String {
        let accepted = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let mut sent: String = id.chars().map(|c| if accepted(c) { c } else { '_' }).collect();
        if sent.is_empty() || self.seen.contains(&sent) {
            sent = format!("call_{}_{sent}", self.seen.len());
        }
        self.seen.insert(sent.clone());
        sent
    }

    fn push(&mut self, role: &str, block: Value) {
        if self.messages.is_empty() && role == "assistant" {
            self.push("user", json!({ "type": "text", "text": BEGINNING }));
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
    let content = of_type("text").filter_map(|block| block["text"].as_str()).collect();
    let tool_calls = read_calls(of_type("tool_use"), read_tool_call)?;
    ChatResponse::unless_empty(content, tool_calls, why_empty(body))
}

fn why_empty(body: &Value) -> Option<String> {
    match body.get("stop_reason")?.as_str()? {
        "max_tokens" => Some(CUT_SHORT.to_owned()),
        "end_turn" => None,
        reason => is_word(reason).then(|| format!("it is empty ({reason})")),
    }
}

fn read_tool_call(block: &Value, ids: &mut Ids) -> Result<ToolCall> {
    let name = block["name"]
        .as_str()
        .ok_or_else(|| Error::ModelResponseInvalid("it has a tool call without a name".to_owned()))?;
    Ok(ToolCall {
        id: ids.take(block["id"].as_str()),
        name: name.to_owned(),
        parameters: read_arguments(block.get("input")),
        signature: None,
    })
}
