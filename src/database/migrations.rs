//! Brings a database to the current schema: creates what is missing, changes nothing that is there.

use std::collections::{HashMap, HashSet};

use chrono::Utc;

use crate::database::Database;
use crate::database::dialect::Dialect;
use crate::database::executor::{Executor, Row};
use crate::database::schema::{Column, ColumnType, Index, MIGRATIONS, TABLES, Table, VERSIONS};
use crate::database::statement::Statement;
use crate::error::{Error, Result};

/// Another process may be migrating too; its work is seen on the next look.
const ATTEMPTS: usize = 5;

impl Database {
    /// Creates missing tables, columns and indexes; with `dry_run` only says how. Returns the SQL, in
    /// order; none when everything is in place.
    pub async fn migrate(&self, dry_run: bool) -> Result<Vec<String>> {
        let executor = self.executor().await?;
        let mut attempt = 1;
        loop {
            let statements = self.plan(&executor).await?;
            if dry_run || statements.is_empty() {
                return Ok(statements);
            }
            match self.apply(&executor, &statements).await {
                Ok(()) => return Ok(statements),
                Err(error @ Error::DatabasePermissionDenied { .. }) => return Err(denied(error)),
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Tables, or `table.column`s, that are missing.
    pub(crate) async fn missing(&self, executor: &Executor) -> Result<Vec<String>> {
        let found = self.inspect(executor).await?;
        let mut missing = Vec::new();
        for table in TABLES {
            let name = self.table_name(table);
            match found.columns(&name) {
                // The ledger is a record, not something to work with.
                None if table == &MIGRATIONS => {}
                None => missing.push(name),
                Some(columns) => missing.extend(
                    table
                        .columns
                        .iter()
                        .filter(|column| !columns.contains(column.name))
                        .map(|c| format!("{name}.{}", c.name)),
                ),
            }
        }
        Ok(missing)
    }

    /// The DDL that is still needed.
    async fn plan(&self, executor: &Executor) -> Result<Vec<String>> {
        let found = self.inspect(executor).await?;
        let dialect = self.dialect();
        let mut plan = Vec::new();
        for table in TABLES {
            let name = self.table_name(table);
            match found.columns(&name) {
                None => {
                    plan.push(dialect.create_table(&name, table));
                    if dialect.indexes_with_table() {
                        continue;
                    }
                }
                Some(columns) => {
                    for column in table.columns.iter().filter(|column| !columns.contains(column.name)) {
                        plan.push(add(dialect, &name, column)?);
                    }
                    let generated = dialect.generated_columns(table).into_iter();
                    plan.extend(
                        generated
                            .filter(|(column, _)| !columns.contains(column.as_str()))
                            .map(|(_, definition)| dialect.add_defined(&name, &definition)),
                    );
                }
            }
            let indexed = found.indexes.get(&name).or_else(|| found.indexes.get(&name.to_lowercase()));
            let is_indexed = |index: &&Index| {
                let wanted = index.keys.first().map(|key| normalize(&dialect.index_key(*key)));
                indexed.is_some_and(|keys| wanted.is_some_and(|wanted| keys.contains(&wanted)))
            };
            plan.extend(
                table
                    .indexes
                    .iter()
                    .filter(|index| !is_indexed(index))
                    .map(|index| dialect.create_index(&name, index)),
            );
        }
        Ok(plan)
    }

    async fn apply(&self, executor: &Executor, ddl: &[String]) -> Result<()> {
        let dialect = self.dialect();
        let ledger = self.table(&MIGRATIONS);
        let now = dialect.encode_time(Utc::now());
        let rows = VERSIONS.iter().map(|(version, name)| {
            let id = self.row_id(&format!("migration:{version}")).to_string();
            vec![Some(id), Some(version.to_string()), Some((*name).to_owned()), Some(now.clone())]
        });
        let mut statements: Vec<Statement> =
            dialect.migration_lock(&self.table_name(&MIGRATIONS)).into_iter().collect();
        statements.extend(ddl.iter().map(Statement::plain));
        statements.extend(dialect.insert(&ledger, MIGRATIONS.columns, rows.collect(), &[]));
        statements.extend(dialect.migration_unlock(&self.table_name(&MIGRATIONS)));
        executor.transaction("create tables", statements).await
    }

    async fn inspect(&self, executor: &Executor) -> Result<Found> {
        let names: Vec<String> = TABLES.iter().map(|table| self.table_name(table)).collect();
        let rows = executor.fetch("look for tables", self.dialect().inspect(&names)).await?;
        Ok(Found::from(rows))
    }

    fn table_name(&self, table: &Table) -> String {
        format!("{}{}", self.prefix(), table.name)
    }
}

/// What the database has of our tables.
#[derive(Default)]
struct Found {
    columns: HashMap<String, HashSet<String>>,
    /// Per table, what its indexes sort by first.
    indexes: HashMap<String, HashSet<String>>,
}

impl Found {
    /// MySQL servers on Windows and macOS spell every table name in lower case.
    fn columns(&self, table: &str) -> Option<&HashSet<String>> {
        self.columns.get(table).or_else(|| self.columns.get(&table.to_lowercase()))
    }
}

impl From<Vec<Row>> for Found {
    fn from(rows: Vec<Row>) -> Self {
        let mut found = Self::default();
        for row in rows {
            let mut row = row.into_iter().flatten();
            let (Some(kind), Some(table), Some(what)) = (row.next(), row.next(), row.next()) else {
                continue;
            };
            if kind == "column" {
                found.columns.entry(table).or_default().insert(what);
            } else if let Some(first) = what.split(',').next() {
                found.indexes.entry(table).or_default().insert(normalize(first));
            }
        }
        found
    }
}

/// An indexed expression without the quotes, parentheses and casts that databases add.
fn normalize(expression: &str) -> String {
    let expression = expression.replace("::text", "").to_lowercase();
    expression.chars().filter(|c| !c.is_whitespace() && !"\"`[]()".contains(*c)).collect()
}

fn add(dialect: Dialect, table: &str, column: &Column) -> Result<String> {
    let fillable = !column.required || column.kind == ColumnType::Created && dialect != Dialect::Sqlite;
    if fillable {
        return Ok(dialect.add_column(table, column));
    }
    Err(Error::SchemaMismatch {
        table: table.to_owned(),
        column: column.name,
        advice: "It cannot be added to rows that are already there: add and fill it yourself, or choose \
                 another `tablePrefix`."
            .to_owned(),
    })
}

fn denied(error: Error) -> Error {
    match error {
        Error::DatabasePermissionDenied { cause, .. } => Error::DatabasePermissionDenied {
            action: "create tables and indexes".to_owned(),
            advice:
                "Run `await receptionist.database.migrate()` once with a role that may, or apply the SQL of \
                     `migrate({ dryRun: true })` yourself."
                    .to_owned(),
            cause,
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_recognised_however_the_database_prints_them() {
        let ours = normalize("(session_metadata->>'conversationId')");
        assert_eq!(normalize("(session_metadata ->> 'conversationId'::text)"), ours);
        assert_eq!(normalize("(\"timestamp\""), normalize("\"timestamp\""));
    }
}
