//! Vectors as rows of table `<prefix>vectors`: in a column of pgvector if available, else as bytes
//! that are compared in this process.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::database::Database;
use crate::database::connection::retry::RetryPolicy;
use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::{VECTOR, VECTORS};
use crate::database::sql::result_set::{Cell, Row};
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::statement::{Mode, Statement, StatementBuilder, Value};
use crate::database::sql::table::{Column, ColumnType};
use crate::error::Result;
use crate::types::vector::cosine;
use crate::types::vector::nearest;
use crate::types::vector::{VectorEntry, VectorFilter, VectorMatch, VectorQuery};

/// Prefix that separates the keys of vectors from other ids that become UUIDs.
const KEYS: &str = "vector:";
/// Maximum number of vectors that a search without pgvector compares, newest first.
const MAX_COMPARED: u32 = 50_000;
/// Vectors per page.
const PAGE: usize = 500;
/// Maximum number of dimensions that pgvector can index.
const MAX_INDEXED: usize = 2_000;
/// Metadata fields and their columns.
const FIELDS: [(&str, &str); 6] = [
    ("space", "space"),
    ("conversationId", "conversation_id"),
    ("channel", "channel"),
    ("customerId", "customer_id"),
    ("customerEmail", "customer_email"),
    ("customerPhone", "customer_phone"),
];

impl Database {
    /// Inserts vectors, or replaces those of the same memory and space.
    pub async fn upsert_vectors(&self, entries: Vec<VectorEntry>) -> Result<()> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let native = ready.layout().pgvector;
        let columns: Vec<Column> = VECTORS
            .columns
            .iter()
            .map(|column| if native && column.name == NUMBERS { VECTOR } else { column.clone() })
            .collect();
        // The TypeScript SDK saved several memories under one id, but one statement may write a row
        // only once.
        let mut seen = HashSet::new();
        let entries = entries.into_iter().rev().filter(|entry| seen.insert(entry.id.clone()));
        let rows = entries.map(|entry| self.vector_row(entry, native)).collect();
        let kept = |column: &&Column| !matches!(column.kind, ColumnType::Id | ColumnType::Created);
        let assignments: Vec<(&str, String)> =
            columns.iter().filter(kept).map(|column| (column.name, dialect.incoming(column.name))).collect();
        let statements = self.scope(&VECTORS, ready.layout()).insert(&columns, rows, &assignments);
        ready.transaction("save vectors", statements).await
    }

    /// Returns the nearest vectors that match a query.
    pub async fn search_vectors(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>> {
        let ready = self.ready().await?;
        if ready.layout().pgvector {
            let rows = ready.fetch("search vectors", self.nearest_statement(query, ready.layout())).await?;
            return Ok(rows.into_iter().filter_map(matched).collect());
        }
        let ids = ready.fetch("search vectors", self.candidates(query, ready.layout())).await?;
        let ids: Vec<String> = ids.into_iter().flatten().flatten().collect();
        let mut best = Vec::new();
        for page in ids.chunks(PAGE) {
            let numbers = self.numbers(page, ready.layout(), ready.is_native());
            let rows = ready.fetch("search vectors", numbers).await?;
            let compared = rows.cells().filter_map(|mut row| {
                let Some(Cell::Text(id)) = row.next()? else { return None };
                let vector = match row.next()?? {
                    Cell::Bytes(bytes) => decode(bytes),
                    Cell::Text(text) => decode(&self.dialect().decode_bytes(text)?),
                };
                let vector = vector.filter(|vector| vector.len() == query.vector.len())?;
                Some(VectorMatch { id: id.to_owned(), score: cosine(&vector, &query.vector) })
            });
            best = nearest(compared, best, query.limit);
        }
        Ok(best)
    }

    /// Deletes the vectors of memories, in every space.
    pub async fn delete_vectors(&self, ids: &[String]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let ready = self.ready().await?;
        let delete = self.delete_vectors_statement(ids, ready.layout());
        ready.execute("delete vectors", delete).await.map(drop)
    }

    /// Returns the statement that deletes vectors along with their memories.
    pub(crate) fn delete_vectors_statement(&self, ids: &[String], layout: &TableLayout) -> Statement {
        let delete = self.scope(&VECTORS, layout).delete().and(|builder| {
            builder.push_one_of("memory_id", ColumnType::Key, ids);
        });
        delete.finish()
    }

    /// Returns the ids of the memories that have a vector in a space.
    pub async fn memories_with_vectors(&self, ids: &[String], space: &str) -> Result<Vec<String>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ready = self.ready().await?;
        let held = self.dialect().quote(if ready.layout().pgvector { VECTOR.name } else { NUMBERS });
        let select = self.scope(&VECTORS, ready.layout()).select("memory_id AS c0").and(|builder| {
            builder.push(&format!("{held} IS NOT NULL AND "));
            builder.push_one_of("memory_id", ColumnType::Key, ids);
            let space = builder.bind(space.to_owned());
            builder.push(&format!(" AND {} = {space}", self.dialect().quote("space")));
        });
        let rows = ready.fetch("look for vectors", select.finish()).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    /// Returns the other spaces that have vectors.
    pub async fn other_vector_spaces(&self, space: &str) -> Result<Vec<String>> {
        let ready = self.ready().await?;
        let column = self.dialect().quote("space");
        let select = self.scope(&VECTORS, ready.layout()).select(&format!("DISTINCT {column} AS c0"));
        let find = [in_other_spaces(select, &column, space).finish()];
        let result = ready.run("look for vectors", Mode::Fetch, &find, RetryPolicy::LongRunning).await?;
        Ok(result.rows.into_iter().flatten().flatten().collect())
    }

    /// Deletes the vectors of other spaces.
    pub async fn delete_other_vector_spaces(&self, space: &str) -> Result<()> {
        let ready = self.ready().await?;
        let column = self.dialect().quote("space");
        let delete = in_other_spaces(self.scope(&VECTORS, ready.layout()).delete(), &column, space);
        ready.run_in_transaction("delete vectors", &[delete.finish()], RetryPolicy::LongRunning).await
    }

    /// Creates the index for searches among all vectors of that many dimensions, if pgvector
    /// supports it. Searches among a customer's vectors need no index.
    pub async fn index_vectors(&self, dimensions: usize) -> Result<()> {
        let ready = self.ready().await?;
        if !ready.layout().pgvector
            || dimensions > MAX_INDEXED
            || !self.may_migrate()
            || self.tenant().is_some()
        {
            return Ok(());
        }
        let name = self.dialect().quote(&format!("{}_idx_hnsw_{dimensions}", self.table_name(&VECTORS)));
        let (concurrently, table) = (ready.has_session_locks(), self.qualified_name(&VECTORS));
        let how = if concurrently { "CONCURRENTLY " } else { "" };
        let of_nobody = if ready.layout().has_tenants(&VECTORS) {
            format!(" AND {}", self.dialect().no_tenant())
        } else {
            String::new()
        };
        let create = format!(
            "CREATE INDEX {how}IF NOT EXISTS {name} ON {table} USING hnsw \
             ((CAST(vector AS vector({dimensions}))) vector_cosine_ops) WHERE dimensions = {dimensions}{of_nobody}"
        );
        if concurrently {
            let lock = self.dialect().index_build_lock(&table);
            return ready.run_with_advisory_lock("create indexes", lock, &[create]).await;
        }
        ready
            .run_in_transaction("create indexes", &[Statement::plain(create)], RetryPolicy::LongRunning)
            .await
    }

    fn vector_row(&self, entry: VectorEntry, native: bool) -> Vec<Option<Value>> {
        let dialect = self.dialect();
        let text = |key: &str| entry.metadata.get(key).and_then(Json::as_str).map(str::to_owned);
        let space = text("space").unwrap_or_default();
        let id = self.row_id(&format!("{KEYS}{space}:{}", entry.id)).to_string();
        let shared = entry.metadata.get("shared") == Some(&Json::Bool(true));
        let numbers = if native {
            Value::Text(pgvector_literal(&entry.vector))
        } else {
            Value::Bytes(encode(&entry.vector))
        };
        let texts = [
            Some(id),
            Some(entry.id),
            Some(space),
            Some(entry.vector.len().to_string()),
            text("conversationId"),
            text("channel"),
            text("customerId"),
            text("customerEmail"),
            text("customerPhone"),
            Some(dialect.encode_bool(shared).to_owned()),
        ];
        let created = Value::Text(dialect.encode_time(self.stamp()));
        let texts = texts.into_iter().map(|text| text.map(Value::Text));
        texts.chain([Some(numbers), Some(created)]).collect()
    }

    /// Returns the search with pgvector. Among the vectors of an owner it compares all of them,
    /// through the index on the owner. The vector index would return the nearest of all, most of
    /// which belong to others.
    fn nearest_statement(&self, query: &VectorQuery, layout: &TableLayout) -> Statement {
        let dialect = self.dialect();
        let dimensions = query.vector.len();
        // The index does not know tenants: of the nearest of all, few may be this tenant's.
        let among_all = self.tenant().is_none()
            && query.filter.any_of.is_empty()
            && query.filter.all.keys().all(|key| key == "space");
        let mut builder = StatementBuilder::new(dialect, "");
        let vector = builder.bind(pgvector_literal(&query.vector));
        let vector = format!("CAST({vector} AS vector({dimensions}))");
        let distance = if among_all {
            format!("CAST(vector AS vector({dimensions})) <=> {vector}")
        } else {
            format!("vector <=> {vector}")
        };
        let select = format!("SELECT memory_id AS c0, CAST(1 - ({distance}) AS text) AS c1");
        builder.push(if among_all { &select } else { "WITH mine AS MATERIALIZED (SELECT memory_id, vector" });
        let rows = self.scope(&VECTORS, layout).read(builder).and(|builder| {
            builder.push("vector IS NOT NULL");
            if among_all {
                builder.push(&format!(" AND dimensions = {dimensions}"));
            }
            self.push_filter(builder, " AND ", &query.filter);
        });
        let limit = u32::try_from(query.limit).unwrap_or(u32::MAX);
        let nearest = rows.then(|builder| {
            if !among_all {
                builder.push(&format!(") {select} FROM mine"));
            }
            builder.push(&format!(" ORDER BY {distance}"));
            dialect.page(builder, Some(limit), 0);
        });
        nearest.finish()
    }

    /// Returns the query for the rows to compare, without pgvector.
    fn candidates(&self, query: &VectorQuery, layout: &TableLayout) -> Statement {
        let dialect = self.dialect();
        let select = self.scope(&VECTORS, layout).select(&format!("{} AS c0", dialect.text("id")));
        let rows = select.and(|builder| {
            builder.push(&format!("{NUMBERS} IS NOT NULL"));
            self.push_filter(builder, " AND ", &query.filter);
        });
        let newest = rows.then(|builder| {
            builder.push(" ORDER BY created_at DESC");
            dialect.page(builder, Some(MAX_COMPARED), 0);
        });
        newest.finish()
    }

    /// Returns the query for the vectors of rows: bytes on a native connection, else text.
    fn numbers(&self, rows: &[String], layout: &TableLayout, native: bool) -> Statement {
        let numbers = if native { NUMBERS.to_owned() } else { self.dialect().bytes_as_text(NUMBERS) };
        let select = self.scope(&VECTORS, layout).select(&format!("memory_id AS c0, {numbers} AS c1"));
        let select = select.and(|builder| {
            builder.push_one_of("id", ColumnType::Id, rows);
        });
        Statement { reads_bytes: native, ..select.finish() }
    }

    fn push_filter(&self, builder: &mut StatementBuilder, glue: &str, filter: &VectorFilter) {
        let dialect = self.dialect();
        let condition = |builder: &mut StatementBuilder, key: &str, value: &Json| {
            let column =
                FIELDS.iter().find(|(field, _)| *field == key).map(|(_, column)| dialect.quote(column));
            match (column, value) {
                (Some(column), Json::String(value)) => {
                    let value = builder.bind(value.clone());
                    builder.push(&format!("{column} = {value}"));
                }
                _ if key == "shared" => {
                    let value = dialect.encode_bool(value == &Json::Bool(true));
                    builder.push(&format!("{} = {value}", dialect.quote("shared")));
                }
                // No row has it.
                _ => drop(builder.push("1 = 0")),
            }
        };
        for (key, value) in &filter.all {
            builder.push(glue);
            condition(builder, key, value);
        }
        for (n, fields) in filter.any_of.iter().enumerate() {
            builder.push(if n == 0 { glue } else { " OR " }).push(if n == 0 { "((" } else { "(" });
            for (n, (key, value)) in fields.iter().enumerate() {
                builder.push(if n == 0 { "" } else { " AND " });
                condition(builder, key, value);
            }
            builder.push(")");
        }
        if !filter.any_of.is_empty() {
            builder.push(")");
        }
    }
}

/// Column of vectors that are compared in this process.
pub(crate) const NUMBERS: &str = "numbers";

/// Adds the condition for vectors of other spaces.
fn in_other_spaces(rows: ScopedQuery, column: &str, space: &str) -> ScopedQuery {
    rows.and(|builder| {
        let space = builder.bind(space.to_owned());
        builder.push(&format!("{column} <> {space}"));
    })
}

fn matched(row: Row) -> Option<VectorMatch> {
    let mut row = row.into_iter();
    let (id, score) = (row.next()??, row.next()??.parse::<f32>().ok()?);
    Some(VectorMatch { id, score })
}

/// Formats a vector for pgvector.
fn pgvector_literal(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// Encodes a vector as little-endian floats.
fn encode(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn decode(bytes: &[u8]) -> Option<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks();
    rest.is_empty().then(|| numbers.iter().copied().map(f32::from_le_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_survive_the_encoding() {
        let vector = vec![0.1, -2.5e-7, f32::MAX, 0.0];
        assert_eq!(decode(&encode(&vector)), Some(vector.clone()));
        assert_eq!(pgvector_literal(&[0.5, -1.0]), "[0.5,-1]");
        assert_eq!(decode(&[0, 0, 0]), None);
    }
}
