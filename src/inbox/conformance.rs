//! What every inbox does, also when many ask at once.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::config::DatabaseOptions;
use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::inbox::Inbox;
use crate::inbox::admissions::{Counted, Limit};
use crate::inbox::database::DatabaseInbox;
use crate::inbox::in_memory::InMemoryInbox;
use crate::memory::now;

/// Every inbox this machine has: the servers that `POSTGRES_URL`, `MYSQL_URL` and `MARIADB_URL` name.
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
    Entry {
        key: key.into(),
        kind: EntryKind::Sms,
        customer: Some("+15551234567".into()),
        state: EntryState::Claimed,
        owner: owner.into(),
        answer: None,
        touched_at: now(),
    }
}

#[tokio::test]
async fn one_of_many_claims_succeeds() {
    for (name, inbox) in inboxes() {
        let owners: Vec<String> = (0..16).map(|n| format!("owner {n}")).collect();
        let claims = join_all(owners.iter().map(|owner| inbox.claim(entry("sms:SM1", owner)))).await;
        let winners: Vec<String> = claims.into_iter().map(|entry| entry.unwrap().owner).collect();
        let winner = winners[0].clone();
        assert!(winners.iter().all(|owner| *owner == winner), "{name}");

        let answer = Some("<Response>é 👋</Response>".to_owned());
        let settle = |owner| inbox.settle("sms:SM1", owner, EntryState::Answered, answer.clone());
        assert!(!settle("nobody").await.unwrap(), "{name}");
        assert!(settle(&winner).await.unwrap(), "{name}");
        let kept = inbox.get("sms:SM1").await.unwrap().unwrap();
        assert_eq!((kept.state, kept.answer), (EntryState::Answered, answer), "{name}");
        assert_eq!(inbox.get("sms:sm1").await.unwrap(), None, "{name}");
    }
}

#[tokio::test]
async fn one_of_many_takes_over_what_was_left_behind() {
    for (name, inbox) in inboxes() {
        inbox.claim(entry("k", "gone")).await.unwrap();
        let owners: Vec<String> = (0..8).map(|n| format!("owner {n}")).collect();
        let taken = join_all(owners.iter().map(|owner| inbox.take_over("k", "gone", owner))).await;
        assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1, "{name}");
        assert!(!inbox.settle("k", "gone", EntryState::Answered, None).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn a_limit_lets_exactly_so_many_through_at_once() {
    let hour = TimeDelta::hours(1);
    for (name, inbox) in inboxes() {
        let counted = Counted { kind: &EntryKind::Sms, customer: "+15551234567" };
        let limits = [(hour, 4), (hour * 24, 6)];
        let admit = async |counted: Counted<'_>, message: &str, limits: &[Limit]| {
            counted.admit(inbox.as_ref(), message, limits).await.unwrap()
        };
        let messages: Vec<String> = (0..12).map(|n| format!("m{n}")).collect();
        let at_once = join_all(messages.iter().map(|message| admit(counted, message, &limits))).await;
        assert_eq!(at_once.iter().filter(|admitted| **admitted).count(), 4, "{name}");
        let again = join_all(messages.iter().map(|message| admit(counted, message, &limits))).await;
        assert_eq!(again, at_once, "{name}");

        let first = &messages[at_once.iter().position(|admitted| *admitted).unwrap()];
        counted.withdraw(inbox.as_ref(), first).await.unwrap();
        assert!(admit(counted, "next", &limits).await, "{name}");
        assert!(!admit(counted, first, &limits).await, "{name}");
        // An hour is over before it begins.
        assert!(admit(counted, "later", &[(-hour, 4)]).await, "{name}");
        assert!(admit(Counted { kind: &EntryKind::Call, ..counted }, "call", &limits).await, "{name}");
        assert!(admit(Counted { customer: "+15550000000", ..counted }, "other", &limits).await, "{name}");
        assert!(!admit(counted, "none", &[(hour, 0)]).await, "{name}");
    }
}

#[tokio::test]
async fn what_is_noted_is_replaced() {
    for (name, inbox) in inboxes() {
        for answer in ["c1", "c2"] {
            let note = Entry {
                kind: EntryKind::Conversation,
                state: EntryState::Noted,
                answer: Some(answer.into()),
                ..entry("conversation:+15551234567", "")
            };
            inbox.note(note).await.unwrap();
            let kept = inbox.get("conversation:+15551234567").await.unwrap().unwrap();
            assert_eq!(kept.answer.as_deref(), Some(answer), "{name}");
            assert_eq!(kept.kind, EntryKind::Conversation, "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_old_is_pruned_in_batches_kind_by_kind() {
    for (name, inbox) in inboxes() {
        for n in 0..5 {
            inbox.claim(entry(&format!("m{n}"), "o")).await.unwrap();
        }
        inbox.claim(Entry { kind: EntryKind::Call, ..entry("call", "o") }).await.unwrap();
        inbox.note(Entry { kind: EntryKind::OptOut, ..entry("stop", "o") }).await.unwrap();
        let prune = async |before| inbox.prune(&EntryKind::Sms, before, 2).await.unwrap();
        assert_eq!(prune(now() - TimeDelta::hours(1)).await, 0, "{name}");
        for count in [2, 2, 1, 0] {
            assert_eq!(prune(now() + TimeDelta::seconds(1)).await, count, "{name}");
        }
        for (key, is_left) in [("m0", false), ("m4", false), ("call", true), ("stop", true)] {
            assert_eq!(inbox.get(key).await.unwrap().is_some(), is_left, "{name}: {key}");
        }
    }
}
