//! Tool calls as models write them, and as they are shown to models again.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::http::parse_json;
use crate::message::ToolCall;

/// Deepest arguments accepted: a recorded call wraps them once, and databases hold 31 levels.
const MAX_ARGUMENT_DEPTH: usize = 30;
/// Longest name of a function.
const MAX_NAME_CHARS: usize = 64;

/// Ids that were given out.
#[derive(Debug, Default)]
pub(super) struct Ids(HashSet<String>);

impl Ids {
    /// The id given, or a new one where there is none or it was taken before.
    pub(super) fn take(&mut self, given: Option<&str>) -> String {
        let given = given.filter(|id| !id.is_empty() && !self.0.contains(*id));
        let id = given.map_or_else(|| format!("call_{}", uuid::Uuid::now_v7().simple()), str::to_owned);
        self.0.insert(id.clone());
        id
    }
}

/// Arguments of a call: an object, or text where they are no object that could be kept.
pub(super) fn read_arguments(given: Option<&Value>) -> Value {
    match given {
        None | Some(Value::Null) => json!({}),
        Some(Value::String(text)) => parse_arguments(text),
        Some(object @ Value::Object(_)) if depth(object) <= MAX_ARGUMENT_DEPTH => object.clone(),
        Some(other) => Value::String(other.to_string()),
    }
}

fn parse_arguments(text: &str) -> Value {
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

/// Tool calls out of id, name and arguments as they were given.
pub fn read_tool_calls(
    given: impl Iterator<Item = (Option<String>, String, Option<Value>)>,
) -> Vec<ToolCall> {
    let mut ids = Ids::default();
    let calls = given.map(|(id, name, parameters)| ToolCall {
        id: ids.take(id.as_deref()),
        name,
        parameters: read_arguments(parameters.as_ref()),
        signature: None,
    });
    calls.collect()
}

/// A name as a model is told it used it. What a server might refuse is mended: a refusal would refuse every
/// later request of the conversation.
pub(super) fn sent_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
        .take(MAX_NAME_CHARS)
        .collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// Arguments as a model is told it gave them: always an object.
pub(super) fn sent_arguments(parameters: &Value) -> Value {
    match parameters {
        Value::Object(_) => parameters.clone(),
        Value::Null => Value::Object(Map::new()),
        other => json!({ "invalid_arguments": other }),
    }
}
