//! Which conversation a mail belongs to: that of the mail it answers, when its sender is in it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::memory::now;
use crate::output;

/// Ids of a thread that are looked at and passed on.
pub(crate) const MAX_REFERENCES: usize = 20;
/// Longest message id, in bytes; longer ones are cut, on both sides of a comparison.
const MAX_ID_BYTES: usize = 400;

/// Knows the mails that were sent and received.
pub struct Threads {
    inbox: Arc<dyn Inbox>,
}

/// Where a mail is in its thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The conversation.
    pub conversation_id: String,
    /// Of the mail.
    pub subject: String,
    /// The mails before it, oldest first.
    pub references: Vec<String>,
    /// Whether we sent it.
    pub ours: bool,
}

/// A mail that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The other side's address.
    pub customer: String,
    /// Where it is.
    pub place: Place,
}

impl Threads {
    /// Threads kept in that inbox.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        Self { inbox }
    }

    /// The mail of that id.
    pub async fn find(&self, message_id: &str) -> Result<Option<Known>> {
        Ok(self.inbox.get(&key(message_id)).await?.and_then(read))
    }

    /// The newest of these mails in whose conversation the customer is. A mail of somebody else's is not found: whoever
    /// knows a message id does not get into the conversation by it.
    pub async fn of_customer(&self, message_ids: &[String], customer: &str) -> Result<Option<Known>> {
        for id in message_ids.iter().rev().take(MAX_REFERENCES) {
            if let Some(known) = self.find(id).await?.filter(|known| known.customer == customer) {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }

    /// Notes a mail, unless one of its id is known; the one that is.
    pub async fn note(&self, message_id: &str, customer: &str, place: Place) -> Result<Known> {
        let answer = output::write(&place)?;
        let entry = Entry {
            key: key(message_id),
            kind: EntryKind::Conversation,
            customer: Some(customer.to_owned()),
            state: EntryState::Noted,
            owner: uuid::Uuid::new_v4().to_string(),
            answer: Some(answer),
            touched_at: now(),
        };
        let kept = self.inbox.claim(entry).await?;
        read(kept).ok_or_else(|| Error::Internal("a mail's place is unreadable".into()))
    }
}

/// Without angle brackets and other ends, and of bounded length.
pub fn bare_id(id: &str) -> String {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let end = (0..=MAX_ID_BYTES.min(id.len())).rev().find(|end| id.is_char_boundary(*end)).unwrap_or(0);
    id.get(..end).unwrap_or_default().to_owned()
}

/// The newest ids of a thread, with that of the mail itself.
pub fn references_after(references: &[String], message_id: &str) -> Vec<String> {
    let mut all: Vec<String> = references.iter().filter(|id| *id != message_id).cloned().collect();
    all.push(message_id.to_owned());
    all.split_off(all.len().saturating_sub(MAX_REFERENCES))
}

fn key(message_id: &str) -> String {
    format!("email:message:{message_id}")
}

fn read(entry: Entry) -> Option<Known> {
    Some(Known { customer: entry.customer?, place: serde_json::from_str(&entry.answer?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::in_memory::InMemoryInbox;

    fn place(conversation_id: &str) -> Place {
        let (subject, references) = ("Hi".to_owned(), Vec::new());
        Place { conversation_id: conversation_id.into(), subject, references, ours: true }
    }

    #[tokio::test]
    async fn a_mail_belongs_to_its_customer_and_to_nobody_who_knows_its_id() {
        let threads = Threads::new(Arc::new(InMemoryInbox::default()));
        threads.note("1@x", "ann@x.y", place("c1")).await.unwrap();
        threads.note("2@x", "bob@x.y", place("c2")).await.unwrap();
        let ids = ["1@x".to_owned(), "2@x".to_owned()];
        let found = threads.of_customer(&ids, "ann@x.y").await.unwrap().unwrap();
        assert_eq!(found.place.conversation_id, "c1");
        assert_eq!(threads.of_customer(&ids, "eve@x.y").await.unwrap(), None);
        let again = threads.note("1@x", "eve@x.y", place("c3")).await.unwrap();
        assert_eq!((again.customer.as_str(), again.place.conversation_id.as_str()), ("ann@x.y", "c1"));
    }

    #[test]
    fn ids_are_bare_and_bounded() {
        assert_eq!(bare_id(" <a@b> "), "a@b");
        assert_eq!(bare_id(&"é".repeat(300)).len(), MAX_ID_BYTES);
        let many: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        let after = references_after(&many, "x");
        assert_eq!((after.len(), after[0].as_str(), after[19].as_str()), (20, "31", "x"));
    }
}
