//! Inserts of any size, and conflicts with existing rows.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::{Param, Statement, StatementBuilder, Value};
use crate::database::sql::table::{Column, ColumnType};

/// Maximum number of values of a SQLite multi-row insert, far below its limit of 32,766.
const SQLITE_BINDS: usize = 8_000;
/// Maximum number of rows of a MySQL multi-row insert. Each number of rows is another statement to
/// prepare.
const MYSQL_ROWS: usize = 250;
/// Size in bytes after which a MySQL multi-row insert takes no further row. `max_allowed_packet` is
/// rarely below 4 MB.
const MYSQL_BYTES: usize = 1 << 20;

impl Dialect {
    /// Returns the statements that insert rows, each with one value per column. Conflicts on `id`
    /// are resolved by `assignments` (column, expression). The statements of one call belong in one
    /// transaction.
    pub(crate) fn insert(
        self,
        table: &str,
        columns: &[Column],
        rows: Vec<Vec<Option<Value>>>,
        assignments: &[(&str, String)],
    ) -> Vec<Statement> {
        let names: Vec<String> = columns.iter().map(|column| self.quote(column.name)).collect();
        let alias = if self == Self::MySql { "" } else { " AS stored" };
        let head = format!("INSERT INTO {table}{alias} ({}) ", names.join(", "));
        let conflict = self.on_conflict(&key_of(columns), assignments);
        match self {
            Self::Postgres => {
                let mut builder = StatementBuilder::new(self, head);
                let source = single_row_values(&mut builder, columns, rows)
                    .unwrap_or_else(|rows| unnest(&mut builder, columns, rows));
                builder.push(&format!("{source}{conflict}"));
                vec![builder.finish()]
            }
            Self::MySql | Self::Sqlite => {
                let (most, bytes, rows) = if self == Self::MySql {
                    (MYSQL_ROWS, MYSQL_BYTES, sort_by_id(rows))
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
                        size += row.iter().flatten().map(Value::len).sum::<usize>();
                        count == 0 || count < most && size <= bytes
                    }) {
                        builder.push(if count == 0 { "(" } else { ", (" });
                        for (n, value) in row.into_iter().enumerate() {
                            // Without numbers: SQLite treats a numbered placeholder as named, and
                            // sqlx searches for each name.
                            builder.bind_param(value);
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

    /// Works like [`Dialect::insert`], but also updates rows that have the same `external_id` under
    /// another `id`, if `same` holds for `stored` and `incoming`. Only PostgreSQL has such rows,
    /// from the TypeScript SDK.
    pub(crate) fn insert_by_external_id(
        self,
        table: &str,
        columns: &[Column],
        rows: Vec<Vec<Option<Value>>>,
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
            self.on_conflict(&key_of(columns), assignments),
        ));
        vec![builder.finish()]
    }

    /// Merges statements into one, which takes one round trip, where the database can. They must
    /// write different rows. The others belong in one transaction.
    pub(crate) fn merge(self, mut statements: Vec<Statement>) -> Vec<Statement> {
        if self != Self::Postgres || statements.len() < 2 {
            return statements;
        }
        let mut main = statements.remove(0);
        let mut parts = String::new();
        for (n, statement) in statements.into_iter().enumerate() {
            let sql = shift_placeholders(&statement.sql, main.params.len());
            parts.push_str(&format!("{}also{n} AS ({sql})", if n == 0 { "" } else { ", " }));
            main.params.extend(statement.params);
        }
        main.sql = match main.sql.strip_prefix("WITH ") {
            Some(rest) => format!("WITH {parts}, {rest}"),
            None => format!("WITH {parts} {}", main.sql),
        };
        vec![main]
    }

    fn on_conflict(self, key: &[&str], assignments: &[(&str, String)]) -> String {
        let key: Vec<String> = key.iter().map(|column| self.quote(column)).collect();
        let set: Vec<String> =
            assignments.iter().map(|(column, value)| format!("{} = {value}", self.quote(column))).collect();
        match (self, set.is_empty()) {
            // Not IGNORE, which hides errors of every kind.
            (Self::MySql, true) => {
                let id = key.first().map(String::as_str).unwrap_or_default();
                format!(" ON DUPLICATE KEY UPDATE {id} = {id}")
            }
            (Self::MySql, false) => format!(" ON DUPLICATE KEY UPDATE {}", set.join(", ")),
            (_, true) => " ON CONFLICT DO NOTHING".to_owned(),
            (_, false) => format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", ")),
        }
    }

    /// Returns the inserted value of a column, inside an upsert.
    pub(crate) fn incoming(self, column: &str) -> String {
        match self {
            Self::MySql => format!("VALUES({})", self.quote(column)),
            _ => format!("excluded.{}", self.quote(column)),
        }
    }

    /// Returns the stored value of a column, inside an upsert. MySQL assigns from left to right, so
    /// only the assignment to the column itself still sees it.
    pub(crate) fn stored(self, column: &str) -> String {
        match self {
            Self::MySql => self.quote(column),
            _ => format!("stored.{}", self.quote(column)),
        }
    }
}

/// Returns the columns of the primary key: the parts of one, or the first id. A table of the
/// TypeScript SDK has further ids.
fn key_of(columns: &[Column]) -> Vec<&'static str> {
    let names =
        |kind: ColumnType| columns.iter().filter(move |column| column.kind == kind).map(|column| column.name);
    let parts: Vec<&str> = names(ColumnType::KeyPart).collect();
    if parts.is_empty() { names(ColumnType::Id).take(1).collect() } else { parts }
}

/// Adds a number to those of PostgreSQL's placeholders. None of our statements has a `$` elsewhere.
fn shift_placeholders(sql: &str, by: usize) -> String {
    let mut pieces = sql.split('$');
    let mut shifted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.len() - piece.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = piece.split_at(digits);
        let number = number.parse::<usize>().unwrap_or_default() + by;
        shifted.push_str(&format!("${number}{rest}"));
    }
    shifted
}

/// Returns `VALUES` for a single row, which PostgreSQL inserts faster than one from arrays. Returns
/// the rows back unless there is exactly one.
fn single_row_values(
    builder: &mut StatementBuilder,
    columns: &[Column],
    rows: Vec<Vec<Option<Value>>>,
) -> Result<String, Vec<Vec<Option<Value>>>> {
    let [row] = <[_; 1]>::try_from(rows)?;
    let values: Vec<String> = columns
        .iter()
        .zip(row)
        .map(|(column, value)| Dialect::Postgres.cast(column.kind, &builder.bind_param(value)))
        .collect();
    Ok(format!("VALUES ({})", values.join(", ")))
}

/// Returns a PostgreSQL query over rows that are passed as one array per column. Its text is the
/// same for any number of rows.
fn unnest(builder: &mut StatementBuilder, columns: &[Column], rows: Vec<Vec<Option<Value>>>) -> String {
    let rows = sort_by_time(columns, rows);
    let mut values: Vec<Vec<Option<Value>>> =
        columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (values, value) in values.iter_mut().zip(row) {
            values.push(value);
        }
    }
    let arrays: Vec<String> = columns
        .iter()
        .zip(values)
        .map(|(column, values)| {
            let (kind, param) = match column.kind {
                ColumnType::Bytes => ("bytea", Param::ByteArrays(values.into_iter().map(bytes).collect())),
                _ => ("text", Param::Texts(values.into_iter().map(text).collect())),
            };
            format!("CAST({} AS {kind}[])", builder.bind_param(param))
        })
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

fn text(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text),
        Value::Bytes(_) => None,
    }
}

fn bytes(value: Option<Value>) -> Option<Vec<u8>> {
    match value? {
        Value::Bytes(bytes) => Some(bytes),
        Value::Text(_) => None,
    }
}

/// Sorts rows by time, for tables that keep rows in the order of insertion: those of one time, such
/// as a conversation's, end up side by side.
fn sort_by_time(columns: &[Column], mut rows: Vec<Vec<Option<Value>>>) -> Vec<Vec<Option<Value>>> {
    let Some(time) = columns.iter().position(|column| column.kind == ColumnType::Time) else {
        return sort_by_id(rows);
    };
    rows.sort_by(|a, b| (&a[time], &a[0]).cmp(&(&b[time], &b[0])));
    rows
}

/// Sorts rows by id. Concurrent batches then lock rows in the same order and do not deadlock.
fn sort_by_id(mut rows: Vec<Vec<Option<Value>>>) -> Vec<Vec<Option<Value>>> {
    rows.sort_by(|a, b| a.first().cmp(&b.first()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_statements_of_postgres() {
        let values = |name: &str| {
            let mut builder = StatementBuilder::new(Dialect::Postgres, format!("VALUES ('{name}', "));
            let [a, b] = ["1", "2"].map(|value| builder.bind(value.to_owned()));
            builder.push(&format!("{a}, {b})"));
            builder.finish()
        };
        let merged = Dialect::Postgres.merge(vec![values("x"), values("y")]);
        let sql = "WITH also0 AS (VALUES ('y', $3, $4)) VALUES ('x', $1, $2)";
        assert_eq!(merged.iter().map(|one| one.sql.as_str()).collect::<Vec<_>>(), [sql]);
        assert_eq!(merged[0].params.len(), 4);
        assert_eq!(Dialect::MySql.merge(vec![values("x"), values("y")]).len(), 2);
    }

    #[test]
    fn splits_mysql_batches_by_rows_and_bytes() {
        let columns = &crate::database::schema::tables::MIGRATIONS.columns[..2];
        let rows = |count: usize, size: usize| vec![vec![Some(Value::Text("x".repeat(size))), None]; count];
        let statements = |rows| Dialect::MySql.insert("t", columns, rows, &[]).len();
        assert_eq!(statements(rows(MYSQL_ROWS, 1)), 1);
        assert_eq!(statements(rows(MYSQL_ROWS + 1, 1)), 2);
        assert_eq!(statements(rows(3, MYSQL_BYTES + 1)), 3);
    }
}
