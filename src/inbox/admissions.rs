//! How many of a customer's messages are taken in a stretch of time: exactly so many, also when several processes ask at once. One
//! entry holds the newest admissions, and only who read it last may replace it.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::mail::outbox::hex;
use crate::memory::now;
use crate::output;

/// So many within that time.
pub type Limit = (TimeDelta, u32);

/// What was admitted: messages, and when, in milliseconds since 1970.
type Admitted = Vec<(String, i64)>;

/// Whose messages are counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// What is counted.
    pub kind: &'a EntryKind,
    /// The customer's normalised number or address.
    pub customer: &'a str,
}

impl Counted<'_> {
    /// Admits a message within all limits; one that was admitted before stays so.
    pub async fn admit(&self, inbox: &dyn Inbox, message: &str, limits: &[Limit]) -> Result<bool> {
        let id = id(message);
        loop {
            let (owner, mut admitted) = self.read(inbox).await?;
            if admitted.iter().any(|(known, _)| *known == id) {
                return Ok(true);
            }
            let asked_at = now();
            let since = |time: TimeDelta| (asked_at - time).timestamp_millis();
            let reached = |(time, most): &Limit| {
                let count = admitted.iter().filter(|(_, at)| *at >= since(*time)).count();
                count as u64 >= u64::from(*most)
            };
            if limits.iter().any(reached) {
                return Ok(false);
            }
            let longest = limits.iter().map(|(time, _)| *time).max().unwrap_or_default();
            admitted.retain(|(_, at)| *at >= since(longest));
            admitted.push((id.clone(), asked_at.timestamp_millis()));
            if self.replace(inbox, &owner, &admitted).await? {
                return Ok(true);
            }
        }
    }

    /// Takes an admission back: the message came to nothing.
    pub async fn withdraw(&self, inbox: &dyn Inbox, message: &str) -> Result<()> {
        let id = id(message);
        loop {
            let (owner, mut admitted) = self.read(inbox).await?;
            let before = admitted.len();
            admitted.retain(|(known, _)| *known != id);
            if admitted.len() == before || self.replace(inbox, &owner, &admitted).await? {
                return Ok(());
            }
        }
    }

    /// Who wrote last, and what.
    async fn read(&self, inbox: &dyn Inbox) -> Result<(String, Admitted)> {
        let entry = match inbox.get(&self.key()).await? {
            Some(entry) => entry,
            None => inbox.claim(self.entry(&Admitted::new())?).await?,
        };
        let admitted = entry.answer.and_then(|answer| serde_json::from_str(&answer).ok());
        Ok((entry.owner, admitted.unwrap_or_default()))
    }

    async fn replace(&self, inbox: &dyn Inbox, owner: &str, admitted: &Admitted) -> Result<bool> {
        inbox.replace(owner, self.entry(admitted)?).await
    }

    fn entry(&self, admitted: &Admitted) -> Result<Entry> {
        let answer = output::write(admitted)?;
        Ok(Entry {
            key: self.key(),
            kind: EntryKind::Limit,
            customer: Some(self.customer.to_owned()),
            state: EntryState::Noted,
            owner: uuid::Uuid::new_v4().to_string(),
            answer: Some(answer),
            touched_at: now(),
        })
    }

    fn key(&self) -> String {
        format!("limit:{}:{}", self.kind.as_str(), self.customer)
    }
}

/// What stands for a message: short, and nothing that a provider knows it by.
fn id(message: &str) -> String {
    hex(&Sha256::digest(message)[..8])
}
