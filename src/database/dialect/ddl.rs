//! Tables, columns, indexes and schemas, and the locks under which they are made.

use crate::database::dialect::Dialect;
use crate::database::dialect::json::INDEXED_CHARS;
use crate::database::schema::{Column, ColumnType, Index, IndexKey, SessionField, Table};
use crate::database::statement::{Statement, StatementBuilder};

impl Dialect {
    /// The statement that makes a table, harmless when it exists.
    pub(crate) fn create_table(self, place: &str, name: &str, table: &Table, tenant: bool) -> String {
        let mut parts: Vec<String> = table.all_columns().map(|column| self.define(&column)).collect();
        let mut options = "";
        if self == Self::MySql {
            parts.extend(self.generated_columns(table).into_iter().map(|(_, definition)| definition));
            parts.extend(self.indexes(table, tenant).map(|index| {
                format!(
                    "INDEX {} ({})",
                    self.quote(&format!("{name}_{}", index.name)),
                    self.index_keys(index, |_| false)
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

    /// Columns of a table that exist to be indexed, as name and definition: MySQL computes and hides them. Only MariaDB reads
    /// `/*M! … */`, and stores them: by an index on a virtual column it misses rows for a while after they were written.
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

    /// The statement that adds a column.
    pub(crate) fn add_column(self, place: &str, column: &Column) -> String {
        let mut definition = self.define(column);
        if self == Self::MySql && matches!(column.kind, ColumnType::Key | ColumnType::Tenant) {
            // A table of others may compare text without its case, and hold little.
            definition.push_str(" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        }
        let guard = match self {
            Self::Postgres => "IF NOT EXISTS ",
            Self::MySql | Self::Sqlite => "",
        };
        format!("ALTER TABLE {place} ADD COLUMN {guard}{definition}")
    }

    /// The statement that adds MySQL's generated columns, if any.
    pub(crate) fn add_generated(self, place: &str, definitions: &[String]) -> Option<String> {
        let added: Vec<String> =
            definitions.iter().map(|definition| format!("ADD COLUMN {definition}")).collect();
        (!added.is_empty()).then(|| format!("ALTER TABLE {place} {}", added.join(", ")))
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
    /// `concurrently` where [`Dialect::indexes_concurrently`]; `is_text` tells columns of text of any length.
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

    /// Which rows an index has, where not all.
    fn index_condition(self, index: &Index) -> String {
        match index.keys {
            [IndexKey::Session(field), ..] if field.rare && self != Self::MySql => {
                format!(" WHERE {} IS NOT NULL", self.session("", *field))
            }
            _ => String::new(),
        }
    }

    /// What tells an index from others: what it sorts by first, and which rows it has.
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
            // MySQL sorts all rows of a conversation anew unless the index has the whole order; the id is in every index.
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
            // PostgreSQL's only.
            (_, ColumnType::Vector) => "vector",
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
}
