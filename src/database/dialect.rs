//! The only file in which the databases differ: names, types, casts, JSON, upserts, introspection.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

use crate::database::schema::{Column, ColumnType, Index, IndexKey, Table};
use crate::database::statement::{Param, Statement, StatementBuilder};
use crate::keyword;

/// A family of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 13 and later.
    Postgres,
    /// MySQL 8.0.23 and MariaDB 10.5 and later, in SQL that means the same on both.
    MySql,
    /// SQLite 3.38 and later.
    Sqlite,
}

const CONVERSATION_PATH: &str = "$.conversationId";
/// Values of a SQLite multi-row insert per statement; far below its limit of 32,766.
const SQLITE_BINDS: usize = 8_000;
/// Rows of a MySQL multi-row insert per statement: every number of rows is one more text to prepare.
const MYSQL_ROWS: usize = 250;
/// Bytes after which a MySQL multi-row insert takes no further row; `max_allowed_packet` is rarely below 4 MB.
const MYSQL_BYTES: usize = 1 << 20;
/// Characters of one keyword that MySQL folds by itself; functions nested deeper overrun MariaDB's stack.
const MYSQL_REPLACEMENTS: usize = 200;

impl Dialect {
    /// The name users know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Sqlite => "SQLite",
        }
    }

    /// A quoted identifier. Callers pass validated prefixes and our own names only.
    pub(crate) fn quote(self, name: &str) -> String {
        match self {
            Self::MySql => format!("`{name}`"),
            _ => format!("\"{name}\""),
        }
    }

    /// The n-th parameter, from 1. On MySQL parameters count in the order of the text, once each.
    pub(crate) fn placeholder(self, n: usize) -> String {
        match self {
            Self::Postgres => format!("${n}"),
            Self::MySql => "?".to_owned(),
            Self::Sqlite => format!("?{n}"),
        }
    }

    // ---- values ----

    /// A time as its column takes it.
    pub(crate) fn encode_time(self, time: DateTime<Utc>) -> String {
        match self {
            Self::Postgres => time.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
            Self::MySql => time.format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
            Self::Sqlite => time.timestamp_millis().to_string(),
        }
    }

    /// A time as [`Dialect::read`] returns it, cut to milliseconds.
    pub(crate) fn decode_time(self, text: &str) -> Option<DateTime<Utc>> {
        let utc = |format| NaiveDateTime::parse_from_str(text, format).map(|time| time.and_utc());
        let millis = match self {
            Self::Postgres => utc("%Y-%m-%dT%H:%M:%S%.f").ok()?.timestamp_millis(),
            Self::MySql => utc("%Y-%m-%d %H:%M:%S%.f").ok()?.timestamp_millis(),
            Self::Sqlite => text.parse().or_else(|_| text.parse().map(|millis: f64| millis as i64)).ok()?,
        };
        DateTime::from_timestamp_millis(millis)
    }

    /// A boolean as its column takes it.
    pub(crate) fn encode_bool(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Postgres, true) => "true",
            (Self::Postgres, false) => "false",
            (Self::MySql | Self::Sqlite, true) => "1",
            (Self::MySql | Self::Sqlite, false) => "0",
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
            (_, ColumnType::Key | ColumnType::Word | ColumnType::Text) => name,
            (Self::Postgres, ColumnType::Time | ColumnType::Created) => {
                // Independent of the session's DateStyle.
                format!("to_char({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')")
            }
            _ => self.text(&name),
        }
    }

    /// An expression as text.
    pub(crate) fn text(self, expression: &str) -> String {
        match self {
            Self::MySql => format!("CAST({expression} AS CHAR CHARACTER SET utf8mb4)"),
            _ => format!("CAST({expression} AS TEXT)"),
        }
    }

    /// A text expression as the type of a column.
    fn cast(self, kind: ColumnType, expression: &str) -> String {
        match self {
            Self::Postgres => {
                let name = match kind {
                    ColumnType::Key | ColumnType::Word | ColumnType::Text => return expression.to_owned(),
                    ColumnType::Id => "uuid",
                    ColumnType::Time | ColumnType::Created => "timestamp",
                    ColumnType::Integer => "integer",
                    ColumnType::Boolean => "boolean",
                    ColumnType::Json => "jsonb",
                };
                format!("CAST({expression} AS {name})")
            }
            // Compared as text a time would lose against one written differently.
            Self::MySql if matches!(kind, ColumnType::Time | ColumnType::Created) => {
                format!("CAST({expression} AS DATETIME(6))")
            }
            // Columns convert what they are given.
            Self::MySql | Self::Sqlite => expression.to_owned(),
        }
    }

    /// An expression as an integer, for comparisons and LIMIT.
    pub(crate) fn integer(self, expression: &str) -> String {
        match self {
            Self::Postgres => format!("CAST({expression} AS bigint)"),
            Self::MySql => format!("CAST({expression} AS SIGNED)"),
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
        let alias = if self == Self::MySql { "" } else { " AS stored" };
        let head = format!("INSERT INTO {table}{alias} ({}) ", names.join(", "));
        let conflict = self.on_conflict(assignments);
        match self {
            Self::Postgres => {
                let mut builder = StatementBuilder::new(self, head);
                let source = unnest(&mut builder, columns, rows);
                builder.push(&format!("{source}{conflict}"));
                vec![builder.finish()]
            }
            Self::MySql | Self::Sqlite => {
                let (most, bytes, rows) = if self == Self::MySql {
                    (MYSQL_ROWS, MYSQL_BYTES, in_order_of_ids(rows))
                } else {
                    (SQLITE_BINDS / columns.len(), usize::MAX, rows)
                };
                let mut rows = rows.into_iter().peekable();
                let mut statements = Vec::new();
                while rows.peek().is_some() {
                    let mut builder = StatementBuilder::new(self, head.as_str());
                    builder.push("VALUES ");
                    let (mut count, mut size) = (0, 0);
                    while let Some(row) = rows.next_if(|row| {
                        size += row.iter().flatten().map(String::len).sum::<usize>();
                        count == 0 || count < most && size <= bytes
                    }) {
                        let values: Vec<String> = row.into_iter().map(|value| builder.bind(value)).collect();
                        builder.push(if count == 0 { "(" } else { ", (" }).push(&values.join(", ")).push(")");
                        count += 1;
                    }
                    builder.push(&conflict);
                    statements.push(builder.finish());
                }
                statements
            }
        }
    }

    /// Like [`Dialect::insert`] into a table where `external_id` names rows: those it names are updated,
    /// whatever their `id`. Only PostgreSQL was ever filled that way, by the TypeScript SDK.
    pub(crate) fn insert_by_external_id(
        self,
        table: &str,
        columns: &[Column],
        rows: Vec<Vec<Option<String>>>,
        assigned: &[&str],
    ) -> Vec<Statement> {
        let on_conflict: Vec<(&str, String)> =
            assigned.iter().map(|column| (*column, self.incoming(column))).collect();
        if self != Self::Postgres {
            return self.insert(table, columns, rows, &on_conflict);
        }
        let mut builder = StatementBuilder::new(self, "WITH incoming AS (");
        let source = unnest(&mut builder, columns, rows);
        let names: Vec<String> = columns.iter().map(|column| self.quote(column.name)).collect();
        let names = names.join(", ");
        let set: Vec<String> = assigned
            .iter()
            .map(|column| self.quote(column))
            .map(|column| format!("{column} = incoming.{column}"))
            .collect();
        builder.push(&format!(
            "{source}), updated AS (UPDATE {table} AS stored SET {} FROM incoming \
             WHERE stored.external_id = incoming.external_id RETURNING stored.external_id) \
             INSERT INTO {table} AS stored ({names}) SELECT {names} FROM incoming \
             WHERE external_id NOT IN (SELECT external_id FROM updated){}",
            set.join(", "),
            self.on_conflict(&on_conflict),
        ));
        vec![builder.finish()]
    }

    fn on_conflict(self, assignments: &[(&str, String)]) -> String {
        let id = self.quote("id");
        let set: Vec<String> =
            assignments.iter().map(|(column, value)| format!("{} = {value}", self.quote(column))).collect();
        match (self, set.is_empty()) {
            // Not IGNORE, which swallows errors of every kind.
            (Self::MySql, true) => format!(" ON DUPLICATE KEY UPDATE {id} = {id}"),
            (Self::MySql, false) => format!(" ON DUPLICATE KEY UPDATE {}", set.join(", ")),
            (_, true) => " ON CONFLICT DO NOTHING".to_owned(),
            (_, false) => format!(" ON CONFLICT ({id}) DO UPDATE SET {}", set.join(", ")),
        }
    }

    /// In an upsert: the value that was to be inserted.
    pub(crate) fn incoming(self, column: &str) -> String {
        match self {
            Self::MySql => format!("VALUES({})", self.quote(column)),
            _ => format!("excluded.{}", self.quote(column)),
        }
    }

    /// In an upsert: the value already there. MySQL assigns from left to right, so that only the
    /// assignment to a column itself still sees it.
    pub(crate) fn stored(self, column: &str) -> String {
        match self {
            Self::MySql => self.quote(column),
            _ => format!("stored.{}", self.quote(column)),
        }
    }

    /// The end of an ORDER BY, after the timestamp: the order of saving.
    pub(crate) fn saving_order(self) -> &'static [&'static str] {
        match self {
            Self::Postgres | Self::MySql => &["created_at", "id"],
            Self::Sqlite => &["rowid"],
        }
    }

    /// `LIMIT` and `OFFSET`; no limit is all.
    pub(crate) fn page(self, builder: &mut StatementBuilder, limit: Option<u32>, offset: u32) {
        if limit.is_none() && offset == 0 {
            return;
        }
        if self == Self::MySql {
            // Takes neither expressions nor text here.
            let limit = limit.map_or(u64::MAX, u64::from);
            builder.push(&format!(" LIMIT {limit} OFFSET {offset}"));
            return;
        }
        match (limit, self) {
            (Some(limit), _) => {
                let limit = builder.bind(limit.to_string());
                builder.push(&format!(" LIMIT {}", self.integer(&limit)));
            }
            (None, Self::Sqlite) => {
                builder.push(" LIMIT -1");
            }
            (None, _) => {}
        }
        let offset = builder.bind(offset.to_string());
        builder.push(&format!(" OFFSET {}", self.integer(&offset)));
    }

    // ---- JSON ----

    /// The conversation of a memory row, written as users' own SQL and our index write it; on MySQL
    /// the generated column.
    fn conversation(self) -> &'static str {
        match self {
            Self::MySql => "conversation_id",
            _ => "session_metadata->>'conversationId'",
        }
    }

    /// Holds for the memories of that conversation.
    pub(crate) fn in_conversation(self, builder: &mut StatementBuilder, id: &str) {
        let conversation = self.conversation();
        let placeholder = builder.bind(id.to_owned());
        builder.push(&format!("{conversation} = {placeholder}"));
        if self == Self::MySql {
            // Collations that both servers have ignore trailing spaces.
            let placeholder = builder.bind(id.to_owned());
            builder.push(&format!(" AND CHAR_LENGTH({conversation}) = CHAR_LENGTH({placeholder})"));
            if id == "null" {
                // What JSON's null becomes as text, too.
                let field = format!("JSON_EXTRACT(session_metadata, '{CONVERSATION_PATH}')");
                builder.push(&format!(" AND JSON_TYPE({field}) <> 'NULL'"));
            }
        }
    }

    /// Holds when `session_metadata` has this value under this key.
    pub(crate) fn session_field(self, builder: &mut StatementBuilder, key: &str, value: &Value) {
        if self == Self::MySql {
            return session_field_mysql(builder, key, value);
        }
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
            _ => {
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
            Self::MySql => format!("JSON_MERGE_PATCH(COALESCE({under}, '{{}}'), COALESCE({over}, '{{}}'))"),
            Self::Sqlite => format!("json_patch(COALESCE({under}, '{{}}'), COALESCE({over}, '{{}}'))"),
        }
    }

    /// A JSON object of one key.
    pub(crate) fn json_object(self, key: &'static str, value: &str) -> String {
        match self {
            Self::Postgres => format!("jsonb_build_object('{key}', {value})"),
            Self::MySql | Self::Sqlite => format!("json_object('{key}', {value})"),
        }
    }

    /// The text under a key of a JSON object.
    pub(crate) fn json_text(self, json: &str, key: &'static str) -> String {
        match self {
            Self::MySql => format!("JSON_UNQUOTE(JSON_EXTRACT({json}, '$.{key}'))"),
            _ => format!("{json}->>'{key}'"),
        }
    }

    /// Holds when two texts are the same to the last space.
    pub(crate) fn same_text(self, a: &str, b: &str) -> String {
        match self {
            Self::MySql => format!("CAST({a} AS BINARY) = CAST({b} AS BINARY)"),
            _ => format!("{a} = {b}"),
        }
    }

    // ---- text ----

    /// Holds when `content` has the keyword, as `keyword` defines it, whatever the collation.
    pub(crate) fn content_has(self, builder: &mut StatementBuilder, word: &str) {
        let (operator, pattern) = match self {
            Self::Postgres => ("content ~", regular_expression(word)),
            Self::MySql => return content_has_mysql(builder, word),
            Self::Sqlite => ("content GLOB", glob(word)),
        };
        let pattern = builder.bind(pattern);
        builder.push(&format!("{operator} {pattern}"));
    }

    /// A text column without its case; on MySQL the generated column.
    pub(crate) fn folded(self, column: &str) -> String {
        match self {
            Self::MySql => format!("{column}_folded"),
            _ => format!("lower({column})"),
        }
    }

    // ---- tables ----

    /// The statement that makes a table, harmless when it exists.
    pub(crate) fn create_table(self, place: &str, name: &str, table: &Table) -> String {
        let mut parts: Vec<String> = table.columns.iter().map(|column| self.define(column)).collect();
        let mut options = "";
        if self == Self::MySql {
            parts.extend(self.generated_columns(table).into_iter().map(|(_, definition)| definition));
            parts.extend(table.indexes.iter().map(|index| {
                format!(
                    "INDEX {} ({})",
                    self.quote(&format!("{name}_{}", index.name)),
                    self.index_keys(index)
                )
            }));
            // Whatever the server's defaults are.
            options = " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        }
        format!("CREATE TABLE IF NOT EXISTS {place} (\n  {}\n){options}", parts.join(",\n  "))
    }

    /// Whether [`Dialect::create_table`] makes the indexes too: MySQL has no way to make one only if it is missing.
    pub(crate) fn indexes_with_table(self) -> bool {
        self == Self::MySql
    }

    /// Columns of a table that exist to be indexed, as name and definition: MySQL computes and hides them.
    pub(crate) fn generated_columns(self, table: &Table) -> Vec<(String, String)> {
        let keys = table.indexes.iter().flat_map(|index| index.keys);
        let generated = keys.filter_map(|key| match key {
            _ if self != Self::MySql => None,
            IndexKey::Column(_) => None,
            // The expression that `session_metadata->>'$.conversationId'` stands for: MySQL's own
            // optimizer then uses the index for it.
            IndexKey::Conversation => Some((
                self.conversation().to_owned(),
                format!("JSON_UNQUOTE(JSON_EXTRACT(`session_metadata`, '{CONVERSATION_PATH}'))"),
            )),
            IndexKey::Folded(column) => {
                Some((self.folded(column), format!("LEFT(LOWER({}), 512)", self.quote(column))))
            }
        });
        generated
            .map(|(name, expression)| {
                let definition = format!(
                    "{} VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin GENERATED ALWAYS AS ({expression}) \
                     VIRTUAL INVISIBLE",
                    self.quote(&name),
                );
                (name, definition)
            })
            .collect()
    }

    /// The statement that adds a column.
    pub(crate) fn add_column(self, place: &str, column: &Column) -> String {
        self.add_defined(place, &self.define(column))
    }

    /// The statement that adds a column of that definition.
    pub(crate) fn add_defined(self, place: &str, definition: &str) -> String {
        let guard = match self {
            Self::Postgres => "IF NOT EXISTS ",
            Self::MySql | Self::Sqlite => "",
        };
        format!("ALTER TABLE {place} ADD COLUMN {guard}{definition}")
    }

    /// Whether an index on a table in use is made by itself, outside of a transaction, so that nobody
    /// who writes has to wait.
    pub(crate) fn indexes_concurrently(self) -> bool {
        self == Self::Postgres
    }

    /// Held by the connection that makes indexes concurrently: taken if it is free, and given back.
    /// Two that wait for each other would fail, and leave an index behind that is never used.
    pub(crate) fn index_lock(self, table: &str) -> [Statement; 2] {
        ["pg_try_advisory_lock", "pg_advisory_unlock"].map(|function| {
            let mut builder = StatementBuilder::new(self, format!("SELECT CAST({function}(hashtext("));
            let name = builder.bind(format!("{table} indexes"));
            builder.push(&name).push(")) AS TEXT)");
            builder.finish()
        })
    }

    /// The statement that removes an index whose making was interrupted.
    pub(crate) fn drop_index(self, schema: Option<&str>, name: &str) -> String {
        let schema = schema.map(|schema| self.quote(schema) + ".").unwrap_or_default();
        format!("DROP INDEX CONCURRENTLY IF EXISTS {schema}{}", self.quote(name))
    }

    /// The statement that makes an index, harmless when it exists where the database can say so.
    /// `concurrently` where [`Dialect::indexes_concurrently`].
    pub(crate) fn create_index(self, place: &str, name: &str, index: &Index, concurrently: bool) -> String {
        let guard = match self {
            Self::MySql => "",
            Self::Postgres if concurrently => "CONCURRENTLY IF NOT EXISTS ",
            Self::Postgres | Self::Sqlite => "IF NOT EXISTS ",
        };
        let name = self.quote(name);
        format!("CREATE INDEX {guard}{name} ON {place} ({})", self.index_keys(index))
    }

    fn index_keys(self, index: &Index) -> String {
        let mut keys: Vec<String> = index.keys.iter().map(|key| self.index_key(*key)).collect();
        if self == Self::MySql && index.keys.ends_with(&[IndexKey::Column("timestamp")]) {
            // MySQL sorts all rows of a conversation anew unless the index has the whole order; the id is in every index.
            keys.push(self.quote("created_at"));
        }
        keys.join(", ")
    }

    /// What an index sorts by, as DDL and as [`Dialect::inspect`] finds it again.
    pub(crate) fn index_key(self, key: IndexKey) -> String {
        match key {
            IndexKey::Column(column) => self.quote(column),
            IndexKey::Folded(column) if self == Self::MySql => self.quote(&self.folded(column)),
            IndexKey::Folded(column) => self.folded(&self.quote(column)),
            IndexKey::Conversation if self == Self::MySql => self.quote(self.conversation()),
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
            (Self::MySql, ColumnType::Id) => "CHAR(36) PRIMARY KEY DEFAULT (UUID())",
            (Self::MySql, ColumnType::Key) => "VARCHAR(512)",
            (Self::MySql, ColumnType::Word) => "VARCHAR(64)",
            (Self::MySql, ColumnType::Text) => "LONGTEXT",
            (Self::MySql, ColumnType::Time) => "DATETIME(3)",
            (Self::MySql, ColumnType::Created) => "DATETIME(6) DEFAULT (UTC_TIMESTAMP(6))",
            (Self::MySql, ColumnType::Boolean) => "BOOLEAN",
            (Self::MySql, ColumnType::Json) => "JSON",
            (_, ColumnType::Key | ColumnType::Word | ColumnType::Text) => "TEXT",
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
            Self::MySql => Some(self.named_lock("GET_LOCK", ", 60", table)),
            // The transaction itself is immediate.
            Self::Sqlite => None,
        }
    }

    /// The statement that makes a schema, harmless when it exists.
    pub(crate) fn create_schema(self, schema: &str) -> String {
        format!("CREATE SCHEMA IF NOT EXISTS {}", self.quote(schema))
    }

    /// Whether [`Dialect::migration_lock`] goes with its transaction, however that ends.
    pub(crate) fn lock_ends_with_transaction(self) -> bool {
        self != Self::MySql
    }

    /// Taken last in a migration, where the lock outlives the transaction (until the connection ends).
    pub(crate) fn migration_unlock(self, table: &str) -> Option<Statement> {
        (self == Self::MySql).then(|| self.named_lock("RELEASE_LOCK", "", table))
    }

    /// MySQL's named locks are the whole server's, and their names have 64 characters at most.
    fn named_lock(self, function: &str, arguments: &str, table: &str) -> Statement {
        let mut builder =
            StatementBuilder::new(self, format!("SELECT CAST({function}(SHA2(CONCAT(DATABASE(), '.', "));
        let name = builder.bind(format!("{table} migration"));
        builder.push(&format!("{name}), 256){arguments}) AS CHAR)"));
        builder.finish()
    }

    /// Finds what is there of these tables, in one round trip. Rows: `column`, table, name; `uuid`,
    /// table, name of a column of UUIDs; `index`, table, the indexed expressions;
    /// `broken`, table, name of an index that is not used; and `schema`, name, name.
    /// Without `schema`, which only PostgreSQL has, what an unqualified name means.
    pub(crate) fn inspect(self, schema: Option<&str>, tables: &[String]) -> Statement {
        if self == Self::MySql {
            return inspect_mysql(tables);
        }
        let mut builder = StatementBuilder::new(self, "");
        let names: Vec<String> = tables.iter().map(|table| builder.bind(table.clone())).collect();
        let names = names.join(", ");
        let schema = schema.map(|schema| builder.bind(schema.to_owned()));
        let (here, schemas) = match schema {
            None => ("pg_table_is_visible(c.oid)".to_owned(), String::new()),
            Some(schema) => (
                format!("c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})"),
                format!(
                    " UNION ALL SELECT 'schema', CAST(nspname AS TEXT), CAST(nspname AS TEXT) \
                     FROM pg_namespace WHERE nspname = {schema}"
                ),
            ),
        };
        builder.push(&match self {
            Self::Postgres => format!(
                "SELECT 'column', CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) \
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                 WHERE c.relname IN ({names}) AND c.relkind IN ('r', 'p', 'v', 'f') AND {here} \
                 UNION ALL \
                 SELECT 'uuid', CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) \
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped \
                 WHERE c.relname IN ({names}) AND a.atttypid = CAST('uuid' AS regtype) AND {here} \
                 UNION ALL \
                 SELECT 'index', CAST(c.relname AS TEXT), (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ',' ORDER BY k) \
                   FROM generate_series(1, i.indnkeyatts) AS k) \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
                 WHERE c.relname IN ({names}) AND {here} AND i.indisvalid AND i.indpred IS NULL \
                 UNION ALL \
                 SELECT 'broken', CAST(c.relname AS TEXT), CAST(x.relname AS TEXT) \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
                 WHERE c.relname IN ({names}) AND {here} AND NOT i.indisvalid{schemas}",
            ),
            _ => format!(
                "SELECT 'column' AS c0, m.name AS c1, p.name AS c2 FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p \
                 WHERE m.type IN ('table', 'view') AND m.name IN ({names}) \
                 UNION ALL \
                 SELECT 'index', m.tbl_name, substr(m.sql, instr(m.sql, '(')) FROM sqlite_master m \
                 WHERE m.type = 'index' AND m.sql IS NOT NULL AND m.sql NOT LIKE '% WHERE %' AND m.tbl_name IN ({names})",
            ),
        });
        builder.finish()
    }
}

/// A PostgreSQL query that returns rows given as one array a column: one text for any number of them.
fn unnest(builder: &mut StatementBuilder, columns: &[Column], rows: Vec<Vec<Option<String>>>) -> String {
    let rows = in_order_of_ids(rows);
    let mut values: Vec<Vec<Option<String>>> =
        columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (values, value) in values.iter_mut().zip(row) {
            values.push(value);
        }
    }
    let arrays: Vec<String> = values
        .into_iter()
        .map(|values| format!("CAST({} AS text[])", builder.bind_param(Param::Texts(values))))
        .collect();
    let dialect = Dialect::Postgres;
    let (mut names, mut selected) = (Vec::new(), Vec::new());
    for column in columns {
        let name = dialect.quote(column.name);
        selected.push(format!("{} AS {name}", dialect.cast(column.kind, &name)));
        names.push(name);
    }
    let (selected, arrays, names) = (selected.join(", "), arrays.join(", "), names.join(", "));
    format!("SELECT {selected} FROM UNNEST({arrays}) AS given ({names})")
}

/// Concurrent batches lock rows in one order, so that they do not deadlock.
fn in_order_of_ids(mut rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    rows.sort_by(|a, b| a.first().cmp(&b.first()));
    rows
}

/// Compares without paths: how a path quotes a key is where MySQL and MariaDB differ.
fn session_field_mysql(builder: &mut StatementBuilder, key: &str, value: &Value) {
    let object = |value: &Value| Value::Object(Map::from_iter([(key.to_owned(), value.clone())])).to_string();
    if value.is_null() {
        let name = builder.bind(Value::from(key).to_string());
        builder.push(&format!(
            "(session_metadata IS NULL OR NOT JSON_CONTAINS(JSON_KEYS(session_metadata), {name}) \
             OR JSON_CONTAINS(session_metadata, "
        ));
    } else {
        builder.push("(JSON_CONTAINS(session_metadata, ");
    }
    let wanted = builder.bind(object(value));
    // An array contains what is one of its elements, and only an array contains an array.
    let listed = builder
        .push(&format!("{wanted}) AND NOT JSON_CONTAINS(session_metadata, "))
        .bind(object(&Value::Array(vec![value.clone()])));
    builder.push(&format!("{listed}))"));
}

fn inspect_mysql(tables: &[String]) -> Statement {
    let mut builder = StatementBuilder::new(Dialect::MySql, "");
    for (n, (kind, source, name, condition)) in [
        ("column", "columns", "column_name", ""),
        ("index", "statistics", "column_name", " AND seq_in_index = 1 AND column_name IS NOT NULL"),
    ]
    .into_iter()
    .enumerate()
    {
        let names: Vec<String> = tables.iter().map(|table| builder.bind(table.clone())).collect();
        let text = |expression: &str| Dialect::MySql.text(expression);
        builder.push(if n == 0 { "" } else { " UNION ALL " });
        builder.push(&format!(
            "SELECT {} AS c0, {} AS c1, {} AS c2 FROM information_schema.{source} \
             WHERE table_schema = DATABASE(){condition} AND table_name IN ({})",
            text(&format!("'{kind}'")),
            text("table_name"),
            text(name),
            names.join(", "),
        ));
    }
    builder.finish()
}

/// Folds the characters of the keyword in the content, one by one, and looks for the bytes. A regular
/// expression would do less often: MySQL gives it up on content of some hundred kilobytes
/// (`regexp_time_limit`), and the whole query with it.
fn content_has_mysql(builder: &mut StatementBuilder, word: &str) {
    let folded = keyword::fold_text(word);
    let mut replacements = Vec::new();
    let mut seen = HashSet::new();
    for c in folded.chars().filter(|c| seen.insert(*c)) {
        replacements.extend(keyword::variants(c).into_iter().skip(1).map(|variant| (variant, c)));
    }
    if replacements.len() > MYSQL_REPLACEMENTS {
        let pattern = builder.bind(regular_expression(word));
        builder.push(&format!("CONVERT(content USING utf8mb4) COLLATE utf8mb4_bin REGEXP {pattern}"));
        return;
    }
    builder.push("INSTR(").push(&"REPLACE(".repeat(replacements.len()));
    builder.push("CAST(CONVERT(content USING utf8mb4) AS BINARY)");
    for (variant, c) in replacements {
        let (variant, c) = (builder.bind(variant.to_string()), builder.bind(c.to_string()));
        builder.push(&format!(", {variant}, {c})"));
    }
    let folded = builder.bind(folded);
    builder.push(&format!(", {folded}) > 0"));
}

/// A regular expression that finds the keyword; classes make it independent of collation.
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
    fn mysql_folds_each_character_of_a_keyword_once() {
        let mut builder = StatementBuilder::new(Dialect::MySql, "");
        Dialect::MySql.content_has(&mut builder, "Aa%");
        let statement = builder.finish();
        let content = "CAST(CONVERT(content USING utf8mb4) AS BINARY)";
        assert_eq!(statement.sql, format!("INSTR(REPLACE({content}, ?, ?), ?) > 0"));
        assert_eq!(statement.params, ["A", "a", "aa%"].map(|text| Param::Text(Some(text.into()))));
    }

    #[test]
    fn mysql_batches_are_cut_by_rows_and_bytes() {
        let columns = &crate::database::schema::MIGRATIONS.columns[..2];
        let rows = |count: usize, size: usize| vec![vec![Some("x".repeat(size)), None]; count];
        let statements = |rows| Dialect::MySql.insert("t", columns, rows, &[]).len();
        assert_eq!(statements(rows(MYSQL_ROWS, 1)), 1);
        assert_eq!(statements(rows(MYSQL_ROWS + 1, 1)), 2);
        assert_eq!(statements(rows(3, MYSQL_BYTES + 1)), 3);
    }

    #[test]
    fn times_survive_the_text_form() {
        let time = DateTime::from_timestamp_millis(1_710_054_000_123).unwrap();
        for dialect in [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite] {
            assert_eq!(dialect.decode_time(&dialect.encode_time(time)), Some(time));
        }
    }
}
