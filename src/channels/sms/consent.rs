//! Whether a customer wants messages: their last STOP or START, kept for good.

use std::sync::Arc;

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::memory::now;

const OUT: &str = "out";
const IN: &str = "in";

/// Opt-outs, in the inbox.
pub(super) struct Consent {
    inbox: Arc<dyn Inbox>,
}

impl Consent {
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        Self { inbox }
    }

    /// Whether a customer's last word was STOP.
    pub async fn is_refused(&self, customer: &str) -> Result<bool> {
        let noted = self.inbox.get(&key(customer)).await?;
        Ok(noted.is_some_and(|entry| entry.answer.as_deref() == Some(OUT)))
    }

    /// Notes STOP or START.
    pub async fn note(&self, customer: &str, refused: bool) -> Result<()> {
        let word = if refused { OUT } else { IN }.to_owned();
        self.inbox.note(entry(key(customer), customer, Some(word))).await
    }

    /// Whether a customer has been heard of before.
    pub async fn knows(&self, customer: &str) -> Result<bool> {
        Ok(self.inbox.get(&contact(customer)).await?.is_some())
    }

    /// Notes that a customer was heard of.
    pub async fn meet(&self, customer: &str) -> Result<()> {
        self.inbox.note(entry(contact(customer), customer, None)).await
    }
}

fn contact(customer: &str) -> String {
    format!("contact:sms:{customer}")
}

fn key(customer: &str) -> String {
    format!("opt-out:sms:{customer}")
}

fn entry(key: String, customer: &str, answer: Option<String>) -> Entry {
    Entry {
        key,
        kind: EntryKind::OptOut,
        customer: Some(customer.to_owned()),
        state: EntryState::Noted,
        owner: String::new(),
        answer,
        touched_at: now(),
    }
}
