//! What every inbox does, also when many ask at once.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::join_all;
use serde_json::json;

use crate::config::DatabaseOptions;
use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::inbox::Inbox;
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
    for (name, inbox) in inboxes() {
        let others = Entry { customer: Some("+15550000000".into()), ..entry("other", "o") };
        inbox.claim(others).await.unwrap();
        inbox.claim(Entry { kind: EntryKind::Call, ..entry("call", "o") }).await.unwrap();
        let keys: Vec<String> = (0..10).map(|n| format!("m{n}")).collect();
        join_all(keys.iter().map(|key| inbox.claim(entry(key, "o")))).await;
        let hour_ago = now() - chrono::Duration::hours(1);
        let counts = join_all(keys.iter().map(|key| inbox.count_before(key, hour_ago))).await;
        let mut counts: Vec<u64> = counts.into_iter().map(Result::unwrap).collect();
        counts.sort_unstable();
        assert_eq!(counts, (0..10).collect::<Vec<u64>>(), "{name}");
        let later: DateTime<Utc> = now() + chrono::Duration::hours(1);
        assert_eq!(inbox.count_before("m9", later).await.unwrap(), 0, "{name}");

        inbox.claim(entry("next", "o")).await.unwrap();
        inbox.settle("m1", "o", EntryState::Refused, None).await.unwrap();
        assert_eq!(inbox.count_before("next", hour_ago).await.unwrap(), 9, "{name}");
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
