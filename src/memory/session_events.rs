//! Memories that mark the start and the end of a conversation.

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::types::memory::{Memory, MemoryType, check_id};

/// Content of the session-end event of a conversation without a summary.
pub(super) const CONVERSATION_ENDED: &str = "Conversation ended";

/// Returns `true` if a memory is the end of a conversation and has a summary of it.
pub fn is_session_end(memory: &Memory) -> bool {
    memory.kind == MemoryType::System
        && memory.conversation_id().is_some_and(|id| memory.id == session_id(END, id))
        && memory.content != CONVERSATION_ENDED
}

/// Returns `true` if a memory is the rolling summary of a conversation.
pub fn is_rolling_summary(memory: &Memory) -> bool {
    memory.kind == MemoryType::System
        && memory.conversation_id().is_some_and(|id| memory.id == session_id(SUMMARY, id))
}

/// Event of the end of a conversation.
pub(super) const END: &str = "end";
/// Event of the rolling summary of a conversation.
pub(super) const SUMMARY: &str = "summary";

/// Returns the id of an event of a conversation.
pub(super) fn session_id(event: &str, conversation_id: &str) -> String {
    format!("session-{event}-{conversation_id}")
}

/// Creates an event of a conversation.
pub(super) fn session_event(
    event: &str,
    conversation_id: &str,
    status: &str,
    content: String,
) -> Result<Memory> {
    // The id of the event has a prefix, and is subject to the same limit.
    let id = session_id(event, conversation_id);
    check_id("conversationId", &id).map_err(|reason| Error::argument("conversationId", reason))?;
    let session: Map<String, Value> = [("conversationId", json!(conversation_id)), ("status", json!(status))]
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect();
    Ok(Memory { id, session_metadata: Some(session.into()), ..Memory::new(MemoryType::System, content) })
}
