//! Pieces of a generated content, put together to the whole one.

use serde_json::{Value, json};

use super::wire::text;
use crate::llm::remote::Assembly;

/// What came so far.
#[derive(Default)]
pub(super) struct Contents {
    parts: Vec<Value>,
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
        self.parts.extend_from_slice(parts);
        text(parts)
    }

    fn is_complete(&self) -> bool {
        self.finish_reason.is_string() || self.feedback["blockReason"].is_string()
    }

    fn body(&self) -> Value {
        let candidate = json!({ "content": { "parts": self.parts }, "finishReason": self.finish_reason });
        let candidates = if self.candidates { vec![candidate] } else { Vec::new() };
        json!({ "candidates": candidates, "promptFeedback": self.feedback })
    }
}
