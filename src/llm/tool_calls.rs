//! Parsing of tool calls in answers, and their form in later requests.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::http::parse_json;
use crate::types::message::ToolCall;

/// Maximum number of calls in one answer. An answer with more is an error of the model, and none of
/// its calls is executed.
pub(crate) const MAX_CALLS: usize = 128;
/// Maximum length of an id that is kept. OpenAI rejects longer ones, and with them every later
/// request of the conversation.
const MAX_ID_BYTES: usize = 40;
/// Maximum nesting depth of arguments. A stored call adds one level, and databases accept 31.
const MAX_ARGUMENT_DEPTH: usize = 30;
/// Maximum length of a function name.
const MAX_NAME_CHARS: usize = 64;

/// The call ids of one answer.
#[derive(Debug, Default)]
pub(super) struct CallIdAllocator(HashSet<String>);

impl CallIdAllocator {
    /// Returns the given id, or a new one if it is invalid or already used.
    pub(super) fn allocate(&mut self, given: Option<&str>) -> String {
        let usable = |id: &&str| !id.is_empty() && id.len() <= MAX_ID_BYTES && !self.0.contains(*id);
        let given = given.filter(usable);
        let id = given.map_or_else(|| format!("call_{}", uuid::Uuid::now_v7().simple()), str::to_owned);
        self.0.insert(id.clone());
        id
    }
}

/// Parses the calls of an answer. Fails if there are more than [`MAX_CALLS`].
pub(super) fn read_calls<'a>(
    given: impl Iterator<Item = &'a Value>,
    read: impl Fn(&Value, &mut CallIdAllocator) -> Result<ToolCall>,
) -> Result<Vec<ToolCall>> {
    let mut ids = CallIdAllocator::default();
    let calls = given.take(MAX_CALLS + 1).map(|call| read(call, &mut ids)).collect::<Result<Vec<_>>>()?;
    if calls.len() > MAX_CALLS {
        return Err(Error::ModelResponseInvalid(format!("it asks for more than {MAX_CALLS} tools at once")));
    }
    Ok(calls)
}

/// Parses the arguments of a call. Returns an object, or the text if it is not an object that can
/// be stored.
pub(crate) fn read_arguments(given: Option<&Value>) -> Value {
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
    let parsed = match parse_json(text.as_bytes()) {
        // Some servers encode the JSON twice, as a JSON string.
        Ok(Value::String(inner)) => parse_json(inner.as_bytes()),
        parsed => parsed,
    };
    match parsed {
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

/// Creates tool calls from ids, names and arguments.
pub fn read_tool_calls(
    given: impl Iterator<Item = (Option<String>, String, Option<Value>)>,
) -> Vec<ToolCall> {
    let mut ids = CallIdAllocator::default();
    let calls = given.map(|(id, name, parameters)| ToolCall {
        id: ids.allocate(id.as_deref()),
        name,
        parameters: read_arguments(parameters.as_ref()),
    });
    calls.collect()
}

/// Returns a function name that every server accepts. A rejected name would make every later
/// request of the conversation fail.
pub(crate) fn sanitize_tool_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
        .take(MAX_NAME_CHARS)
        .collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// Returns arguments as an object, as every server requires.
pub(crate) fn arguments_object(parameters: &Value) -> Value {
    match parameters {
        Value::Object(_) => parameters.clone(),
        Value::Null => Value::Object(Map::new()),
        other => json!({ "invalid_arguments": other }),
    }
}
