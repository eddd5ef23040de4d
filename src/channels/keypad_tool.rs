//! The tool collect_digits: asks the caller for keys.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::channels::shared::tool_names::COLLECT_DIGITS;
use crate::channels::voice::VoiceChannel;
use crate::channels::voice::relay::action::Digits;
use crate::channels::voice::relay::keypad::MAX_KEYS;
use crate::error::{Error, Result};
use crate::llm::ToolDefinition;
use crate::tools::{Tool, ToolContext, done, failed};
use crate::types::message::{Channel, ToolResult};

/// A tool that waits for keys of the caller.
pub struct CollectDigits {
    definition: ToolDefinition,
    voice: Weak<VoiceChannel>,
}

impl CollectDigits {
    /// Creates the tool. It holds the channel weakly, because the channel holds the agent, and the agent
    /// its tools.
    pub fn new(voice: &Arc<VoiceChannel>) -> Self {
        let definition = ToolDefinition {
            name: COLLECT_DIGITS.to_owned(),
            description: "Wait for the caller to key in a number on the telephone, such as an order number or a \
                          PIN. Ask for it in the same answer, and say that # completes it. More reliable than \
                          spoken digits."
                .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "maxDigits": { "type": "integer", "minimum": 1, "maximum": MAX_KEYS,
                        "description": "Number of digits, if it is known" },
                },
            }),
        };
        Self { definition, voice: Arc::downgrade(voice) }
    }
}

#[async_trait]
impl Tool for CollectDigits {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn available_on(&self, channel: &Channel) -> bool {
        *channel == Channel::Call
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let voice = self.voice.upgrade().ok_or(Error::Disposed("AIReceptionist"))?;
        let count =
            arguments.get("maxDigits").and_then(Value::as_u64).and_then(|count| count.try_into().ok());
        let digits = match &context.call_sid {
            Some(call_sid) => voice.lines().collect_digits(call_sid, count.unwrap_or(MAX_KEYS)).await,
            None => None,
        };
        Ok(match digits {
            Some(Digits::Keyed(digits)) if !digits.is_empty() => {
                done(json!({ "digits": digits }), "Thank you, I have got the number.")
            }
            Some(Digits::Keyed(_)) => failed("No key was pressed in time.", "I did not get a number."),
            Some(Digits::Interrupted) => failed("The caller spoke instead.", "I did not get a number."),
            Some(Digits::Taken) => {
                failed("Another call of this tool waits for the keys.", "I did not get a number.")
            }
            None => failed(
                "Keys are not received on this line. Ask the caller to say the digits one by one.",
                "Please tell me the digits one by one.",
            ),
        })
    }
}
