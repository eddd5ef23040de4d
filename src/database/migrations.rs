//! Brings a database to the current schema: creates what is missing, changes nothing that is there.

use chrono::Utc;
use tracing::info;

use crate::database::dialect::{Dialect, inspect_pgvector};
use crate::database::executor::Executor;
use crate::database::layout::{Found, Layout, Pgvector, is_dispensable};
use crate::database::patience::Bounds;
use crate::database::schema::{
    Column, ColumnType, Index, MIGRATIONS, SESSION_KEYS, TABLES, TENANT, Table, VECTOR, VECTORS, VERSIONS,
    is_optional,
};
use crate::database::statement::Statement;
use crate::database::{Database, row_id_of_nobody};
use crate::error::{Error, Result};
use crate::stopwatch::Stopwatch;

/// Another process may be migrating too; its work is seen on the next look.
const ATTEMPTS: usize = 5;
/// What the ledger says about tables that the TypeScript SDK filled.
const ADOPTION: (i32, &str) = (0, "adopt the tables of the TypeScript SDK");

/// Needs a superuser, or a role that a provider allows it to.
const CREATE_PGVECTOR: &str = "CREATE EXTENSION IF NOT EXISTS vector";

/// What is to be done, in order.
struct Plan {
    /// In one transaction.
    together: Vec<String>,
    /// Afterwards, each by itself.
    alone: Vec<String>,
    /// Whether the tables can be worked with before it is done: what is missing are indexes or the ledger.
    can_wait: bool,
}

impl Plan {
    fn is_empty(&self) -> bool {
        self.together.is_empty() && self.alone.is_empty()
    }

    fn into_statements(self) -> Vec<String> {
        self.together.into_iter().chain(self.alone).collect()
    }
}

impl Database {
    /// Creates missing tables, columns and indexes; with `dry_run` only says how. Returns the SQL, in
    /// order; none when everything is in place.
    pub async fn migrate(&self, dry_run: bool) -> Result<Vec<String>> {
        if self.in_transaction() && !dry_run {
            return Err(Error::config(
                "db",
                "is a transaction, in which nothing is migrated: call `migrate()` on a DatabaseStorage over your `db`",
            ));
        }
        let executor = self.executor().await?;
        if dry_run {
            return Ok(self.plan(&self.inspect(&executor).await?, executor.is_native())?.into_statements());
        }
        let (statements, _) = self.bring_up_to_date(&executor, false).await?;
        Ok(statements)
    }

    /// Migrates, and says what the tables look like. With `lenient`, a role that may not create indexes
    /// is no failure.
    pub(crate) async fn bring_up_to_date(
        &self,
        executor: &Executor,
        lenient: bool,
    ) -> Result<(Vec<String>, Layout)> {
        let mut done = Vec::new();
        let mut attempt = 1;
        loop {
            let mut found = self.inspect(executor).await?;
            if found.pgvector == Pgvector::Available {
                found.pgvector = self.install_pgvector(executor).await?;
            }
            let mut layout = Layout::of(&found, |table| self.table_name(table));
            let plan = self.plan(&found, executor.is_native())?;
            // Indexes that are still missing after they were made are being made by another process.
            if plan.is_empty() || !done.is_empty() && plan.can_wait {
                return Ok((done, layout));
            }
            let watch = Stopwatch::start();
            match self.apply(executor, &plan, layout.adopted).await {
                Ok(()) if attempt < ATTEMPTS => {
                    done = plan.into_statements();
                    let (prefix, statements) = (self.prefix(), done.len());
                    info!(
                        prefix,
                        statements,
                        duration_ms = watch.ms(),
                        "Missing tables, columns and indexes created"
                    );
                }
                Ok(()) => return Err(Error::Internal("a migration had no effect".into())),
                Err(Error::DatabasePermissionDenied { .. }) if lenient && plan.can_wait => {
                    layout.missing_indexes = plan.into_statements();
                    return Ok((done, layout));
                }
                Err(error @ Error::DatabasePermissionDenied { .. }) => return Err(denied(error)),
                Err(error) if attempt >= ATTEMPTS => return Err(error),
                Err(_) => {}
            }
            attempt += 1;
        }
    }

    /// What the tables look like; fails naming those that are missing.
    pub(crate) async fn check_tables(&self, executor: &Executor) -> Result<Layout> {
        let found = self.inspect(executor).await?;
        let mut missing = Vec::new();
        for table in self.needed_tables() {
            let name = self.table_name(table);
            match found.columns(&name) {
                None if is_optional(table) => {}
                None => missing.push(name),
                Some(columns) => missing.extend(
                    table
                        .all_columns()
                        .filter(|column| !columns.contains(column.name) && !self.can_do_without(column))
                        .map(|column| format!("{name}.{}", column.name)),
                ),
            }
        }
        if missing.is_empty() {
            return Ok(Layout::of(&found, |table| self.table_name(table)));
        }
        Err(Error::TablesMissing { tables: missing, advice: self.advice() })
    }

    /// The DDL that is still needed.
    fn plan(&self, found: &Found, native: bool) -> Result<Plan> {
        let (dialect, tenant) = (self.dialect(), self.tenant().is_some());
        let mut plan = Plan { together: Vec::new(), alone: Vec::new(), can_wait: true };
        if let Some(schema) = self.schema().filter(|_| !found.has_schema) {
            plan.together.push(dialect.create_schema(schema));
        }
        if found.pgvector == Pgvector::Available {
            plan.together.push(CREATE_PGVECTOR.to_owned());
        }
        for table in self.needed_tables() {
            let (name, place) = (self.table_name(table), self.place_of(table));
            match found.columns(&name) {
                None => {
                    plan.together.push(dialect.create_table(&place, &name, table, tenant));
                    plan.can_wait &= is_optional(table);
                    if dialect.indexes_with_table() {
                        continue;
                    }
                }
                Some(columns) => {
                    for column in table.all_columns().filter(|column| !columns.contains(column.name)) {
                        plan.together.push(add(dialect, &place, &column)?);
                        plan.can_wait &= column == TENANT && !tenant;
                    }
                    // At once: MariaDB writes the whole table anew for them.
                    let mut definitions = Vec::new();
                    for (column, definition) in dialect.generated_columns(table) {
                        if !columns.contains(column.as_str()) {
                            definitions.push(definition);
                            plan.can_wait &= SESSION_KEYS.iter().any(|field| field.column == column);
                        }
                    }
                    plan.together.extend(dialect.add_generated(&place, &definitions));
                }
            }
            let is_missing = |index: &&Index| {
                if table.tenant_indexes.contains(index) {
                    return !found.has_index(&name, &format!("{name}_{}", index.name));
                }
                !found.is_indexed(&name, &dialect.index_signature(index))
            };
            if table == &VECTORS
                && matches!(found.pgvector, Pgvector::Usable | Pgvector::Available)
                && !found.columns(&name).is_some_and(|columns| columns.contains(VECTOR.name))
            {
                plan.together.push(dialect.add_column(&place, &VECTOR));
                plan.can_wait = false;
            }
            // Through a user's client no lock can be held outside of a transaction.
            let concurrently = dialect.indexes_concurrently() && native && found.columns(&name).is_some();
            for index in dialect.indexes(table, tenant).filter(is_missing) {
                let index_name = format!("{name}_{}", index.name);
                let is_text = |column: &str| found.is_text(&name, column);
                let create = dialect.create_index(&place, &index_name, index, concurrently, is_text);
                if !concurrently {
                    plan.together.push(create);
                    continue;
                }
                if found.broken.contains(&index_name) {
                    plan.alone.push(dialect.drop_index(self.schema(), &index_name));
                }
                plan.alone.push(create);
            }
        }
        Ok(plan)
    }

    async fn apply(&self, executor: &Executor, plan: &Plan, adopted: bool) -> Result<()> {
        let dialect = self.dialect();
        let ledger = self.place_of(&MIGRATIONS);
        let now = dialect.encode_time(Utc::now());
        let versions = VERSIONS.iter().chain(adopted.then_some(&ADOPTION));
        let rows = versions.map(|(version, name)| {
            let id = row_id_of_nobody(&format!("migration:{version}")).to_string();
            vec![Some(id), Some(version.to_string()), Some((*name).to_owned()), Some(now.clone())]
        });
        let mut statements: Vec<Statement> = plan.together.iter().map(Statement::plain).collect();
        statements.extend(self.scope(&MIGRATIONS, &Layout::default()).insert(
            MIGRATIONS.columns,
            rows.collect(),
            &[],
        ));
        // On a user's connection a lock that outlives a failed transaction would stay for good.
        if executor.is_native() || dialect.lock_ends_with_transaction() {
            statements.splice(0..0, dialect.migration_lock(&ledger));
            statements.extend(dialect.migration_unlock(&ledger));
        }
        executor.together("create tables", &statements, Bounds::Once).await?;
        if plan.alone.is_empty() {
            return Ok(());
        }
        let lock = dialect.index_lock(&self.place_of(&MIGRATIONS));
        executor.alone("create indexes", lock, &plan.alone).await
    }

    /// Whether a missing column is no harm.
    fn can_do_without(&self, column: &Column) -> bool {
        is_dispensable(column) || *column == TENANT && self.tenant().is_none()
    }

    async fn inspect(&self, executor: &Executor) -> Result<Found> {
        let names: Vec<String> = self.needed_tables().map(|table| self.table_name(table)).collect();
        let rows = executor.fetch("look for tables", self.dialect().inspect(self.schema(), &names)).await?;
        let mut found = Found::from(rows);
        if self.has_vectors() {
            found.pgvector = self.inspect_pgvector(executor).await?;
        }
        Ok(found)
    }

    /// Every table that is used, in the order they are made.
    fn needed_tables(&self) -> impl Iterator<Item = &'static Table> {
        TABLES.into_iter().chain(self.has_vectors().then_some(&VECTORS))
    }

    /// Installs pgvector in the database, if this role may. By itself: where it may not, there is another way to keep vectors.
    async fn install_pgvector(&self, executor: &Executor) -> Result<Pgvector> {
        let install = [Statement::plain(CREATE_PGVECTOR)];
        let installed = executor.together("install pgvector", &install, Bounds::Once).await;
        // Another process may have been quicker.
        let found = self.inspect_pgvector(executor).await?;
        let refused = installed.is_err() && found == Pgvector::Available;
        Ok(if refused { Pgvector::Forbidden } else { found })
    }

    async fn inspect_pgvector(&self, executor: &Executor) -> Result<Pgvector> {
        if self.dialect() != Dialect::Postgres {
            return Ok(Pgvector::Missing);
        }
        let rows = executor.fetch("look for pgvector", inspect_pgvector()).await?;
        let word = rows.into_iter().flatten().flatten().next();
        Ok(match word.as_deref() {
            Some("usable") => Pgvector::Usable,
            Some("hidden") => Pgvector::Hidden,
            Some("available") => Pgvector::Available,
            _ => Pgvector::Missing,
        })
    }
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
