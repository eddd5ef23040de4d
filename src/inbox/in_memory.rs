//! The inbox of a receptionist without a database: once per process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::database::{Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::inbox::Inbox;
use crate::memory::now;

/// Entries at most, but for opt-outs, which are never dropped.
const CAPACITY: usize = 100_000;
/// What was written since may still be worked on.
const AT_WORK: TimeDelta = TimeDelta::minutes(1);

/// An inbox that is gone when the process ends.
#[derive(Default)]
pub struct InMemoryInbox {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<String, Entry>,
    /// What the last dropping left, which is no reason to try again at once.
    left: usize,
}

impl Entries {
    fn add(&mut self, entry: Entry) {
        if self.by_key.len() >= CAPACITY.max(self.left + CAPACITY / 10) {
            self.drop_oldest();
        }
        self.by_key.insert(entry.key.clone(), entry);
    }

    /// Makes room, a tenth at a time: claims first, then what is noted of conversations and limits.
    fn drop_oldest(&mut self) {
        let recently = now() - AT_WORK;
        // What may go, in the order in which it goes.
        let rank = |entry: &Entry| match (&entry.kind, &entry.state) {
            (EntryKind::OptOut, _) => None,
            (_, EntryState::Claimed | EntryState::Sending) if entry.touched_at > recently => None,
            (_, EntryState::Noted) => Some((1, entry.touched_at)),
            _ => Some((0, entry.touched_at)),
        };
        let mut ranks: Vec<(u8, DateTime<Utc>)> = self.by_key.values().filter_map(rank).collect();
        ranks.sort_unstable();
        if let Some(last) = ranks.get(ranks.len().min(CAPACITY / 10).saturating_sub(1)).copied() {
            self.by_key.retain(|_, entry| rank(entry).is_none_or(|rank| rank > last));
        }
        self.left = self.by_key.len();
    }
}

impl InMemoryInbox {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes an entry if it is still `owner`'s; tells whether it was.
    fn change(&self, key: &str, owner: &str, change: impl FnOnce(&mut Entry)) -> bool {
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
    async fn claim(&self, entry: Entry) -> Result<Entry> {
        let mut entries = self.entries();
        if let Some(kept) = entries.by_key.get(&entry.key) {
            return Ok(kept.clone());
        }
        entries.add(entry.clone());
        Ok(entry)
    }

    async fn take_over(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        Ok(self.change(key, from, |entry| entry.owner = owner.to_owned()))
    }

    async fn settle(
        &self,
        key: &str,
        owner: &str,
        state: EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        Ok(self.change(key, owner, |entry| {
            entry.state = state;
            entry.answer = answer;
        }))
    }

    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        Ok(self.entries().by_key.get(key).cloned())
    }

    async fn note(&self, entry: Entry) -> Result<()> {
        let mut entries = self.entries();
        match entries.by_key.get_mut(&entry.key) {
            Some(kept) => *kept = entry,
            None => entries.add(entry),
        }
        Ok(())
    }

    async fn replace(&self, from: &str, entry: Entry) -> Result<bool> {
        let key = entry.key.clone();
        Ok(self.change(&key, from, |kept| *kept = entry))
    }

    async fn prune(&self, kind: &EntryKind, before: DateTime<Utc>, most: u32) -> Result<u64> {
        let mut entries = self.entries();
        let old = entries.by_key.values().filter(|entry| entry.kind == *kind && entry.touched_at < before);
        let keys: Vec<String> = old.take(most as usize).map(|entry| entry.key.clone()).collect();
        for key in &keys {
            entries.by_key.remove(key);
        }
        Ok(keys.len() as u64)
    }
    async fn of_customers(&self, customers: &[String]) -> Result<Vec<Entry>> {
        let entries = self.entries();
        let mut found: Vec<Entry> =
            entries.by_key.values().filter(|entry| is_of(entry, customers)).cloned().collect();
        found.sort_by_key(|entry| entry.touched_at);
        Ok(found)
    }

    async fn forget(&self, customers: &[String]) -> Result<()> {
        let mut entries = self.entries();
        entries.by_key.retain(|_, entry| !is_of(entry, customers) || entry.is_opt_out());
        for entry in entries.by_key.values_mut().filter(|entry| is_of(entry, customers)) {
            entry.customer = None;
        }
        Ok(())
    }
}

fn is_of(entry: &Entry, customers: &[String]) -> bool {
    entry.customer.as_ref().is_some_and(|customer| customers.contains(customer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: String, kind: EntryKind, state: EntryState, touched_at: DateTime<Utc>) -> Entry {
        let (customer, owner, answer) = (None, String::new(), None);
        Entry { key, kind, customer, state, owner, answer, touched_at }
    }

    #[tokio::test]
    async fn it_is_bounded_and_keeps_opt_outs_and_what_is_worked_on() {
        let inbox = InMemoryInbox::default();
        let start = now() - TimeDelta::days(1);
        let stop = entry("stop".into(), EntryKind::OptOut, EntryState::Noted, start);
        let talk = entry("talk".into(), EntryKind::Conversation, EntryState::Noted, start);
        let work = entry("work".into(), EntryKind::Sms, EntryState::Claimed, now());
        for entry in [&stop, &talk] {
            inbox.note(entry.clone()).await.unwrap();
        }
        inbox.claim(work.clone()).await.unwrap();
        for n in 0..CAPACITY * 2 {
            let at = start + TimeDelta::milliseconds(n as i64);
            let key = format!("sms:{n}");
            inbox.claim(entry(key, EntryKind::Sms, EntryState::Answered, at)).await.unwrap();
        }
        assert!(inbox.entries().by_key.len() <= CAPACITY);
        for kept in [stop, talk, work] {
            assert_eq!(inbox.get(&kept.key).await.unwrap(), Some(kept));
        }
        assert!(inbox.get("sms:0").await.unwrap().is_none());
        assert!(inbox.get(&format!("sms:{}", CAPACITY * 2 - 1)).await.unwrap().is_some());
    }
}
