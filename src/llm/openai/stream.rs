//! Chunks of a chat completion, put together to the whole one.

use serde_json::{Value, json};

use super::wire::text;
use crate::llm::remote::Assembly;
use crate::llm::tool_calls::MAX_CALLS;

/// What came so far.
#[derive(Default)]
pub(super) struct Chunks {
    content: String,
    refusal: String,
    /// At most one more than an answer may have, for which all of it is refused.
    calls: Vec<Call>,
    finish_reason: Option<String>,
}

#[derive(Default)]
struct Call {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

impl Assembly for Chunks {
    fn add(&mut self, event: &Value) -> String {
        let choice = &event["choices"][0];
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.finish_reason = Some(reason.to_owned());
        }
        let delta = &choice["delta"];
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            self.call(call);
        }
        let (content, refusal) = (text(delta.get("content")), text(delta.get("refusal")));
        self.content.push_str(&content);
        self.refusal.push_str(&refusal);
        if self.content.is_empty() { refusal } else { content }
    }

    fn is_complete(&self) -> bool {
        self.finish_reason.is_some() || self.is_last()
    }

    fn is_last(&self) -> bool {
        self.calls.len() > MAX_CALLS
    }

    fn body(&self) -> Value {
        let calls = self.calls.iter().map(|call| {
            let function = json!({ "name": call.name, "arguments": call.arguments });
            json!({ "id": call.id, "type": "function", "function": function })
        });
        let calls: Vec<Value> = calls.collect();
        let message = json!({ "content": self.content, "refusal": self.refusal, "tool_calls": calls });
        json!({ "choices": [{ "message": message, "finish_reason": self.finish_reason }] })
    }
}

impl Chunks {
    /// Servers differ: some leave out the index, some send every call whole under the same one.
    fn call(&mut self, given: &Value) {
        let index = given["index"].as_u64();
        let id = given["id"].as_str().unwrap_or_default();
        let known = self.calls.iter().rposition(|call| match index {
            Some(_) => call.index == index && (id.is_empty() || call.id.is_empty() || call.id == id),
            None => id.is_empty() || call.id == id,
        });
        if known.is_none() && self.is_last() {
            return;
        }
        let at = known.unwrap_or_else(|| {
            self.calls.push(Call { index, ..Call::default() });
            self.calls.len() - 1
        });
        let call = &mut self.calls[at];
        if call.id.is_empty() {
            call.id = id.to_owned();
        }
        let function = &given["function"];
        if call.name.is_empty() {
            call.name = function["name"].as_str().unwrap_or_default().to_owned();
        }
        match &function["arguments"] {
            Value::String(piece) => call.arguments.push_str(piece),
            Value::Null => {}
            whole => call.arguments = whole.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::response;
    use super::*;

    fn calls(deltas: &[Value]) -> Value {
        let mut chunks = Chunks::default();
        for delta in deltas {
            chunks.add(&json!({ "choices": [{ "delta": { "tool_calls": [delta] } }] }));
        }
        let body = chunks.body();
        let calls = body["choices"][0]["message"]["tool_calls"].as_array().unwrap().clone();
        calls
            .iter()
            .map(|call| json!([call["id"], call["function"]["name"], call["function"]["arguments"]]))
            .collect()
    }

    #[test]
    fn calls_are_put_together_whatever_names_them() {
        let pieces = [
            json!({ "index": 0, "id": "a", "function": { "name": "t", "arguments": "" } }),
            json!({ "index": 1, "id": "b", "function": { "name": "u", "arguments": "{\"x\"" } }),
            json!({ "index": 0, "function": { "arguments": "{}" } }),
            json!({ "index": 1, "id": "", "function": { "name": null, "arguments": ":1}" } }),
        ];
        assert_eq!(calls(&pieces), json!([["a", "t", "{}"], ["b", "u", "{\"x\":1}"]]));
        let same_index = [
            json!({ "index": 0, "id": "a", "function": { "name": "t", "arguments": "{}" } }),
            json!({ "index": 0, "id": "b", "function": { "name": "t", "arguments": { "x": 1 } } }),
        ];
        assert_eq!(calls(&same_index), json!([["a", "t", "{}"], ["b", "t", "{\"x\":1}"]]));
        let no_index = [
            json!({ "id": "a", "function": { "name": "t", "arguments": "{" } }),
            json!({ "function": { "arguments": "}" } }),
        ];
        assert_eq!(calls(&no_index), json!([["a", "t", "{}"]]));
    }

    #[test]
    fn calls_without_end_end_the_answer() {
        let mut chunks = Chunks::default();
        let calls =
            (0..5_000).map(|n| json!({ "index": n, "id": n.to_string(), "function": { "name": "t" } }));
        chunks.add(&json!({ "choices": [{ "delta": { "tool_calls": calls.collect::<Vec<_>>() } }] }));
        assert!(chunks.is_last() && chunks.is_complete());
        assert_eq!(chunks.calls.len(), MAX_CALLS + 1);
        assert_eq!(response(&chunks.body()).unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }

    #[test]
    fn a_refusal_is_text() {
        let mut chunks = Chunks::default();
        assert_eq!(
            chunks.add(&json!({ "choices": [{ "delta": { "content": null, "refusal": "No." } }] })),
            "No."
        );
        assert!(!chunks.is_complete());
        assert_eq!(chunks.add(&json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] })), "");
        assert_eq!(chunks.add(&json!({ "choices": [], "usage": {} })), "");
        assert!(chunks.is_complete());
    }
}
