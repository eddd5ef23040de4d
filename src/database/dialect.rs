//! The only file in which the databases differ: names, types, casts, JSON, upserts, introspection.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use crate::database::schema::{Column, ColumnType, Index, IndexKey, Table};
use crate::database::statement::{Param, Statement, StatementBuilder};
use crate::keyword;

/// A family of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 13 and later.
    Postgres,
    /// SQLite 3.38 and later.
    Sqlite,
}

/// Values of a SQLite multi-row insert per statement; far below its limit of 32,766.
const SQLITE_BINDS: usize = 8_000;

impl Dialect {
    /// The name users know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        }
    }

    /// A quoted identifier. Callers pass validated prefixes and our own names only.
    pub(crate) fn quote(self, name: &str) -> String {
        format!("\"{name}\"")
    }

    /// The n-th parameter, from 1.
    pub(crate) fn placeholder(self, n: usize) -> String {
        match self {
            Self::Postgres => format!("${n}"),
            Self::Sqlite => format!("?{n}"),
        }
    }

    // ---- values ----

    /// A time as its column takes it.
    pub(crate) fn encode_time(self, time: DateTime<Utc>) -> String {
        match self {
            Self::Postgres => time.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
            Self::Sqlite => time.timestamp_millis().to_string(),
        }
    }

    /// A time as [`Dialect::read`] returns it, cut to milliseconds.
    pub(crate) fn decode_time(self, text: &str) -> Option<DateTime<Utc>> {
        let millis = match self {
            Self::Postgres => {
                NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?.and_utc().timestamp_millis()
            }
            Self::Sqlite => text.parse().or_else(|_| text.parse().map(|millis: f64| millis as i64)).ok()?,
        };
        DateTime::from_timestamp_millis(millis)
    }

    /// A boolean as its column takes it.
    pub(crate) fn encode_bool(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Postgres, true) => "true",
            (Self::Postgres, false) => "false",
            (Self::Sqlite, true) => "1",
            (Self::Sqlite, false) => "0",
        }
    }

    /// A boolean as [`Dialect::read`] returns it.
    pub(crate) fn decode_bool(self, text: &str) -> bool {
        matches!(text, "true" | "1")
    }

    /// A column as text.
    pub(crate) fn read(self, column: &Column) -> String {
        let name = self.quote(column.name);
        match (self, column.kind) {
            (_, ColumnType::Key | ColumnType::Text) => name,
            (Self::Postgres, ColumnType::Time | ColumnType::Created) => {
                // Independent of the session's DateStyle.
                format!("to_char({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')")
            }
            _ => self.text(&name),
        }
    }

    /// An expression as text.
    pub(crate) fn text(self, expression: &str) -> String {
        format!("CAST({expression} AS TEXT)")
    }

    /// A text expression as the type of a column.
    fn cast(self, kind: ColumnType, expression: &str) -> String {
        match self {
            Self::Postgres => {
                let name = match kind {
                    ColumnType::Key | ColumnType::Text => return expression.to_owned(),
                    ColumnType::Id => "uuid",
                    ColumnType::Time | ColumnType::Created => "timestamp",
                    ColumnType::Integer => "integer",
                    ColumnType::Boolean => "boolean",
                    ColumnType::Json => "jsonb",
                };
                format!("CAST({expression} AS {name})")
            }
            // Column affinity converts.
            Self::Sqlite => expression.to_owned(),
        }
    }

    /// An expression as an integer, for comparisons and LIMIT.
    pub(crate) fn integer(self, expression: &str) -> String {
        match self {
            Self::Postgres => format!("CAST({expression} AS bigint)"),
            Self::Sqlite => format!("CAST({expression} AS INTEGER)"),
        }
    }

    /// A parameter compared with a column of that kind.
    pub(crate) fn operand(self, kind: ColumnType, placeholder: &str) -> String {
        self.cast(kind, placeholder)
    }

    // ---- rows ----

    /// Inserts rows, each one text per column, and resolves conflicts on `id` by `assignments`
    /// (column, expression). Statements of one call belong into one transaction.
    pub(crate) fn insert(
        self,
        table: &str,
        columns: &[Column],
        rows: Vec<Vec<Option<String>>>,
        assignments: &[(&str, String)],
    ) -> Vec<Statement> {
        let names: Vec<String> = columns.iter().map(|column| self.quote(column.name)).collect();
        let head = format!("INSERT INTO {table} AS stored ({}) ", names.join(", "));
        let conflict = self.on_conflict(assignments);
        match self {
            Self::Postgres => {
                // Concurrent batches lock rows in one order, so that they cannot deadlock.
                let mut rows = rows;
                rows.sort_by(|a, b| a.first().cmp(&b.first()));
                let mut columns_of_values: Vec<Vec<Option<String>>> =
                    columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
                for row in rows {
                    for (values, value) in columns_of_values.iter_mut().zip(row) {
                        values.push(value);
                    }
                }
                let mut builder = StatementBuilder::new(self, head);
                let arrays: Vec<String> = columns_of_values
                    .into_iter()
                    .map(|values| format!("CAST({} AS text[])", builder.bind_param(Param::Texts(values))))
                    .collect();
                let selected: Vec<String> =
                    columns.iter().zip(&names).map(|(column, name)| self.cast(column.kind, name)).collect();
                builder.push(&format!(
                    "SELECT {} FROM UNNEST({}) AS incoming ({}){conflict}",
                    selected.join(", "),
                    arrays.join(", "),
                    names.join(", "),
                ));
                vec![builder.finish()]
            }
            Self::Sqlite => {
                let mut rows = rows.into_iter().peekable();
                let mut statements = Vec::new();
                while rows.peek().is_some() {
                    let mut builder = StatementBuilder::new(self, head.as_str());
                    builder.push("VALUES ");
                    for (n, row) in rows.by_ref().take(SQLITE_BINDS / columns.len()).enumerate() {
                        let values: Vec<String> = row.into_iter().map(|value| builder.bind(value)).collect();
                        builder.push(if n == 0 { "(" } else { ", (" }).push(&values.join(", ")).push(")");
                    }
                    builder.push(&conflict);
                    statements.push(builder.finish());
                }
                statements
            }
        }
    }

    fn on_conflict(self, assignments: &[(&str, String)]) -> String {
        if assignments.is_empty() {
            return " ON CONFLICT DO NOTHING".to_owned();
        }
        let set: Vec<String> =
            assignments.iter().map(|(column, value)| format!("{} = {value}", self.quote(column))).collect();
        format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.quote("id"), set.join(", "))
    }

    /// In an upsert: the value that was to be inserted.
    pub(crate) fn incoming(self, column: &str) -> String {
        format!("excluded.{}", self.quote(column))
    }

    /// In an upsert: the value already there.
    pub(crate) fn stored(self, column: &str) -> String {
        format!("stored.{}", self.quote(column))
    }

    /// The end of an ORDER BY, after the timestamp: the order of saving.
    pub(crate) fn saving_order(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["created_at", "id"],
            Self::Sqlite => &["rowid"],
        }
    }

    /// `LIMIT` and `OFFSET`; no limit is all.
    pub(crate) fn page(self, builder: &mut StatementBuilder, limit: Option<u32>, offset: u32) {
        if limit.is_none() && offset == 0 {
            return;
        }
        match (limit, self) {
            (Some(limit), _) => {
                let limit = builder.bind(limit.to_string());
                builder.push(&format!(" LIMIT {}", self.integer(&limit)));
            }
            (None, Self::Postgres) => {}
            (None, Self::Sqlite) => {
                builder.push(" LIMIT -1");
            }
        }
        let offset = builder.bind(offset.to_string());
        builder.push(&format!(" OFFSET {}", self.integer(&offset)));
    }

    // ---- JSON ----

    /// The conversation of a memory row, written as users' own SQL and our index write it.
    pub(crate) fn conversation(self) -> &'static str {
        "session_metadata->>'conversationId'"
    }

    /// Holds when `session_metadata` has this value under this key.
    pub(crate) fn session_field(self, builder: &mut StatementBuilder, key: &str, value: &Value) {
        let key = builder.bind(key.to_owned());
        let condition = match self {
            Self::Postgres => {
                let key = format!("CAST({key} AS text)");
                if value.is_null() {
                    format!("session_metadata->>{key} IS NULL")
                } else {
                    let value = builder.bind(value.to_string());
                    format!("session_metadata->{key} = CAST({value} AS jsonb)")
                }
            }
            Self::Sqlite => {
                let fields = format!("(SELECT 1 FROM json_each(session_metadata) WHERE key = {key}");
                match value {
                    Value::Null => format!("NOT EXISTS {fields} AND type <> 'null')"),
                    Value::Bool(flag) => format!("EXISTS {fields} AND type = '{flag}')"),
                    Value::Number(number) => {
                        let number = builder.bind(number.to_string());
                        format!(
                            "EXISTS {fields} AND type IN ('integer', 'real') AND atom = CAST({number} AS NUMERIC))"
                        )
                    }
                    text => {
                        let text = builder.bind(text.as_str().map(str::to_owned));
                        format!("EXISTS {fields} AND type = 'text' AND atom = {text})")
                    }
                }
            }
        };
        builder.push(&condition);
    }

    /// Two JSON objects as one; on equal keys `over` wins, and keys that are null in it vanish.
    pub(crate) fn merge_json(self, under: &str, over: &str) -> String {
        match self {
            Self::Postgres => {
                format!("jsonb_strip_nulls(COALESCE({under}, '{{}}') || COALESCE({over}, '{{}}'))")
            }
            Self::Sqlite => format!("json_patch(COALESCE({under}, '{{}}'), COALESCE({over}, '{{}}'))"),
        }
    }

    /// A JSON object of one key.
    pub(crate) fn json_object(self, key: &'static str, value: &str) -> String {
        match self {
            Self::Postgres => format!("jsonb_build_object('{key}', {value})"),
            Self::Sqlite => format!("json_object('{key}', {value})"),
        }
    }

    // ---- text ----

    /// Holds when `content` has the keyword, as `keyword` defines it, whatever the collation.
    pub(crate) fn content_has(self, builder: &mut StatementBuilder, word: &str) {
        let (operator, pattern) = match self {
            Self::Postgres => ("~", regular_expression(word)),
            Self::Sqlite => ("GLOB", glob(word)),
        };
        let pattern = builder.bind(pattern);
        builder.push(&format!("content {operator} {pattern}"));
    }

    /// A text column without its case.
    pub(crate) fn folded(self, column: &str) -> String {
        format!("lower({column})")
    }

    // ---- tables ----

    /// The statement that makes a table, harmless when it exists.
    pub(crate) fn create_table(self, name: &str, table: &Table) -> String {
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("  {}", self.define(column))).collect();
        format!("CREATE TABLE IF NOT EXISTS {} (\n{}\n)", self.quote(name), columns.join(",\n"))
    }

    /// The statement that adds a column.
    pub(crate) fn add_column(self, table: &str, column: &Column) -> String {
        let guard = match self {
            Self::Postgres => "IF NOT EXISTS ",
            Self::Sqlite => "",
        };
        format!("ALTER TABLE {} ADD COLUMN {guard}{}", self.quote(table), self.define(column))
    }

    /// The statement that makes an index, harmless when it exists.
    pub(crate) fn create_index(self, table: &str, index: &Index) -> String {
        let keys: Vec<String> = index.keys.iter().map(|key| self.index_key(*key)).collect();
        let name = self.quote(&format!("{table}_{}", index.name));
        format!("CREATE INDEX IF NOT EXISTS {name} ON {} ({})", self.quote(table), keys.join(", "))
    }

    /// What an index sorts by, as DDL and as [`Dialect::inspect`] finds it again.
    pub(crate) fn index_key(self, key: IndexKey) -> String {
        match key {
            IndexKey::Column(column) => self.quote(column),
            IndexKey::Folded(column) => self.folded(&self.quote(column)),
            IndexKey::Conversation => format!("({})", self.conversation()),
        }
    }

    fn define(self, column: &Column) -> String {
        let kind = match (self, column.kind) {
            (Self::Postgres, ColumnType::Id) => "UUID PRIMARY KEY DEFAULT gen_random_uuid()",
            (Self::Postgres, ColumnType::Time) => "TIMESTAMP",
            (Self::Postgres, ColumnType::Created) => "TIMESTAMP DEFAULT (now() AT TIME ZONE 'utc')",
            (Self::Postgres, ColumnType::Boolean) => "BOOLEAN",
            (Self::Postgres, ColumnType::Json) => "JSONB",
            (Self::Sqlite, ColumnType::Id) => {
                "TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' \
                 || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
            }
            (Self::Sqlite, ColumnType::Time | ColumnType::Boolean) => "INTEGER",
            (Self::Sqlite, ColumnType::Created) => {
                "INTEGER DEFAULT (CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER))"
            }
            (Self::Sqlite, ColumnType::Json) => "TEXT",
            (_, ColumnType::Key | ColumnType::Text) => "TEXT",
            (_, ColumnType::Integer) => "INTEGER",
        };
        let required = if column.required { " NOT NULL" } else { "" };
        format!("{} {kind}{required}", self.quote(column.name))
    }

    /// Taken first in a migration, so that processes starting at once take turns.
    pub(crate) fn migration_lock(self, table: &str) -> Option<Statement> {
        match self {
            Self::Postgres => {
                let mut builder = StatementBuilder::new(self, "SELECT CAST(pg_advisory_xact_lock(hashtext(");
                let name = builder.bind(format!("{table} migration"));
                builder.push(&name).push(")) AS TEXT)");
                Some(builder.finish())
            }
            // The transaction itself is immediate.
            Self::Sqlite => None,
        }
    }

    /// Finds what is there of these tables, in one round trip. Rows: `column`, table, name; and
    /// `index`, table, the indexed expressions.
    pub(crate) fn inspect(self, tables: &[String]) -> Statement {
        let mut builder = StatementBuilder::new(self, "");
        let names: Vec<String> = tables.iter().map(|table| builder.bind(table.clone())).collect();
        let names = names.join(", ");
        builder.push(&match self {
            Self::Postgres => format!(
                "SELECT 'column', CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) \
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                 WHERE c.relname IN ({names}) AND c.relkind IN ('r', 'p', 'v', 'f') AND pg_table_is_visible(c.oid) \
                 UNION ALL \
                 SELECT 'index', CAST(c.relname AS TEXT), (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ',' ORDER BY k) \
                   FROM generate_series(1, i.indnkeyatts) AS k) \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
                 WHERE c.relname IN ({names}) AND pg_table_is_visible(c.oid) AND i.indisvalid AND i.indpred IS NULL",
            ),
            Self::Sqlite => format!(
                "SELECT 'column', m.name, p.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p \
                 WHERE m.type IN ('table', 'view') AND m.name IN ({names}) \
                 UNION ALL \
                 SELECT 'index', m.tbl_name, substr(m.sql, instr(m.sql, '(')) FROM sqlite_master m \
                 WHERE m.type = 'index' AND m.sql IS NOT NULL AND m.sql NOT LIKE '% WHERE %' AND m.tbl_name IN ({names})",
            ),
        });
        builder.finish()
    }
}

/// A PostgreSQL regular expression that finds the keyword; classes make it independent of collation.
fn regular_expression(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() * 4);
    for c in word.chars() {
        let variants = keyword::variants(c);
        if variants.len() > 1 {
            pattern.push('[');
            pattern.extend(variants);
            pattern.push(']');
        } else {
            if c.is_ascii_punctuation() {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    pattern
}

/// A SQLite GLOB pattern that finds the keyword.
fn glob(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() * 4 + 2);
    pattern.push('*');
    for c in word.chars() {
        let variants = keyword::variants(c);
        if variants.len() > 1 || matches!(c, '*' | '?' | '[') {
            pattern.push('[');
            pattern.extend(variants);
            pattern.push(']');
        } else {
            pattern.push(c);
        }
    }
    pattern.push('*');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_wildcards_literally() {
        assert_eq!(glob("50%*[x]"), "*50%[*][[][xX]]*");
        assert_eq!(regular_expression("a.b%_"), "[aA]\\.[bB]\\%\\_");
    }

    #[test]
    fn times_survive_the_text_form() {
        let time = DateTime::from_timestamp_millis(1_710_054_000_123).unwrap();
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            assert_eq!(dialect.decode_time(&dialect.encode_time(time)), Some(time));
        }
    }
}
