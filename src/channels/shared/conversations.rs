//! The current conversation of a customer on a line. A new one starts after a period of silence.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value};

use crate::channels::shared::legacy_conversations::LegacyConversations;
use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::memory::MemoryManager;
use crate::phone::phone_spellings;
use crate::types::memory::now;
use crate::types::message::Channel;

/// A registry of current conversations.
pub struct Conversations {
    memory: Arc<MemoryManager>,
    inbox: Arc<dyn Inbox>,
    legacy_conversations: Arc<LegacyConversations>,
}

impl Conversations {
    /// Creates a registry over a memory and an inbox, including the conversations of
    /// `legacy_conversations`.
    pub fn new(
        memory: Arc<MemoryManager>,
        inbox: Arc<dyn Inbox>,
        legacy_conversations: Arc<LegacyConversations>,
    ) -> Self {
        Self { memory, inbox, legacy_conversations }
    }

    /// Returns the conversation of a customer on a line. Starts a new one after `session_timeout`.
    pub async fn current(
        &self,
        channel: &Channel,
        line: &str,
        customer: &str,
        session_timeout: TimeDelta,
        metadata: &Map<String, Value>,
    ) -> Result<String> {
        self.import_spelling(channel, line, customer).await?;
        let key = key(channel, line, customer);
        let earlier = if self.legacy_conversations.exists().await? && self.inbox.get(&key).await?.is_none() {
            self.legacy_conversations.conversation(channel, line, customer, session_timeout).await?
        } else {
            None
        };
        let id = earlier.clone().unwrap_or_else(new_id);
        let new = Entry::recorded(EntryKind::Conversation, key.clone(), id).for_customer(customer.to_owned());
        let owner = new.owner.clone();
        let mut found = self.inbox.insert_if_absent(new.clone()).await?;
        if found.owner != owner && found.touched_at + session_timeout < now() {
            // If several messages end the silence at the same time, one of them starts the
            // conversation.
            if self.inbox.reclaim(&key, &found.owner, &owner).await? {
                self.inbox.put(new.clone()).await?;
                found = new;
            } else {
                found = self.inbox.get(&key).await?.unwrap_or(found);
            }
        }
        let id = found.answer.ok_or_else(|| Error::Internal("a conversation has no id".into()))?;
        if found.owner == owner && earlier.as_ref() == Some(&id) {
            return Ok(id);
        }
        if found.owner == owner {
            self.memory.start_session(&id, channel.clone(), Some(metadata.clone())).await?;
        } else {
            self.inbox.update_if_owner(&key, &found.owner, EntryState::Recorded, Some(id.clone())).await?;
        }
        Ok(id)
    }

    /// Continues a conversation that is stored under another spelling of the customer's number.
    async fn import_spelling(&self, channel: &Channel, line: &str, customer: &str) -> Result<()> {
        let spellings = phone_spellings(customer);
        let key_of = |spelling: &str| key(channel, line, spelling);
        if spellings.len() == 1 || self.inbox.get(&key_of(customer)).await?.is_some() {
            return Ok(());
        }
        for spelling in spellings.iter().filter(|spelling| *spelling != customer) {
            if let Some(noted) = self.inbox.get(&key_of(spelling)).await? {
                let adopted = Entry { key: key_of(customer), customer: Some(customer.to_owned()), ..noted };
                self.inbox.insert_if_absent(adopted).await?;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Makes a conversation the current one of a customer on a line.
    pub async fn set_current(&self, channel: &Channel, line: &str, customer: &str, id: &str) -> Result<()> {
        let key = key(channel, line, customer);
        let joined = Entry::recorded(EntryKind::Conversation, key, id.to_owned());
        self.inbox.put(joined.for_customer(customer.to_owned())).await
    }
}

fn key(channel: &Channel, line: &str, customer: &str) -> String {
    format!("conversation:{}:{line}:{customer}", channel.as_str())
}

/// Returns a new id: `conv_<ms>_<7 characters>`.
pub fn new_id() -> String {
    format!("conv_{}_{}", now().timestamp_millis(), random_base36())
}

/// Returns seven random characters of 0-9 and a-z.
fn random_base36() -> String {
    let mut random = uuid::Uuid::new_v4().as_u128();
    let mut next = || {
        let digit = (random % 36) as u32;
        random /= 36;
        char::from_digit(digit, 36).unwrap_or('0')
    };
    (0..7).map(|_| next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::in_memory::InMemoryInbox;
    use crate::tools::testing::memory;

    #[tokio::test]
    async fn continues_a_conversation_under_another_spelling_of_the_number() {
        let legacy_conversations = Arc::new(LegacyConversations::new(None, "US".to_owned()));
        let conversations =
            Conversations::new(memory(), Arc::new(InMemoryInbox::default()), legacy_conversations);
        let line = "whatsapp:+15550001111";
        let current = async |customer: &str, hours: i64| {
            let session_timeout = TimeDelta::hours(hours);
            conversations.current(&Channel::Sms, line, customer, session_timeout, &Map::new()).await.unwrap()
        };
        for (written, identity, other) in [
            ("+5218112345678", "+528112345678", "+528112345679"),
            ("+5491123456789", "+541123456789", "+541123456780"),
            ("+553187654321", "+5531987654321", "+5531987654322"),
        ] {
            conversations.set_current(&Channel::Sms, line, written, written).await.unwrap();
            assert_eq!(current(identity, 24).await, written);
            assert_ne!(current(other, 24).await, written);
            let new = current(identity, -1).await;
            assert_ne!(new, written, "a silence ends it all the same");
            assert_eq!(current(identity, 24).await, new);
        }
    }
}
