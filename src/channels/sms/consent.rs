//! Whether a customer wants messages: their last STOP or START, kept for good.

use std::sync::Arc;

use crate::database::{Entry, EntryKind, EntryState, OPTED_OUT};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::memory::now;

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
        Ok(noted.is_some_and(|entry| entry.is_opt_out()))
    }

    /// Notes STOP or START.
    pub async fn note(&self, customer: &str, refused: bool) -> Result<()> {
        let word = if refused { OPTED_OUT } else { IN }.to_owned();
        let entry = Entry {
            key: key(customer),
            kind: EntryKind::OptOut,
            customer: Some(customer.to_owned()),
            state: EntryState::Noted,
            owner: String::new(),
            answer: Some(word),
            touched_at: now(),
        };
        self.inbox.note(entry).await
    }
}

fn key(customer: &str) -> String {
    format!("opt-out:sms:{customer}")
}
