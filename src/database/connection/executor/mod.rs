//! Runs statements, natively through our own connections or through the user's client.
//!
//! A broken connection is replaced and its statements run again. That is safe, because our
//! statements name rows by id and are idempotent.
use std::sync::Arc;
use std::time::Duration;

use backon::{ConstantBuilder, RetryableWithContext};
use parking_lot::Mutex;
use sqlx::{AssertSqlSafe, MySql, Postgres, Sqlite, SqliteConnection};
use tokio::time::{Instant, sleep, timeout};

use crate::config::PoolOptions;
use crate::database::connection::adapter::AdapterExecutor;
use crate::database::connection::driver::Driver;
use crate::database::connection::error::{CONNECT_ACTION, ErrorContext, timed_out};
use crate::database::connection::error_kind::Retryability;
use crate::database::connection::pool::{Pool, PoolLimits, PooledConnection};
use crate::database::connection::retry::{RetryBudget, RetryPolicy, Timeouts};
use crate::database::connection::route::Route;
use crate::database::connection::settings::{ConnectionSettings, SqliteSettings};
use crate::database::connection::sqlite_files::{SqliteFileGuard, SqliteLibrary};
use crate::database::sql::result_set::ResultSet;
use crate::database::sql::statement::{Mode, QueryResult, Statement};
use crate::error::{Error, Result};

const DEFAULT_CONNECTIONS: u32 = 10;
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(600);
/// Maximum age of a connection, because server settings and session state change.
const MAX_LIFETIME: Duration = Duration::from_secs(1800);
/// Maximum time that SQLite waits for writes of other processes.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
/// Reason for a lock that became unavailable.
const ROUTE_CHANGED: &str = "the route to the server has changed: connections that were direct may now lead through a pooler. Restart the process.";
/// Delays between attempts to switch a file to WAL.
const WAL_BACKOFF: ConstantBuilder =
    ConstantBuilder::new().with_delay(Duration::from_millis(10)).without_max_times();
/// Maximum number of consecutive liveness probes that a server may fail during a long statement.
const MAX_MISSED_PROBES: u32 = 2;

/// An executor of statements against one database.
pub(crate) struct Executor {
    connections: Connections,
    context: ErrorContext,
    timeouts: Timeouts,
    /// The guard of the SQLite file in use.
    file_guard: Mutex<Option<SqliteFileGuard>>,
}

enum Connections {
    /// The user's own pool, connection or transaction.
    Adapter(AdapterExecutor),
    /// PostgreSQL, with the route of the first connection.
    Postgres { pool: Pool<Postgres>, route: Route },
    /// MySQL or MariaDB, with the largest packet it accepts.
    MySql { pool: Pool<MySql>, max_packet: usize },
    /// SQLite, with one writer, so that writes queue here and not at the file's lock. In WAL mode
    /// readers never wait.
    Sqlite { writer: Arc<Pool<Sqlite>>, readers: Arc<Pool<Sqlite>> },
}

impl Executor {
    /// Connects, or fails with the reason within seconds.
    pub async fn connect(connection: &ConnectionSettings, pool: &PoolOptions) -> Result<Self> {
        let timeouts = Timeouts::of(pool);
        let context = ErrorContext {
            target: connection.target(),
            user: connection.user(),
            acquire_timeout_ms: timeouts.connection.as_millis(),
        };
        let idle_timeout = Some(pool.idle_timeout_millis.map_or(DEFAULT_IDLE_TIMEOUT, Duration::from_millis));
        let max = pool.max.unwrap_or(DEFAULT_CONNECTIONS).max(1);
        let limits = PoolLimits { max, idle_timeout, max_lifetime: Some(MAX_LIFETIME) };
        let refused = |error| context.to_error(CONNECT_ACTION, error);
        let mut file_guard = None;
        let connections = match connection {
            ConnectionSettings::Postgres(settings) => {
                let pool = Pool::new(settings.as_ref().clone(), limits);
                let pooled = connect_first(&pool, timeouts).await.map_err(refused)?;
                let route = pooled.route();
                pooled.release(Ok(()), true).map_err(refused)?;
                Connections::Postgres { pool, route }
            }
            ConnectionSettings::MySql(options) => {
                let pool = Pool::new(options.as_ref().clone(), limits);
                let pooled = connect_first(&pool, timeouts).await.map_err(refused)?;
                pooled.release(Ok(()), true).map_err(refused)?;
                let ask = [Statement::plain("SELECT CAST(@@max_allowed_packet AS CHAR)")];
                let retry = RetryBudget::new(RetryPolicy::query(), timeouts, &ask);
                let result = attempt(&pool, Mode::Fetch, &ask, &retry, timeouts).await.map_err(refused)?;
                let max_packet =
                    result.rows.value().and_then(|bytes| bytes.parse().ok()).unwrap_or(usize::MAX);
                Connections::MySql { pool, max_packet }
            }
            ConnectionSettings::Sqlite(SqliteSettings { options, in_memory, read_only }) => {
                if !in_memory {
                    file_guard = Some(SqliteFileGuard::new(options.get_filename(), SqliteLibrary::Bundled)?);
                }
                let refused = |error| context.to_error("open the file", error);
                let options = options.as_ref().clone().busy_timeout(SQLITE_BUSY_TIMEOUT);
                // The only connection of an in-memory database holds its data: it must never be
                // closed.
                let limits = |max| PoolLimits {
                    max,
                    idle_timeout: idle_timeout.filter(|_| !in_memory),
                    max_lifetime: None,
                };
                let writer = Arc::new(Pool::new(options.clone(), limits(1)));
                let mut pooled = writer.acquire(timeouts.connection).await.map_err(refused)?;
                if !in_memory && !read_only {
                    use_wal(pooled.connection().map_err(refused)?).await.map_err(refused)?;
                }
                pooled.release(Ok(()), true).map_err(refused)?;
                let readers = if *in_memory {
                    Arc::clone(&writer)
                } else {
                    Arc::new(Pool::new(options, limits(max.min(SQLITE_READERS))))
                };
                Connections::Sqlite { writer, readers }
            }
        };
        Ok(Self { connections, context, timeouts, file_guard: Mutex::new(file_guard) })
    }

    /// Creates an executor that runs statements through the user's client.
    pub async fn from_adapter(adapter: AdapterExecutor, pool: &PoolOptions) -> Result<Self> {
        let timeouts = Timeouts::of(pool);
        let file_guard = adapter.file_guard().await?;
        adapter.check_session(timeouts).await?;
        Ok(Self {
            context: adapter.context.clone(),
            timeouts,
            connections: Connections::Adapter(adapter),
            file_guard: Mutex::new(file_guard),
        })
    }

    /// Returns `true` if the connections are our own.
    pub fn is_native(&self) -> bool {
        !matches!(self.connections, Connections::Adapter(_))
    }

    /// Returns `true` if session-level locks work: they outlive a transaction and stay ours until
    /// released. That holds on our own connections directly to the server. A pooler would lend the
    /// session with the lock to other clients.
    pub fn has_session_locks(&self) -> bool {
        match &self.connections {
            Connections::Adapter(_) => false,
            Connections::Postgres { route, .. } => *route == Route::Direct,
            Connections::MySql { .. } | Connections::Sqlite { .. } => true,
        }
    }

    /// Runs a query and returns its rows.
    pub async fn fetch(&self, action: &str, statement: Statement) -> Result<ResultSet> {
        self.run(action, Mode::Fetch, &[statement], RetryPolicy::query()).await.map(|result| result.rows)
    }

    /// Runs one writing statement in its own transaction. Returns the number of changed rows.
    pub async fn execute(&self, action: &str, statement: Statement) -> Result<u64> {
        self.run(action, Mode::Execute, &[statement], RetryPolicy::query())
            .await
            .map(|result| result.affected)
    }

    /// Runs statements in one transaction.
    pub async fn transaction(&self, action: &str, statements: Vec<Statement>) -> Result<()> {
        self.run_in_transaction(action, &statements, RetryPolicy::query()).await
    }

    /// Runs statements in one transaction, under a retry policy.
    pub async fn run_in_transaction(
        &self,
        action: &str,
        statements: &[Statement],
        policy: RetryPolicy,
    ) -> Result<()> {
        let mode = if statements.len() == 1 { Mode::Execute } else { Mode::Transaction };
        self.run(action, mode, statements, policy).await.map(drop)
    }

    /// Runs statements under a retry policy.
    pub async fn run(
        &self,
        action: &str,
        mode: Mode,
        statements: &[Statement],
        policy: RetryPolicy,
    ) -> Result<QueryResult> {
        let retry = RetryBudget::new(policy, self.timeouts, statements);
        match &self.connections {
            Connections::Adapter(adapter) => adapter.run(action, mode, statements, retry).await,
            Connections::Postgres { pool, .. } => {
                self.run_native(pool, action, mode, statements, retry).await
            }
            Connections::MySql { pool, max_packet } => {
                if mode != Mode::Fetch {
                    statements
                        .iter()
                        .try_for_each(|statement| check_packet(action, *max_packet, statement))?;
                }
                self.run_native(pool, action, mode, statements, retry).await
            }
            Connections::Sqlite { writer, readers } => {
                let pool = if mode == Mode::Fetch { readers } else { writer };
                self.run_native(pool, action, mode, statements, retry).await
            }
        }
    }

    async fn run_native<DB: Driver>(
        &self,
        pool: &Pool<DB>,
        action: &str,
        mode: Mode,
        statements: &[Statement],
        mut retry: RetryBudget,
    ) -> Result<QueryResult> {
        loop {
            match attempt(pool, mode, statements, &retry, self.timeouts).await {
                Ok(result) => return Ok(result),
                Err(error) if retry.backoff(Retryability::of(&error)).await => {}
                Err(error) => return Err(self.context.to_error(action, error)),
            }
        }
    }

    /// Runs statements that cannot run in a transaction, on one connection. Does nothing if another
    /// connection has the lock, because that one does the same work.
    pub async fn run_with_advisory_lock(
        &self,
        action: &str,
        lock: [Statement; 2],
        statements: &[String],
    ) -> Result<()> {
        let Connections::Postgres { pool, .. } = &self.connections else {
            return Err(Error::Internal(
                "only PostgreSQL has statements that cannot run in a transaction".into(),
            ));
        };
        let to_error = |error| self.context.to_error(action, error);
        let mut pooled = pool.acquire(self.timeouts.connection).await.map_err(to_error)?;
        let route = pooled.route();
        if route != Route::Direct {
            pooled.close();
            return Err(self.context.unreachable(ROUTE_CHANGED, None));
        }
        let connection = pooled.connection().map_err(to_error)?;
        let [take, give] = lock;
        let taken = Postgres::run(connection, route, Mode::Fetch, &[take]).await.map_err(to_error)?;
        if taken.rows.value() != Some("true") {
            return pooled.release(Ok(()), true).map_err(to_error);
        }
        for statement in statements {
            let run = sqlx::query(AssertSqlSafe(statement.as_str())).execute(&mut *connection);
            if let Err(error) = with_liveness_probe(pool, self.timeouts, run).await {
                // The lock belongs to the connection.
                pooled.close();
                return Err(to_error(error));
            }
        }
        let done = Postgres::run(connection, route, Mode::Fetch, &[give]).await.map(drop);
        pooled.release(done, false).map_err(to_error)
    }

    /// Closes all our connections.
    pub async fn close(&self) {
        match &self.connections {
            Connections::Adapter(adapter) => adapter.close(),
            Connections::Postgres { pool, .. } => pool.close().await,
            Connections::MySql { pool, .. } => pool.close().await,
            Connections::Sqlite { writer, readers } => {
                // The last connection to close checkpoints the WAL into the file: let it be the
                // writer.
                readers.close().await;
                writer.close().await;
            }
        }
        self.file_guard.lock().take();
    }
}

/// Runs the statements once. A connection that does not answer in time is closed.
async fn attempt<DB: Driver>(
    pool: &Pool<DB>,
    mode: Mode,
    statements: &[Statement],
    retry: &RetryBudget,
    timeouts: Timeouts,
) -> Result<QueryResult, sqlx::Error> {
    let mut pooled = pool.acquire(retry.acquire_timeout(timeouts)).await?;
    let route = pooled.route();
    let run = DB::run(pooled.connection()?, route, mode, statements);
    let outcome = match retry.attempt_timeout() {
        // SQLite's statements always end, without a timeout.
        _ if !DB::CLOSE_ON_CANCEL => run.await,
        None => with_liveness_probe(pool, timeouts, run).await,
        Some(limit) => timeout(limit, run).await.unwrap_or_else(|_| Err(timed_out(limit))),
    };
    pooled.release(outcome, mode != Mode::Transaction)
}

/// Opens the first connection. Retries if the server asks to come back later; fails at once if no
/// server answers.
async fn connect_first<DB: Driver>(
    pool: &Pool<DB>,
    timeouts: Timeouts,
) -> Result<PooledConnection<DB>, sqlx::Error> {
    let mut retry = RetryBudget::new(RetryPolicy::query(), timeouts, &[]);
    loop {
        match pool.acquire(timeouts.connection).await {
            Err(error @ sqlx::Error::Database(_)) if retry.backoff(Retryability::of(&error)).await => {}
            outcome => return outcome,
        }
    }
}

/// Waits for a result without a time limit, as long as the server answers other connections.
async fn with_liveness_probe<DB: Driver, T>(
    pool: &Pool<DB>,
    timeouts: Timeouts,
    run: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let dead = async {
        let mut missed_probes = 0;
        while missed_probes < MAX_MISSED_PROBES {
            sleep(timeouts.query).await;
            missed_probes = if pool.is_server_alive().await { 0 } else { missed_probes + 1 };
        }
    };
    tokio::select! {
        outcome = run => outcome,
        () = dead => Err(timed_out(timeouts.query * MAX_MISSED_PROBES)),
    }
}

/// Refuses a statement larger than the server's packet limit. The server would close the
/// connection, mostly before it can say why.
fn check_packet(action: &str, max_packet: usize, statement: &Statement) -> Result<()> {
    // The text is sent before the values. Their lengths and types take up to 16 bytes each.
    let values = statement.size() - statement.sql.len() + 16 * statement.params.len();
    let size = values.max(statement.sql.len()) + 64;
    if size <= max_packet {
        return Ok(());
    }
    Err(Error::DatabaseQueryFailed {
        action: action.to_owned(),
        reason: format!(
            "a row of {size} bytes is larger than the server's max_allowed_packet, {max_packet} bytes. Raise it \
             there, or save less at once"
        ),
        cause: None,
    })
}

/// Switches the file to WAL unless it is in that mode already. The switch needs exclusive access
/// and SQLite does not wait for it, so processes that start together retry here.
async fn use_wal(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    async fn switch(
        connection: &mut SqliteConnection,
    ) -> (&mut SqliteConnection, Result<String, sqlx::Error>) {
        let switch = sqlx::query_scalar("PRAGMA journal_mode = WAL");
        let mode = switch.fetch_one(&mut *connection).await;
        (connection, mode)
    }
    let deadline = Instant::now() + SQLITE_BUSY_TIMEOUT;
    let (_, mode) = switch
        .retry(WAL_BACKOFF)
        .sleep(sleep)
        .context(connection)
        .when(|error| Retryability::of(error) == Retryability::Busy && Instant::now() < deadline)
        .await;
    mode.map(drop)
}

#[cfg(test)]
mod tests;
