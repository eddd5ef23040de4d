//! Lookup of summaries of conversations, and of the owner of a conversation as a whole.

use serde_json::Map;

use crate::error::Result;
use crate::memory::MemoryManager;
use crate::memory::rolling_summary::{ConversationOwner, RollingSummary, covered_until, until_field};
use crate::memory::session_events::{CONVERSATION_ENDED, END, SUMMARY, session_id};
use crate::types::memory::{Memory, MemoryQuery, MemoryType};
use crate::types::message::Role;
use crate::types::visibility::owner_fields_of;

/// Maximum number of messages in a conversation that has an owner as a whole.
const MAX_OWNED_MESSAGES: u32 = 1_000;
impl MemoryManager {
    /// Returns the newest summary of a conversation that tells what it covers, if there is one.
    pub async fn rolling_summary(&self, conversation_id: &str) -> Result<Option<RollingSummary>> {
        let summaries = self.summaries(conversation_id).await?.into_iter();
        // A summary of the developer or of a tool does not tell, and hides no older one that does.
        let covering = summaries.filter_map(|memory| Some((covered_until(&memory)?.to_owned(), memory)));
        let newest = covering.max_by_key(|(_, memory)| memory.timestamp);
        Ok(newest.map(|(until, memory)| RollingSummary { text: memory.content, until }))
    }

    /// Returns the memories that summarize a conversation as a whole: its rolling summary and its end,
    /// as far as it has them.
    pub async fn summaries(&self, conversation_id: &str) -> Result<Vec<Memory>> {
        let [rolling, end] = [SUMMARY, END].map(|event| session_id(event, conversation_id));
        let (rolling, end) = tokio::try_join!(self.get(&rolling), self.get(&end))?;
        let of_conversation = |memory: &Memory| memory.conversation_id() == Some(conversation_id);
        Ok([rolling, end].into_iter().flatten().filter(of_conversation).collect())
    }

    /// Returns the memory of the last end of a conversation, if it has ended.
    pub async fn session_end(&self, conversation_id: &str) -> Result<Option<Memory>> {
        let end = self.get(&session_id(END, conversation_id)).await?;
        Ok(end.filter(|end| end.conversation_id() == Some(conversation_id)))
    }

    /// Adds the summary to the end of a conversation, unless it has one.
    pub async fn add_end_summary(&self, conversation_id: &str, summary: RollingSummary) -> Result<()> {
        let end = self.session_end(conversation_id).await?;
        let Some(mut end) = end.filter(|end| end.content == CONVERSATION_ENDED) else { return Ok(()) };
        end.extend_metadata([until_field(summary.until)]);
        self.store(Memory { content: summary.text, ..end }).await
    }

    /// Returns the owner of a conversation. A conversation of several people, or partly of nobody
    /// known, has none.
    pub async fn owner_of_conversation(&self, conversation_id: &str) -> Result<ConversationOwner> {
        let messages = MemoryQuery {
            conversation_id: Some(conversation_id.to_owned()),
            kinds: vec![MemoryType::Conversation],
            role: Some(Role::User),
            ..MemoryQuery::newest(MAX_OWNED_MESSAGES)
        };
        let messages = self.search(&messages).await?;
        let owner = |memory: &Memory| {
            owner_fields_of(memory)
                .map(|(field, value)| (field.to_owned(), value.clone()))
                .collect::<Map<_, _>>()
        };
        let Some(newest) = messages.first() else { return Ok(ConversationOwner::default()) };
        let shared = owner(newest);
        let is_shared = messages.len() < MAX_OWNED_MESSAGES as usize
            && messages.iter().all(|memory| owner(memory) == shared);
        let fields = if is_shared { shared } else { Map::new() };
        Ok(ConversationOwner { fields, channel: newest.channel.clone() })
    }
}
