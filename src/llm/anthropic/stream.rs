//! Accumulation of the events of a message.

use serde_json::{Value, json};

use crate::llm::http_model::StreamAccumulator;
use crate::llm::tool_calls::MAX_CALLS;

/// Maximum number of blocks. The text of further blocks is appended to the last one.
const MAX_BLOCKS: usize = 1_024;

/// The blocks received so far. Their order is kept, because reasoning is sent back with the calls
/// that follow it.
#[derive(Default)]
pub(super) struct EventAccumulator {
    blocks: Vec<Block>,
    /// Number of calls, at most one above the limit, which makes the whole answer invalid.
    calls: usize,
    stop_reason: Value,
    ended: bool,
}

struct Block {
    index: Value,
    block: Value,
    /// Input of a call as JSON text.
    json: String,
}

impl StreamAccumulator for EventAccumulator {
    fn add(&mut self, event: &Value) -> String {
        match event["type"].as_str().unwrap_or_default() {
            "content_block_start" => self.start(&event["index"], &event["content_block"]),
            "content_block_delta" => self.delta(&event["index"], &event["delta"]),
            "message_delta" => {
                self.stop_reason = event["delta"]["stop_reason"].clone();
                String::new()
            }
            "message_stop" => {
                self.ended = true;
                String::new()
            }
            _ => String::new(),
        }
    }

    fn is_complete(&self) -> bool {
        self.is_last() || self.stop_reason.as_str().is_some_and(|reason| !reason.is_empty())
    }

    fn is_last(&self) -> bool {
        self.ended || self.calls > MAX_CALLS
    }

    fn body(&self) -> Value {
        let blocks = self.blocks.iter().map(|Block { block, json, .. }| match json.as_str() {
            "" => block.clone(),
            json => json!({ "type": "tool_use", "id": block["id"], "name": block["name"], "input": json }),
        });
        json!({ "content": blocks.collect::<Vec<_>>(), "stop_reason": self.stop_reason })
    }
}

impl EventAccumulator {
    fn start(&mut self, index: &Value, block: &Value) -> String {
        match block["type"].as_str() {
            Some("tool_use") if self.calls <= MAX_CALLS => {
                self.calls += 1;
                self.push(index, block.clone());
                String::new()
            }
            Some("thinking" | "redacted_thinking") if self.blocks.len() < MAX_BLOCKS => {
                self.push(index, block.clone());
                String::new()
            }
            _ => match block["text"].as_str() {
                Some(text) => self.text(index, text),
                None => String::new(),
            },
        }
    }

    fn delta(&mut self, index: &Value, delta: &Value) -> String {
        if let Some(text) = delta["text"].as_str() {
            return self.text(index, text);
        }
        if let Some(Block { block, json, .. }) = self.blocks.iter_mut().rfind(|block| block.index == *index) {
            match (block["type"].as_str(), delta) {
                (Some("tool_use"), delta) => {
                    json.push_str(delta["partial_json"].as_str().unwrap_or_default())
                }
                (Some("thinking"), delta) => {
                    for field in ["thinking", "signature"] {
                        if let Some(piece) = delta[field].as_str() {
                            let before = block[field].as_str().unwrap_or_default();
                            block[field] = json!(format!("{before}{piece}"));
                        }
                    }
                }
                _ => {}
            }
        }
        String::new()
    }

    fn text(&mut self, index: &Value, text: &str) -> String {
        let full = self.blocks.len() >= MAX_BLOCKS;
        let is_same = |block: &Block| block.block["type"] == "text" && (full || block.index == *index);
        match self.blocks.iter_mut().rfind(|block| is_same(block)) {
            Some(Block { block: Value::Object(block), .. }) => {
                if let Some(Value::String(before)) = block.get_mut("text") {
                    before.push_str(text);
                }
            }
            _ => self.push(index, json!({ "type": "text", "text": text })),
        }
        text.to_owned()
    }

    fn push(&mut self, index: &Value, block: Value) {
        self.blocks.push(Block { index: index.clone(), block, json: String::new() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::anthropic::wire::response;

    #[test]
    fn too_many_calls_end_the_answer() {
        let mut events = EventAccumulator::default();
        for index in 0..5_000 {
            let block = json!({ "type": "tool_use", "id": "a", "name": "t", "input": {} });
            events.add(&json!({ "type": "content_block_start", "index": index, "content_block": block }));
        }
        assert!(events.is_last() && events.is_complete());
        assert_eq!(events.calls, MAX_CALLS + 1);
        assert_eq!(response(&events.body()).unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }

    #[test]
    fn accepts_blocks_and_deltas_of_any_shape() {
        let mut events = EventAccumulator::default();
        for odd in [json!(5), json!("text"), json!([1]), json!(null), json!({ "text": 5 })] {
            events.add(&json!({ "type": "content_block_start", "index": odd, "content_block": odd }));
            events.add(&json!({ "type": "content_block_delta", "index": odd, "delta": odd }));
            events.add(&json!({ "type": "message_delta", "delta": odd }));
            events.add(&odd);
        }
        let text = json!({ "type": "text_delta", "text": "Hello" });
        let words = events.add(&json!({ "type": "content_block_delta", "index": 0, "delta": text }));
        assert_eq!((words.as_str(), response(&events.body()).unwrap().content.as_str()), ("Hello", "Hello"));
    }
}
