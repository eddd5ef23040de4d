//! The only place in which the databases differ: here names and values; rows, JSON, keywords, DDL and
//! introspection in files of their own.

mod ddl;
mod inspect;
mod json;
mod keywords;
mod rows;
mod tenants;
mod version;

pub(crate) use inspect::inspect_pgvector;
pub(crate) use json::INDEXED_CHARS;

use chrono::{DateTime, Utc};
use jiff::fmt::temporal::DateTimePrinter;
use jiff::{SignedDuration, civil};

use crate::database::schema::{Column, ColumnType};
use crate::database::statement::StatementBuilder;

/// Times as PostgreSQL and MySQL take them, in UTC.
const TIMES: DateTimePrinter = DateTimePrinter::new().separator(b' ').precision(Some(6));

const EPOCH: civil::DateTime = civil::datetime(1970, 1, 1, 0, 0, 0, 0);

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
        if self == Self::Sqlite {
            return time.timestamp_millis().to_string();
        }
        let since = SignedDuration::from_micros(time.timestamp_micros());
        TIMES.datetime_to_string(&EPOCH.saturating_add(since))
    }

    /// A time as [`Dialect::read`] returns it, cut to milliseconds.
    pub(crate) fn decode_time(self, text: &str) -> Option<DateTime<Utc>> {
        let millis = if self == Self::Sqlite {
            text.parse().or_else(|_| text.parse().map(|millis: f64| millis as i64)).ok()?
        } else {
            let time: civil::DateTime = text.trim_matches('"').parse().ok()?;
            i64::try_from(time.duration_since(EPOCH).as_micros()).ok()?.div_euclid(1_000)
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
            (_, ColumnType::Key | ColumnType::Tenant | ColumnType::Word | ColumnType::Text) => name,
            (Self::Postgres, ColumnType::Time | ColumnType::Created) => {
                // As JSON it does not depend on the session's DateStyle; `to_char` takes twice as long.
                self.text(&format!("to_json({name})"))
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

    /// The first of two texts unless it is null. MySQL refuses to choose between two collations by itself.
    pub(crate) fn first_text(self, first: &str, second: &str) -> String {
        match self {
            Self::MySql => format!("COALESCE({} COLLATE utf8mb4_bin, {second})", self.text(first)),
            _ => format!("COALESCE({first}, {second})"),
        }
    }

    /// A text expression as the type of a column.
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
                    ColumnType::Boolean => "boolean",
                    ColumnType::Json => "jsonb",
                    ColumnType::Vector => "vector",
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

    /// Whether an ORDER BY begins with what [`Dialect::equal`] compares. PostgreSQL takes the index for it only then: it
    /// would rather walk all rows in the order of time, in the hope of meeting the wanted ones soon.
    pub(crate) fn orders_by_equals(self) -> bool {
        self == Self::Postgres
    }

    /// Holds when a column that an index begins with has that value. PostgreSQL would drop it from the ORDER BY after `=`, knowing
    /// that there is but one value. It gets it from a subquery, so that no value makes a plan of its own look better than
    /// the one for all, and the statement is not planned anew each time; next to a tenant's part of an index as a range, since it would
    /// think that few rows of the tenant have it.
    pub(crate) fn equal(self, expression: &str, placeholder: &str, of_tenant: bool) -> String {
        match (self.orders_by_equals(), of_tenant) {
            (true, true) => format!("{expression} BETWEEN {placeholder} AND {placeholder}"),
            (true, false) => format!("{expression} = ANY (ARRAY(SELECT {placeholder}))"),
            (false, _) => format!("{expression} = {placeholder}"),
        }
    }

    /// A text column compared without an index, where another one leads to fewer rows.
    pub(crate) fn unindexed(self, column: &str) -> String {
        match self {
            Self::Postgres | Self::MySql => format!("COALESCE({column}, '')"),
            Self::Sqlite => format!("+{column}"),
        }
    }

    /// The end of an ORDER BY, after the timestamp: the order of saving.
    pub(crate) fn saving_order(self) -> &'static [&'static str] {
        match self {
            Self::Postgres | Self::MySql => &["created_at", "id"],
            Self::Sqlite => &["rowid"],
        }
    }

    /// `LIMIT` and `OFFSET`; no limit is all. The limit is written out: of one that it does not see, PostgreSQL thinks that it is
    /// a tenth of all.
    pub(crate) fn page(self, builder: &mut StatementBuilder, limit: Option<u32>, offset: u32) {
        match (limit, self) {
            (Some(limit), _) => {
                builder.push(&format!(" LIMIT {limit}"));
            }
            (None, _) if offset == 0 => {}
            // Neither has an OFFSET without it.
            (None, Self::MySql) => {
                builder.push(&format!(" LIMIT {}", u64::MAX));
            }
            (None, Self::Sqlite) => {
                builder.push(" LIMIT -1");
            }
            (None, Self::Postgres) => {}
        }
        if offset == 0 {
            return;
        }
        // MySQL takes neither expressions nor text here.
        let offset = match self {
            Self::MySql => offset.to_string(),
            Self::Postgres | Self::Sqlite => {
                let offset = builder.bind(offset.to_string());
                self.integer(&offset)
            }
        };
        builder.push(&format!(" OFFSET {offset}"));
    }

    /// A text column without its case; on MySQL the generated column.
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
