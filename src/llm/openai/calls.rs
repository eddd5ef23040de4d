//! Accumulation of the tool calls of a streamed answer.

use serde_json::{Map, Value, json};

use super::merge::merge;
use super::transcript::is_echoed_of_call;
use crate::http::parse_json;
use crate::llm::tool_calls::MAX_CALLS;

/// The calls received so far: at most one above the limit, which makes the whole answer invalid.
#[derive(Default)]
pub(super) struct CallAccumulator(Vec<Call>);

#[derive(Default)]
struct Call {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
    /// Other fields of the call, which are sent back with it.
    more: Map<String, Value>,
    /// Other fields of its function.
    function: Map<String, Value>,
}

impl CallAccumulator {
    /// Returns `true` if the calls exceed the limit.
    pub(super) fn is_over_limit(&self) -> bool {
        self.0.len() > MAX_CALLS
    }

    /// Returns the number of calls.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds the pieces of one event.
    pub(super) fn add(&mut self, pieces: &Value) {
        // A server that sends calls one by one may send an object instead of a list.
        let pieces = match pieces {
            Value::Array(pieces) => pieces.iter().collect(),
            Value::Object(_) => vec![pieces],
            _ => Vec::new(),
        };
        let mut of_event = Vec::new();
        for piece in pieces {
            if let Some(at) = self.piece(piece, &of_event) {
                of_event.push(at);
            }
        }
    }

    /// Adds a piece and returns the index of its call. Servers differ: some omit the index or the
    /// id. Others send complete calls under the same index, or give each piece its own id.
    fn piece(&mut self, given: &Value, of_event: &[usize]) -> Option<usize> {
        let index = given["index"].as_u64();
        let id = given["id"].as_str().unwrap_or_default();
        let function = if given["function"].is_object() { &given["function"] } else { given };
        let name = function["name"].as_str().unwrap_or_default();
        let latest = self.0.iter().rposition(|call| match index {
            Some(_) => {
                let same_id = id.is_empty() || call.id.is_empty() || call.id == id;
                call.index == index && (same_id || name.is_empty())
            }
            None => id.is_empty() || call.id == id,
        });
        let known = latest
            .filter(|&at| !self.0[at].is_over(name, id, &function["arguments"], of_event.contains(&at)));
        if known.is_none() && self.is_over_limit() {
            return None;
        }
        // Arguments without a name, after complete ones, belong to another call of the same tool.
        let name = match latest {
            Some(latest) if name.is_empty() && known.is_none() => self.0[latest].name.clone(),
            _ => name.to_owned(),
        };
        let at = known.unwrap_or_else(|| {
            self.0.push(Call { index, ..Call::default() });
            self.0.len() - 1
        });
        let call = &mut self.0[at];
        if call.id.is_empty() {
            call.id = id.to_owned();
        }
        if call.name.is_empty() {
            call.name = name;
        }
        match &function["arguments"] {
            Value::String(piece) => call.arguments.push_str(piece),
            Value::Null => {}
            whole => call.arguments = whole.to_string(),
        }
        for (field, value) in given.as_object().into_iter().flatten() {
            if is_echoed_of_call(field) && !matches!(field.as_str(), "name" | "arguments") {
                merge(&mut call.more, field, value);
            }
        }
        for (field, value) in given["function"].as_object().into_iter().flatten() {
            if !matches!(field.as_str(), "name" | "arguments") {
                merge(&mut call.function, field, value);
            }
        }
        Some(at)
    }

    /// Returns the calls as in an answer without streaming.
    pub(super) fn body(&self) -> Vec<Value> {
        let calls = self.0.iter().map(|call| {
            let mut function = call.function.clone();
            function.insert("name".to_owned(), json!(call.name));
            function.insert("arguments".to_owned(), json!(call.arguments));
            let mut body = call.more.clone();
            body.insert("id".to_owned(), json!(call.id));
            body.insert("type".to_owned(), json!("function"));
            body.insert("function".to_owned(), function.into());
            Value::Object(body)
        });
        calls.collect()
    }
}

impl Call {
    /// Returns `true` if a piece without an index begins another call. It does if it has a name or
    /// complete arguments, and this call has both.
    fn is_over(&self, name: &str, id: &str, arguments: &Value, in_same_event: bool) -> bool {
        if !id.is_empty() && self.id == id {
            return false;
        }
        let whole = |text: &str| matches!(parse_json(text.as_bytes()), Ok(Value::Object(_)));
        let brings = match arguments {
            Value::String(text) => !text.is_empty(),
            Value::Null => false,
            _ => true,
        };
        if name.is_empty() {
            // Complete arguments cannot continue.
            let more = arguments.as_str().is_some_and(whole);
            return more && whole(&self.arguments);
        }
        if self.name.is_empty() {
            return false;
        }
        if in_same_event || name != self.name {
            return self.arguments.is_empty() || whole(&self.arguments);
        }
        brings && whole(&self.arguments)
    }
}
