//! Conformance tests for all storages. `__test__/storage/storage.test.mjs` runs the full table
//! through the public API. These tests catch a broken statement within `cargo test`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::config::DatabaseOptions;
use crate::database::Database;
use crate::memory::storage::Storage;
use crate::memory::storage::database::DatabaseStorage;
use crate::memory::storage::in_memory::InMemoryStorage;
use crate::types::memory::{Direction, Memory, MemoryQuery, MemoryType, OrderBy};
use crate::types::message::{Channel, Role};

/// Returns every available storage, including the servers that `POSTGRES_URL`, `MYSQL_URL` and
/// `MARIADB_URL` name.
async fn storages() -> Vec<(&'static str, Arc<dyn Storage>)> {
    let mut storages: Vec<(&'static str, Arc<dyn Storage>)> =
        vec![("InMemory", Arc::new(InMemoryStorage::new())), ("SQLite", open("sqlite::memory:"))];
    for (name, variable) in
        [("PostgreSQL", "POSTGRES_URL"), ("MySQL", "MYSQL_URL"), ("MariaDB", "MARIADB_URL")]
    {
        if let Ok(url) = std::env::var(variable) {
            storages.push((name, open(&url)));
        }
    }
    storages
}

fn open(url: &str) -> Arc<dyn Storage> {
    let prefix = format!("t{}_", uuid::Uuid::new_v4().simple().to_string().split_at(12).0);
    let options = json!({ "connectionString": url, "tablePrefix": prefix });
    let options: DatabaseOptions = serde_json::from_value(options).unwrap();
    Arc::new(DatabaseStorage::new(Arc::new(Database::new(&options).unwrap())))
}

fn memory(id: &str, content: &str, millis: i64) -> Memory {
    Memory {
        id: id.into(),
        timestamp: chrono::DateTime::from_timestamp_millis(millis).unwrap(),
        ..Memory::new(MemoryType::Conversation, content)
    }
}

fn fields(json: Value) -> Map<String, Value> {
    json.as_object().cloned().unwrap()
}

async fn ids(storage: &dyn Storage, query: MemoryQuery) -> Vec<String> {
    storage.search(&query).await.unwrap().into_iter().map(|memory| memory.id).collect()
}

#[tokio::test]
async fn round_trips_a_full_memory() {
    let full = Memory {
        importance: Some(8),
        channel: Some(Channel::Call),
        session_metadata: Some(
            fields(json!({ "conversationId": "c", "a.b\"c": 1.5, "deep": { "null": null } })).into(),
        ),
        role: Some(Role::Tool),
        tool_call: Some(json!({ "id": "1", "name": "n", "parameters": { "x": [1, "2", true] } }).into()),
        tool_result: Some(json!({ "success": false }).into()),
        metadata: Some(json!({ "emoji": "👋 'quoted' \\ % _" }).into()),
        goal_achieved: Some(false),
        ..memory("msg-1", "Ünïcode 👋 'quote' \"double\" \\ %", 1_710_054_000_123)
    };
    for (name, storage) in storages().await {
        storage.save(full.clone()).await.unwrap();
        assert_eq!(storage.get("msg-1").await.unwrap().as_ref(), Some(&full), "{name}");
        storage.delete("msg-1").await.unwrap();
        assert_eq!(storage.get("msg-1").await.unwrap(), None, "{name}");
        assert!(storage.health_check().await, "{name}");
    }
}

#[tokio::test]
async fn orders_by_time_then_by_saving() {
    for (name, storage) in storages().await {
        for (id, millis) in [("b", 5), ("a", 5), ("c", 4), ("d", 6)] {
            storage.save(memory(id, id, millis)).await.unwrap();
        }
        storage.save(memory("b", "again", 5)).await.unwrap();
        let asc = MemoryQuery { direction: Direction::Asc, ..MemoryQuery::default() };
        assert_eq!(ids(&*storage, asc.clone()).await, ["c", "b", "a", "d"], "{name}");
        assert_eq!(ids(&*storage, MemoryQuery::newest(3)).await, ["d", "a", "b"], "{name}");
        assert_eq!(ids(&*storage, MemoryQuery { offset: 3, ..asc }).await, ["d"], "{name}");
        assert_eq!(ids(&*storage, MemoryQuery::newest(0)).await, [""; 0], "{name}");
    }
}

#[tokio::test]
async fn saves_batches_atomically_and_the_last_of_an_id_wins() {
    for (name, storage) in storages().await {
        let mut batch: Vec<Memory> = (0..3_000).map(|n| memory(&format!("m{n}"), "x", 5)).collect();
        batch.push(memory("m0", "last", 5));
        storage.save_batch(batch).await.unwrap();
        let all = MemoryQuery { direction: Direction::Asc, ..MemoryQuery::default() };
        let found = storage.search(&all).await.unwrap();
        assert_eq!(found.len(), 3_000, "{name}");
        assert_eq!((found[0].id.as_str(), found[0].content.as_str()), ("m0", "last"), "{name}");
        assert_eq!(found[2_999].id, "m2999", "{name}");
        let bad = vec![memory("new", "x", 5), memory("", "x", 5)];
        assert_eq!(storage.save_batch(bad).await.unwrap_err().code(), "INVALID_MEMORY", "{name}");
        assert_eq!(storage.get("new").await.unwrap(), None, "{name}");
    }
}

#[tokio::test]
async fn filters_match_alike_in_all_storages() {
    for (name, storage) in storages().await {
        let contents = ["a café", "a CAFÉ", "a cafe", "100% _sure_ [ok] a*b? x\\y", "ΣΊΣΥΦΟΣ", "line\nbreak"];
        for (n, content) in contents.into_iter().enumerate() {
            let flags = [json!(true), json!(1), json!("1"), json!(null), json!("true"), json!(1.5)];
            let session = json!({ "conversationId": format!("c{}", n % 2), "k.\"'": flags[n] });
            let importance = [Some(3), Some(9), None, Some(3), None, Some(7)][n];
            let memory = Memory {
                importance,
                session_metadata: Some(fields(session).into()),
                ..memory(&n.to_string(), content, n as i64 * 1_000)
            };
            storage.save(memory).await.unwrap();
        }
        storage.save(memory("bare", "nothing", 9_000)).await.unwrap();
        let asc = || MemoryQuery { direction: Direction::Asc, ..MemoryQuery::default() };
        let keyword = |word: &str| MemoryQuery { keywords: vec![word.into()], ..asc() };
        for (word, found) in [
            ("CAFÉ", vec!["0", "1"]),
            ("cafe", vec!["2"]),
            ("%", vec!["3"]),
            ("_", vec!["3"]),
            ("[OK] A*B? X\\Y", vec!["3"]),
            ("σίσυφοσ", vec!["4"]),
            ("E\nB", vec!["5"]),
            ("' OR 1=1", vec![]),
        ] {
            assert_eq!(ids(&*storage, keyword(word)).await, found, "{name} {word}");
        }
        let session =
            |value: Value| MemoryQuery { session_metadata: fields(json!({ "k.\"'": value })), ..asc() };
        for (value, found) in [
            (json!(true), vec!["0"]),
            (json!(1), vec!["1"]),
            (json!("1"), vec!["2"]),
            (json!(null), vec!["3", "bare"]),
            (json!("true"), vec!["4"]),
            (json!(1.5), vec!["5"]),
        ] {
            assert_eq!(ids(&*storage, session(value.clone())).await, found, "{name} {value}");
        }
        let by =
            |direction| MemoryQuery { order_by: OrderBy::Importance, direction, ..MemoryQuery::default() };
        assert_eq!(
            ids(&*storage, by(Direction::Desc)).await,
            ["1", "5", "3", "0", "bare", "4", "2"],
            "{name}"
        );
        assert_eq!(
            ids(&*storage, by(Direction::Asc)).await,
            ["0", "3", "5", "1", "2", "4", "bare"],
            "{name}"
        );
        assert_eq!(
            ids(&*storage, MemoryQuery { min_importance: Some(3.5), ..asc() }).await,
            ["1", "5"],
            "{name}"
        );
        assert_eq!(ids(&*storage, MemoryQuery::conversation("c1")).await, ["1", "3", "5"], "{name}");
        let at = |millis| chrono::DateTime::from_timestamp_millis(millis);
        let between = MemoryQuery { start: at(1_000), end: at(3_000), ..asc() };
        assert_eq!(ids(&*storage, between).await, ["1", "2", "3"], "{name}");
    }
}
