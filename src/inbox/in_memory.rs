//! The inbox of a receptionist without a database: once per process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::database::{Entry, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::memory::now;

/// Entries at most; the oldest claims go first.
const CAPACITY: usize = 100_000;

/// An inbox that is gone when the process ends.
#[derive(Default)]
pub struct InMemoryInbox {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<String, Kept>,
    made: u64,
}

struct Kept {
    entry: Entry,
    /// The order of making.
    place: u64,
}

impl Kept {
    fn is_of(&self, customers: &[String]) -> bool {
        self.entry.customer.as_ref().is_some_and(|customer| customers.contains(customer))
    }
}

impl Entries {
    fn add(&mut self, entry: Entry) {
        if self.by_key.len() >= CAPACITY {
            self.drop_oldest();
        }
        self.made += 1;
        let kept = Kept { place: self.made, entry };
        self.by_key.insert(kept.entry.key.clone(), kept);
    }

    /// Makes room, a tenth at a time; what is noted stays.
    fn drop_oldest(&mut self) {
        let mut places: Vec<u64> = self
            .by_key
            .values()
            .filter(|kept| kept.entry.state != EntryState::Noted)
            .map(|kept| kept.place)
            .collect();
        places.sort_unstable();
        let Some(last) = places.get(places.len().min(CAPACITY / 10).saturating_sub(1)).copied() else {
            return;
        };
        self.by_key.retain(|_, kept| kept.entry.state == EntryState::Noted || kept.place > last);
    }
}

impl InMemoryInbox {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Inbox for InMemoryInbox {
    async fn claim(&self, entry: Entry) -> Result<Entry> {
        let mut entries = self.entries();
        if let Some(kept) = entries.by_key.get(&entry.key) {
            return Ok(kept.entry.clone());
        }
        entries.add(entry.clone());
        Ok(entry)
    }

    async fn take_over(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        let mut entries = self.entries();
        let Some(kept) = entries.by_key.get_mut(key).filter(|kept| kept.entry.owner == from) else {
            return Ok(false);
        };
        kept.entry.owner = owner.to_owned();
        kept.entry.touched_at = now();
        Ok(true)
    }

    async fn settle(
        &self,
        key: &str,
        owner: &str,
        state: EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        let mut entries = self.entries();
        let Some(kept) = entries.by_key.get_mut(key).filter(|kept| kept.entry.owner == owner) else {
            return Ok(false);
        };
        kept.entry.state = state;
        kept.entry.answer = answer;
        kept.entry.touched_at = now();
        Ok(true)
    }

    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        Ok(self.entries().by_key.get(key).map(|kept| kept.entry.clone()))
    }

    async fn note(&self, entry: Entry) -> Result<()> {
        let mut entries = self.entries();
        match entries.by_key.get_mut(&entry.key) {
            Some(kept) => kept.entry = entry,
            None => entries.add(entry),
        }
        Ok(())
    }

    async fn replace(&self, from: &str, entry: Entry) -> Result<bool> {
        let mut entries = self.entries();
        let Some(kept) = entries.by_key.get_mut(&entry.key).filter(|kept| kept.entry.owner == from) else {
            return Ok(false);
        };
        kept.entry = entry;
        Ok(true)
    }

    async fn of_customers(&self, customers: &[String]) -> Result<Vec<Entry>> {
        let entries = self.entries();
        let mut found: Vec<&Kept> = entries.by_key.values().filter(|kept| kept.is_of(customers)).collect();
        found.sort_by_key(|kept| kept.place);
        Ok(found.into_iter().map(|kept| kept.entry.clone()).collect())
    }

    async fn forget(&self, customers: &[String]) -> Result<()> {
        let mut entries = self.entries();
        entries.by_key.retain(|_, kept| !kept.is_of(customers) || kept.entry.is_opt_out());
        for kept in entries.by_key.values_mut().filter(|kept| kept.is_of(customers)) {
            kept.entry.customer = None;
        }
        Ok(())
    }
}
