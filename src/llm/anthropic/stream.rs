//! Events of a message, put together to the whole one.

use serde_json::{Value, json};

use crate::llm::remote::Assembly;
use crate::llm::tool_calls::MAX_CALLS;

/// What came so far. Blocks that are neither text nor a tool's are not needed.
#[derive(Default)]
pub(super) struct Events {
    text: String,
    /// At most one more than an answer may have, for which all of it is refused.
    calls: Vec<Call>,
    stop_reason: Value,
    ended: bool,
}

struct Call {
    index: Value,
    block: Value,
    /// The input, as text.
    json: String,
}

impl Assembly for Events {
    fn add(&mut self, event: &Value) -> String {
        let text = match event["type"].as_str().unwrap_or_default() {
            "content_block_start" => {
                let block = &event["content_block"];
                if block["type"] == "tool_use" && self.calls.len() <= MAX_CALLS {
                    let (index, block) = (event["index"].clone(), block.clone());
                    self.calls.push(Call { index, block, json: String::new() });
                }
                block["text"].as_str()
            }
            "content_block_delta" => {
                let delta = &event["delta"];
                if let Some(piece) = delta["partial_json"].as_str()
                    && let Some(call) = self.calls.iter_mut().rfind(|call| call.index == event["index"])
                {
                    call.json.push_str(piece);
                }
                delta["text"].as_str()
            }
            "message_delta" => {
                self.stop_reason = event["delta"]["stop_reason"].clone();
                None
            }
            "message_stop" => {
                self.ended = true;
                None
            }
            _ => None,
        };
        let text = text.unwrap_or_default();
        self.text.push_str(text);
        text.to_owned()
    }

    fn is_complete(&self) -> bool {
        self.is_last() || self.stop_reason.is_string()
    }

    fn is_last(&self) -> bool {
        self.ended || self.calls.len() > MAX_CALLS
    }

    fn body(&self) -> Value {
        let calls = self.calls.iter().map(|Call { block, json, .. }| {
            let input = if json.is_empty() { block["input"].clone() } else { json!(json) };
            json!({ "type": "tool_use", "id": block["id"], "name": block["name"], "input": input })
        });
        let text = json!({ "type": "text", "text": self.text });
        let blocks: Vec<Value> = std::iter::once(text).chain(calls).collect();
        json!({ "content": blocks, "stop_reason": self.stop_reason })
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::response;
    use super::*;

    #[test]
    fn calls_without_end_end_the_answer() {
        let mut events = Events::default();
        for index in 0..5_000 {
            let block = json!({ "type": "tool_use", "id": "a", "name": "t", "input": {} });
            events.add(&json!({ "type": "content_block_start", "index": index, "content_block": block }));
        }
        assert!(events.is_last() && events.is_complete());
        assert_eq!(events.calls.len(), MAX_CALLS + 1);
        assert_eq!(response(&events.body()).unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }

    #[test]
    fn blocks_and_deltas_of_any_shape_do_no_harm() {
        let mut events = Events::default();
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
