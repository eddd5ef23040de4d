//! Accumulation of the chunks of a chat completion.

use serde_json::{Map, Value, json};

use super::calls::CallAccumulator;
use super::content::{is_reasoning, text};
use super::merge::{append, merge};
use super::transcript::{is_not_empty, is_sent_back};
use crate::llm::http_model::StreamAccumulator;

/// The chunks received so far.
#[derive(Default)]
pub(super) struct ChunkAccumulator {
    content: String,
    refusal: String,
    calls: CallAccumulator,
    /// Fields of the message that are sent back with its calls.
    more: Map<String, Value>,
    /// Reasoning parts of the content.
    reasoning: Vec<Value>,
    /// Call in the deprecated `function_call` field.
    function_call: CallAccumulator,
    finish_reason: Option<String>,
    /// `true` if the server announced the end.
    ended: bool,
}

impl StreamAccumulator for ChunkAccumulator {
    fn add(&mut self, event: &Value) -> String {
        let choice = &event["choices"][0];
        if let Some(reason) = choice["finish_reason"].as_str().filter(|reason| !reason.is_empty()) {
            self.finish_reason = Some(reason.to_owned());
        }
        // Some servers send the last chunk, or everything, as a complete message.
        let delta = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        self.calls.add(&delta["tool_calls"]);
        if delta["function_call"].is_object() {
            self.function_call.add(&json!({ "function": delta["function_call"] }));
        }
        for (name, value) in delta.as_object().into_iter().flatten() {
            if is_sent_back(name, value) {
                merge(&mut self.more, name, value);
            }
        }
        for part in delta["content"].as_array().into_iter().flatten().filter(|part| is_reasoning(part)) {
            append(&mut self.reasoning, part);
        }
        let (content, refusal) = (text(delta.get("content")), text(delta.get("refusal")));
        self.content.push_str(&content);
        self.refusal.push_str(&refusal);
        if self.content.is_empty() { refusal } else { content }
    }

    fn end(&mut self) {
        self.ended = true;
    }

    fn separates_reasoning(&self) -> bool {
        self.more.values().any(is_not_empty) || !self.reasoning.is_empty()
    }

    fn is_complete(&self) -> bool {
        self.finish_reason.is_some() || self.ended || self.is_last()
    }

    fn is_last(&self) -> bool {
        self.calls.is_over_limit()
    }

    fn body(&self) -> Value {
        let mut message = self.more.clone();
        let content = match self.reasoning.as_slice() {
            [] => json!(self.content),
            reasoning => {
                let text = json!({ "type": "text", "text": self.content });
                reasoning.iter().cloned().chain([text]).collect()
            }
        };
        let calls = if self.calls.len() > 0 { &self.calls } else { &self.function_call };
        message.insert("content".to_owned(), content);
        message.insert("refusal".to_owned(), json!(self.refusal));
        message.insert("tool_calls".to_owned(), calls.body().into());
        json!({ "choices": [{ "message": message, "finish_reason": self.finish_reason }] })
    }
}

#[cfg(test)]
mod tests;
