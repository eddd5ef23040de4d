//! The record of what a caller has heard.

use serde_json::{Value, json};

use crate::channels::voice::relay::action::Heard;
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::types::memory::{Memory, now};
use crate::types::message::Role;

/// Metadata of an answer that was cut: `true`.
const INTERRUPTED: &str = "interrupted";
/// Metadata with the text that was not heard.
const UNHEARD: &str = "unheard";

/// Stores how much of an answer was heard: the memory of the answer has the text that was heard, and
/// the rest as metadata. An answer of which nothing was heard is metadata of the caller's message.
pub(super) async fn record_heard(
    memory: &MemoryManager,
    answer_id: &str,
    message_id: Option<&str>,
    heard: &Heard,
) -> Result<()> {
    let answer = memory.get(answer_id).await?;
    let unheard = unheard_of(heard, answer.as_ref());
    let message = async || match message_id {
        Some(id) => memory.get(id).await,
        None => Ok(None),
    };
    if heard.heard.is_empty() {
        if !unheard.is_empty()
            && let Some(mut message) = message().await?
        {
            message.extend_metadata([(UNHEARD.to_owned(), json!(unheard))]);
            memory.store(message).await?;
        }
        return match answer {
            Some(answer) => memory.delete(&answer.id).await,
            None => Ok(()),
        };
    }
    let answer = match answer {
        Some(answer) => Some(answer),
        None => message().await?.map(|message| Memory {
            id: answer_id.to_owned(),
            role: Some(Role::Assistant),
            timestamp: now(),
            metadata: None,
            ..message
        }),
    };
    let Some(mut answer) = answer else { return Ok(()) };
    heard.heard.clone_into(&mut answer.content);
    let is_cut = !unheard.is_empty();
    answer.extend_metadata([
        (INTERRUPTED.to_owned(), if is_cut { json!(true) } else { Value::Null }),
        (UNHEARD.to_owned(), if is_cut { json!(unheard) } else { Value::Null }),
    ]);
    memory.store(answer).await
}

/// Returns the text that was not heard. An answer that was complete but never sent is unheard, too.
fn unheard_of(heard: &Heard, answer: Option<&Memory>) -> String {
    match answer {
        Some(answer) if heard.heard.is_empty() && heard.unheard.is_empty() => answer.content.clone(),
        _ => heard.unheard.clone(),
    }
}
