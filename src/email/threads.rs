//! The mapping of e-mails to conversations. A reply belongs to the conversation of the e-mail that
//! it answers, if its sender takes part in that conversation.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::database::{Entry, EntryKind};
use crate::email::relay_ids::alternative_ids;
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::json;

/// Maximum number of thread ids that are looked up and passed on.
pub(crate) const MAX_REFERENCES: usize = 20;
/// Maximum number of alternative ids that are looked up if no e-mail of a thread is known by its
/// id.
const MAX_ALTERNATIVE_IDS: usize = 8;

/// The store of sent and received e-mails.
pub struct EmailThreads {
    inbox: Arc<dyn Inbox>,
}

/// The position of an e-mail in its thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreadEntry {
    /// The conversation id.
    pub conversation_id: String,
    /// The subject of the e-mail.
    pub subject: String,
    /// The ids of the preceding e-mails, oldest first.
    pub references: Vec<String>,
    /// The e-mail was sent by the receptionist.
    #[serde(rename = "ours")]
    pub is_outbound: bool,
}

/// A known e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEmail {
    /// The customer's address.
    pub customer: String,
    /// Its position in the thread.
    pub entry: ThreadEntry,
}

impl EmailThreads {
    /// Creates a store in that inbox.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        Self { inbox }
    }

    /// Returns the e-mail of that id, if it is known.
    pub async fn find(&self, message_id: &str) -> Result<Option<KnownEmail>> {
        Ok(self.inbox.get(&key(message_id)).await?.and_then(read))
    }

    /// Returns the newest of these e-mails that belongs to a conversation of the customer. E-mails
    /// of other customers are never found, so knowing a message id gives no access to its
    /// conversation.
    pub async fn find_for_customer(
        &self,
        message_ids: &[String],
        customer: &str,
    ) -> Result<Option<KnownEmail>> {
        for id in message_ids.iter().rev().take(MAX_REFERENCES) {
            if let Some(known) = self.find(id).await?.filter(|known| known.customer == customer) {
                return Ok(Some(known));
            }
        }
        // A relay may have replaced the e-mail's id. The e-mail is then found by the local part of
        // the new id, or by an anchor.
        let named = message_ids.iter().rev().take(MAX_REFERENCES).flat_map(|id| alternative_ids(id));
        for id in named.take(MAX_ALTERNATIVE_IDS) {
            if let Some(known) =
                self.find(&id).await?.filter(|known| known.customer == customer && known.entry.is_outbound)
            {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }

    /// Records an e-mail, unless its id is already known. Returns the recorded one.
    pub async fn record(&self, message_id: &str, customer: &str, entry: ThreadEntry) -> Result<KnownEmail> {
        let answer = json::write(&entry)?;
        let entry = Entry::recorded(EntryKind::Conversation, key(message_id), answer);
        let kept = self.inbox.insert_if_absent(entry.for_customer(customer.to_owned())).await?;
        read(kept).ok_or_else(|| Error::Internal("a stored thread entry of an e-mail is invalid".into()))
    }
}

/// Returns the newest ids of a thread, followed by the id of the e-mail itself.
pub fn references_after(references: &[String], message_id: &str) -> Vec<String> {
    let mut all: Vec<String> = references.iter().filter(|id| *id != message_id).cloned().collect();
    all.push(message_id.to_owned());
    all.split_off(all.len().saturating_sub(MAX_REFERENCES))
}

fn key(message_id: &str) -> String {
    format!("email:message:{message_id}")
}

fn read(entry: Entry) -> Option<KnownEmail> {
    Some(KnownEmail { customer: entry.customer?, entry: serde_json::from_str(&entry.answer?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::in_memory::InMemoryInbox;

    fn entry(conversation_id: &str) -> ThreadEntry {
        let (subject, references) = ("Hi".to_owned(), Vec::new());
        ThreadEntry { conversation_id: conversation_id.into(), subject, references, is_outbound: true }
    }

    #[tokio::test]
    async fn finds_an_email_for_its_own_customer_only() {
        let threads = EmailThreads::new(Arc::new(InMemoryInbox::default()));
        threads.record("1@x", "ann@x.y", entry("c1")).await.unwrap();
        threads.record("2@x", "bob@x.y", entry("c2")).await.unwrap();
        let ids = ["1@x".to_owned(), "2@x".to_owned()];
        let found = threads.find_for_customer(&ids, "ann@x.y").await.unwrap().unwrap();
        assert_eq!(found.entry.conversation_id, "c1");
        assert_eq!(threads.find_for_customer(&ids, "eve@x.y").await.unwrap(), None);
        let again = threads.record("1@x", "eve@x.y", entry("c3")).await.unwrap();
        assert_eq!((again.customer.as_str(), again.entry.conversation_id.as_str()), ("ann@x.y", "c1"));
    }

    #[test]
    fn strips_and_truncates_ids() {
        let many: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        let after = references_after(&many, "x");
        assert_eq!((after.len(), after[0].as_str(), after[19].as_str()), (20, "31", "x"));
    }
}
