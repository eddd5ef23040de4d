//! The inbox of the channels: idempotency keys of inbound messages, opt-outs, current conversations
//! and rate limits. Its entries do not depend on the retention rules of the memory.

pub mod cleanup;
#[cfg(test)]
mod conformance;
pub mod database;
pub mod idempotency;
pub mod in_memory;
pub mod rate_limit;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::Result;

/// A store of inbox entries. Every method is atomic, also across processes on the same database.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Inserts an entry if its key is free. Returns the stored entry, which has the caller's
    /// `owner` if the insert succeeded.
    async fn insert_if_absent(&self, entry: Entry) -> Result<Entry>;

    /// Changes the owner of an entry from `from` to `owner`. Returns `true` if the entry still
    /// belonged to `from`.
    async fn reclaim(&self, key: &str, from: &str, owner: &str) -> Result<bool>;

    /// Writes the state and answer of an entry. Returns `true` if it still belonged to `owner`.
    async fn update_if_owner(
        &self,
        key: &str,
        owner: &str,
        state: EntryState,
        answer: Option<String>,
    ) -> Result<bool>;

    /// Returns the entry with that key, if any.
    async fn get(&self, key: &str) -> Result<Option<Entry>>;

    /// Inserts an entry, or replaces the one with the same key.
    async fn put(&self, entry: Entry) -> Result<()>;

    /// Replaces owner, state and answer of the entry with the same key. Returns `true` if it still
    /// belonged to `from`.
    async fn compare_and_set(&self, from: &str, entry: Entry) -> Result<bool>;

    /// Returns the entries of customers, by their normalized numbers and addresses. Their keys may
    /// be hashes.
    async fn entries_of_customers(&self, customers: &[String]) -> Result<Vec<Entry>>;

    /// Deletes the entries of customers. Opt-outs stay, but no longer reveal the customer.
    async fn erase(&self, customers: &[String]) -> Result<()>;

    /// Deletes up to `limit` entries of a kind that were last written before that time. Returns
    /// their number.
    async fn delete_older_than(&self, kind: &EntryKind, before: DateTime<Utc>, limit: u32) -> Result<u64>;
}
