//! Conformance tests that every inbox must pass, also under concurrency.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::config::DatabaseOptions;
use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::inbox::Inbox;
use crate::inbox::database::DatabaseInbox;
use crate::inbox::in_memory::InMemoryInbox;
use crate::inbox::rate_limit::{RateLimit, RateLimiter};
use crate::types::memory::now;

/// Returns every inbox available on this machine, including the servers in `POSTGRES_URL`,
/// `MYSQL_URL` and `MARIADB_URL`.
fn inboxes() -> Vec<(&'static str, Arc<dyn Inbox>)> {
    let mut inboxes: Vec<(&'static str, Arc<dyn Inbox>)> =
        vec![("InMemory", Arc::new(InMemoryInbox::default())), ("SQLite", open("sqlite::memory:"))];
    for (name, variable) in
        [("PostgreSQL", "POSTGRES_URL"), ("MySQL", "MYSQL_URL"), ("MariaDB", "MARIADB_URL")]
    {
        if let Ok(url) = std::env::var(variable) {
            inboxes.push((name, open(&url)));
        }
    }
    inboxes
}

fn open(url: &str) -> Arc<dyn Inbox> {
    let prefix = format!("t{}_", uuid::Uuid::new_v4().simple().to_string().split_at(12).0);
    let options = json!({ "connectionString": url, "tablePrefix": prefix });
    let options: DatabaseOptions = serde_json::from_value(options).unwrap();
    Arc::new(DatabaseInbox::new(Arc::new(Database::new(&options).unwrap())))
}

fn entry(key: &str, owner: &str) -> Entry {
    let entry = Entry::in_progress(EntryKind::Sms, key.into()).for_customer("+15551234567".to_owned());
    Entry { owner: owner.into(), ..entry }
}

#[tokio::test]
async fn one_of_many_concurrent_inserts_wins() {
    for (name, inbox) in inboxes() {
        let owners: Vec<String> = (0..16).map(|n| format!("owner {n}")).collect();
        let inserts =
            join_all(owners.iter().map(|owner| inbox.insert_if_absent(entry("sms:SM1", owner)))).await;
        let winners: Vec<String> = inserts.into_iter().map(|entry| entry.unwrap().owner).collect();
        let winner = winners[0].clone();
        assert!(winners.iter().all(|owner| *owner == winner), "{name}");

        let answer = Some("<Response>é 👋</Response>".to_owned());
        let update = |owner| inbox.update_if_owner("sms:SM1", owner, EntryState::Completed, answer.clone());
        assert!(!update("nobody").await.unwrap(), "{name}");
        assert!(update(&winner).await.unwrap(), "{name}");
        let kept = inbox.get("sms:SM1").await.unwrap().unwrap();
        assert_eq!((kept.state, kept.answer), (EntryState::Completed, answer), "{name}");
        assert_eq!(inbox.get("sms:sm1").await.unwrap(), None, "{name}");
    }
}

#[tokio::test]
async fn one_of_many_processes_takes_over_an_expired_lease() {
    for (name, inbox) in inboxes() {
        inbox.insert_if_absent(entry("k", "gone")).await.unwrap();
        let owners: Vec<String> = (0..8).map(|n| format!("owner {n}")).collect();
        let taken = join_all(owners.iter().map(|owner| inbox.reclaim("k", "gone", owner))).await;
        assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1, "{name}");
        assert!(!inbox.update_if_owner("k", "gone", EntryState::Completed, None).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn a_limit_is_exact_under_concurrency() {
    let hour = TimeDelta::hours(1);
    for (name, inbox) in inboxes() {
        let counted = RateLimiter { kind: &EntryKind::Sms, customer: "+15551234567" };
        let limits = [(hour, 4), (hour * 24, 6)];
        let acquire = async |counted: RateLimiter<'_>, message: &str, limits: &[RateLimit]| {
            counted.try_acquire(inbox.as_ref(), message, limits).await.unwrap()
        };
        let messages: Vec<String> = (0..12).map(|n| format!("m{n}")).collect();
        let at_once = join_all(messages.iter().map(|message| acquire(counted, message, &limits))).await;
        assert_eq!(at_once.iter().filter(|admitted| **admitted).count(), 4, "{name}");
        let again = join_all(messages.iter().map(|message| acquire(counted, message, &limits))).await;
        assert_eq!(again, at_once, "{name}");

        let first = &messages[at_once.iter().position(|admitted| *admitted).unwrap()];
        counted.refund(inbox.as_ref(), first).await.unwrap();
        assert!(acquire(counted, "next", &limits).await, "{name}");
        assert!(!acquire(counted, first, &limits).await, "{name}");
        // A window of minus one hour contains nothing.
        assert!(acquire(counted, "later", &[(-hour, 4)]).await, "{name}");
        assert!(acquire(RateLimiter { kind: &EntryKind::Call, ..counted }, "call", &limits).await, "{name}");
        assert!(
            acquire(RateLimiter { customer: "+15550000000", ..counted }, "other", &limits).await,
            "{name}"
        );
        assert!(!acquire(counted, "none", &[(hour, 0)]).await, "{name}");
    }
}

#[tokio::test]
async fn putting_an_entry_replaces_the_previous_one() {
    for (name, inbox) in inboxes() {
        for answer in ["c1", "c2"] {
            let note = Entry {
                kind: EntryKind::Conversation,
                state: EntryState::Recorded,
                answer: Some(answer.into()),
                ..entry("conversation:+15551234567", "")
            };
            inbox.put(note).await.unwrap();
            let kept = inbox.get("conversation:+15551234567").await.unwrap().unwrap();
            assert_eq!(kept.answer.as_deref(), Some(answer), "{name}");
            assert_eq!(kept.kind, EntryKind::Conversation, "{name}");
        }
    }
}

#[tokio::test]
async fn old_entries_are_deleted_in_batches_by_kind() {
    for (name, inbox) in inboxes() {
        for n in 0..5 {
            inbox.insert_if_absent(entry(&format!("m{n}"), "o")).await.unwrap();
        }
        inbox.insert_if_absent(Entry { kind: EntryKind::Call, ..entry("call", "o") }).await.unwrap();
        inbox.put(Entry { kind: EntryKind::OptOut, ..entry("stop", "o") }).await.unwrap();
        let delete = async |before| inbox.delete_older_than(&EntryKind::Sms, before, 2).await.unwrap();
        assert_eq!(delete(now() - TimeDelta::hours(1)).await, 0, "{name}");
        for count in [2, 2, 1, 0] {
            assert_eq!(delete(now() + TimeDelta::seconds(1)).await, count, "{name}");
        }
        for (key, is_left) in [("m0", false), ("m4", false), ("call", true), ("stop", true)] {
            assert_eq!(inbox.get(key).await.unwrap().is_some(), is_left, "{name}: {key}");
        }
    }
}
