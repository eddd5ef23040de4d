//! An inbox in the user's database: table `<prefix>inbox`.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;

/// An inbox in a [`Database`].
pub struct DatabaseInbox {
    database: Arc<Database>,
}

impl DatabaseInbox {
    /// Creates an inbox in that database.
    pub fn new(database: Arc<Database>) -> Self {
        Self { database }
    }
}

#[async_trait]
impl Inbox for DatabaseInbox {
    async fn insert_if_absent(&self, entry: Entry) -> Result<Entry> {
        self.database.insert_entry_if_absent(entry).await
    }

    async fn reclaim(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        self.database.reclaim_entry(key, from, owner).await
    }

    async fn update_if_owner(
        &self,
        key: &str,
        owner: &str,
        state: EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        self.database.complete_entry(key, owner, &state, answer).await
    }

    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        self.database.entry(key).await
    }

    async fn put(&self, entry: Entry) -> Result<()> {
        self.database.put_entry(entry).await
    }

    async fn compare_and_set(&self, from: &str, entry: Entry) -> Result<bool> {
        self.database.compare_and_set_entry(from, entry).await
    }

    async fn entries_of_customers(&self, customers: &[String]) -> Result<Vec<Entry>> {
        self.database.entries_of_customers(customers).await
    }

    async fn erase(&self, customers: &[String]) -> Result<()> {
        self.database.erase_entries(customers).await
    }

    async fn delete_older_than(&self, kind: &EntryKind, before: DateTime<Utc>, limit: u32) -> Result<u64> {
        self.database.prune_entries(kind, before, limit).await
    }
}
