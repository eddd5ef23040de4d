//! Summaries of the customer's last conversations on all channels.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::customers::stored_by::is_stored_by;
use crate::memory::is_session_end;
use crate::tools::calls::NAME as LOG_CALL_OUTCOME;
use crate::types::memory::Memory;
use crate::types::message::Channel;

/// Maximum number of conversations.
const MAX_CONVERSATIONS: usize = 3;

/// A summary of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationSummary {
    /// Id of the conversation.
    #[serde(rename = "id")]
    pub conversation_id: String,
    /// Time of the summary, in milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub at: DateTime<Utc>,
    /// Channel, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Summary.
    pub summary: String,
    /// Next steps that were promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_steps: Option<String>,
}

/// Returns the last conversations other than `current`. `memories` are newest first. An outcome that
/// the agent logged takes precedence over the summary at the conversation's end.
pub(super) fn last_conversations(memories: &[Memory], current: &str) -> Vec<ConversationSummary> {
    let mut found: Vec<(ConversationSummary, bool)> = Vec::new();
    for (summary, is_outcome) in memories.iter().filter_map(summary) {
        if summary.conversation_id == current {
            continue;
        }
        let known = found.iter_mut().find(|(known, _)| known.conversation_id == summary.conversation_id);
        match known {
            Some((known, known_is_outcome)) if is_outcome && !*known_is_outcome => {
                let at = known.at;
                let channel = summary.channel.clone().or_else(|| known.channel.clone());
                *known = ConversationSummary { at, channel, ..summary };
                *known_is_outcome = true;
            }
            Some(_) => {}
            None => found.push((summary, is_outcome)),
        }
    }
    found.into_iter().map(|(summary, _)| summary).take(MAX_CONVERSATIONS).collect()
}

/// Returns the summary in a memory, and `true` if it is an outcome that the agent logged.
fn summary(memory: &Memory) -> Option<(ConversationSummary, bool)> {
    let is_outcome = is_stored_by(memory, LOG_CALL_OUTCOME);
    let text = |field: &str| Some(memory.meta(field)?.as_str()?.trim().to_owned());
    let summary = match is_outcome {
        true => text("summary")?,
        false if is_session_end(memory) => memory.content.trim().to_owned(),
        false => return None,
    };
    let next_steps = text("nextSteps").filter(|steps| is_outcome && !steps.is_empty());
    let summary = ConversationSummary {
        conversation_id: memory.session("conversationId").and_then(Value::as_str)?.to_owned(),
        at: memory.timestamp,
        channel: memory.channel.clone(),
        summary,
        next_steps,
    };
    Some((summary, is_outcome))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::memory::MemoryType;

    fn memory(id: &str, conversation: &str, content: &str, metadata: Value) -> Memory {
        Memory {
            id: id.into(),
            session_metadata: json!({ "conversationId": conversation }).as_object().cloned().map(Into::into),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::System, content)
        }
    }

    fn end(conversation: &str, content: &str) -> Memory {
        memory(&format!("session-end-{conversation}"), conversation, content, json!({}))
    }

    #[test]
    fn lists_the_last_three_conversations() {
        let outcome =
            json!({ "toolName": LOG_CALL_OUTCOME, "summary": "Booked.", "nextSteps": "Send a form." });
        let newest_first = [
            end("now", "This one"),
            end("e", "Asked for prices."),
            end("d", "Conversation ended"),
            end("c", "By the model."),
            memory("1", "c", "Call outcome: …", outcome),
            memory("session-start-b", "b", "Started call conversation", json!({})),
            end("b", "Cancelled."),
            end("a", "Too old."),
        ];
        let last = last_conversations(&newest_first, "now");
        let shown: Vec<String> = last
            .iter()
            .map(|one| {
                let next_steps = one.next_steps.as_deref().unwrap_or_default();
                format!("{} {} {next_steps}", one.conversation_id, one.summary)
            })
            .collect();
        assert_eq!(shown, ["e Asked for prices. ", "c Booked. Send a form.", "b Cancelled. "]);
    }
}
