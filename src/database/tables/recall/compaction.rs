//! Turns rows of one signature into blocks.
//!
//! The signature of a memory that was deleted and saved again stays a row of its own until no
//! tombstone names it: tombstones concern blocks only.

use std::collections::HashSet;

use uuid::Uuid;

use super::{IndexRow, read_rows};
use crate::database::connection::retry::RetryPolicy;
use crate::database::recall::{BLOCK_ROWS, RemovedMemory};
use crate::database::schema::tables::RECALL;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::scope::ROW;
use crate::database::sql::statement::Statement;
use crate::database::sql::table::ColumnType;
use crate::database::{ConnectedDatabase, Database};
use crate::error::{Error, Result};

/// Maximum number of rows of one signature that are read at once.
const PAGE: usize = BLOCK_ROWS * 10;

impl Database {
    /// Turns the rows of a scope into blocks, the oldest first. Fewer than a block's stay.
    pub(super) async fn compact(&self, ready: &ConnectedDatabase, scope: i64) -> Result<()> {
        let mut before = None;
        loop {
            let rows = self.single_rows(ready, scope, PAGE).await?;
            let (count, next) = (rows.len(), rows.first().map(|row| (row.first, row.version)));
            let deleted: HashSet<Uuid> =
                self.tombstones(ready, PAGE).await?.into_iter().map(|(_, removed)| removed.row).collect();
            let alive = |row: &IndexRow| row.memory().is_some_and(|memory| !deleted.contains(&memory));
            let mut rows: Vec<IndexRow> = rows.into_iter().filter(alive).collect();
            // Blocks in order of time need no sorting when a question is answered.
            rows.sort_by_key(|row| (row.time(), row.memory()));
            for chunk in rows.chunks_exact(BLOCK_ROWS) {
                self.write_block(ready, scope, chunk).await?;
            }
            // What could not be replaced now is left to the next time.
            if count < PAGE || next == before {
                return Ok(());
            }
            before = next;
        }
    }

    /// Returns rows of one signature.
    pub(super) async fn single_rows(
        &self,
        ready: &ConnectedDatabase,
        scope: i64,
        limit: usize,
    ) -> Result<Vec<IndexRow>> {
        let (dialect, native) = (self.dialect(), ready.is_native());
        let first = dialect.quote("first");
        let select = self.select_index(ready.layout(), native).and(|builder| {
            builder.push_one_of_numbers(&dialect.quote("scope"), &[scope]);
            builder.push(&format!(" AND {first} >= 0"));
        });
        let select = select.then(|builder| {
            builder.push(&format!(" ORDER BY {ROW}.{first}"));
            dialect.page(builder, u32::try_from(limit).ok(), 0);
        });
        let select = Statement { reads_bytes: native, ..select.finish() };
        Ok(read_rows(dialect, &ready.fetch("read the lexical index", select).await?))
    }

    /// Returns tombstones with their keys and versions.
    pub(super) async fn tombstones(
        &self,
        ready: &ConnectedDatabase,
        limit: usize,
    ) -> Result<Vec<((i64, i64), RemovedMemory)>> {
        let rows = self.single_rows(ready, self.scope_of_deleted(), limit).await?;
        let decoded = rows
            .into_iter()
            .filter_map(|row| Some(((row.first, row.version), RemovedMemory::decode(row.body.as_deref()?)?)));
        Ok(decoded.collect())
    }

    /// Replaces rows by one block, unless one of them is gone or was written again since.
    pub(super) async fn write_block(
        &self,
        ready: &ConnectedDatabase,
        scope: i64,
        rows: &[IndexRow],
    ) -> Result<()> {
        let version = self.stamp().timestamp_micros();
        let body: Vec<u8> = rows.iter().filter_map(|row| row.body.as_deref()).flatten().copied().collect();
        // Later blocks come later.
        let block = IndexRow { scope, first: i64::MIN.saturating_add(version), version, body: Some(body) };
        let firsts: Vec<i64> = rows.iter().map(|row| row.first).collect();
        let versions: i128 = rows.iter().map(|row| i128::from(row.version)).sum();
        let statements = self.block_statements(ready, block, &firsts, versions);
        // Not after a lost connection: it could bring back a block that was rewritten since.
        match ready
            .run_in_transaction("write a block of the lexical index", &statements, RetryPolicy::ConflictOnly)
            .await
        {
            // Another process did the same.
            Err(Error::DatabaseQueryFailed { .. }) => Ok(()),
            outcome => outcome,
        }
    }

    /// Returns the statements that write a block if its rows are unchanged, and then delete them.
    fn block_statements(
        &self,
        ready: &ConnectedDatabase,
        block: IndexRow,
        firsts: &[i64],
        versions: i128,
    ) -> [Statement; 2] {
        let dialect = self.dialect();
        let table = self.scope(&RECALL, ready.layout());
        let [scope, first, version] = ["scope", "first", "version"].map(|column| dialect.quote(column));
        let (in_scope, block_first) = (block.scope, block.first);
        let insert = table.insert_if(RECALL.columns, block.into_values(), |table, mut builder| {
            let sum = dialect.text(&format!("SUM({version})"));
            builder.push(&format!("SELECT COUNT(*) AS n, {sum} AS s FROM (SELECT {version}"));
            let rows = table.read(builder).and(|builder| {
                builder.push_one_of_numbers(&scope, &[in_scope]);
                builder.push(" AND ").push_one_of_numbers(&first, firsts);
            });
            let mut builder = rows.into_builder();
            builder.push(if dialect == Dialect::Sqlite { "" } else { " FOR UPDATE" });
            builder.push(&format!(") AS locked) AS counted WHERE n = {} AND ", firsts.len()));
            builder.push_equal("s", ColumnType::Text, versions.to_string());
            builder
        });
        let delete = table.delete().and(|builder| {
            builder.push_one_of_numbers(&scope, &[in_scope]);
            builder.push(" AND ").push_one_of_numbers(&first, firsts);
        });
        let delete = delete.then(|builder| {
            builder.push(" AND (SELECT n FROM (SELECT COUNT(*) AS n");
        });
        let made = table.read(delete.into_builder()).and(|builder| {
            builder.push_one_of_numbers(&scope, &[in_scope]);
            builder.push(" AND ").push_one_of_numbers(&first, &[block_first]);
        });
        let delete = made.then(|builder| {
            builder.push(") AS made) = 1");
        });
        [insert, delete.finish()]
    }
}
