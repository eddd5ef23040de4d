//! SQL dialects: the only place where the databases differ. Names and values are here; rows, JSON,
//! keywords, DDL and introspection have their own files.

mod ddl;
mod introspect;
mod json;
mod keywords;
mod page;
mod rows;
mod tenants;
mod version;

pub(crate) use introspect::introspect_pgvector;
pub(crate) use json::INDEXED_CHARS;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use jiff::fmt::temporal::DateTimePrinter;
use jiff::{SignedDuration, civil};

use crate::database::sql::table::{Column, ColumnType};
use crate::hex::from_hex;

/// Format of times in PostgreSQL and MySQL, in UTC.
const TIMES: DateTimePrinter = DateTimePrinter::new().separator(b' ').precision(Some(6));

const EPOCH: civil::DateTime = civil::datetime(1970, 1, 1, 0, 0, 0, 0);

/// A SQL dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 13 and later.
    Postgres,
    /// MySQL 8.0.23 and MariaDB 10.5 and later, in SQL that means the same on both.
    MySql,
    /// SQLite 3.38 and later.
    Sqlite,
}

impl Dialect {
    /// Returns the product name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Sqlite => "SQLite",
        }
    }

    /// Quotes an identifier. Callers pass only validated prefixes and our own names.
    pub(crate) fn quote(self, name: &str) -> String {
        match self {
            Self::MySql => format!("`{name}`"),
            _ => format!("\"{name}\""),
        }
    }

    /// Returns the placeholder of the n-th parameter, counted from 1. On MySQL parameters are
    /// positional and used once each.
    pub(crate) fn placeholder(self, n: usize) -> String {
        match self {
            Self::Postgres => format!("${n}"),
            Self::MySql => "?".to_owned(),
            Self::Sqlite => format!("?{n}"),
        }
    }

    // ---- values ----

    /// Formats a time for its column.
    pub(crate) fn encode_time(self, time: DateTime<Utc>) -> String {
        if self == Self::Sqlite {
            return time.timestamp_millis().to_string();
        }
        let since = SignedDuration::from_micros(time.timestamp_micros());
        TIMES.datetime_to_string(&EPOCH.saturating_add(since))
    }

    /// Parses a time as [`Dialect::read`] returns it, truncated to milliseconds.
    pub(crate) fn decode_time(self, text: &str) -> Option<DateTime<Utc>> {
        let millis = if self == Self::Sqlite {
            text.parse().or_else(|_| text.parse().map(|millis: f64| millis as i64)).ok()?
        } else {
            let time: civil::DateTime = text.trim_matches('"').parse().ok()?;
            i64::try_from(time.duration_since(EPOCH).as_micros()).ok()?.div_euclid(1_000)
        };
        DateTime::from_timestamp_millis(millis)
    }

    /// Formats a boolean for its column.
    pub(crate) fn encode_bool(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Postgres, true) => "true",
            (Self::Postgres, false) => "false",
            (Self::MySql | Self::Sqlite, true) => "1",
            (Self::MySql | Self::Sqlite, false) => "0",
        }
    }

    /// Parses a boolean as [`Dialect::read`] returns it.
    pub(crate) fn decode_bool(self, text: &str) -> bool {
        matches!(text, "true" | "1")
    }

    /// Returns a column as text.
    pub(crate) fn read(self, column: &Column) -> String {
        let name = self.quote(column.name);
        match (self, column.kind) {
            (_, ColumnType::Key | ColumnType::Tenant | ColumnType::Word | ColumnType::Text) => name,
            (_, ColumnType::Bytes) => name,
            (Self::Postgres, ColumnType::Time | ColumnType::Created) => {
                // As JSON it is independent of the session's DateStyle; `to_char` takes twice as
                // long.
                self.text(&format!("to_json({name})"))
            }
            _ => self.text(&name),
        }
    }

    /// Returns a column of bytes as [`Cell::Bytes`] on a native connection, else as text.
    ///
    /// [`Cell::Bytes`]: crate::database::sql::result_set::Cell::Bytes
    pub(crate) fn read_bytes(self, column: &str, native: bool) -> String {
        if native { column.to_owned() } else { self.bytes_as_text(column) }
    }

    /// Returns a column of bytes as text, for clients whose results are texts.
    pub(crate) fn bytes_as_text(self, column: &str) -> String {
        match self {
            Self::Postgres => format!("encode({column}, 'base64')"),
            Self::MySql => format!("TO_BASE64({column})"),
            // It has no function for Base64.
            Self::Sqlite => format!("hex({column})"),
        }
    }

    /// Parses bytes as [`Dialect::bytes_as_text`] returns them. Their Base64 has line breaks.
    pub(crate) fn decode_bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Postgres | Self::MySql => BASE64_STANDARD.decode(text.replace('\n', "")).ok(),
            Self::Sqlite => from_hex(text),
        }
    }

    /// Casts an expression to text.
    pub(crate) fn text(self, expression: &str) -> String {
        match self {
            Self::MySql => format!("CAST({expression} AS CHAR CHARACTER SET utf8mb4)"),
            _ => format!("CAST({expression} AS TEXT)"),
        }
    }

    /// Returns the first of two texts unless it is null. MySQL refuses to choose between two
    /// collations without `COLLATE`.
    pub(crate) fn coalesce_text(self, first: &str, second: &str) -> String {
        match self {
            Self::MySql => format!("COALESCE({} COLLATE utf8mb4_bin, {second})", self.text(first)),
            _ => format!("COALESCE({first}, {second})"),
        }
    }

    /// Casts a text expression to the type of a column.
    fn cast(self, kind: ColumnType, expression: &str) -> String {
        match self {
            Self::Postgres => {
                let name = match kind {
                    ColumnType::Key | ColumnType::Tenant | ColumnType::Word | ColumnType::Text => {
                        return expression.to_owned();
                    }
                    ColumnType::Id => "uuid",
                    ColumnType::Time | ColumnType::Created => "timestamp",
                    ColumnType::Integer => "integer",
                    ColumnType::BigInteger | ColumnType::KeyPart => "bigint",
                    ColumnType::Boolean => "boolean",
                    ColumnType::Json => "jsonb",
                    ColumnType::Bytes => "bytea",
                    ColumnType::Vector => "vector",
                };
                format!("CAST({expression} AS {name})")
            }
            // Compared as text, a time would be less than an equal one in another notation.
            Self::MySql if matches!(kind, ColumnType::Time | ColumnType::Created) => {
                format!("CAST({expression} AS DATETIME(6))")
            }
            // A number and a text would be compared as floating-point numbers, and 64 bits are too
            // many for one.
            _ if matches!(kind, ColumnType::BigInteger | ColumnType::KeyPart) => self.integer(expression),
            // Columns convert their values.
            Self::MySql | Self::Sqlite => expression.to_owned(),
        }
    }

    /// Casts an expression to an integer, for comparisons and LIMIT.
    pub(crate) fn integer(self, expression: &str) -> String {
        match self {
            Self::Postgres => format!("CAST({expression} AS bigint)"),
            Self::MySql => format!("CAST({expression} AS SIGNED)"),
            Self::Sqlite => format!("CAST({expression} AS INTEGER)"),
        }
    }

    /// Casts a parameter for a comparison with a column of that kind.
    pub(crate) fn cast_param(self, kind: ColumnType, placeholder: &str) -> String {
        self.cast(kind, placeholder)
    }

    /// Returns `true` if an ORDER BY must begin with the expression of [`Dialect::equal`]. Only
    /// then does PostgreSQL use the index. Otherwise it would scan all rows in order of time,
    /// hoping to meet the wanted ones soon.
    pub(crate) fn keeps_eq_in_order_by(self) -> bool {
        self == Self::Postgres
    }

    /// Returns the condition that the first column of an index has a value, in a form that makes
    /// PostgreSQL use the index.
    ///
    /// After `=`, PostgreSQL would drop the column from the ORDER BY, because it is constant. The
    /// value comes from a subquery, so that the generic plan is as good as one for a certain value
    /// and the statement is not planned again each time. Next to a tenant it is a range, because
    /// PostgreSQL would otherwise assume that few rows of the tenant have the value.
    pub(crate) fn equal(self, expression: &str, placeholder: &str, of_tenant: bool) -> String {
        match (self.keeps_eq_in_order_by(), of_tenant) {
            (true, true) => format!("{expression} BETWEEN {placeholder} AND {placeholder}"),
            (true, false) => format!("{expression} = ANY (ARRAY(SELECT {placeholder}))"),
            (false, _) => format!("{expression} = {placeholder}"),
        }
    }

    /// Hides a text column from its index, where another index leads to fewer rows.
    pub(crate) fn unindexed(self, column: &str) -> String {
        match self {
            Self::Postgres | Self::MySql => format!("COALESCE({column}, '')"),
            Self::Sqlite => format!("+{column}"),
        }
    }

    /// Returns the columns of an ORDER BY after the timestamp: the insertion order.
    pub(crate) fn insertion_order(self) -> &'static [&'static str] {
        match self {
            Self::Postgres | Self::MySql => &["created_at", "id"],
            Self::Sqlite => &["rowid"],
        }
    }

    /// Returns a text column in lower case; on MySQL the generated column.
    pub(crate) fn folded(self, column: &str) -> String {
        match self {
            Self::MySql => format!("{column}_folded"),
            _ => format!("lower({column})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_the_text_form() {
        let base64 = [Dialect::Postgres, Dialect::MySql].map(|dialect| dialect.decode_bytes("AP\n8="));
        assert_eq!(base64, [Some(vec![0, 255]), Some(vec![0, 255])]);
        assert_eq!(Dialect::Sqlite.decode_bytes("00FF"), Some(vec![0, 255]));
    }

    #[test]
    fn times_survive_the_text_form() {
        let time = DateTime::from_timestamp_millis(1_710_054_000_123).unwrap();
        for dialect in [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite] {
            assert_eq!(dialect.decode_time(&dialect.encode_time(time)), Some(time));
        }
        for text in ["\"2024-03-09T19:00:00.1239\"", "2024-03-09 19:00:00.123999"] {
            assert_eq!(
                Dialect::Postgres.decode_time(text),
                DateTime::from_timestamp_millis(1_710_010_800_123)
            );
        }
        assert_eq!(Dialect::MySql.encode_time(time), "2024-03-10 07:00:00.123000");
    }
}
