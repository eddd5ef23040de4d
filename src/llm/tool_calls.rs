//! Tool calls as models write them, and as they are shown to models again.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::http::parse_json;
use crate::message::ToolCall;

/// Calls that one answer may ask for. More is a model that has lost its way: nothing of such an answer is done.
pub(crate) const MAX_CALLS: usize = 128;
/// Longest id that is taken over: OpenAI refuses longer ones, and so every later request of the conversation.
const MAX_ID_BYTES: usize = 40;
/// Deepest arguments accepted: a recorded call wraps them once, and databases hold 31 levels.
const MAX_ARGUMENT_DEPTH: usize = 30;
/// Longest name of a function.
const MAX_NAME_CHARS: usize = 64;

/// Ids that were given out.
#[derive(Debug, Default)]
pub(super) struct Ids(HashSet<String>);

impl Ids {
    /// The id given, or a new one where it cannot be used or was taken before.
    pub(super) fn take(&mut self, given: Option<&str>) -> String {
        let usable = |id: &&str| !id.is_empty() && id.len() <= MAX_ID_BYTES && !self.0.contains(*id);
        let given = given.filter(usable);
        let id = given.map_or_else(|| format!("call_{}", uuid::Uuid::now_v7().simple()), str::to_owned);
        self.0.insert(id.clone());
        id
    }
}

/// The calls of an answer; none when there are more than [`MAX_CALLS`].
pub(super) fn read_calls<'a>(
    given: impl Iterator<Item = &'a Value>,
    read: impl Fn(&Value, &mut Ids) -> Result<ToolCall>,
) -> Result<Vec<ToolCall>> {
    let mut ids = Ids::default();
    let calls = given.take(MAX_CALLS + 1).map(|call| read(call, &mut ids)).collect::<Result<Vec<_>>>()?;
    if calls.len() > MAX_CALLS {
        return Err(Error::ModelResponseInvalid(format!("it asks for more than {MAX_CALLS} tools at once")));
    }
    Ok(calls)
}

/// Arguments of a call: an object, or text where they are no object that could be kept.
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
pub(crate) fn sent_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
        .take(MAX_NAME_CHARS)
        .collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// Arguments as a model is told it gave them: always an object.
pub(crate) fn sent_arguments(parameters: &Value) -> Value {
    match parameters {
        Value::Object(_) => parameters.clone(),
        Value::Null => Value::Object(Map::new()),
        other => json!({ "invalid_arguments": other }),
    }
}
