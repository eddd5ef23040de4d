//! The memory of the values that were extracted from a conversation.

use serde_json::{Map, Value};

use crate::error::Result;
use crate::memory::session_events::session_event;
use crate::memory::{ConversationOwner, MemoryManager};
use crate::types::memory::Memory;

/// Content of the memory. The values are in its metadata, so that no search finds them by their words.
const CONTENT: &str = "Values were extracted from the conversation";

impl MemoryManager {
    /// Stores the values that were extracted from a conversation. Storing again replaces them.
    pub async fn store_extraction(
        &self,
        conversation_id: &str,
        owner: ConversationOwner,
        metadata: Map<String, Value>,
    ) -> Result<()> {
        let mut event = session_event("extraction", conversation_id, "completed", CONTENT.to_owned())?;
        event.extend_session(owner.fields);
        event.extend_metadata(metadata);
        self.store(Memory { importance: Some(5), channel: owner.channel, ..event }).await
    }
}
