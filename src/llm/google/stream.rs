//! Pieces of a generated content, put together to the whole one.

use serde_json::{Value, json};

use super::wire::text;
use crate::llm::remote::Assembly;
use crate::llm::tool_calls::MAX_CALLS;

/// What came so far. Parts that are neither words nor calls are not needed.
#[derive(Default)]
pub(super) struct Contents {
    text: String,
    /// At most one more than an answer may have, for which all of it is refused.
    calls: Vec<Value>,
    finish_reason: Value,
    feedback: Value,
    candidates: bool,
}

impl Assembly for Contents {
    fn add(&mut self, event: &Value) -> String {
        if event["promptFeedback"].is_object() {
            self.feedback = event["promptFeedback"].clone();
        }
        let candidate = &event["candidates"][0];
        self.candidates |= candidate.is_object();
        if candidate["finishReason"].is_string() {
            self.finish_reason = candidate["finishReason"].clone();
        }
        let parts = candidate["content"]["parts"].as_array().map_or(&[][..], Vec::as_slice);
        let calls = parts.iter().filter(|part| part.get("functionCall").is_some());
        self.calls.extend(calls.take((MAX_CALLS + 1).saturating_sub(self.calls.len())).cloned());
        let text = text(parts);
        self.text.push_str(&text);
        text
    }

    fn is_complete(&self) -> bool {
        self.finish_reason.is_string() || self.feedback["blockReason"].is_string() || self.is_last()
    }

    fn is_last(&self) -> bool {
        self.calls.len() > MAX_CALLS
    }

    fn body(&self) -> Value {
        let words = std::iter::once(json!({ "text": self.text }));
        let parts: Vec<Value> = words.chain(self.calls.iter().cloned()).collect();
        let candidate = json!({ "content": { "parts": parts }, "finishReason": self.finish_reason });
        let candidates = if self.candidates { vec![candidate] } else { Vec::new() };
        json!({ "candidates": candidates, "promptFeedback": self.feedback })
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::response;
    use super::*;

    #[test]
    fn calls_without_end_end_the_answer() {
        let mut contents = Contents::default();
        let part = json!({ "functionCall": { "name": "t", "args": {} } });
        for _ in 0..5 {
            let parts = vec![part.clone(); 100];
            contents.add(&json!({ "candidates": [{ "content": { "parts": parts } }] }));
        }
        assert!(contents.is_last() && contents.is_complete());
        assert_eq!(contents.calls.len(), MAX_CALLS + 1);
        assert_eq!(response(&contents.body(), &[]).unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }
}
