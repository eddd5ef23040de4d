//! The user's database: `dialect` renders statements, `executor` runs them.

mod allowlist;
mod call_logs;
mod connection;
mod dialect;
mod driver;
mod executor;
mod failure;
mod files;
mod host;
mod host_failure;
mod inbox;
mod layout;
mod leads;
mod lease;
mod lender;
mod memories;
mod memory_row;
mod migrations;
mod no_delay;
mod old_conversations;
mod patience;
mod persons;
mod result_set;
mod schema;
mod scope;
mod statement;
mod table_options;
mod tenant;
mod vectors;
mod writer;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tracing::{Level, info};
use uuid::Uuid;

pub use call_logs::CallLog;
pub use dialect::Dialect;
pub use host::{HostClient, HostFailure, HostRequest, HostStatement};
pub use inbox::{Entry, EntryKind, EntryState, OPTED_OUT};
pub use leads::{Lead, Precedence};
pub use lease::Lease;
pub use old_conversations::{OLD_TABLE, OldConversations, Skipped};
pub use persons::PersonKeys;
pub use result_set::ResultSet;
pub use statement::{Mode, Reply};

use crate::config::{DEFAULT_TABLE_PREFIX, DatabaseOptions, PoolOptions};
use crate::database::connection::Connection;
use crate::database::executor::Executor;
use crate::database::host::Host;
use crate::database::layout::Layout;
use crate::database::patience::{Bounds, Times};
use crate::database::schema::{Column, MEMORY, Table};
use crate::database::table_options::TableOptions;
use crate::database::tenant::Tenant;
use crate::database::writer::Writer;
use crate::error::{Error, Result};

/// What a check of health may take.
const HEALTH: Duration = Duration::from_secs(4);
/// The namespace in which callers' ids become UUIDs. Never change it: ids of existing rows depend on it.
const ID_NAMESPACE: Uuid = Uuid::from_u128(0x8f0c_3f6e_5d4b_4a57_9c1e_2b7a_6d90_e1c4);

/// A database with our tables. Connects and migrates on first use.
pub struct Database {
    link: Link,
    given: TableOptions,
    /// Whether what is not given may come from a receptionist's `database`.
    inherits: bool,
    /// What is not given comes from elsewhere until the first use, then from the defaults.
    tables: OnceLock<TableOptions>,
    /// `None` once closed.
    session: Mutex<Option<Arc<Session>>>,
    writer: Writer,
    clock: Mutex<Duration>,
    /// Whether there is a table for vectors.
    vectors: AtomicBool,
}

/// Where statements go.
enum Link {
    Native { connection: Box<Connection>, pool: PoolOptions },
    Client { host: Host, pool: PoolOptions },
}

/// From connecting to closing.
#[derive(Default)]
struct Session {
    executor: OnceCell<Arc<Executor>>,
    layout: OnceCell<Layout>,
}

impl Database {
    /// Reads the settings; nothing is connected yet.
    pub fn new(options: &DatabaseOptions) -> Result<Self> {
        Self::with_client(options, None)
    }

    /// Reads the settings; `client` is the user's, when they describe one.
    pub fn with_client(options: &DatabaseOptions, client: Option<Arc<dyn HostClient>>) -> Result<Self> {
        let given = TableOptions::read(options)?;
        let link = match (&options.client, client) {
            (Some(settings), Some(client)) => {
                Link::Client { host: Host::new(settings, client)?, pool: options.pool.clone() }
            }
            _ => {
                Link::Native { connection: Box::new(Connection::parse(options)?), pool: options.pool.clone() }
            }
        };
        let database = Self {
            link,
            given,
            inherits: options.inherit,
            tables: OnceLock::new(),
            session: Mutex::new(Some(Arc::default())),
            writer: Writer::default(),
            clock: Mutex::default(),
            vectors: AtomicBool::new(false),
        };
        if database.given.schema.is_some() && database.dialect() != Dialect::Postgres {
            return Err(Error::config("schema", "is for PostgreSQL; use `tablePrefix` instead"));
        }
        Ok(database)
    }

    /// Takes what it was not given itself from a receptionist's `database`, unless it is in use already. The tenant has to be the same
    /// in the end: what belongs together must not be kept under two.
    pub fn inherit(&self, options: &DatabaseOptions) -> Result<()> {
        let theirs = TableOptions::read(options)?;
        let tenant = theirs.tenant.clone();
        if self.inherits {
            let _in_use_already = self.tables.set(self.given.clone().or(theirs));
        }
        let ours = self.tables.get().unwrap_or(&self.given).tenant.as_ref();
        if ours == tenant.as_ref() { Ok(()) } else { Err(tenant::differs()) }
    }

    /// Whose rows are used.
    pub(crate) fn tenant(&self) -> Option<&Tenant> {
        self.tables().tenant.as_ref()
    }

    /// Keeps vectors too, from the next use on.
    pub fn keep_vectors(&self) {
        if self.vectors.swap(true, Ordering::AcqRel) {
            return;
        }
        // The tables may have been looked at already, without that for vectors.
        let mut session = self.lock_session();
        if let Some(known) = session.as_ref().filter(|session| session.layout.initialized()) {
            *session = Some(Arc::new(Session { executor: known.executor.clone(), layout: OnceCell::new() }));
        }
    }

    /// Whether there is a table for vectors.
    pub(crate) fn has_vectors(&self) -> bool {
        self.vectors.load(Ordering::Acquire)
    }

    /// Whether tables and indexes may be made without being asked.
    fn may_migrate(&self) -> bool {
        self.tables().auto_migrate.unwrap_or(true) && !self.in_transaction()
    }

    /// Connects, and creates or checks the tables; does nothing the second time, and opens again
    /// after [`Database::close`]. Returns warnings: what works, but not as well as it could.
    pub async fn initialize(&self) -> Result<Vec<String>> {
        self.lock_session().get_or_insert_with(Arc::default);
        Ok(self.ready().await?.layout().warnings())
    }

    /// Closes all connections that are ours. Later calls fail until `initialize`.
    pub async fn close(&self) {
        let session = self.lock_session().take();
        if let Some(executor) = session.as_ref().and_then(|session| session.executor.get()) {
            executor.close().await;
        }
        if let Link::Client { host, .. } = &self.link {
            host.close();
        }
    }

    /// Whether the database answers and the tables can be read.
    pub async fn is_healthy(&self) -> bool {
        self.check().await.is_ok()
    }

    /// Asks the database something; fails with what is wrong, soon.
    pub async fn check(&self) -> Result<()> {
        let check = async {
            let ready = self.ready().await?;
            let probe =
                self.scope(&MEMORY, ready.layout()).select(&format!("{} AS c0", self.dialect().text("1")));
            let probe = probe.then(|builder| self.dialect().page(builder, Some(1), 0));
            ready.run("check health", Mode::Fetch, &[probe.finish()], Bounds::Probe).await.map(drop)
        };
        timeout(HEALTH, check).await.unwrap_or_else(|_| Err(self.silent()))
    }

    /// That the database did not answer a check.
    fn silent(&self) -> Error {
        let reason = format!("no answer within {} s.", HEALTH.as_secs());
        Error::DatabaseUnreachable { target: self.target(), reason, cause: None }
    }

    /// Where it is, for messages.
    pub(crate) fn target(&self) -> String {
        match &self.link {
            Link::Native { connection, .. } => connection.target(),
            Link::Client { host, .. } => host.place.target.clone(),
        }
    }

    /// What the user says about time.
    pub(crate) fn times(&self) -> Times {
        match &self.link {
            Link::Native { pool, .. } | Link::Client { pool, .. } => Times::of(pool),
        }
    }

    /// The family of SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        match &self.link {
            Link::Native { connection, .. } => connection.dialect(),
            Link::Client { host, .. } => host.dialect,
        }
    }

    pub(crate) fn prefix(&self) -> &str {
        self.tables().prefix.as_deref().unwrap_or(DEFAULT_TABLE_PREFIX)
    }

    /// Whether everything happens inside a transaction of the user's.
    pub(crate) fn in_transaction(&self) -> bool {
        matches!(&self.link, Link::Client { host, .. } if host.in_transaction)
    }

    /// Connected, tables or not.
    pub(crate) async fn executor(&self) -> Result<Arc<Executor>> {
        let session = self.session()?;
        session.executor(self).await
    }

    /// Connected, with tables.
    pub(crate) async fn ready(&self) -> Result<Ready> {
        let session = self.session()?;
        let executor = session.executor(self).await?;
        session
            .layout
            .get_or_try_init(|| async {
                self.log_server(&executor).await;
                if self.may_migrate() {
                    return self.bring_up_to_date(&executor, true).await.map(|(_, layout)| layout);
                }
                self.check_tables(&executor).await
            })
            .await?;
        Ok(Ready { executor, session })
    }

    /// Tells which server it is.
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

    /// A table's name.
    fn table_name(&self, table: &Table) -> String {
        format!("{}{}", self.prefix(), table.name)
    }

    /// The PostgreSQL schema of the tables; none is what the connection's search path says.
    pub(crate) fn schema(&self) -> Option<&str> {
        self.tables().schema.as_deref()
    }

    /// Columns for a SELECT, each as text under a name of its own: some drivers return rows by name.
    pub(crate) fn selected(&self, columns: &[Column]) -> String {
        let read = |(n, column)| format!("{} AS c{n}", self.dialect().read(column));
        columns.iter().enumerate().map(read).collect::<Vec<_>>().join(", ")
    }

    /// The key of the row that a caller's id names: one of the tenant's own, so that each may use any id. Without a tenant the id
    /// itself if it is a canonical lower-case UUID.
    pub(crate) fn row_id(&self, id: &str) -> Uuid {
        match self.tenant() {
            Some(tenant) => tenant.row_id(id),
            None => row_id_of_nobody(id),
        }
    }

    /// The keys of rows that a caller's id may name: ours first, then that of a row of others, which a tenant's row may be
    /// under any UUID, and one in a table where ids are any text under those.
    pub(crate) fn row_keys(&self, id: &str, layout: &Layout) -> Vec<String> {
        let ours = self.row_id(id).to_string();
        let any_text = layout.text_ids && self.dialect() != Dialect::Postgres;
        if ours != id && (any_text || self.tenant().is_some() && canonical(id).is_some()) {
            vec![ours, id.to_owned()]
        } else {
            vec![ours]
        }
    }

    /// The time of a call, a microsecond after the last one's at least: it orders rows of one moment.
    pub(crate) fn stamp(&self) -> DateTime<Utc> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = Duration::from_micros(u64::try_from(now.as_micros()).unwrap_or_default());
        let mut last = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        *last = now.max(*last + Duration::from_micros(1));
        DateTime::UNIX_EPOCH + *last
    }

    fn tables(&self) -> &TableOptions {
        self.tables.get_or_init(|| self.given.clone())
    }

    /// What to do about missing tables.
    fn advice(&self) -> &'static str {
        if self.in_transaction() {
            "Nothing is created inside your transaction: call `await storage.migrate()` on a DatabaseStorage over \
             your `db` before it."
        } else {
            "`autoMigrate` is off: call `await receptionist.database.migrate()` once, or set `autoMigrate: true`."
        }
    }

    fn session(&self) -> Result<Arc<Session>> {
        self.lock_session().clone().ok_or(Error::Disposed("The storage"))
    }

    fn lock_session(&self) -> std::sync::MutexGuard<'_, Option<Arc<Session>>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A database that can be worked with; what runs statements, and what the tables look like.
pub(crate) struct Ready {
    executor: Arc<Executor>,
    session: Arc<Session>,
}

impl std::ops::Deref for Ready {
    type Target = Executor;

    fn deref(&self) -> &Executor {
        &self.executor
    }
}

impl Ready {
    pub fn layout(&self) -> &Layout {
        static OURS: std::sync::LazyLock<Layout> = std::sync::LazyLock::new(Layout::default);
        self.session.layout.get().unwrap_or(&OURS)
    }
}

impl Session {
    async fn executor(&self, database: &Database) -> Result<Arc<Executor>> {
        let connect = || async {
            let executor = match &database.link {
                Link::Native { connection, pool } => Executor::connect(connection, pool).await,
                Link::Client { host, pool } => Executor::through(host.clone(), pool).await,
            };
            executor.map(Arc::new)
        };
        self.executor.get_or_try_init(connect).await.cloned()
    }
}

/// The key of the row that an id names without a tenant.
fn row_id_of_nobody(id: &str) -> Uuid {
    canonical(id).unwrap_or_else(|| Uuid::new_v5(&ID_NAMESPACE, id.as_bytes()))
}

/// The UUID that an id is, written as databases write them.
fn canonical(id: &str) -> Option<Uuid> {
    Uuid::parse_str(id).ok().filter(|uuid| uuid.as_hyphenated().to_string() == id)
}
