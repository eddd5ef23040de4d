//! The lexical index as rows of table `<prefix>recall`.
//!
//! A row with `first` of 0 or more holds the signature of one memory; `first` is a hash of its row's
//! id. A row with a negative `first` is a block: signatures that were such rows before, see
//! [`compaction`]. `version` differs whenever `body` does. Two scopes hold no signatures: the marker,
//! which tells how far the index is filled, and tombstones, which name deleted memories that blocks
//! still have.

mod blocks;
mod compaction;
mod erasure;
mod fill;
mod maintenance;
mod marker;
mod purge;
mod reads;
#[cfg(test)]
mod tests;
mod writes;

use twox_hash::XxHash3_64;
use uuid::Uuid;

use crate::database::Database;
use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::RECALL;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::result_set::{Cell, ResultSet};
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::statement::{Statement, Value};
use crate::types::signature::{Scope, SignatureRef};

/// A row of the table.
#[derive(Debug, Clone)]
struct IndexRow {
    scope: i64,
    first: i64,
    version: i64,
    /// Content, unless it was not read.
    body: Option<Vec<u8>>,
}

impl IndexRow {
    /// Returns the values of an insert.
    fn into_values(self) -> Vec<Option<Value>> {
        let number = |number: i64| Some(Value::Text(number.to_string()));
        let body = self.body.unwrap_or_default();
        vec![number(self.scope), number(self.first), number(self.version), Some(Value::Bytes(body))]
    }

    /// Returns the time of the memory, for a row of one signature.
    fn time(&self) -> Option<i64> {
        SignatureRef::split_first(&mut self.body.as_deref()?).map(|record| record.time())
    }

    /// Returns the id of the memory's row, for a row that begins with it.
    fn memory(&self) -> Option<Uuid> {
        Uuid::from_slice(self.body.as_deref()?.get(..16)?).ok()
    }
}

/// Returns the key within a scope of the row of one signature.
fn key_of(row: Uuid) -> i64 {
    key_of_bytes(row.as_bytes())
}

fn key_of_bytes(bytes: &[u8]) -> i64 {
    XxHash3_64::oneshot(bytes) as i64 & i64::MAX
}

/// Returns the signatures of a block, each with its bytes.
fn records(block: &[u8]) -> impl Iterator<Item = (SignatureRef<'_>, &[u8])> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let before = rest;
        let signature = SignatureRef::split_first(&mut rest)?;
        Some((signature, before.get(..before.len() - rest.len())?))
    })
}

/// Returns the selected columns of [`read_rows`].
fn selected(dialect: Dialect, body: &str) -> String {
    let columns = ["scope", "first", "version"].map(|column| dialect.text(&dialect.quote(column)));
    format!("{} AS c0, {} AS c1, {} AS c2, {body} AS c3", columns[0], columns[1], columns[2])
}

/// Reads the rows of a result. Rows of another format are left out.
fn read_rows(dialect: Dialect, rows: &ResultSet) -> Vec<IndexRow> {
    let read = rows.cells().filter_map(|mut row| {
        let mut number = || match row.next()?? {
            Cell::Text(text) => text.parse().ok(),
            Cell::Bytes(_) => None,
        };
        let (scope, first, version) = (number()?, number()?, number()?);
        let body = match row.next().flatten() {
            None => None,
            Some(Cell::Bytes(bytes)) => Some(bytes.to_vec()),
            Some(Cell::Text(text)) => Some(dialect.decode_bytes(text)?),
        };
        Some(IndexRow { scope, first, version, body })
    });
    read.collect()
}

impl Database {
    /// Returns `true` if memories are indexed.
    pub(crate) fn has_index(&self, layout: &TableLayout) -> bool {
        self.may_index() && layout.recall && !self.recall.is_denied()
    }

    /// Starts a SELECT of rows of the index with their content.
    fn select_index(&self, layout: &TableLayout, native: bool) -> ScopedQuery {
        let body = self.dialect().read_bytes("body", native);
        self.scope(&RECALL, layout).select(&selected(self.dialect(), &body))
    }

    /// Returns the query for the rows of scopes, blocks without their content.
    fn directory(&self, scopes: &[i64], layout: &TableLayout, native: bool) -> Statement {
        let (scope, first) = (self.dialect().quote("scope"), self.dialect().quote("first"));
        let single = self.select_index(layout, native).and(|builder| {
            builder.push_one_of_numbers(&scope, scopes).push(&format!(" AND {first} >= 0"));
        });
        let mut builder = single.into_builder();
        builder.push(&format!(" UNION ALL SELECT {}", selected(self.dialect(), "NULL")));
        let blocks = self.scope(&RECALL, layout).read(builder).and(|builder| {
            builder.push_one_of_numbers(&scope, scopes).push(&format!(" AND {first} < 0"));
        });
        Statement { reads_bytes: native, ..blocks.finish() }
    }

    /// Returns the hash of this tenant's scope of all memories.
    fn scope_of_all(&self) -> i64 {
        Scope::all(self.tenant_id()).hash()
    }

    /// Returns the hash of this tenant's scope of tombstones.
    fn scope_of_deleted(&self) -> i64 {
        Scope::deleted(self.tenant_id()).hash()
    }

    /// Returns the hash of this tenant's scope of the marker.
    fn scope_of_marker(&self) -> i64 {
        Scope::marker(self.tenant_id()).hash()
    }

    pub(crate) fn tenant_id(&self) -> Option<&str> {
        self.tenant().map(|tenant| tenant.id())
    }
}
