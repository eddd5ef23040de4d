//! Signatures of memories.

use uuid::Uuid;

use super::{MAX_TERMS, Signature, channel_code, hash_conversation, hash_term};
use crate::text_analysis::{asks, terms_iter};
use crate::types::memory::Memory;

/// Maximum number of bytes of a text that are analysed.
const MAX_BYTES: usize = 128 << 10;

/// Returns the signature of the memory that has this row. Of a long text only the first
/// [`MAX_TERMS`] terms of the first 128 KB are found.
pub fn signature_of(memory: &Memory, row: Uuid) -> Signature {
    let text = &memory.content[..memory.content.floor_char_boundary(MAX_BYTES)];
    Signature {
        row,
        time: memory.timestamp.timestamp_millis(),
        conversation: memory.conversation_id().map_or(0, hash_conversation),
        asks: asks(&memory.content),
        channel: channel_code(memory.channel.as_ref()),
        terms: terms_iter(text).take(MAX_TERMS).map(|term| hash_term(&term)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::MemoryType;
    use crate::types::message::Channel;
    use serde_json::json;

    #[test]
    fn memories_have_signatures() {
        let session = json!({ "conversationId": "c" });
        let memory = Memory {
            channel: Some(Channel::from("sms")),
            session_metadata: session.as_object().cloned().map(Into::into),
            ..Memory::new(MemoryType::Conversation, "Is the tooth, the tooth, broken?")
        };
        let signature = signature_of(&memory, Uuid::from_u128(7));
        assert_eq!(signature.row, Uuid::from_u128(7));
        assert_eq!(signature.time, memory.timestamp.timestamp_millis());
        assert_eq!(signature.conversation, hash_conversation("c"));
        assert_eq!(signature.channel, channel_code(memory.channel.as_ref()));
        assert!(signature.asks);
        assert_eq!(signature.terms, ["tooth", "tooth", "break"].map(hash_term));
    }

    #[test]
    fn long_memories_are_analysed_in_part() {
        let text = "tooth ".repeat(100_000);
        let signature = signature_of(&Memory::new(MemoryType::Decision, text), Uuid::nil());
        assert_eq!((signature.terms.len(), signature.conversation, signature.channel), (MAX_TERMS, 0, 0));
        assert!(!signature.asks);
    }
}
