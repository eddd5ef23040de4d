//! Vectors as rows of table `<prefix>vectors`: in a column of pgvector's where there is one, else as bytes that are compared
//! here.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::database::Database;
use crate::database::executor::Row;
use crate::database::layout::Layout;
use crate::database::patience::Bounds;
use crate::database::schema::{Column, ColumnType, VECTOR, VECTORS};
use crate::database::scope::Scoped;
use crate::database::statement::{Mode, Statement, StatementBuilder};
use crate::error::Result;
use crate::vectors::in_memory::nearest;
use crate::vectors::space::cosine;
use crate::vectors::{VectorEntry, VectorFilter, VectorMatch, VectorQuery};

/// Sets the keys of vectors apart from other ids that become UUIDs.
const KEYS: &str = "vector:";
/// Vectors compared by one search without pgvector at most, the newest first.
const MAX_COMPARED: u32 = 50_000;
/// Vectors read at once.
const PAGE: usize = 500;
/// Most numbers of a vector that pgvector makes an index for.
const MAX_INDEXED: usize = 2_000;
/// Metadata and the columns it is in.
const FIELDS: [(&str, &str); 6] = [
    ("space", "space"),
    ("conversationId", "conversation_id"),
    ("channel", "channel"),
    ("customerId", "customer_id"),
    ("customerEmail", "customer_email"),
    ("customerPhone", "customer_phone"),
];

impl Database {
    /// Keeps vectors; one of the same memory and space is replaced.
    pub async fn upsert_vectors(&self, entries: Vec<VectorEntry>) -> Result<()> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let native = ready.layout().pgvector;
        let columns: Vec<Column> = VECTORS
            .columns
            .iter()
            .map(|column| if native && column.name == NUMBERS { VECTOR } else { column.clone() })
            .collect();
        let rows = entries.into_iter().map(|entry| self.vector_row(entry, native)).collect();
        let kept = |column: &&Column| !matches!(column.kind, ColumnType::Id | ColumnType::Created);
        let assignments: Vec<(&str, String)> =
            columns.iter().filter(kept).map(|column| (column.name, dialect.incoming(column.name))).collect();
        let statements = self.scope(&VECTORS, ready.layout()).insert(&columns, rows, &assignments);
        ready.transaction("save vectors", statements).await
    }

    /// The nearest vectors that a query lets through.
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
            let rows = ready.fetch("search vectors", self.numbers(page, ready.layout())).await?;
            let compared = rows.into_iter().filter_map(|row| {
                let mut row = row.into_iter();
                let (id, numbers) = (row.next()??, row.next()??);
                let vector = decode(&numbers).filter(|vector| vector.len() == query.vector.len())?;
                Some(VectorMatch { id, score: cosine(&vector, &query.vector) })
            });
            best = nearest(compared, best, query.limit);
        }
        Ok(best)
    }

    /// Removes the vectors of memories, whatever their space.
    pub async fn delete_vectors(&self, ids: &[String]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let ready = self.ready().await?;
        let delete = self.delete_vectors_statement(ids, ready.layout());
        ready.execute("delete vectors", delete).await.map(drop)
    }

    /// Goes with the deletion of memories.
    pub(super) fn delete_vectors_statement(&self, ids: &[String], layout: &Layout) -> Statement {
        let delete = self.scope(&VECTORS, layout).delete().and(|builder| {
            builder.push_one_of("memory_id", ColumnType::Key, ids);
        });
        delete.finish()
    }

    /// Which memories have a vector in a space.
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

    /// The other spaces there are vectors of.
    pub async fn other_vector_spaces(&self, space: &str) -> Result<Vec<String>> {
        let ready = self.ready().await?;
        let column = self.dialect().quote("space");
        let select = self.scope(&VECTORS, ready.layout()).select(&format!("DISTINCT {column} AS c0"));
        let find = [of_others(select, &column, space).finish()];
        let reply = ready.run("look for vectors", Mode::Fetch, &find, Bounds::Long).await?;
        Ok(reply.rows.into_iter().flatten().flatten().collect())
    }

    /// Removes the vectors of other spaces.
    pub async fn keep_vector_space(&self, space: &str) -> Result<()> {
        let ready = self.ready().await?;
        let column = self.dialect().quote("space");
        let delete = of_others(self.scope(&VECTORS, ready.layout()).delete(), &column, space);
        ready.together("delete vectors", &[delete.finish()], Bounds::Long).await
    }

    /// Makes the index for searches among all vectors of so many numbers, where pgvector has one; those among the vectors of a
    /// customer need none.
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
        let (native, table) = (ready.is_native(), self.place_of(&VECTORS));
        let how = if native { "CONCURRENTLY " } else { "" };
        let of_nobody = if ready.layout().has_tenants(&VECTORS) {
            format!(" AND {}", self.dialect().is_of_nobody())
        } else {
            String::new()
        };
        let create = format!(
            "CREATE INDEX {how}IF NOT EXISTS {name} ON {table} USING hnsw \
             ((CAST(vector AS vector({dimensions}))) vector_cosine_ops) WHERE dimensions = {dimensions}{of_nobody}"
        );
        if native {
            let lock = self.dialect().index_lock(&table);
            return ready.alone("create indexes", lock, &[create]).await;
        }
        ready.together("create indexes", &[Statement::plain(create)], Bounds::Long).await
    }

    fn vector_row(&self, entry: VectorEntry, native: bool) -> Row {
        let dialect = self.dialect();
        let text = |key: &str| entry.metadata.get(key).and_then(Value::as_str).map(str::to_owned);
        let space = text("space").unwrap_or_default();
        let id = self.row_id(&format!("{KEYS}{space}:{}", entry.id)).to_string();
        let shared = entry.metadata.get("shared") == Some(&Value::Bool(true));
        vec![
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
            Some(if native { literal(&entry.vector) } else { encode(&entry.vector) }),
            Some(dialect.encode_time(self.stamp())),
        ]
    }

    /// With pgvector. Among what belongs to somebody, everything is compared, through the indexes on whose it is: the index
    /// on the vectors would look at the nearest of all and then find that most are not theirs.
    fn nearest_statement(&self, query: &VectorQuery, layout: &Layout) -> Statement {
        let dialect = self.dialect();
        let dimensions = query.vector.len();
        // The index knows no tenants: of the nearest of all, few may be this one's.
        let among_all = self.tenant().is_none()
            && query.filter.any_of.is_empty()
            && query.filter.all.keys().all(|key| key == "space");
        let mut builder = StatementBuilder::new(dialect, "");
        let vector = builder.bind(literal(&query.vector));
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
            self.passes(builder, " AND ", &query.filter);
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

    /// Without pgvector: the rows to compare.
    fn candidates(&self, query: &VectorQuery, layout: &Layout) -> Statement {
        let dialect = self.dialect();
        let select = self.scope(&VECTORS, layout).select(&format!("{} AS c0", dialect.text("id")));
        let rows = select.and(|builder| {
            builder.push(&format!("{NUMBERS} IS NOT NULL"));
            self.passes(builder, " AND ", &query.filter);
        });
        let newest = rows.then(|builder| {
            builder.push(" ORDER BY created_at DESC");
            dialect.page(builder, Some(MAX_COMPARED), 0);
        });
        newest.finish()
    }

    fn numbers(&self, rows: &[String], layout: &Layout) -> Statement {
        let select = self.scope(&VECTORS, layout).select(&format!("memory_id AS c0, {NUMBERS} AS c1"));
        let select = select.and(|builder| {
            builder.push_one_of("id", ColumnType::Id, rows);
        });
        select.finish()
    }

    fn passes(&self, builder: &mut StatementBuilder, glue: &str, filter: &VectorFilter) {
        let dialect = self.dialect();
        let condition = |builder: &mut StatementBuilder, key: &str, value: &Value| {
            let column =
                FIELDS.iter().find(|(field, _)| *field == key).map(|(_, column)| dialect.quote(column));
            match (column, value) {
                (Some(column), Value::String(value)) => {
                    let value = builder.bind(value.clone());
                    builder.push(&format!("{column} = {value}"));
                }
                _ if key == "shared" => {
                    let value = dialect.encode_bool(value == &Value::Bool(true));
                    builder.push(&format!("{} = {value}", dialect.quote("shared")));
                }
                // Nothing has it.
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

/// The column of vectors that are compared here.
pub(super) const NUMBERS: &str = "numbers";

/// The vectors that are not of a space.
fn of_others(rows: Scoped, column: &str, space: &str) -> Scoped {
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

/// A vector as pgvector writes it.
fn literal(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// A vector as text of its bytes: little-endian floats in Base64.
fn encode(vector: &[f32]) -> String {
    let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
    BASE64_STANDARD.encode(bytes)
}

fn decode(text: &str) -> Option<Vec<f32>> {
    let bytes = BASE64_STANDARD.decode(text).ok()?;
    let number = |bytes: &[u8]| bytes.try_into().ok().map(f32::from_le_bytes);
    bytes.chunks(4).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        let vector = vec![0.1, -2.5e-7, f32::MAX, 0.0];
        assert_eq!(decode(&encode(&vector)), Some(vector.clone()));
        assert_eq!(literal(&[0.5, -1.0]), "[0.5,-1]");
        assert_eq!(decode("AAA"), None);
    }
}
