//! What came in on the channels and what became of it: claims, so that a message is answered once; opt-outs; which
//! conversation a customer is in; how many were answered lately. Kept whatever the rules of the memory say.

pub mod admissions;
#[cfg(test)]
mod conformance;
pub mod database;
pub mod in_memory;
pub mod pruning;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::Result;

/// Where entries are kept. Every method is atomic, also against other processes on the same database.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Adds an entry unless there is one of its key; returns the one that is there, the caller's own if it has their `owner`.
    async fn claim(&self, entry: Entry) -> Result<Entry>;

    /// Makes an entry the caller's if it still is `from`'s; tells whether it did.
    async fn take_over(&self, key: &str, from: &str, owner: &str) -> Result<bool>;

    /// Writes state and answer of an entry that is still `owner`'s; tells whether it was.
    async fn settle(&self, key: &str, owner: &str, state: EntryState, answer: Option<String>)
    -> Result<bool>;

    /// The entry of that key.
    async fn get(&self, key: &str) -> Result<Option<Entry>>;

    /// Adds an entry, or replaces the one of its key.
    async fn note(&self, entry: Entry) -> Result<()>;

    /// Writes owner, state and answer over the entry of the same key if it still is `from`'s; tells whether it did.
    async fn replace(&self, from: &str, entry: Entry) -> Result<bool>;

    /// The entries of customers, by their normalised numbers and addresses; their keys may be hashes.
    async fn of_customers(&self, customers: &[String]) -> Result<Vec<Entry>>;

    /// Removes the entries of customers. That somebody wants no messages stays, but no longer shows who.
    async fn forget(&self, customers: &[String]) -> Result<()>;

    /// Deletes entries of a kind that were last written before that time, `most` at once; tells how many.
    async fn prune(&self, kind: &EntryKind, before: DateTime<Utc>, most: u32) -> Result<u64>;
}
