//! Tools of the agent: the trait, the registry, the recorder of runs, and the built-in tools.

pub(crate) mod arguments;
pub mod calendar;
pub mod calls;
pub mod customers;
pub mod email;
pub mod executions;
pub mod leads;
mod ownership;
pub mod preferences;
pub mod registry;
pub mod result;
pub mod runner;
mod standard;

pub(crate) use ownership::{disowning_flags, is_own_record, phone_formats, record_keys};
pub use standard::standard_tools;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryType};
use crate::types::message::{Channel, ToolResult};
use crate::types::visibility::owner_fields;

/// Default country of phone numbers without a country code.
pub const DEFAULT_COUNTRY: &str = "US";

/// A tool that the agent can call.
#[async_trait]
pub trait Tool: Send + Sync {
    /// Returns name, description and parameters, as the model sees them.
    fn definition(&self) -> &ToolDefinition;

    /// Returns `true` if the tool is offered on a channel.
    fn available_on(&self, _channel: &Channel) -> bool {
        true
    }

    /// Runs the tool. `arguments` satisfy the definition's schema. The model sees an error without
    /// its details, except the reason of [`Error::ToolFailed`](crate::error::Error::ToolFailed) and
    /// of errors thrown by the developer's code.
    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult>;
}

/// The context of a tool call. No part of it comes from the model.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolContext {
    /// The channel.
    pub channel: Channel,
    /// The conversation id.
    pub conversation_id: String,
    /// Twilio's SID of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_sid: Option<String>,
    /// Twilio's SID of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_sid: Option<String>,
    /// Metadata from the developer. `duration` is the length of the call in seconds.
    pub metadata: Map<String, Value>,
    /// The customer in the conversation.
    pub customer: Customer,
    /// The agent id, if several agents share tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// Further fields from the developer.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl ToolContext {
    /// Returns the `sessionMetadata` of memories of this conversation: conversationId, callSid,
    /// messageSid, the owner's identifiers, and the fields of the e-mail.
    pub fn session(&self) -> Map<String, Value> {
        let mut session = owner_fields(&self.customer);
        session.insert("conversationId".to_owned(), json!(self.conversation_id));
        for (key, sid) in [("callSid", &self.call_sid), ("messageSid", &self.message_sid)] {
            if let Some(sid) = sid {
                session.insert(key.to_owned(), json!(sid));
            }
        }
        if self.channel == Channel::Email {
            let fields = ["emailId", "inReplyTo", "from", "to", "subject"];
            session.extend(
                fields.iter().filter_map(|key| Some(((*key).to_owned(), self.metadata.get(*key)?.clone()))),
            );
        }
        session
    }

    /// Creates a memory of this conversation.
    pub(crate) fn memory(&self, kind: MemoryType, content: impl Into<String>, importance: i32) -> Memory {
        Memory {
            importance: Some(importance),
            channel: Some(self.channel.clone()),
            session_metadata: Some(self.session().into()),
            ..Memory::new(kind, content)
        }
    }
}

/// Creates a successful result with a response for every channel.
pub(crate) fn done(data: Value, words: impl Into<String>) -> ToolResult {
    ToolResult { success: true, data: Some(data), error: None, response: response(words.into()) }
}

/// Creates a failed result. `error` tells the model what to do; `words` are for the customer.
pub(crate) fn failed(error: impl Into<String>, words: impl Into<String>) -> ToolResult {
    ToolResult { success: false, data: None, error: Some(error.into()), response: response(words.into()) }
}

fn response(words: String) -> Map<String, Value> {
    ["speak", "message", "text"].into_iter().map(|form| (form.to_owned(), json!(words))).collect()
}

/// Returns a trimmed string argument. An empty one counts as absent.
pub(crate) fn argument<'a>(arguments: &'a Value, name: &str) -> Option<&'a str> {
    arguments.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
pub(crate) mod testing;
