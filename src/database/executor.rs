//! Runs statements: natively, through pools of ours, or through the user's own client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlPoolOptions};
use sqlx::postgres::{PgArguments, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool, SqlitePoolOptions};
use sqlx::{Arguments, AssertSqlSafe, Connection as _, MySql, Postgres, Sqlite};
use tokio::time::{Instant, sleep, timeout};

use crate::config::PoolOptions;
use crate::database::connection::Connection;
use crate::database::failure::{Place, is_busy, is_conflict};
use crate::database::files::{Claim, Library};
use crate::database::host::Host;
use crate::database::lender::{Lender, WARM};
use crate::database::no_delay::send_at_once;
use crate::database::statement::{Param, Statement};
use crate::error::{Error, Result};

/// A result row: every column is text.
pub(crate) type Row = Vec<Option<String>>;

const DEFAULT_CONNECTIONS: u32 = 10;
const DEFAULT_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(600);
/// Longest wait for the network at start-up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long SQLite waits for other processes' writes.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
/// How often statements are tried that lose against other MySQL transactions.
const MYSQL_ATTEMPTS: u32 = 6;
/// A MySQL session whose statements mean the same on every server: no `\` without meaning, no `||`
/// for CONCAT, nothing cut silently; and locks are waited for so long that all attempts take a minute.
const MYSQL_SESSION: &str = "SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
                             innodb_lock_wait_timeout = 10";

/// Runs statements against one database.
pub(crate) struct Executor {
    pools: Pools,
    place: Place,
    /// The SQLite file in use.
    claim: Mutex<Option<Claim>>,
}

enum Pools {
    /// The user's own pool, connection or transaction.
    Host(Host),
    Postgres(Lender<Postgres>),
    /// MySQL or MariaDB, and the largest packet it takes.
    MySql {
        pool: Lender<MySql>,
        max_packet: usize,
    },
    /// One writer, so that writes queue here and not in the file's lock; in WAL readers never wait.
    Sqlite {
        writer: Arc<Lender<Sqlite>>,
        readers: Arc<Lender<Sqlite>>,
    },
}

impl Executor {
    /// Connects, or says within seconds why not.
    pub async fn connect(connection: &Connection, pool: &PoolOptions) -> Result<Self> {
        let acquire_timeout =
            pool.connection_timeout_millis.map_or(DEFAULT_ACQUIRE_TIMEOUT, Duration::from_millis);
        let place = Place {
            target: connection.target(),
            user: connection.user(),
            acquire_timeout_ms: acquire_timeout.as_millis(),
        };
        let idle_timeout = pool.idle_timeout_millis.map_or(DEFAULT_IDLE_TIMEOUT, Duration::from_millis);
        let max = pool.max.unwrap_or(DEFAULT_CONNECTIONS).max(1);
        let mut claim = None;
        let pools = match connection {
            Connection::Postgres(options) => {
                if options.get_socket().is_none() {
                    // The pool retries a refused connection until its timeout; this fails at once.
                    knock(options.get_host(), options.get_port(), &place).await?;
                }
                let port = options.get_port();
                let pool = PgPoolOptions::new()
                    .max_connections(max)
                    .acquire_timeout(acquire_timeout)
                    .idle_timeout(idle_timeout)
                    .test_before_acquire(false)
                    .after_connect(move |_, _| {
                        send_at_once(port);
                        Box::pin(async { Ok(()) })
                    })
                    .before_acquire(|connection, meta| {
                        Box::pin(async move {
                            if meta.idle_for > WARM {
                                connection.ping().await?;
                            }
                            Ok(true)
                        })
                    })
                    .connect_with(options.as_ref().clone())
                    .await
                    .map_err(|error| place.explain("connect", error))?;
                Pools::Postgres(Lender::new(pool))
            }
            Connection::MySql(options) => {
                if options.get_socket().is_none() {
                    knock(options.get_host(), options.get_port(), &place).await?;
                }
                let port = options.get_port();
                let pool = MySqlPoolOptions::new()
                    .max_connections(max)
                    .acquire_timeout(acquire_timeout)
                    .idle_timeout(idle_timeout)
                    .test_before_acquire(false)
                    .after_connect(move |connection, _| {
                        send_at_once(port);
                        Box::pin(
                            async move { sqlx::raw_sql(MYSQL_SESSION).execute(connection).await.map(drop) },
                        )
                    })
                    .before_acquire(|connection, meta| {
                        Box::pin(async move {
                            if meta.idle_for > WARM {
                                connection.ping().await?;
                            }
                            Ok(true)
                        })
                    })
                    .connect_with(options.as_ref().clone())
                    .await
                    .map_err(|error| place.explain("connect", error))?;
                let max_packet = sqlx::query_scalar::<_, String>("SELECT CAST(@@max_allowed_packet AS CHAR)")
                    .fetch_one(&pool)
                    .await
                    .map_err(|error| place.explain("connect", error))?;
                Pools::MySql { pool: Lender::new(pool), max_packet: max_packet.parse().unwrap_or(usize::MAX) }
            }
            Connection::Sqlite { options, in_memory, read_only } => {
                if !in_memory {
                    claim = Some(Claim::new(options.get_filename(), Library::Ours)?);
                }
                let options = options.as_ref().clone().busy_timeout(SQLITE_BUSY_TIMEOUT);
                // The only connection of an in-memory database holds its data: it must never be closed.
                let pool = |max| {
                    SqlitePoolOptions::new()
                        .max_connections(max)
                        .acquire_timeout(acquire_timeout.max(SQLITE_BUSY_TIMEOUT * 2))
                        .idle_timeout((!in_memory).then_some(idle_timeout))
                        .max_lifetime(None)
                        .test_before_acquire(false)
                };
                let connect = |error| place.explain("open the file", error);
                let writer = pool(1).connect_with(options.clone()).await.map_err(connect)?;
                if !in_memory && !read_only {
                    use_wal(&writer).await.map_err(connect)?;
                }
                let writer = Arc::new(Lender::new(writer));
                let readers = if *in_memory {
                    Arc::clone(&writer)
                } else {
                    Arc::new(Lender::new(pool(max.min(SQLITE_READERS)).connect_lazy_with(options)))
                };
                Pools::Sqlite { writer, readers }
            }
        };
        Ok(Self { pools, place, claim: Mutex::new(claim) })
    }

    /// Statements through the user's client.
    pub async fn through(host: Host) -> Result<Self> {
        let claim = host.claim().await?;
        Ok(Self { place: host.place(), pools: Pools::Host(host), claim: Mutex::new(claim) })
    }

    /// Whether the connections are ours.
    pub fn is_native(&self) -> bool {
        !matches!(self.pools, Pools::Host(_))
    }

    /// Rows of a reading statement.
    pub async fn fetch(&self, action: &str, statement: Statement) -> Result<Vec<Row>> {
        let explain = |error| self.place.explain(action, error);
        let rows = match &self.pools {
            Pools::Host(host) => return host.fetch(action, statement).await,
            Pools::Postgres(pool) => {
                let query =
                    sqlx::query_with(AssertSqlSafe(statement.sql), postgres_arguments(statement.params)?);
                let mut lent = pool.lend().await.map_err(explain)?;
                let rows = query.fetch_all(lent.connection()).await;
                lent.back(rows).and_then(|rows| rows.iter().map(texts).collect())
            }
            Pools::MySql { pool, .. } => {
                let query =
                    sqlx::query_with(AssertSqlSafe(statement.sql), mysql_arguments(&statement.params)?);
                let mut lent = pool.lend().await.map_err(explain)?;
                let rows = query.fetch_all(lent.connection()).await;
                lent.back(rows).and_then(|rows| rows.iter().map(texts).collect())
            }
            Pools::Sqlite { readers, .. } => {
                let query =
                    sqlx::query_with(AssertSqlSafe(statement.sql), sqlite_arguments(statement.params)?);
                let mut lent = readers.lend().await.map_err(explain)?;
                let rows = query.fetch_all(lent.connection()).await;
                lent.back(rows).and_then(|rows| rows.iter().map(texts).collect())
            }
        };
        rows.map_err(explain)
    }

    /// Runs one writing statement; its own transaction.
    pub async fn execute(&self, action: &str, statement: Statement) -> Result<u64> {
        let explain = |error| self.place.explain(action, error);
        match &self.pools {
            Pools::Host(host) => host.execute(action, statement).await,
            Pools::Postgres(pool) => {
                let query =
                    sqlx::query_with(AssertSqlSafe(statement.sql), postgres_arguments(statement.params)?);
                let mut lent = pool.lend().await.map_err(explain)?;
                let done = query.execute(lent.connection()).await;
                lent.back(done).map(|done| done.rows_affected()).map_err(explain)
            }
            Pools::MySql { pool, max_packet } => {
                check_packet(action, *max_packet, &statement)?;
                let mut attempt = 1;
                loop {
                    let query = sqlx::query_with(
                        AssertSqlSafe(statement.sql.clone()),
                        mysql_arguments(&statement.params)?,
                    );
                    let mut lent = pool.lend().await.map_err(explain)?;
                    let done = query.execute(lent.connection()).await;
                    match lent.back(done) {
                        Err(error) if is_conflict(&error) && attempt < MYSQL_ATTEMPTS => {
                            step_back(&mut attempt).await;
                        }
                        done => return done.map(|done| done.rows_affected()).map_err(explain),
                    }
                }
            }
            Pools::Sqlite { writer, .. } => {
                let query =
                    sqlx::query_with(AssertSqlSafe(statement.sql), sqlite_arguments(statement.params)?);
                let mut lent = writer.lend().await.map_err(explain)?;
                let done = query.execute(lent.connection()).await;
                lent.back(done).map(|done| done.rows_affected()).map_err(explain)
            }
        }
    }

    /// Runs statements that belong together: all of them or none.
    pub async fn transaction(&self, action: &str, statements: Vec<Statement>) -> Result<()> {
        let explain = |error| self.place.explain(action, error);
        match &self.pools {
            Pools::Host(host) => host.transaction(action, statements).await,
            Pools::Postgres(pool) => {
                let mut lent = pool.lend().await.map_err(explain)?;
                let done = postgres_transaction(lent.connection(), statements).await?;
                lent.back(done).map_err(explain)
            }
            Pools::MySql { pool, max_packet } => {
                for statement in &statements {
                    check_packet(action, *max_packet, statement)?;
                }
                let mut attempt = 1;
                loop {
                    let mut lent = pool.lend().await.map_err(explain)?;
                    let error = match mysql_transaction(lent.connection(), &statements).await? {
                        Ok(()) => return lent.back(Ok(())).map_err(explain),
                        Err(error) => error,
                    };
                    // Whatever it holds, locks of a migration too, ends with it.
                    lent.retire();
                    if !is_conflict(&error) || attempt >= MYSQL_ATTEMPTS {
                        return Err(explain(error));
                    }
                    step_back(&mut attempt).await;
                }
            }
            Pools::Sqlite { writer, .. } => {
                let mut lent = writer.lend().await.map_err(explain)?;
                let done = sqlite_transaction(lent.connection(), statements).await?;
                lent.back(done).map_err(explain)
            }
        }
    }

    /// Runs statements that no transaction can hold, on one connection, unless another connection has
    /// the lock: then that one does their work.
    pub async fn alone(&self, action: &str, lock: [Statement; 2], statements: &[String]) -> Result<()> {
        let Pools::Postgres(pool) = &self.pools else {
            return Err(Error::Internal("only PostgreSQL has statements that stand alone".into()));
        };
        let explain = |error| self.place.explain(action, error);
        let mut lent = pool.lend().await.map_err(explain)?;
        let [take, give] = lock;
        let taken = sqlx::query_with(AssertSqlSafe(take.sql), postgres_arguments(take.params)?)
            .fetch_one(lent.connection())
            .await
            .and_then(|row| texts(&row))
            .map_err(explain)?;
        if taken.first().and_then(Option::as_deref) != Some("true") {
            return lent.back(Ok(())).map_err(explain);
        }
        for statement in statements {
            let done = sqlx::query(AssertSqlSafe(statement.as_str())).execute(lent.connection()).await;
            if let Err(error) = done {
                // The lock is the connection's.
                lent.retire();
                return Err(explain(error));
            }
        }
        let done = sqlx::query_with(AssertSqlSafe(give.sql), postgres_arguments(give.params)?)
            .execute(lent.connection())
            .await
            .map(drop);
        lent.back(done).map_err(explain)
    }

    /// Closes all connections that are ours.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Host(host) => host.close(),
            Pools::Postgres(pool) => pool.close().await,
            Pools::MySql { pool, .. } => pool.close().await,
            Pools::Sqlite { writer, readers } => {
                // The last connection to close folds the WAL back into the file: let it be the writer.
                readers.close().await;
                writer.close().await;
            }
        }
        self.claim.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Whether anybody listens there.
async fn knock(host: &str, port: u16, place: &Place) -> Result<()> {
    match timeout(CONNECT_TIMEOUT, tokio::net::TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(place.explain("connect", sqlx::Error::Io(error))),
        Err(_) => {
            let seconds = CONNECT_TIMEOUT.as_secs();
            let reason = format!("no answer within {seconds} s. Check host, port and firewall.");
            Err(place.unreachable(&reason, None))
        }
    }
}

/// All of the statements or none.
async fn postgres_transaction(
    connection: &mut PgConnection,
    statements: Vec<Statement>,
) -> Result<Result<(), sqlx::Error>> {
    let mut transaction = match connection.begin().await {
        Ok(transaction) => transaction,
        Err(error) => return Ok(Err(error)),
    };
    for Statement { sql, params } in statements {
        let run = sqlx::query_with(AssertSqlSafe(sql), postgres_arguments(params)?);
        if let Err(error) = run.execute(&mut *transaction).await {
            return Ok(Err(error));
        }
    }
    Ok(transaction.commit().await)
}

/// All of the statements or none. Immediate: a transaction that begins by reading could not wait for the write lock.
async fn sqlite_transaction(
    connection: &mut SqliteConnection,
    statements: Vec<Statement>,
) -> Result<Result<(), sqlx::Error>> {
    let mut transaction = match connection.begin_with("BEGIN IMMEDIATE").await {
        Ok(transaction) => transaction,
        Err(error) => return Ok(Err(error)),
    };
    for Statement { sql, params } in statements {
        let run = sqlx::query_with(AssertSqlSafe(sql), sqlite_arguments(params)?);
        if let Err(error) = run.execute(&mut *transaction).await {
            return Ok(Err(error));
        }
    }
    Ok(transaction.commit().await)
}

/// All of the statements or none, as far as they are no DDL, which MySQL commits at once.
async fn mysql_transaction(
    connection: &mut MySqlConnection,
    statements: &[Statement],
) -> Result<Result<(), sqlx::Error>> {
    let mut transaction = match connection.begin().await {
        Ok(transaction) => transaction,
        Err(error) => return Ok(Err(error)),
    };
    for statement in statements {
        let arguments = mysql_arguments(&statement.params)?;
        let run = sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments);
        if let Err(error) = run.execute(&mut *transaction).await {
            return Ok(Err(error));
        }
    }
    Ok(transaction.commit().await)
}

/// Lets the other transaction finish: longer each time, and not in step with others that step back.
async fn step_back(attempt: &mut u32) {
    let jitter = u64::from(uuid::Uuid::new_v4().as_bytes()[0]) / 16;
    sleep(Duration::from_millis((4 << *attempt) + jitter)).await;
    *attempt += 1;
}

/// The server would close the connection on a larger packet, mostly before it can say why.
fn check_packet(action: &str, max_packet: usize, statement: &Statement) -> Result<()> {
    let text = |param: &Param| match param {
        Param::Text(text) => text.as_ref().map_or(0, String::len),
        Param::Texts(_) => 0,
    };
    // Lengths and types take up to 16 bytes a parameter.
    let size = statement.params.iter().map(|param| text(param) + 16).sum::<usize>() + 64;
    if size.max(statement.sql.len() + 64) <= max_packet {
        return Ok(());
    }
    Err(Error::DatabaseFailed {
        action: action.to_owned(),
        reason: format!(
            "a row of {size} bytes is larger than the server's max_allowed_packet, {max_packet} bytes. Raise it \
             there, or save less at once"
        ),
        cause: None,
    })
}

/// Switches the file to WAL unless it is there already. The switch needs the file for itself and
/// SQLite does not wait for that, so processes that start together take turns here.
async fn use_wal(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let deadline = Instant::now() + SQLITE_BUSY_TIMEOUT;
    loop {
        let switched = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = WAL").fetch_one(pool).await;
        match switched {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                sleep(Duration::from_millis(10)).await
            }
            Err(error) => return Err(error),
            Ok(_) => return Ok(()),
        }
    }
}

fn postgres_arguments(params: Vec<Param>) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments.add(text),
            Param::Texts(texts) => arguments.add(texts),
        }
        .map_err(|error| Error::Internal(format!("a parameter could not be encoded: {error}")))?;
    }
    Ok(arguments)
}

fn mysql_arguments(params: &[Param]) -> Result<MySqlArguments> {
    let mut arguments = MySqlArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments
                .add(text.as_deref())
                .map_err(|error| Error::Internal(format!("a parameter could not be encoded: {error}")))?,
            Param::Texts(_) => return Err(Error::Internal("MySQL has no array parameters".into())),
        }
    }
    Ok(arguments)
}

fn sqlite_arguments(params: Vec<Param>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments
                .add(text)
                .map_err(|error| Error::Internal(format!("a parameter could not be encoded: {error}")))?,
            Param::Texts(_) => return Err(Error::Internal("SQLite has no array parameters".into())),
        }
    }
    Ok(arguments)
}

fn texts<R>(row: &R) -> Result<Row, sqlx::Error>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> Option<String>: sqlx::Decode<'r, R::Database>,
    String: sqlx::Type<R::Database>,
    for<'r> String: sqlx::Decode<'r, R::Database>,
{
    (0..row.len()).map(|column| row.try_get(column)).collect()
}
