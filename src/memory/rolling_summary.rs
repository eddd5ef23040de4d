//! Rolling summaries of conversations.

use serde_json::{Map, Value};

use crate::error::Result;
use crate::memory::session_events::{SUMMARY, session_event};
use crate::types::memory::Memory;
use crate::types::message::Channel;

/// Field of `metadata` with the id of the last message that a summary covers.
const UNTIL: &str = "until";

/// The summary of a conversation so far.
#[derive(Debug, Clone, PartialEq)]
pub struct RollingSummary {
    /// Summary.
    pub text: String,
    /// Id of the last message that it covers.
    pub until: String,
}

/// The owner of a conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConversationOwner {
    /// Owner fields that all messages of a customer share. Empty if they share none.
    pub fields: Map<String, Value>,
    /// Channel of the newest message.
    pub channel: Option<Channel>,
}

/// Returns the id of the last message that a summary covers, if the memory tells it.
pub fn covered_until(summary: &Memory) -> Option<&str> {
    summary.meta(UNTIL)?.as_str()
}

/// Returns the field of `metadata` with the last message that a summary covers.
pub(super) fn until_field(until: String) -> (String, Value) {
    (UNTIL.to_owned(), Value::from(until))
}

/// Creates the memory of a rolling summary. `owner` are the owner fields of the conversation.
pub fn rolling_summary_memory(
    conversation_id: &str,
    summary: RollingSummary,
    owner: ConversationOwner,
) -> Result<Memory> {
    let RollingSummary { text, until } = summary;
    let mut memory = session_event(SUMMARY, conversation_id, "active", text)?;
    memory.extend_session(owner.fields);
    memory.extend_metadata([until_field(until)]);
    Ok(Memory { importance: Some(6), channel: owner.channel, ..memory })
}
