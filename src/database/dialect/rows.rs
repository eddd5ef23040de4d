//! Rows in: inserts of any size, and what happens to rows that are there.

use crate::database::dialect::Dialect;
use crate::database::schema::{Column, ColumnType};
use crate::database::statement::{Param, Statement, StatementBuilder};

/// Values of a SQLite multi-row insert per statement; far below its limit of 32,766.
const SQLITE_BINDS: usize = 8_000;
/// Rows of a MySQL multi-row insert per statement: every number of rows is one more text to prepare.
const MYSQL_ROWS: usize = 250;
/// Bytes after which a MySQL multi-row insert takes no further row; `max_allowed_packet` is rarely below 4 MB.
const MYSQL_BYTES: usize = 1 << 20;

impl Dialect {
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
                let source = values_of_one(&mut builder, columns, rows)
                    .unwrap_or_else(|rows| unnest(&mut builder, columns, rows));
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
                        builder.push(if count == 0 { "(" } else { ", (" });
                        for (n, value) in row.into_iter().enumerate() {
                            // Without their numbers: a numbered one has a name in SQLite, and sqlx looks for each among all.
                            builder.bind(value);
                            builder.push(if n == 0 { "?" } else { ", ?" });
                        }
                        builder.push(")");
                        count += 1;
                    }
                    builder.push(&conflict);
                    statements.push(builder.finish());
                }
                statements
            }
        }
    }

    /// Like [`Dialect::insert`] into a table where `external_id` names rows: those it names and for which `same` holds, of `stored`
    /// and `incoming`, are updated, whatever their `id`. Only PostgreSQL was ever filled that way, by the TypeScript SDK.
    pub(crate) fn insert_by_external_id(
        self,
        table: &str,
        columns: &[Column],
        rows: Vec<Vec<Option<String>>>,
        assignments: &[(&str, String)],
        same: &str,
    ) -> Vec<Statement> {
        if self != Self::Postgres {
            return self.insert(table, columns, rows, assignments);
        }
        let mut builder = StatementBuilder::new(self, "WITH incoming AS (");
        let source = unnest(&mut builder, columns, rows);
        let names: Vec<String> = columns.iter().map(|column| self.quote(column.name)).collect();
        let names = names.join(", ");
        let set: Vec<String> = assignments
            .iter()
            .map(|(column, _)| self.quote(column))
            .map(|column| format!("{column} = incoming.{column}"))
            .collect();
        builder.push(&format!(
            "{source}), updated AS (UPDATE {table} AS stored SET {} FROM incoming \
             WHERE stored.external_id = incoming.external_id AND {same} RETURNING stored.external_id) \
             INSERT INTO {table} AS stored ({names}) SELECT {names} FROM incoming \
             WHERE external_id NOT IN (SELECT external_id FROM updated){}",
            set.join(", "),
            self.on_conflict(assignments),
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
}

/// `VALUES` of a single row, which PostgreSQL inserts faster than one out of arrays; other numbers of rows are handed back.
fn values_of_one(
    builder: &mut StatementBuilder,
    columns: &[Column],
    rows: Vec<Vec<Option<String>>>,
) -> Result<String, Vec<Vec<Option<String>>>> {
    let [row] = <[_; 1]>::try_from(rows)?;
    let values: Vec<String> = columns
        .iter()
        .zip(row)
        .map(|(column, value)| Dialect::Postgres.cast(column.kind, &builder.bind(value)))
        .collect();
    Ok(format!("VALUES ({})", values.join(", ")))
}

/// A PostgreSQL query that returns rows given as one array a column: one text for any number of them.
fn unnest(builder: &mut StatementBuilder, columns: &[Column], rows: Vec<Vec<Option<String>>>) -> String {
    let rows = in_order_of_time(columns, rows);
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

/// For a table that keeps rows where they were written: those of one time, as of a conversation, side by side.
fn in_order_of_time(columns: &[Column], mut rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    let Some(time) = columns.iter().position(|column| column.kind == ColumnType::Time) else {
        return in_order_of_ids(rows);
    };
    rows.sort_by(|a, b| (&a[time], &a[0]).cmp(&(&b[time], &b[0])));
    rows
}

/// Concurrent batches lock rows in one order, so that they do not deadlock.
fn in_order_of_ids(mut rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    rows.sort_by(|a, b| a.first().cmp(&b.first()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mysql_batches_are_cut_by_rows_and_bytes() {
        let columns = &crate::database::schema::MIGRATIONS.columns[..2];
        let rows = |count: usize, size: usize| vec![vec![Some("x".repeat(size)), None]; count];
        let statements = |rows| Dialect::MySql.insert("t", columns, rows, &[]).len();
        assert_eq!(statements(rows(MYSQL_ROWS, 1)), 1);
        assert_eq!(statements(rows(MYSQL_ROWS + 1, 1)), 2);
        assert_eq!(statements(rows(3, MYSQL_BYTES + 1)), 3);
    }
}
