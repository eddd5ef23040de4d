//! Events of a message, put together to the whole one.

use serde_json::{Value, json};

use crate::llm::remote::Assembly;

/// What came so far.
#[derive(Default)]
pub(super) struct Events {
    blocks: Vec<Block>,
    stop_reason: Value,
    ended: bool,
}

struct Block {
    index: Value,
    block: Value,
    /// The input of a tool, as text.
    json: String,
}

impl Assembly for Events {
    fn add(&mut self, event: &Value) -> String {
        match event["type"].as_str().unwrap_or_default() {
            "content_block_start" => {
                let block = event["content_block"].clone();
                let text = block["text"].as_str().unwrap_or_default().to_owned();
                self.blocks.push(Block { index: event["index"].clone(), block, json: String::new() });
                return text;
            }
            "content_block_delta" => {
                let found = self.blocks.iter_mut().rfind(|block| block.index == event["index"]);
                return found.map(|block| block.add(&event["delta"])).unwrap_or_default();
            }
            "message_delta" => self.stop_reason = event["delta"]["stop_reason"].clone(),
            "message_stop" => self.ended = true,
            _ => {}
        }
        String::new()
    }

    fn is_complete(&self) -> bool {
        self.ended || self.stop_reason.is_string()
    }

    fn is_last(&self) -> bool {
        self.ended
    }

    fn body(&self) -> Value {
        let blocks = self.blocks.iter().map(|Block { block, json, .. }| {
            let mut block = block.clone();
            if !json.is_empty() {
                block["input"] = json!(json);
            }
            block
        });
        let blocks: Vec<Value> = blocks.collect();
        json!({ "content": blocks, "stop_reason": self.stop_reason })
    }
}

impl Block {
    /// Adds a piece; returns it when it is text.
    fn add(&mut self, delta: &Value) -> String {
        if let Some(piece) = delta["partial_json"].as_str() {
            self.json.push_str(piece);
        }
        let piece = delta["text"].as_str().unwrap_or_default();
        if let (Value::String(text), false) = (&mut self.block["text"], piece.is_empty()) {
            text.push_str(piece);
        }
        piece.to_owned()
    }
}
