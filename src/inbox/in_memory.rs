//! An inbox in memory, for a receptionist without a database. It deduplicates within the process.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::{Mutex, MutexGuard};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::types::memory::now;

/// Maximum number of entries. Opt-outs do not count and are never evicted.
const CAPACITY: usize = 100_000;
/// Minimum age of an entry in progress before it may be evicted, because its work may still be
/// running.
const MIN_AGE_IN_PROGRESS: TimeDelta = TimeDelta::minutes(1);

/// An inbox that lasts as long as the process.
#[derive(Default)]
pub struct InMemoryInbox {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<String, Entry>,
    /// Size after the last eviction, so that an eviction that frees nothing is not repeated
    /// immediately.
    size_after_eviction: usize,
}

impl Entries {
    fn add(&mut self, entry: Entry) {
        if self.by_key.len() >= CAPACITY.max(self.size_after_eviction + CAPACITY / 10) {
            self.evict_oldest();
        }
        self.by_key.insert(entry.key.clone(), entry);
    }

    /// Evicts the oldest tenth of the entries: idempotency keys first, then conversations and
    /// limits.
    fn evict_oldest(&mut self) {
        let recently = now() - MIN_AGE_IN_PROGRESS;
        // The eviction order of an entry; `None` if it must stay.
        let rank = |entry: &Entry| match (&entry.kind, &entry.state) {
            (EntryKind::OptOut | EntryKind::Contact, _) => None,
            (_, EntryState::InProgress | EntryState::Sending) if entry.touched_at > recently => None,
            (_, EntryState::Recorded) => Some((1, entry.touched_at)),
            _ => Some((0, entry.touched_at)),
        };
        let mut ranks: Vec<(u8, DateTime<Utc>)> = self.by_key.values().filter_map(rank).collect();
        ranks.sort_unstable();
        if let Some(last) = ranks.get(ranks.len().min(CAPACITY / 10).saturating_sub(1)).copied() {
            self.by_key.retain(|_, entry| rank(entry).is_none_or(|rank| rank > last));
        }
        self.size_after_eviction = self.by_key.len();
    }
}

impl InMemoryInbox {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock()
    }

    /// Updates an entry if it still belongs to `owner`. Returns `true` if it did.
    fn update_owned(&self, key: &str, owner: &str, change: impl FnOnce(&mut Entry)) -> bool {
        let mut entries = self.entries();
        let Some(entry) = entries.by_key.get_mut(key).filter(|entry| entry.owner == owner) else {
            return false;
        };
        change(entry);
        entry.touched_at = now();
        true
    }
}

#[async_trait]
impl Inbox for InMemoryInbox {
    async fn insert_if_absent(&self, entry: Entry) -> Result<Entry> {
        let mut entries = self.entries();
        if let Some(kept) = entries.by_key.get(&entry.key) {
            return Ok(kept.clone());
        }
        entries.add(entry.clone());
        Ok(entry)
    }

    async fn reclaim(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        Ok(self.update_owned(key, from, |entry| entry.owner = owner.to_owned()))
    }

    async fn update_if_owner(
        &self,
        key: &str,
        owner: &str,
        state: EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        Ok(self.update_owned(key, owner, |entry| {
            entry.state = state;
            entry.answer = answer;
        }))
    }

    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        Ok(self.entries().by_key.get(key).cloned())
    }

    async fn put(&self, entry: Entry) -> Result<()> {
        let mut entries = self.entries();
        match entries.by_key.get_mut(&entry.key) {
            Some(kept) => *kept = entry,
            None => entries.add(entry),
        }
        Ok(())
    }

    async fn compare_and_set(&self, from: &str, entry: Entry) -> Result<bool> {
        let key = entry.key.clone();
        Ok(self.update_owned(&key, from, |kept| *kept = entry))
    }

    async fn delete_older_than(&self, kind: &EntryKind, before: DateTime<Utc>, limit: u32) -> Result<u64> {
        let mut entries = self.entries();
        let old = entries.by_key.values().filter(|entry| entry.kind == *kind && entry.touched_at < before);
        let keys: Vec<String> = old.take(limit as usize).map(|entry| entry.key.clone()).collect();
        for key in &keys {
            entries.by_key.remove(key);
        }
        Ok(keys.len() as u64)
    }
    async fn entries_of_customers(&self, customers: &[String]) -> Result<Vec<Entry>> {
        let entries = self.entries();
        let mut found: Vec<Entry> =
            entries.by_key.values().filter(|entry| belongs_to(entry, customers)).cloned().collect();
        found.sort_by_key(|entry| entry.touched_at);
        Ok(found)
    }

    async fn erase(&self, customers: &[String]) -> Result<()> {
        let mut entries = self.entries();
        entries.by_key.retain(|_, entry| !belongs_to(entry, customers) || entry.is_opt_out());
        for entry in entries.by_key.values_mut().filter(|entry| belongs_to(entry, customers)) {
            entry.customer = None;
        }
        Ok(())
    }
}

fn belongs_to(entry: &Entry, customers: &[String]) -> bool {
    entry.customer.as_ref().is_some_and(|customer| customers.contains(customer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: String, kind: EntryKind, state: EntryState, touched_at: DateTime<Utc>) -> Entry {
        Entry { state, ..Entry::recorded(kind, key, None).at(touched_at) }
    }

    #[tokio::test]
    async fn is_bounded_and_keeps_opt_outs_contacts_and_entries_in_progress() {
        let inbox = InMemoryInbox::default();
        let start = now() - TimeDelta::days(1);
        let stop = entry("stop".into(), EntryKind::OptOut, EntryState::Recorded, start);
        let seen = entry("seen".into(), EntryKind::Contact, EntryState::Recorded, start);
        let talk = entry("talk".into(), EntryKind::Conversation, EntryState::Recorded, start);
        let work = entry("work".into(), EntryKind::Sms, EntryState::InProgress, now());
        for entry in [&stop, &seen, &talk] {
            inbox.put(entry.clone()).await.unwrap();
        }
        inbox.insert_if_absent(work.clone()).await.unwrap();
        for n in 0..CAPACITY * 2 {
            let at = start + TimeDelta::milliseconds(n as i64);
            let key = format!("sms:{n}");
            inbox.insert_if_absent(entry(key, EntryKind::Sms, EntryState::Completed, at)).await.unwrap();
        }
        assert!(inbox.entries().by_key.len() <= CAPACITY);
        for kept in [stop, seen, talk, work] {
            assert_eq!(inbox.get(&kept.key).await.unwrap(), Some(kept));
        }
        assert!(inbox.get("sms:0").await.unwrap().is_none());
        assert!(inbox.get(&format!("sms:{}", CAPACITY * 2 - 1)).await.unwrap().is_some());
    }
}
