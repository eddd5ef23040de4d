//! Migrations: create missing tables, columns and indexes, and change nothing that exists.

use chrono::Utc;
use tracing::info;

use crate::database::connection::error::READ_ONLY;
use crate::database::connection::executor::Executor;
use crate::database::connection::retry::RetryPolicy;
use crate::database::schema::introspect::{IntrospectedSchema, Pgvector, TableLayout, is_optional_column};
use crate::database::schema::tables::{MIGRATIONS, RECALL, TABLES, VECTOR, VECTORS, VERSIONS, is_optional};
use crate::database::sql::dialect::{Dialect, introspect_pgvector};
use crate::database::sql::statement::Statement;
use crate::database::sql::table::{Column, ColumnType, Index, SESSION_KEYS, TENANT, Table};
use crate::database::{Database, row_id_without_tenant};
use crate::error::{Error, Result};
use crate::stopwatch::Stopwatch;

/// Maximum attempts. Another process may be migrating too; the next attempt sees its work.
const MAX_ATTEMPTS: usize = 5;
/// Ledger entry for tables that the TypeScript SDK filled.
const ADOPTION: (i32, &str) = (0, "adopt the tables of the TypeScript SDK");

/// Statement that installs pgvector. Needs a superuser, or a role that the provider permits.
const CREATE_PGVECTOR: &str = "CREATE EXTENSION IF NOT EXISTS vector";

/// The steps of a migration, in order.
struct MigrationPlan {
    /// Statements in one transaction.
    transactional: Vec<String>,
    /// Statements after it, each outside of a transaction.
    concurrent: Vec<String>,
    /// `true` if the tables work without the migration: only indexes or the ledger are missing.
    deferrable: bool,
}

impl MigrationPlan {
    fn is_empty(&self) -> bool {
        self.transactional.is_empty() && self.concurrent.is_empty()
    }

    fn into_statements(self) -> Vec<String> {
        self.transactional.into_iter().chain(self.concurrent).collect()
    }
}

impl Database {
    /// Creates missing tables, columns and indexes; with `dry_run`, only plans it. Returns the SQL
    /// in order, none when everything is in place.
    pub async fn migrate(&self, dry_run: bool) -> Result<Vec<String>> {
        if self.in_transaction() && !dry_run {
            return Err(Error::config(
                "db",
                "is a transaction, in which nothing is migrated: call `migrate()` on a DatabaseStorage over your `db`",
            ));
        }
        let executor = self.executor().await?;
        if dry_run {
            let found = self.introspect(&executor).await?;
            return Ok(self.plan(&found, executor.has_session_locks())?.into_statements());
        }
        let (statements, _) = self.migrate_to_latest(&executor, false).await?;
        Ok(statements)
    }

    /// Migrates, and returns the statements and the layout of the tables. With `lenient`, a role
    /// that may not create indexes is not an error.
    pub(crate) async fn migrate_to_latest(
        &self,
        executor: &Executor,
        lenient: bool,
    ) -> Result<(Vec<String>, TableLayout)> {
        let mut done = Vec::new();
        let mut attempt = 1;
        loop {
            let mut found = self.introspect(executor).await?;
            if found.pgvector == Pgvector::Available {
                found.pgvector = self.install_pgvector(executor).await?;
            }
            let mut layout = self.layout_of(&found);
            let plan = self.plan(&found, executor.has_session_locks())?;
            // Indexes that are still missing after their creation are being built by another
            // process.
            if plan.is_empty() || !done.is_empty() && plan.deferrable {
                return Ok((done, layout));
            }
            let watch = Stopwatch::start();
            match self.apply(executor, &plan, layout.is_legacy_sdk).await {
                Ok(()) if attempt < MAX_ATTEMPTS => {
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
                Err(Error::DatabasePermissionDenied { .. }) if lenient && plan.deferrable => {
                    layout.missing_indexes = plan.into_statements();
                    return Ok((done, layout));
                }
                Err(error @ Error::DatabasePermissionDenied { .. }) => {
                    return Err(with_migration_advice(error));
                }
                Err(error) if attempt >= MAX_ATTEMPTS => return Err(error),
                Err(_) => {}
            }
            attempt += 1;
        }
    }

    /// Returns the layout of the tables. Fails with the names of missing ones.
    pub(crate) async fn check_tables(&self, executor: &Executor) -> Result<TableLayout> {
        let found = self.introspect(executor).await?;
        let mut missing = Vec::new();
        for table in self.needed_tables() {
            let name = self.table_name(table);
            match found.columns(&name) {
                None if is_optional(table) => {}
                None => missing.push(name),
                Some(columns) => missing.extend(
                    table
                        .all_columns()
                        .filter(|column| !columns.contains(column.name) && !self.may_be_missing(column))
                        .map(|column| format!("{name}.{}", column.name)),
                ),
            }
        }
        if missing.is_empty() {
            return Ok(self.layout_of(&found));
        }
        Err(Error::TablesMissing { tables: missing, advice: self.advice() })
    }

    /// Returns the DDL that is still needed.
    fn plan(&self, found: &IntrospectedSchema, has_session_locks: bool) -> Result<MigrationPlan> {
        let (dialect, tenant) = (self.dialect(), self.tenant().is_some());
        let mut plan = MigrationPlan { transactional: Vec::new(), concurrent: Vec::new(), deferrable: true };
        if let Some(schema) = self.schema().filter(|_| !found.has_schema) {
            plan.transactional.push(dialect.create_schema(schema));
        }
        if found.pgvector == Pgvector::Available {
            plan.transactional.push(CREATE_PGVECTOR.to_owned());
        }
        for table in self.needed_tables() {
            let (name, place) = (self.table_name(table), self.qualified_name(table));
            match found.columns(&name) {
                None => {
                    plan.transactional.push(dialect.create_table(&place, &name, table, tenant));
                    plan.deferrable &= is_optional(table);
                    if dialect.indexes_with_table() {
                        continue;
                    }
                }
                Some(columns) => {
                    for column in table.all_columns().filter(|column| !columns.contains(column.name)) {
                        plan.transactional.push(add(dialect, &place, &column)?);
                        plan.deferrable &= column == TENANT && !tenant;
                    }
                    // In one statement, because MariaDB rewrites the whole table for them.
                    let mut definitions = Vec::new();
                    for (column, definition) in dialect.generated_columns(table) {
                        if !columns.contains(column.as_str()) {
                            definitions.push(definition);
                            plan.deferrable &= SESSION_KEYS.iter().any(|field| field.column == column);
                        }
                    }
                    plan.transactional.extend(dialect.add_generated(&place, &definitions));
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
                plan.transactional.push(dialect.add_column(&place, &VECTOR));
                plan.deferrable = false;
            }
            let concurrently =
                dialect.indexes_concurrently() && has_session_locks && found.columns(&name).is_some();
            for index in dialect.indexes(table, tenant).filter(is_missing) {
                let index_name = format!("{name}_{}", index.name);
                let is_text = |column: &str| found.is_text(&name, column);
                let create = dialect.create_index(&place, &index_name, index, concurrently, is_text);
                let drop = found
                    .broken
                    .contains(&index_name)
                    .then(|| dialect.drop_index(self.schema(), &index_name, concurrently));
                let list = if concurrently { &mut plan.concurrent } else { &mut plan.transactional };
                list.extend(drop.into_iter().chain([create]));
            }
        }
        Ok(plan)
    }

    async fn apply(&self, executor: &Executor, plan: &MigrationPlan, is_legacy_sdk: bool) -> Result<()> {
        let dialect = self.dialect();
        let ledger = self.qualified_name(&MIGRATIONS);
        let now = dialect.encode_time(Utc::now());
        let versions = VERSIONS.iter().chain(is_legacy_sdk.then_some(&ADOPTION));
        let rows = versions.map(|(version, name)| {
            let id = row_id_without_tenant(&format!("migration:{version}")).to_string();
            vec![Some(id), Some(version.to_string()), Some((*name).to_owned()), Some(now.clone())]
        });
        let mut statements: Vec<Statement> = plan.transactional.iter().map(Statement::plain).collect();
        statements.extend(self.scope(&MIGRATIONS, &TableLayout::default()).insert(
            MIGRATIONS.columns,
            rows.collect(),
            &[],
        ));
        // On the user's connection, a lock that outlives a failed transaction would never be
        // released.
        if executor.is_native() || dialect.lock_ends_with_transaction() {
            statements.splice(0..0, dialect.migration_lock(&ledger));
            statements.extend(dialect.migration_unlock(&ledger));
        }
        executor.run_in_transaction("create tables", &statements, RetryPolicy::Never).await?;
        if plan.concurrent.is_empty() {
            return Ok(());
        }
        let lock = dialect.index_build_lock(&self.qualified_name(&MIGRATIONS));
        executor.run_with_advisory_lock("create indexes", lock, &plan.concurrent).await
    }

    /// Returns `true` if a missing column does no harm.
    fn may_be_missing(&self, column: &Column) -> bool {
        is_optional_column(column) || *column == TENANT && self.tenant().is_none()
    }

    /// Returns the layout of introspected tables.
    pub(crate) fn layout_of(&self, found: &IntrospectedSchema) -> TableLayout {
        TableLayout::of(found, |table| self.table_name(table))
    }

    pub(crate) async fn introspect(&self, executor: &Executor) -> Result<IntrospectedSchema> {
        let names: Vec<String> = self.needed_tables().map(|table| self.table_name(table)).collect();
        let rows =
            executor.fetch("look for tables", self.dialect().introspect(self.schema(), &names)).await?;
        let mut found = IntrospectedSchema::from(rows);
        if self.has_vectors() {
            found.pgvector = self.introspect_pgvector(executor).await?;
        }
        found.is_adopted = self.is_adopted(executor, &found).await?;
        Ok(found)
    }

    /// Returns `true` if the ledger records that the TypeScript SDK filled the tables. The index by
    /// which they were recognised may be gone since.
    async fn is_adopted(&self, executor: &Executor, found: &IntrospectedSchema) -> Result<bool> {
        // A refusal would abort the user's transaction.
        if found.columns(&self.table_name(&MIGRATIONS)).is_none() || self.in_transaction() {
            return Ok(false);
        }
        let one = self.dialect().text("1");
        let select = self.scope(&MIGRATIONS, &TableLayout::default()).select(&format!("{one} AS c0"));
        let select = select.and(|builder| {
            builder.push(&format!("version = {}", ADOPTION.0));
        });
        match executor.fetch("look into the ledger", select.finish()).await {
            Ok(rows) => Ok(rows.value().is_some()),
            Err(Error::DatabasePermissionDenied { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns every table in use, in order of creation.
    fn needed_tables(&self) -> impl Iterator<Item = &'static Table> {
        let more = [self.may_index().then_some(&RECALL), self.has_vectors().then_some(&VECTORS)];
        TABLES.into_iter().chain(more.into_iter().flatten())
    }

    /// Installs pgvector in the database, if this role may. It is not part of the migration,
    /// because there is another way to store vectors.
    async fn install_pgvector(&self, executor: &Executor) -> Result<Pgvector> {
        let install = [Statement::plain(CREATE_PGVECTOR)];
        let installed = executor.run_in_transaction("install pgvector", &install, RetryPolicy::Never).await;
        // Another process may have been faster.
        let found = self.introspect_pgvector(executor).await?;
        let refused = installed.is_err() && found == Pgvector::Available;
        Ok(if refused { Pgvector::InstallDenied } else { found })
    }

    async fn introspect_pgvector(&self, executor: &Executor) -> Result<Pgvector> {
        if self.dialect() != Dialect::Postgres {
            return Ok(Pgvector::Missing);
        }
        let rows = executor.fetch("look for pgvector", introspect_pgvector()).await?;
        let word = rows.into_iter().flatten().flatten().next();
        Ok(match word.as_deref() {
            Some("usable") => Pgvector::Usable,
            Some("hidden") => Pgvector::NotInSearchPath,
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

fn with_migration_advice(error: Error) -> Error {
    match error {
        Error::DatabasePermissionDenied { ref advice, .. } if advice.ends_with(READ_ONLY) => error,
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
