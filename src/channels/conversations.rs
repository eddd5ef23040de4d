//! Which conversation a message belongs to: one per customer and line, until it has been silent for long.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::memory::now;
use crate::message::Channel;
use crate::recall::MemoryManager;

/// Finds and opens conversations.
pub struct Conversations {
    memory: Arc<MemoryManager>,
    inbox: Arc<dyn Inbox>,
}

impl Conversations {
    /// Conversations remembered there.
    pub fn new(memory: Arc<MemoryManager>, inbox: Arc<dyn Inbox>) -> Self {
        Self { memory, inbox }
    }

    /// The conversation of a customer on a line of ours, a new one after `silence`.
    pub async fn current(
        &self,
        channel: &Channel,
        line: &str,
        customer: &str,
        silence: TimeDelta,
        metadata: &Map<String, Value>,
    ) -> Result<String> {
        let key = key(channel, line, customer);
        let owner = uuid::Uuid::new_v4().to_string();
        let new = Entry {
            key: key.clone(),
            kind: EntryKind::Conversation,
            customer: Some(customer.to_owned()),
            state: EntryState::Noted,
            owner: owner.clone(),
            answer: Some(new_id()),
            touched_at: now(),
        };
        let mut found = self.inbox.claim(new.clone()).await?;
        if found.owner != owner && found.touched_at + silence < now() {
            // Of several messages that end a silence at once, one opens the conversation.
            if self.inbox.take_over(&key, &found.owner, &owner).await? {
                self.inbox.note(new.clone()).await?;
                found = new;
            } else {
                found = self.inbox.get(&key).await?.unwrap_or(found);
            }
        }
        let id = found.answer.ok_or_else(|| Error::Internal("a conversation has no id".into()))?;
        if found.owner == owner {
            self.memory.start_session(&id, channel.clone(), Some(metadata.clone())).await?;
        } else {
            self.inbox.settle(&key, &found.owner, EntryState::Noted, Some(id.clone())).await?;
        }
        Ok(id)
    }

    /// Makes a conversation the one that a customer is in on a line of ours.
    pub async fn join(&self, channel: &Channel, line: &str, customer: &str, id: &str) -> Result<()> {
        let joined = Entry {
            key: key(channel, line, customer),
            kind: EntryKind::Conversation,
            customer: Some(customer.to_owned()),
            state: EntryState::Noted,
            owner: uuid::Uuid::new_v4().to_string(),
            answer: Some(id.to_owned()),
            touched_at: now(),
        };
        self.inbox.note(joined).await
    }
}

fn key(channel: &Channel, line: &str, customer: &str) -> String {
    format!("conversation:{}:{line}:{customer}", channel.as_str())
}

/// `conv_<ms>_<7 characters>`.
pub fn new_id() -> String {
    format!("conv_{}_{}", now().timestamp_millis(), random_base36())
}

/// Seven random characters of 0-9 and a-z.
fn random_base36() -> String {
    let mut random = uuid::Uuid::new_v4().as_u128();
    let mut next = || {
        let digit = (random % 36) as u32;
        random /= 36;
        char::from_digit(digit, 36).unwrap_or('0')
    };
    (0..7).map(|_| next()).collect()
}
