//! Rate limiting of a customer's messages. The limit is exact, also across concurrent processes.
//! One entry holds the timestamps of recent messages, and is replaced by compare-and-set.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::database::{Entry, EntryKind};
use crate::error::Result;
use crate::hex::to_hex;
use crate::inbox::Inbox;
use crate::json;
use crate::types::memory::now;

/// A rate limit: the window, and the maximum number of messages in it.
pub type RateLimit = (TimeDelta, u32);

/// Counted messages: id, and time in milliseconds since 1970.
type CountedMessages = Vec<(String, i64)>;

/// A rate limiter for one customer and one kind of message.
#[derive(Debug, Clone, Copy)]
pub struct RateLimiter<'a> {
    /// The kind of message that is counted.
    pub kind: &'a EntryKind,
    /// The customer's normalized number or address.
    pub customer: &'a str,
}

impl RateLimiter<'_> {
    /// Returns `true` and counts the message if it is within all limits. A message that was counted
    /// before stays allowed.
    pub async fn try_acquire(&self, inbox: &dyn Inbox, message: &str, limits: &[RateLimit]) -> Result<bool> {
        let id = id(message);
        loop {
            let (owner, mut counted) = self.read(inbox).await?;
            if counted.iter().any(|(known, _)| *known == id) {
                return Ok(true);
            }
            let asked_at = now();
            let since = |time: TimeDelta| (asked_at - time).timestamp_millis();
            let reached = |(time, most): &RateLimit| {
                let count = counted.iter().filter(|(_, at)| *at >= since(*time)).count();
                count as u64 >= u64::from(*most)
            };
            if limits.iter().any(reached) {
                return Ok(false);
            }
            let longest = limits.iter().map(|(time, _)| *time).max().unwrap_or_default();
            counted.retain(|(_, at)| *at >= since(longest));
            counted.push((id.clone(), asked_at.timestamp_millis()));
            if self.compare_and_set(inbox, &owner, &counted).await? {
                return Ok(true);
            }
        }
    }

    /// Removes a message from the count, because it had no effect.
    pub async fn refund(&self, inbox: &dyn Inbox, message: &str) -> Result<()> {
        let id = id(message);
        loop {
            let (owner, mut counted) = self.read(inbox).await?;
            let before = counted.len();
            counted.retain(|(known, _)| *known != id);
            if counted.len() == before || self.compare_and_set(inbox, &owner, &counted).await? {
                return Ok(());
            }
        }
    }

    /// Returns the owner of the last write, and the counted messages.
    async fn read(&self, inbox: &dyn Inbox) -> Result<(String, CountedMessages)> {
        let entry = match inbox.get(&self.key()).await? {
            Some(entry) => entry,
            None => inbox.insert_if_absent(self.entry(&CountedMessages::new())?).await?,
        };
        let counted = entry.answer.and_then(|answer| serde_json::from_str(&answer).ok());
        Ok((entry.owner, counted.unwrap_or_default()))
    }

    async fn compare_and_set(
        &self,
        inbox: &dyn Inbox,
        owner: &str,
        counted: &CountedMessages,
    ) -> Result<bool> {
        inbox.compare_and_set(owner, self.entry(counted)?).await
    }

    fn entry(&self, counted: &CountedMessages) -> Result<Entry> {
        let entry = Entry::recorded(EntryKind::RateLimit, self.key(), json::write(counted)?);
        Ok(entry.for_customer(self.customer.to_owned()))
    }

    fn key(&self) -> String {
        format!("limit:{}:{}", self.kind.as_str(), self.customer)
    }
}

/// Returns a short id of a message that does not reveal the provider's id.
fn id(message: &str) -> String {
    to_hex(&Sha256::digest(message)[..8])
}
