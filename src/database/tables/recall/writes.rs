//! Rows of the index that are written with the memories.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{IndexRow, key_of, key_of_bytes};
use crate::database::connection::retry::RetryPolicy;
use crate::database::recall::{IndexedMemory, RemovedMemory};
use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::{MEMORY, RECALL};
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::statement::{Mode, Statement};
use crate::database::sql::table::ColumnType;
use crate::database::tables::memory_row;
use crate::database::{ConnectedDatabase, Database};
use crate::error::Result;
use crate::types::memory::Memory;
use crate::types::signature::{scopes_of, signature_of};

impl Database {
    /// Returns what the index keeps of a memory with this row.
    pub(crate) fn indexed_memory(&self, memory: &Memory, row: Uuid) -> IndexedMemory {
        let mut signature = Vec::new();
        signature_of(memory, row).encode(&mut signature);
        IndexedMemory { row, scopes: self.scope_hashes(memory), signature }
    }

    fn scope_hashes(&self, memory: &Memory) -> Vec<i64> {
        let mut scopes: Vec<i64> =
            scopes_of(memory, self.tenant_id()).into_iter().map(|scope| scope.hash()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// Returns the statements that index memories. With `replace`, those of earlier saves are
    /// replaced, else they stay. Counts the rows.
    pub(crate) fn index_statements(
        &self,
        memories: Vec<IndexedMemory>,
        replace: bool,
        layout: &TableLayout,
    ) -> Vec<Statement> {
        let version = self.stamp().timestamp_micros();
        // In order, so that concurrent batches lock rows in the same one.
        let mut rows = BTreeMap::new();
        for IndexedMemory { row, scopes, signature } in memories {
            for scope in scopes {
                let first = key_of(row);
                rows.insert(
                    (scope, first),
                    IndexRow { scope, first, version, body: Some(signature.clone()) },
                );
            }
        }
        if rows.is_empty() {
            return Vec::new();
        }
        self.recall.count_written(rows.keys().map(|(scope, _)| *scope));
        self.insert_index_rows(rows.into_values().collect(), replace, layout)
    }

    /// Returns the statements that insert rows of the index, or replace those of the same key.
    pub(super) fn insert_index_rows(
        &self,
        rows: Vec<IndexRow>,
        replace: bool,
        layout: &TableLayout,
    ) -> Vec<Statement> {
        let incoming = |column: &'static str| (column, self.dialect().incoming(column));
        let assignments = if replace { vec![incoming("version"), incoming("body")] } else { Vec::new() };
        let rows = rows.into_iter().map(IndexRow::into_values).collect();
        self.scope(&RECALL, layout).insert(RECALL.columns, rows, &assignments)
    }

    /// Returns what the index may have of memories, by their ids.
    pub(crate) async fn find_indexed(
        &self,
        ready: &ConnectedDatabase,
        ids: &[String],
        policy: RetryPolicy,
    ) -> Result<Vec<RemovedMemory>> {
        let layout = ready.layout();
        let select = self.select_with_rows(layout).and(|builder| self.push_ids(builder, ids, layout));
        let result = ready.run("delete memories", Mode::Fetch, &[select.finish()], policy).await?;
        let mut found = Vec::new();
        for mut row in result.rows.iter() {
            // Another program's row may have another id. It is not indexed.
            let Some(id) = row.next().flatten().and_then(|id| Uuid::parse_str(id).ok()) else { continue };
            let memory = memory_row::read(self.dialect(), row)?;
            found.push(RemovedMemory { row: id, scopes: self.scope_hashes(&memory) });
        }
        Ok(found)
    }

    /// Returns the statements that remove deleted memories from the index.
    pub(crate) fn unindex_statements(
        &self,
        removed: &[RemovedMemory],
        layout: &TableLayout,
    ) -> Vec<Statement> {
        if removed.is_empty() {
            return Vec::new();
        }
        let version = self.stamp().timestamp_micros();
        let scope = self.scope_of_deleted();
        let tombstones: BTreeMap<i64, IndexRow> = removed
            .iter()
            .map(|removed| {
                let body = removed.encode();
                let first = key_of_bytes(&body);
                (first, IndexRow { scope, first, version, body: Some(body) })
            })
            .collect();
        let mut statements = vec![self.delete_single_rows(removed, layout)];
        statements.extend(self.insert_index_rows(tombstones.into_values().collect(), true, layout));
        statements
    }

    /// Returns the statement that deletes the rows of memories that are not in a block.
    pub(super) fn delete_single_rows(&self, removed: &[RemovedMemory], layout: &TableLayout) -> Statement {
        let mut scopes: Vec<i64> =
            removed.iter().flat_map(|removed| removed.scopes.iter().copied()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let keys: Vec<i64> = removed.iter().map(|removed| key_of(removed.row)).collect();
        let delete = self.scope(&RECALL, layout).delete().and(|builder| {
            builder.push_one_of_numbers(&self.dialect().quote("scope"), &scopes);
            builder.push(" AND ").push_one_of_numbers(&self.dialect().quote("first"), &keys);
        });
        delete.finish()
    }

    /// Returns the statement that deletes what the index has of all memories.
    pub(crate) fn clear_index_statement(&self, layout: &TableLayout) -> Statement {
        let (dialect, marker) = (self.dialect(), self.scope_of_marker().to_string());
        let delete = self.scope(&RECALL, layout).delete().and(|builder| {
            builder.push("NOT (");
            builder.push_equal(&dialect.quote("scope"), ColumnType::KeyPart, marker);
            builder.push(")");
        });
        delete.finish()
    }

    /// Returns what the index may have of a memory with this row.
    pub(super) fn removed_of(&self, memory: &Memory, row: Uuid) -> RemovedMemory {
        RemovedMemory { row, scopes: self.scope_hashes(memory) }
    }

    /// Starts a SELECT of memories, the id of each row before the columns of [`memory_row::read`].
    pub(super) fn select_with_rows(&self, layout: &TableLayout) -> ScopedQuery {
        self.scope(&MEMORY, layout).select(&memory_row::selected_with_row(self.dialect(), layout))
    }
}
