//! Runs statements: natively, through connections of ours, or through the user's own client. A connection that breaks is replaced and what was
//! asked on it is asked again: statements of ours name their rows by id, so that they may run twice.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{AssertSqlSafe, MySql, Postgres, Sqlite, SqliteConnection};
use tokio::time::{Instant, sleep, timeout};

use crate::config::PoolOptions;
use crate::database::connection::Connection;
use crate::database::driver::Driver;
use crate::database::failure::{Fault, Place, unanswered};
use crate::database::files::{Claim, Library};
use crate::database::host::Host;
use crate::database::lender::{Lender, Lent, Terms};
use crate::database::patience::{Bounds, Patience, Times};
use crate::database::result_set::ResultSet;
use crate::database::statement::{Mode, Reply, Statement};
use crate::error::{Error, Result};

/// A row: every column is text.
pub(crate) type Row = Vec<Option<String>>;

const DEFAULT_CONNECTIONS: u32 = 10;
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(600);
/// Servers' settings and what a connection remembers change: none is kept for longer.
const LIFETIME: Duration = Duration::from_secs(1800);
/// How long SQLite waits for other processes' writes.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
/// How often a server that works on something long may fail to answer whoever asks.
const SILENCES: u32 = 2;

/// Runs statements against one database.
pub(crate) struct Executor {
    connections: Connections,
    place: Place,
    times: Times,
    /// The SQLite file in use.
    claim: Mutex<Option<Claim>>,
}

enum Connections {
    /// The user's own pool, connection or transaction.
    Host(Host),
    Postgres(Lender<Postgres>),
    /// MySQL or MariaDB, and the largest packet it takes.
    MySql {
        lender: Lender<MySql>,
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
        let times = Times::of(pool);
        let place = Place {
            target: connection.target(),
            user: connection.user(),
            acquire_timeout_ms: times.connection.as_millis(),
        };
        let idle = Some(pool.idle_timeout_millis.map_or(DEFAULT_IDLE_TIMEOUT, Duration::from_millis));
        let max = pool.max.unwrap_or(DEFAULT_CONNECTIONS).max(1);
        let terms = Terms { max, idle, lifetime: Some(LIFETIME) };
        let refused = |error| place.explain("connect", error);
        let mut claim = None;
        let connections = match connection {
            Connection::Postgres(options) => {
                let lender = Lender::new(options.as_ref().clone(), terms);
                let lent = first(&lender, times).await.map_err(refused)?;
                lent.back(Ok(()), true).map_err(refused)?;
                Connections::Postgres(lender)
            }
            Connection::MySql(options) => {
                let lender = Lender::new(options.as_ref().clone(), terms);
                let lent = first(&lender, times).await.map_err(refused)?;
                lent.back(Ok(()), true).map_err(refused)?;
                let ask = [Statement::plain("SELECT CAST(@@max_allowed_packet AS CHAR)")];
                let patience = Patience::new(Bounds::call(), times, &ask);
                let reply = attempt(&lender, Mode::Fetch, &ask, &patience, times).await.map_err(refused)?;
                let max_packet =
                    reply.rows.value().and_then(|bytes| bytes.parse().ok()).unwrap_or(usize::MAX);
                Connections::MySql { lender, max_packet }
            }
            Connection::Sqlite { options, in_memory, read_only } => {
                if !in_memory {
                    claim = Some(Claim::new(options.get_filename(), Library::Ours)?);
                }
                let refused = |error| place.explain("open the file", error);
                let options = options.as_ref().clone().busy_timeout(SQLITE_BUSY_TIMEOUT);
                // The only connection of an in-memory database holds its data: it must never be closed.
                let terms = |max| Terms { max, idle: idle.filter(|_| !in_memory), lifetime: None };
                let writer = Arc::new(Lender::new(options.clone(), terms(1)));
                let mut lent = writer.lend(times.connection).await.map_err(refused)?;
                if !in_memory && !read_only {
                    use_wal(lent.connection().map_err(refused)?).await.map_err(refused)?;
                }
                lent.back(Ok(()), true).map_err(refused)?;
                let readers = if *in_memory {
                    Arc::clone(&writer)
                } else {
                    Arc::new(Lender::new(options, terms(max.min(SQLITE_READERS))))
                };
                Connections::Sqlite { writer, readers }
            }
        };
        Ok(Self { connections, place, times, claim: Mutex::new(claim) })
    }

    /// Statements through the user's client.
    pub async fn through(host: Host, pool: &PoolOptions) -> Result<Self> {
        let times = Times::of(pool);
        let claim = host.claim().await?;
        Ok(Self {
            place: host.place.clone(),
            times,
            connections: Connections::Host(host),
            claim: Mutex::new(claim),
        })
    }

    /// Whether the connections are ours.
    pub fn is_native(&self) -> bool {
        !matches!(self.connections, Connections::Host(_))
    }

    /// Rows of a reading statement.
    pub async fn fetch(&self, action: &str, statement: Statement) -> Result<ResultSet> {
        self.run(action, Mode::Fetch, &[statement], Bounds::call()).await.map(|reply| reply.rows)
    }

    /// Runs one writing statement; its own transaction.
    pub async fn execute(&self, action: &str, statement: Statement) -> Result<u64> {
        self.run(action, Mode::Execute, &[statement], Bounds::call()).await.map(|reply| reply.affected)
    }

    /// Runs statements that belong together: all of them or none.
    pub async fn transaction(&self, action: &str, statements: Vec<Statement>) -> Result<()> {
        self.together(action, &statements, Bounds::call()).await
    }

    /// [`Self::transaction`] within other bounds.
    pub async fn together(&self, action: &str, statements: &[Statement], bounds: Bounds) -> Result<()> {
        let mode = if statements.len() == 1 { Mode::Execute } else { Mode::Transaction };
        self.run(action, mode, statements, bounds).await.map(drop)
    }

    /// Runs statements within bounds.
    pub async fn run(
        &self,
        action: &str,
        mode: Mode,
        statements: &[Statement],
        bounds: Bounds,
    ) -> Result<Reply> {
        let patience = Patience::new(bounds, self.times, statements);
        match &self.connections {
            Connections::Host(host) => host.run(action, mode, statements, patience).await,
            Connections::Postgres(lender) => self.natively(lender, action, mode, statements, patience).await,
            Connections::MySql { lender, max_packet } => {
                if mode != Mode::Fetch {
                    statements
                        .iter()
                        .try_for_each(|statement| check_packet(action, *max_packet, statement))?;
                }
                self.natively(lender, action, mode, statements, patience).await
            }
            Connections::Sqlite { writer, readers } => {
                let lender = if mode == Mode::Fetch { readers } else { writer };
                self.natively(lender, action, mode, statements, patience).await
            }
        }
    }

    async fn natively<DB: Driver>(
        &self,
        lender: &Lender<DB>,
        action: &str,
        mode: Mode,
        statements: &[Statement],
        mut patience: Patience,
    ) -> Result<Reply> {
        loop {
            match attempt(lender, mode, statements, &patience, self.times).await {
                Ok(reply) => return Ok(reply),
                Err(error) if patience.outlasts(Fault::of(&error)).await => {}
                Err(error) => return Err(self.place.explain(action, error)),
            }
        }
    }

    /// Runs statements that no transaction can hold, on one connection, unless another connection has
    /// the lock: then that one does their work.
    pub async fn alone(&self, action: &str, lock: [Statement; 2], statements: &[String]) -> Result<()> {
        let Connections::Postgres(lender) = &self.connections else {
            return Err(Error::Internal("only PostgreSQL has statements that stand alone".into()));
        };
        let explain = |error| self.place.explain(action, error);
        let mut lent = lender.lend(self.times.connection).await.map_err(explain)?;
        let connection = lent.connection().map_err(explain)?;
        let [take, give] = lock;
        let taken = Postgres::run(connection, Mode::Fetch, &[take]).await.map_err(explain)?;
        if taken.rows.value() != Some("true") {
            return lent.back(Ok(()), true).map_err(explain);
        }
        for statement in statements {
            let run = sqlx::query(AssertSqlSafe(statement.as_str())).execute(&mut *connection);
            if let Err(error) = while_alive(lender, self.times, run).await {
                // The lock is the connection's.
                lent.retire();
                return Err(explain(error));
            }
        }
        let done = Postgres::run(connection, Mode::Fetch, &[give]).await.map(drop);
        lent.back(done, false).map_err(explain)
    }

    /// Closes all connections that are ours.
    pub async fn close(&self) {
        match &self.connections {
            Connections::Host(host) => host.close(),
            Connections::Postgres(lender) => lender.close().await,
            Connections::MySql { lender, .. } => lender.close().await,
            Connections::Sqlite { writer, readers } => {
                // The last connection to close folds the WAL back into the file: let it be the writer.
                readers.close().await;
                writer.close().await;
            }
        }
        self.claim.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Runs the statements once. A connection that does not answer in time is closed.
async fn attempt<DB: Driver>(
    lender: &Lender<DB>,
    mode: Mode,
    statements: &[Statement],
    patience: &Patience,
    times: Times,
) -> Result<Reply, sqlx::Error> {
    let mut lent = lender.lend(patience.for_connection(times)).await?;
    let run = DB::run(lent.connection()?, mode, statements);
    let outcome = match patience.limit() {
        // SQLite's statements end by themselves.
        _ if !DB::DISPOSABLE => run.await,
        None => while_alive(lender, times, run).await,
        Some(limit) => timeout(limit, run).await.unwrap_or_else(|_| Err(unanswered(limit))),
    };
    lent.back(outcome, mode != Mode::Transaction)
}

/// The first connection. Who is told to come later does; where nobody is, that is said at once.
async fn first<DB: Driver>(lender: &Lender<DB>, times: Times) -> Result<Lent<DB>, sqlx::Error> {
    let mut patience = Patience::new(Bounds::call(), times, &[]);
    loop {
        match lender.lend(times.connection).await {
            Err(error @ sqlx::Error::Database(_)) if patience.outlasts(Fault::of(&error)).await => {}
            outcome => return outcome,
        }
    }
}

/// Waits for an answer that may take any time, as long as the server answers others.
async fn while_alive<DB: Driver, T>(
    lender: &Lender<DB>,
    times: Times,
    run: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let dead = async {
        let mut silences = 0;
        while silences < SILENCES {
            sleep(times.query).await;
            silences = if lender.answers().await { 0 } else { silences + 1 };
        }
    };
    tokio::select! {
        outcome = run => outcome,
        () = dead => Err(unanswered(times.query * SILENCES)),
    }
}

/// The server would close the connection on a larger packet, mostly before it can say why.
fn check_packet(action: &str, max_packet: usize, statement: &Statement) -> Result<()> {
    // The text goes ahead of the values, whose lengths and types take up to 16 bytes each.
    let values = statement.size() - statement.sql.len() + 16 * statement.params.len();
    let size = values.max(statement.sql.len()) + 64;
    if size <= max_packet {
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
async fn use_wal(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let deadline = Instant::now() + SQLITE_BUSY_TIMEOUT;
    loop {
        let switch = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = WAL");
        match switch.fetch_one(&mut *connection).await {
            Err(error) if Fault::of(&error) == Fault::Busy && Instant::now() < deadline => {
                sleep(Duration::from_millis(10)).await
            }
            Err(error) => return Err(error),
            Ok(_) => return Ok(()),
        }
    }
}
