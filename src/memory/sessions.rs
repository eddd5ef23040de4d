//! Lookup of conversations by external identifiers: a call, a message, an address.

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::types::memory::{Memory, MemoryQuery, MemoryType, check_id};
use crate::types::message::Channel;

impl MemoryManager {
    /// Returns the newest memory with the given value in a `sessionMetadata` field.
    pub async fn latest_by_session_field(
        &self,
        field: &str,
        value: &str,
        channel: Option<Channel>,
    ) -> Result<Option<Memory>> {
        let session_metadata = Map::from_iter([(field.to_owned(), json!(value))]);
        let query = MemoryQuery { session_metadata, channel, ..MemoryQuery::newest(1) };
        Ok(self.search(&query).await?.pop())
    }

    /// Returns the newest memory of a channel that came from or went to an address.
    pub async fn latest_by_address(&self, channel: Channel, address: &str) -> Result<Option<Memory>> {
        let (from, to) = tokio::try_join!(
            self.latest_by_session_field("from", address, Some(channel.clone())),
            self.latest_by_session_field("to", address, Some(channel)),
        )?;
        Ok([from, to].into_iter().flatten().max_by_key(|memory| memory.timestamp))
    }

    /// Links a conversation to a call or message, so that it can be found by it.
    pub async fn attach(&self, conversation_id: &str, field: &str, value: &str) -> Result<()> {
        let kind = field.trim_end_matches("Sid");
        let id = format!("session-{kind}-{conversation_id}");
        check_id("conversationId", &id).map_err(|reason| Error::argument("conversationId", reason))?;
        let session = [("conversationId", json!(conversation_id)), (field, json!(value))];
        let session: Map<String, Value> =
            session.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
        let memory = Memory::new(MemoryType::System, format!("This conversation is the {kind} {value}"));
        self.store(Memory { id, session_metadata: Some(session.into()), ..memory }).await
    }
}
