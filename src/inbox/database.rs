//! The inbox in the user's database: table `<prefix>inbox`.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;

/// An inbox over a [`Database`].
pub struct DatabaseInbox {
    database: Arc<Database>,
}

impl DatabaseInbox {
    /// An inbox over that database.
    pub fn new(database: Arc<Database>) -> Self {
        Self { database }
    }
}

#[async_trait]
impl Inbox for DatabaseInbox {
    async fn claim(&self, entry: Entry) -> Result<Entry> {
        self.database.claim_entry(entry).await
    }

    async fn take_over(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        self.database.take_over_entry(key, from, owner).await
    }

    async fn settle(
        &self,
        key: &str,
        owner: &str,
        state: EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        self.database.settle_entry(key, owner, &state, answer).await
    }

    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        self.database.entry(key).await
    }

    async fn note(&self, entry: Entry) -> Result<()> {
        self.database.note_entry(entry).await
    }

    async fn replace(&self, from: &str, entry: Entry) -> Result<bool> {
        self.database.replace_entry(from, entry).await
    }

    async fn of_customers(&self, customers: &[String]) -> Result<Vec<Entry>> {
        self.database.entries_of(customers).await
    }

    async fn forget(&self, customers: &[String]) -> Result<()> {
        self.database.forget_entries(customers).await
    }

    async fn prune(&self, kind: &EntryKind, before: DateTime<Utc>, most: u32) -> Result<u64> {
        self.database.prune_entries(kind, before, most).await
    }
}
