//! The handle of a database: connects and migrates on first use.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tracing::{Level, info};
use uuid::Uuid;

use crate::config::{DEFAULT_TABLE_PREFIX, DatabaseOptions, PoolOptions};
use crate::database::connection::adapter::{AdapterExecutor, DriverAdapter};
use crate::database::connection::executor::Executor;
use crate::database::connection::retry::{RetryPolicy, Timeouts};
use crate::database::connection::settings::{ConnectionSettings, pool_options};
use crate::database::recall::RecallState;
use crate::database::schema::introspect::TableLayout;
use crate::database::schema::table_options::TableOptions;
use crate::database::schema::tables::MEMORY;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::row_id::{canonical, row_id_without_tenant};
use crate::database::sql::scope::Scope;
use crate::database::sql::statement::Mode;
use crate::database::sql::table::{Column, Table};
use crate::database::sql::tenant::{Tenant, tenant_mismatch};
use crate::database::write_queue::WriteQueue;
use crate::error::{Error, Result};

/// Maximum time for a health check.
const HEALTH_CHECK_TIMEOUT: Duration = Duration::from_secs(4);

/// A database with our tables. Connects and migrates on first use.
pub struct Database {
    source: ConnectionSource,
    configured: TableOptions,
    /// `true` if missing settings may come from the receptionist's `database`.
    inherits: bool,
    /// The effective settings. Missing ones come from the receptionist until first use, then from
    /// the defaults.
    tables: OnceLock<TableOptions>,
    /// The connection state, `None` once closed.
    state: Mutex<Option<Arc<ConnectionState>>>,
    pub(super) write_queue: WriteQueue,
    clock: Mutex<Duration>,
    /// `true` if the table for vectors is in use.
    vectors: AtomicBool,
    /// State of the lexical index.
    pub(super) recall: RecallState,
}

/// The connections that statements run on.
enum ConnectionSource {
    Native { connection: Box<ConnectionSettings>, pool: PoolOptions },
    Client { adapter: AdapterExecutor, pool: PoolOptions },
}

/// State between connecting and closing.
#[derive(Default)]
struct ConnectionState {
    executor: OnceCell<Arc<Executor>>,
    layout: OnceCell<TableLayout>,
}

impl Database {
    /// Creates a database from its settings, without connecting.
    pub fn new(options: &DatabaseOptions) -> Result<Self> {
        Self::with_client(options, None)
    }

    /// Creates a database from its settings, without connecting. `client` is the user's own client,
    /// if the settings describe one.
    pub fn with_client(options: &DatabaseOptions, client: Option<Arc<dyn DriverAdapter>>) -> Result<Self> {
        let configured = TableOptions::read(options)?;
        let source = match (&options.client, client) {
            (Some(settings), Some(client)) => ConnectionSource::Client {
                adapter: AdapterExecutor::new(settings, client)?,
                pool: options.pool.clone(),
            },
            _ => ConnectionSource::Native {
                connection: Box::new(ConnectionSettings::parse(options)?),
                pool: pool_options(options)?,
            },
        };
        let database = Self {
            source,
            configured,
            inherits: options.inherit,
            tables: OnceLock::new(),
            state: Mutex::new(Some(Arc::default())),
            write_queue: WriteQueue::default(),
            clock: Mutex::default(),
            vectors: AtomicBool::new(false),
            recall: RecallState::default(),
        };
        if database.configured.schema.is_some() && database.dialect() != Dialect::Postgres {
            return Err(Error::config("schema", "is for PostgreSQL; use `tablePrefix` instead"));
        }
        Ok(database)
    }

    /// Takes missing settings from a receptionist's `database`, unless this one is in use already.
    /// Fails if the tenants differ in the end, because data that belongs together must not be
    /// stored under two tenants.
    pub fn inherit(&self, options: &DatabaseOptions) -> Result<()> {
        let inherited = TableOptions::read(options)?;
        let tenant = inherited.tenant.clone();
        if self.inherits {
            let _in_use_already = self.tables.set(self.configured.clone().or(inherited));
        }
        let ours = self.tables.get().unwrap_or(&self.configured).tenant.as_ref();
        if ours == tenant.as_ref() { Ok(()) } else { Err(tenant_mismatch()) }
    }

    /// Returns the tenant whose rows are used, if any.
    pub(crate) fn tenant(&self) -> Option<&Tenant> {
        self.tables().tenant.as_ref()
    }

    /// Enables storage of vectors, from the next use on.
    pub fn enable_vectors(&self) {
        if self.vectors.swap(true, Ordering::AcqRel) {
            return;
        }
        // The tables may have been inspected already, without the one for vectors.
        let mut state = self.lock_state();
        if let Some(known) = state.as_ref().filter(|state| state.layout.initialized()) {
            *state =
                Some(Arc::new(ConnectionState { executor: known.executor.clone(), layout: OnceCell::new() }));
        }
    }

    /// Returns `true` if the table for vectors is in use.
    pub(crate) fn has_vectors(&self) -> bool {
        self.vectors.load(Ordering::Acquire)
    }

    /// Returns `true` if the lexical index is on.
    pub(crate) fn may_index(&self) -> bool {
        self.tables().recall.unwrap_or(true)
    }

    /// Returns `true` if tables and indexes may be created automatically.
    pub fn may_migrate(&self) -> bool {
        self.tables().auto_migrate.unwrap_or(true) && !self.in_transaction()
    }

    /// Connects, and creates or checks the tables. Does nothing the second time, and reopens the
    /// database after [`Database::close`]. Returns warnings about a setup that works, but not as
    /// well as it could.
    pub async fn initialize(self: &Arc<Self>) -> Result<Vec<String>> {
        self.lock_state().get_or_insert_with(Arc::default);
        let warnings = self.ready().await?.layout().warnings();
        self.open_index().await;
        Ok(warnings)
    }

    /// Closes all our connections. Later calls fail until `initialize`.
    pub async fn close(&self) {
        self.recall.stop().await;
        let state = self.lock_state().take();
        if let Some(executor) = state.as_ref().and_then(|state| state.executor.get()) {
            executor.close().await;
        }
        if let ConnectionSource::Client { adapter, .. } = &self.source {
            adapter.close();
        }
    }

    /// Returns `true` if the database answers and the tables can be read.
    pub async fn is_healthy(&self) -> bool {
        self.check().await.is_ok()
    }

    /// Runs a small query within a few seconds. Returns the error if the database is unhealthy.
    pub async fn check(&self) -> Result<()> {
        let check = async {
            let ready = self.ready().await?;
            let probe =
                self.scope(&MEMORY, ready.layout()).select(&format!("{} AS c0", self.dialect().text("1")));
            let probe = probe.then(|builder| self.dialect().page(builder, Some(1), 0));
            ready
                .run("check health", Mode::Fetch, &[probe.finish()], RetryPolicy::HealthCheck)
                .await
                .map(drop)
        };
        timeout(HEALTH_CHECK_TIMEOUT, check).await.unwrap_or_else(|_| Err(self.health_check_timeout()))
    }

    /// Creates the error of a health check that timed out.
    fn health_check_timeout(&self) -> Error {
        let reason = format!("no answer within {} s.", HEALTH_CHECK_TIMEOUT.as_secs());
        Error::DatabaseUnreachable { target: self.target(), reason, cause: None }
    }

    /// Returns the database and its address, for messages.
    pub(crate) fn target(&self) -> String {
        match &self.source {
            ConnectionSource::Native { connection, .. } => connection.target(),
            ConnectionSource::Client { adapter, .. } => adapter.context.target.clone(),
        }
    }

    /// Returns the timeouts from the user's settings.
    pub(crate) fn timeouts(&self) -> Timeouts {
        match &self.source {
            ConnectionSource::Native { pool, .. } | ConnectionSource::Client { pool, .. } => {
                Timeouts::of(pool)
            }
        }
    }

    /// Returns the SQL dialect of the database.
    pub fn dialect(&self) -> Dialect {
        match &self.source {
            ConnectionSource::Native { connection, .. } => connection.dialect(),
            ConnectionSource::Client { adapter, .. } => adapter.dialect,
        }
    }

    pub(crate) fn prefix(&self) -> &str {
        self.tables().prefix.as_deref().unwrap_or(DEFAULT_TABLE_PREFIX)
    }

    /// Returns `true` if every statement runs inside the user's own transaction.
    pub(crate) fn in_transaction(&self) -> bool {
        matches!(&self.source, ConnectionSource::Client { adapter, .. } if adapter.in_transaction)
    }

    /// Connects, without a look at the tables, and returns the executor.
    pub(crate) async fn executor(&self) -> Result<Arc<Executor>> {
        let state = self.state()?;
        state.executor(self).await
    }

    /// Connects, checks or migrates the tables, and returns the connected database.
    pub(crate) async fn ready(&self) -> Result<ConnectedDatabase> {
        let state = self.state()?;
        let executor = state.executor(self).await?;
        state
            .layout
            .get_or_try_init(|| async {
                self.log_server(&executor).await;
                if self.may_migrate() {
                    return self.migrate_to_latest(&executor, true).await.map(|(_, layout)| layout);
                }
                self.check_tables(&executor).await
            })
            .await?;
        Ok(ConnectedDatabase { executor, state })
    }

    /// Logs the version of the server.
    async fn log_server(&self, executor: &Executor) {
        if tracing::enabled!(Level::INFO) {
            let rows =
                executor.fetch("ask for the version", self.dialect().version()).await.unwrap_or_default();
            let version = rows.into_iter().flatten().next().flatten();
            let version = version.as_deref().unwrap_or("unknown");
            let access = if executor.is_native() { "native" } else { "client" };
            info!(database = self.dialect().name(), version, access, "Database connected");
        }
    }

    /// Returns the scope of a table: the rows that the tenant may access.
    pub(crate) fn scope(&self, table: &Table, layout: &TableLayout) -> Scope<'_> {
        let name = self.qualified_name(table);
        Scope::new(self.dialect(), name, table, self.tenant(), layout.has_tenants(table))
    }

    /// Returns the quoted name of a table, with its schema if any; for DDL and locks only.
    pub(crate) fn qualified_name(&self, table: &Table) -> String {
        let name = self.dialect().quote(&self.table_name(table));
        match self.schema() {
            Some(schema) => format!("{}.{name}", self.dialect().quote(schema)),
            None => name,
        }
    }

    /// Returns the name of a table, with the prefix.
    pub(super) fn table_name(&self, table: &Table) -> String {
        format!("{}{}", self.prefix(), table.name)
    }

    /// Returns the PostgreSQL schema of the tables, if any. Without one the connection's search
    /// path decides.
    pub(crate) fn schema(&self) -> Option<&str> {
        self.tables().schema.as_deref()
    }

    /// Returns the columns of a SELECT, each as text and under its own name, because some drivers
    /// return rows by name.
    pub(crate) fn selected(&self, columns: &[Column]) -> String {
        let read = |(n, column)| format!("{} AS c{n}", self.dialect().read(column));
        columns.iter().enumerate().map(read).collect::<Vec<_>>().join(", ")
    }

    /// Returns the primary key for a caller's id. A tenant's keys are its own, so that each tenant
    /// may use any id. Without a tenant, a canonical lower-case UUID is its own key.
    pub(crate) fn row_id(&self, id: &str) -> Uuid {
        match self.tenant() {
            Some(tenant) => tenant.row_id(id),
            None => row_id_without_tenant(id),
        }
    }

    /// Returns the primary keys that a caller's id may stand for. Ours comes first. The second is
    /// the id itself, if another program may have inserted the row: a tenant's row may be under any
    /// UUID, and a table may have text ids.
    pub(crate) fn row_keys(&self, id: &str, layout: &TableLayout) -> Vec<String> {
        let ours = self.row_id(id).to_string();
        let any_text = layout.text_ids && self.dialect() != Dialect::Postgres;
        if ours != id && (any_text || self.tenant().is_some() && canonical(id).is_some()) {
            vec![ours, id.to_owned()]
        } else {
            vec![ours]
        }
    }

    /// Returns the time of a call. It is at least a microsecond later than that of the last call,
    /// which orders rows of one moment.
    pub(crate) fn stamp(&self) -> DateTime<Utc> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = Duration::from_micros(u64::try_from(now.as_micros()).unwrap_or_default());
        let mut last = self.clock.lock();
        *last = now.max(*last + Duration::from_micros(1));
        DateTime::UNIX_EPOCH + *last
    }

    fn tables(&self) -> &TableOptions {
        self.tables.get_or_init(|| self.configured.clone())
    }

    /// Returns the advice for missing tables.
    pub(super) fn advice(&self) -> &'static str {
        if self.in_transaction() {
            "Nothing is created inside your transaction: call `await storage.migrate()` on a DatabaseStorage over \
             your `db` before it."
        } else {
            "`autoMigrate` is off: call `await receptionist.database.migrate()` once, or set `autoMigrate: true`."
        }
    }

    fn state(&self) -> Result<Arc<ConnectionState>> {
        self.lock_state().clone().ok_or(Error::Disposed("The storage"))
    }

    fn lock_state(&self) -> parking_lot::MutexGuard<'_, Option<Arc<ConnectionState>>> {
        self.state.lock()
    }
}

/// A connected database: the executor and the layout of the tables.
pub(crate) struct ConnectedDatabase {
    executor: Arc<Executor>,
    state: Arc<ConnectionState>,
}

impl std::ops::Deref for ConnectedDatabase {
    type Target = Executor;

    fn deref(&self) -> &Executor {
        &self.executor
    }
}

impl ConnectedDatabase {
    pub fn layout(&self) -> &TableLayout {
        static DEFAULT_LAYOUT: std::sync::LazyLock<TableLayout> =
            std::sync::LazyLock::new(TableLayout::default);
        self.state.layout.get().unwrap_or(&DEFAULT_LAYOUT)
    }
}

impl ConnectionState {
    async fn executor(&self, database: &Database) -> Result<Arc<Executor>> {
        let connect = || async {
            let executor = match &database.source {
                ConnectionSource::Native { connection, pool } => Executor::connect(connection, pool).await,
                ConnectionSource::Client { adapter, pool } => {
                    Executor::from_adapter(adapter.clone(), pool).await
                }
            };
            executor.map(Arc::new)
        };
        self.executor.get_or_try_init(connect).await.cloned()
    }
}
