//! Accumulation of the chunks of generated content.

use serde_json::{Value, json};

use super::wire::text;
use crate::llm::http_model::StreamAccumulator;
use crate::llm::tool_calls::MAX_CALLS;

/// The parts received so far. Their order is kept, because signatures are sent back in the same
/// positions.
#[derive(Default)]
pub(super) struct ContentAccumulator {
    parts: Vec<Value>,
    /// Number of calls, at most one above the limit, which makes the whole answer invalid.
    calls: usize,
    finish_reason: Value,
    feedback: Value,
    candidates: bool,
}

impl StreamAccumulator for ContentAccumulator {
    fn add(&mut self, event: &Value) -> String {
        if event["promptFeedback"].is_object() {
            self.feedback = event["promptFeedback"].clone();
        }
        let candidate = &event["candidates"][0];
        self.candidates |= candidate.is_object();
        if candidate["finishReason"].as_str().is_some_and(|reason| !reason.is_empty()) {
            self.finish_reason = candidate["finishReason"].clone();
        }
        let parts = candidate["content"]["parts"].as_array().map_or(&[][..], Vec::as_slice);
        parts.iter().for_each(|part| self.part(part));
        text(parts)
    }

    fn is_complete(&self) -> bool {
        self.finish_reason.is_string() || self.feedback["blockReason"].is_string() || self.is_last()
    }

    fn is_last(&self) -> bool {
        self.calls > MAX_CALLS
    }

    fn body(&self) -> Value {
        let candidate = json!({ "content": { "parts": self.parts }, "finishReason": self.finish_reason });
        let candidates = if self.candidates { vec![candidate] } else { Vec::new() };
        json!({ "candidates": candidates, "promptFeedback": self.feedback })
    }
}

impl ContentAccumulator {
    fn part(&mut self, part: &Value) {
        if part.get("functionCall").is_some() {
            if self.calls <= MAX_CALLS {
                self.calls += 1;
                self.parts.push(part.clone());
            }
            return;
        }
        let Some(text) = part["text"].as_str() else { return };
        // Parts with a signature must not be joined with parts without one.
        let joins =
            |part: &Value| part.get("functionCall").is_none() && !part["thoughtSignature"].is_string();
        let is_reasoning = |part: &Value| part["thought"] == true;
        match self.parts.last_mut() {
            Some(last) if joins(part) && joins(last) && is_reasoning(last) == is_reasoning(part) => {
                if let Some(Value::String(before)) = last.get_mut("text") {
                    before.push_str(text);
                }
            }
            _ => self.parts.push(part.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::google::wire::response;

    #[test]
    fn too_many_calls_end_the_answer() {
        let mut contents = ContentAccumulator::default();
        let part = json!({ "functionCall": { "name": "t", "args": {} } });
        for _ in 0..5 {
            let parts = vec![part.clone(); 100];
            contents.add(&json!({ "candidates": [{ "content": { "parts": parts } }] }));
        }
        assert!(contents.is_last() && contents.is_complete());
        assert_eq!(contents.calls, MAX_CALLS + 1);
        assert_eq!(response(&contents.body(), &[]).unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }
}
