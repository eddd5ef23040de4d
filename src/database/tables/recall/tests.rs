//! The index in databases: SQLite in memory, and those of the variable `TEST_DATABASES`, separated
//! by white space.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::records;
use crate::database::Database;
use crate::database::recall::{BLOCK_ROWS, BlockKey};
use crate::types::memory::{Memory, MemoryType};
use crate::types::signature::{Scope, Signatures};

/// Opens empty tables in each database, for a tenant too.
async fn databases() -> Vec<Arc<Database>> {
    let mut opened = Vec::new();
    let servers = std::env::var("TEST_DATABASES").unwrap_or_default();
    for connection in std::iter::once("sqlite::memory:").chain(servers.split_whitespace()) {
        for tenant in [json!({}), json!({ "tenantId": "a" })] {
            let prefix = format!("t{}_", &Uuid::new_v4().simple().to_string()[..8]);
            let mut options = json!({ "connection": connection, "tablePrefix": prefix });
            options.as_object_mut().unwrap().extend(tenant.as_object().unwrap().clone());
            let options = crate::config::parse(&options.to_string()).unwrap();
            opened.push(Arc::new(Database::new(&options).unwrap()));
        }
    }
    for database in &opened {
        database.initialize().await.unwrap();
    }
    opened
}

fn memory(id: &str, owner: &str, content: &str) -> Memory {
    let session = json!({ "conversationId": "c", "customerEmail": owner });
    Memory {
        id: id.to_owned(),
        session_metadata: session.as_object().cloned().map(Into::into),
        ..Memory::new(MemoryType::Conversation, content)
    }
}

fn many(count: usize, owner: &str) -> Vec<Memory> {
    (0..count).map(|n| memory(&format!("{owner}{n}"), owner, &format!("word{n} crown"))).collect()
}

async fn read(database: &Arc<Database>, owner: Option<&str>) -> Signatures {
    let tenant = database.tenant_id();
    let scope = owner.map_or(Scope::all(tenant), |owner| Scope::owner(tenant, "customerEmail", owner));
    database.signatures(&[scope]).await.unwrap().unwrap()
}

/// Returns the rows that are found in a scope.
async fn rows(database: &Arc<Database>, owner: Option<&str>) -> HashSet<Uuid> {
    let found = read(database, owner).await;
    let all = found.blocks.iter().flat_map(|block| records(block)).map(|(signature, _)| signature.row());
    all.filter(|row| !found.deleted.contains(row)).collect()
}

async fn blocks(database: &Arc<Database>, scope: i64) -> Vec<BlockKey> {
    let ready = database.ready().await.unwrap();
    database.block_keys(&ready, &[scope]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn memories_are_found_while_they_are_there() {
    for database in databases().await {
        assert!(rows(&database, None).await.is_empty());
        let [a, b] = ["a", "b"].map(|id| database.row_id(id));
        database
            .save_memories(vec![memory("a", "x@y.z", "crown"), memory("b", "q@y.z", "bridge")])
            .await
            .unwrap();
        assert_eq!(rows(&database, None).await, HashSet::from([a, b]));
        assert_eq!(rows(&database, Some("x@y.z")).await, HashSet::from([a]));
        let found = database.memories_by_row(&[a, Uuid::from_u128(1)]).await.unwrap();
        assert_eq!(
            found.iter().map(|(row, memory)| (*row, memory.id.as_str())).collect::<Vec<_>>(),
            [(a, "a")]
        );

        // Saved again, it has one signature.
        database.save_memories(vec![memory("a", "x@y.z", "crown and bridge")]).await.unwrap();
        let found = read(&database, Some("x@y.z")).await;
        assert_eq!(found.blocks.iter().flat_map(|block| records(block)).count(), 1);
        assert!(records(&found.blocks[0]).next().unwrap().0.len() > 1);

        database.delete_memory("a").await.unwrap();
        assert_eq!(rows(&database, None).await, HashSet::from([b]));
        assert_eq!(rows(&database, Some("x@y.z")).await, HashSet::new());
        database.save_memories(vec![memory("a", "x@y.z", "crown")]).await.unwrap();
        assert_eq!(rows(&database, Some("x@y.z")).await, HashSet::from([a]));

        database.clear_memories().await.unwrap();
        assert!(rows(&database, None).await.is_empty());
        database.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_become_blocks_that_lose_deleted_memories() {
    for database in databases().await {
        let ready = database.ready().await.unwrap();
        let all = database.scope_of_all();
        database.save_memories(many(BLOCK_ROWS * 2 + 5, "x")).await.unwrap();
        database.compact(&ready, all).await.unwrap();
        assert_eq!(blocks(&database, all).await.len(), 2);
        assert_eq!(rows(&database, None).await.len(), BLOCK_ROWS * 2 + 5);
        let count = |found: &Signatures| found.blocks.iter().flat_map(|block| records(block)).count();
        assert_eq!(count(&read(&database, None).await), BLOCK_ROWS * 2 + 5);

        for n in 0..10 {
            database.delete_memory(&format!("x{n}")).await.unwrap();
        }
        assert_eq!(rows(&database, None).await.len(), BLOCK_ROWS * 2 - 5);
        database.save_memories(vec![memory("x0", "x", "again")]).await.unwrap();
        assert!(rows(&database, None).await.contains(&database.row_id("x0")));
        database.purge(&ready).await.unwrap();
        let found = read(&database, None).await;
        assert!(found.deleted.is_empty());
        assert_eq!(count(&found), BLOCK_ROWS * 2 - 4);
        assert_eq!(rows(&database, None).await.len(), BLOCK_ROWS * 2 - 4);
        database.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_takes_no_row_that_was_written_since() {
    // Too few for a block in the background.
    const ROWS: usize = BLOCK_ROWS - 10;
    for database in databases().await {
        let ready = database.ready().await.unwrap();
        let all = database.scope_of_all();
        database.save_memories(many(ROWS, "x")).await.unwrap();
        let seen = database.single_rows(&ready, all, BLOCK_ROWS).await.unwrap();
        database.save_memories(vec![memory("x7", "x", "changed since")]).await.unwrap();
        database.write_block(&ready, all, &seen).await.unwrap();
        assert!(blocks(&database, all).await.is_empty());
        assert_eq!(rows(&database, None).await.len(), ROWS);
        database.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_forgotten_person() {
    for database in databases().await {
        let ready = database.ready().await.unwrap();
        let all = database.scope_of_all();
        let memories = many(BLOCK_ROWS, "x");
        database.save_memories(memories.clone()).await.unwrap();
        database.save_memories(many(10, "y")).await.unwrap();
        database.compact(&ready, all).await.unwrap();
        for memory in &memories[..20] {
            database.delete_memory(&memory.id).await.unwrap();
        }
        let owner = [("customerEmail".to_owned(), json!("x"))];
        database.erase_signatures(&memories[..20], &owner, &[]).await.unwrap();
        assert!(rows(&database, Some("x")).await.is_empty());
        assert_eq!(rows(&database, Some("y")).await.len(), 10);
        let found = read(&database, None).await;
        assert!(found.deleted.is_empty());
        assert_eq!(found.blocks.iter().flat_map(|block| records(block)).count(), BLOCK_ROWS - 10);
        database.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fill_goes_on_where_it_stopped() {
    for database in databases().await {
        let ready = database.ready().await.unwrap();
        database.save_memories(many(2_500, "x")).await.unwrap();
        assert_eq!(database.rebuild_index().await.unwrap(), 2_500);
        assert_eq!(rows(&database, None).await.len(), 2_500);
        assert_eq!(rows(&database, Some("x")).await.len(), 2_500);

        // As after `kill -9` in the first page: nothing is found, and the next process fills.
        database.restart_fill(&ready).await.unwrap();
        assert!(database.signatures(&[Scope::all(database.tenant_id())]).await.unwrap().is_none());
        for _ in 0..600 {
            if database.signatures(&[Scope::all(database.tenant_id())]).await.unwrap().is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(rows(&database, None).await.len(), 2_500);
        database.close().await;
    }
}
