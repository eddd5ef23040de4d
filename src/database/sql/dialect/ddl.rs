//! DDL of tables, columns, indexes and schemas, and the locks for it.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::dialect::json::INDEXED_CHARS;
use crate::database::sql::statement::{Statement, StatementBuilder};
use crate::database::sql::table::{Column, ColumnType, Index, IndexKey, SessionField, Table};

impl Dialect {
    /// Returns the statement that creates a table unless it exists.
    pub(crate) fn create_table(self, place: &str, name: &str, table: &Table, tenant: bool) -> String {
        let mut parts: Vec<String> = table.all_columns().map(|column| self.define(&column)).collect();
        let mut options = "";
        let is_part = |column: &&Column| column.kind == ColumnType::KeyPart;
        let key: Vec<String> =
            table.columns.iter().filter(is_part).map(|column| self.quote(column.name)).collect();
        if !key.is_empty() {
            parts.push(format!("PRIMARY KEY ({})", key.join(", ")));
        }
        if self == Self::MySql {
            parts.extend(self.generated_columns(table).into_iter().map(|(_, definition)| definition));
            parts.extend(self.indexes(table, tenant).map(|index| {
                format!(
                    "INDEX {} ({})",
                    self.quote(&format!("{name}_{}", index.name)),
                    self.index_keys(index, |_| false)
                )
            }));
            // Independent of the server's defaults.
            options = " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        }
        format!("CREATE TABLE IF NOT EXISTS {place} (\n  {}\n){options}", parts.join(",\n  "))
    }

    /// Returns `true` if [`Dialect::create_table`] creates the indexes too. MySQL has no
    /// `CREATE INDEX IF NOT EXISTS`.
    pub(crate) fn indexes_with_table(self) -> bool {
        self == Self::MySql
    }

    /// Returns the generated columns of a table that exist to be indexed, as name and definition.
    /// MySQL computes and hides them. Only MariaDB reads `/*M! … */`, and stores them: an index on
    /// a virtual column misses rows there for a while after they were written.
    pub(crate) fn generated_columns(self, table: &Table) -> Vec<(String, String)> {
        let keys = table.indexes.iter().flat_map(|index| index.keys);
        let generated = keys.filter_map(|key| match key {
            _ if self != Self::MySql => None,
            IndexKey::Column(_) => None,
            IndexKey::Session(SessionField { key, column, rare }) => {
                let value = format!("JSON_VALUE(`session_metadata`, '$.{key}')");
                let value = if *rare { format!("LEFT({value}, {INDEXED_CHARS})") } else { value };
                Some(((*column).to_owned(), value))
            }
            IndexKey::Folded(column) => {
                Some((self.folded(column), format!("LEFT(LOWER({}), {INDEXED_CHARS})", self.quote(column))))
            }
        });
        generated
            .map(|(name, expression)| {
                let definition = format!(
                    "{} VARCHAR({INDEXED_CHARS}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin GENERATED ALWAYS AS ({expression}) \
                     /*M! STORED */ INVISIBLE",
                    self.quote(&name),
                );
                (name, definition)
            })
            .collect()
    }

    /// Returns the statement that adds a column.
    pub(crate) fn add_column(self, place: &str, column: &Column) -> String {
        let mut definition = self.define(column);
        if self == Self::MySql && matches!(column.kind, ColumnType::Key | ColumnType::Tenant) {
            // The table of another program may compare text case-insensitively, or limit its
            // length.
            definition.push_str(" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        }
        let guard = match self {
            Self::Postgres => "IF NOT EXISTS ",
            Self::MySql | Self::Sqlite => "",
        };
        format!("ALTER TABLE {place} ADD COLUMN {guard}{definition}")
    }

    /// Returns the statement that adds MySQL's generated columns, if any.
    pub(crate) fn add_generated(self, place: &str, definitions: &[String]) -> Option<String> {
        let added: Vec<String> =
            definitions.iter().map(|definition| format!("ADD COLUMN {definition}")).collect();
        (!added.is_empty()).then(|| format!("ALTER TABLE {place} {}", added.join(", ")))
    }

    /// Returns `true` if an index on a table in use is created concurrently, outside of a
    /// transaction, so that writers do not wait.
    pub(crate) fn indexes_concurrently(self) -> bool {
        self == Self::Postgres
    }

    /// Returns the statements that take and release the lock of concurrent index builds. It is
    /// taken only if it is free. Two builds that wait for each other would fail, and leave an
    /// invalid index behind.
    pub(crate) fn index_build_lock(self, table: &str) -> [Statement; 2] {
        ["pg_try_advisory_lock", "pg_advisory_unlock"].map(|function| {
            let mut builder = StatementBuilder::new(self, format!("SELECT CAST({function}(hashtext("));
            let name = builder.bind(format!("{table} indexes"));
            builder.push(&name).push(")) AS TEXT)");
            builder.finish()
        })
    }

    /// Returns the statement that drops an index whose build was interrupted.
    pub(crate) fn drop_index(self, schema: Option<&str>, name: &str, concurrently: bool) -> String {
        let schema = schema.map(|schema| self.quote(schema) + ".").unwrap_or_default();
        let how = if concurrently { "CONCURRENTLY " } else { "" };
        format!("DROP INDEX {how}IF EXISTS {schema}{}", self.quote(name))
    }

    /// Returns the statement that creates an index, with `IF NOT EXISTS` where the database
    /// supports it. `concurrently` requires [`Dialect::indexes_concurrently`]; `is_text` recognises
    /// columns of unlimited text.
    pub(crate) fn create_index(
        self,
        place: &str,
        name: &str,
        index: &Index,
        concurrently: bool,
        is_text: impl Fn(&str) -> bool,
    ) -> String {
        let guard = match self {
            Self::MySql => "",
            Self::Postgres if concurrently => "CONCURRENTLY IF NOT EXISTS ",
            Self::Postgres | Self::Sqlite => "IF NOT EXISTS ",
        };
        let name = self.quote(name);
        format!(
            "CREATE INDEX {guard}{name} ON {place} ({}){}",
            self.index_keys(index, is_text),
            self.index_condition(index)
        )
    }

    /// Returns the condition of a partial index, empty for others.
    fn index_condition(self, index: &Index) -> String {
        match index.keys {
            [IndexKey::Session(field), ..] if field.rare && self != Self::MySql => {
                format!(" WHERE {} IS NOT NULL", self.session("", *field))
            }
            _ => String::new(),
        }
    }

    /// Returns the signature of an index: its first key and its condition.
    pub(crate) fn index_signature(self, index: &Index) -> String {
        let first = index.keys.first().map(|key| self.index_key(*key)).unwrap_or_default();
        first + &self.index_condition(index)
    }

    fn index_keys(self, index: &Index, is_text: impl Fn(&str) -> bool) -> String {
        let key = |key: &IndexKey| match key {
            IndexKey::Column(column) if is_text(column) => format!("{}(64)", self.index_key(*key)),
            _ => self.index_key(*key),
        };
        let mut keys: Vec<String> = index.keys.iter().map(key).collect();
        if self == Self::MySql && index.keys.ends_with(&[IndexKey::Column("timestamp")]) {
            // MySQL sorts all rows of a conversation again unless the index has the whole order.
            // The id is part of every index.
            keys.push(self.quote("created_at"));
        }
        keys.join(", ")
    }

    fn index_key(self, key: IndexKey) -> String {
        match key {
            IndexKey::Column(column) => self.quote(column),
            IndexKey::Folded(column) if self == Self::MySql => self.quote(&self.folded(column)),
            IndexKey::Folded(column) => self.folded(&self.quote(column)),
            IndexKey::Session(field) if self == Self::MySql => self.quote(field.column),
            IndexKey::Session(field) => format!("({})", self.session("", field)),
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
            (Self::MySql, ColumnType::Tenant) => "VARCHAR(128)",
            (Self::MySql, ColumnType::Word) => "VARCHAR(64)",
            (Self::MySql, ColumnType::Text) => "LONGTEXT",
            (Self::MySql, ColumnType::Time) => "DATETIME(3)",
            (Self::MySql, ColumnType::Created) => "DATETIME(6) DEFAULT (UTC_TIMESTAMP(6))",
            (Self::MySql, ColumnType::Boolean) => "BOOLEAN",
            (Self::MySql, ColumnType::Json) => "JSON",
            (_, ColumnType::Key | ColumnType::Tenant | ColumnType::Word | ColumnType::Text) => "TEXT",
            (_, ColumnType::Integer) => "INTEGER",
            (_, ColumnType::BigInteger | ColumnType::KeyPart) => "BIGINT",
            (Self::Postgres, ColumnType::Bytes) => "BYTEA",
            (Self::MySql, ColumnType::Bytes) => "LONGBLOB",
            (Self::Sqlite, ColumnType::Bytes) => "BLOB",
            // PostgreSQL only.
            (_, ColumnType::Vector) => "vector",
        };
        let required = if column.required { " NOT NULL" } else { "" };
        format!("{} {kind}{required}", self.quote(column.name))
    }

    /// Returns the statement that takes the migration lock, so that processes that start at once
    /// take turns.
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

    /// Returns the statement that creates a schema unless it exists.
    pub(crate) fn create_schema(self, schema: &str) -> String {
        format!("CREATE SCHEMA IF NOT EXISTS {}", self.quote(schema))
    }

    /// Returns `true` if [`Dialect::migration_lock`] ends with its transaction, after a failure
    /// too.
    pub(crate) fn lock_ends_with_transaction(self) -> bool {
        self != Self::MySql
    }

    /// Returns the statement that releases the migration lock, if the lock outlives the
    /// transaction. It would last until the connection closes.
    pub(crate) fn migration_unlock(self, table: &str) -> Option<Statement> {
        (self == Self::MySql).then(|| self.named_lock("RELEASE_LOCK", "", table))
    }

    /// Calls a function of MySQL's named locks. They are server-wide, and their names have 64
    /// characters at most.
    fn named_lock(self, function: &str, arguments: &str, table: &str) -> Statement {
        let mut builder =
            StatementBuilder::new(self, format!("SELECT CAST({function}(SHA2(CONCAT(DATABASE(), '.', "));
        let name = builder.bind(format!("{table} migration"));
        builder.push(&format!("{name}), 256){arguments}) AS CHAR)"));
        builder.finish()
    }
}
