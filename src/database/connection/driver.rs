//! Differences between sqlx's drivers: connecting, parameters, and the start of a transaction.

use sqlx::mysql::{MySqlArguments, MySqlConnectOptions};
use sqlx::postgres::{PgArguments, PgConnectOptions};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteTransactionManager};
use sqlx::{Arguments, AssertSqlSafe, Connection, MySql, PgConnection, Postgres, Sqlite, SqliteConnection};
use sqlx_core::transaction::TransactionManager;

use crate::database::connection::mysql_script::transaction_script;
use crate::database::connection::route::Route;
use crate::database::connection::sockets::disable_nagle;
use crate::database::sql::result_set::{Cell, ResultSet};
use crate::database::sql::statement::{Mode, Param, QueryResult, Statement};

/// Session settings that make MySQL statements mean the same on every server: backslashes are
/// escapes, `||` is not CONCAT, nothing is truncated silently. The lock timeout makes all attempts
/// together take a minute.
const MYSQL_SESSION: &str = "SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
                             innodb_lock_wait_timeout = 10";

/// A driver that runs statements.
pub(crate) trait Driver: sqlx::Database {
    /// `true` if a connection is closed when it is dropped mid-query or after a failed transaction.
    /// SQLite's connection finishes its statement anyway, and holds all the data of an in-memory
    /// database.
    const CLOSE_ON_CANCEL: bool;

    /// Settings of a connection.
    type Settings: Clone + Send + Sync + 'static;

    /// Opens a connection that is ready for statements, and returns it with its route. The route is
    /// checked only if `detect_route`.
    fn connect(
        settings: &Self::Settings,
        detect_route: bool,
    ) -> impl Future<Output = Result<(Self::Connection, Route), sqlx::Error>> + Send;

    /// Runs statements in order.
    fn run(
        connection: &mut Self::Connection,
        route: Route,
        mode: Mode,
        statements: &[Statement],
    ) -> impl Future<Output = Result<QueryResult, sqlx::Error>> + Send;
}

/// The part of [`Driver::run`] that is the same for every driver. It is a macro because the
/// drivers' types have nothing in common.
macro_rules! run {
    ($connection:ident, $mode:ident, $statements:ident, $arguments:path, $begin:expr) => {{
        let mut result = QueryResult::default();
        let query = |statement: &Statement| {
            let sql = AssertSqlSafe(statement.sql.as_str());
            $arguments(&statement.params).map(|arguments| sqlx::query_with(sql, arguments))
        };
        match $mode {
            Mode::Fetch => {
                for statement in $statements {
                    let rows = query(statement)?.fetch_all(&mut *$connection).await?;
                    let mut reader = RowReader::new(statement);
                    rows.iter().try_for_each(|row| reader.read(row, &mut result.rows))?;
                }
            }
            Mode::Execute => {
                for statement in $statements {
                    result.affected += query(statement)?.execute(&mut *$connection).await?.rows_affected();
                }
            }
            Mode::Transaction => {
                let mut transaction = $begin.await?;
                for statement in $statements {
                    query(statement)?.execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
            }
        }
        Ok(result)
    }};
}

/// Settings of a PostgreSQL connection.
#[derive(Clone)]
pub(crate) struct PostgresSettings {
    pub options: PgConnectOptions,
    /// `true` if named prepared statements are allowed on direct connections.
    pub names: bool,
}

impl Driver for Postgres {
    const CLOSE_ON_CANCEL: bool = true;

    type Settings = PostgresSettings;

    async fn connect(
        settings: &Self::Settings,
        detect_route: bool,
    ) -> Result<(Self::Connection, Route), sqlx::Error> {
        let mut connection = Self::Connection::connect_with(&settings.options).await?;
        let port = settings.options.get_port();
        disable_nagle(port);
        let route = if detect_route && settings.names {
            Route::of(&mut connection, port).await?
        } else {
            Route::PossiblyPooled
        };
        Ok((connection, route))
    }

    async fn run(
        connection: &mut Self::Connection,
        route: Route,
        mode: Mode,
        statements: &[Statement],
    ) -> Result<QueryResult, sqlx::Error> {
        match route {
            Route::Direct => run!(connection, mode, statements, postgres_arguments, connection.begin()),
            Route::PossiblyPooled => run_without_names(connection, mode, statements).await,
        }
    }
}

/// Runs unnamed statements in one transaction. A pooler keeps a transaction on one connection, and
/// no other client can replace an unnamed statement there. Outside of a transaction that would not
/// be safe: sqlx parses a statement in one message and executes it in another, which another
/// connection may get.
async fn run_without_names(
    connection: &mut PgConnection,
    mode: Mode,
    statements: &[Statement],
) -> Result<QueryResult, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let outcome = async {
        let mut result = QueryResult::default();
        for statement in statements {
            let sql = AssertSqlSafe(statement.sql.as_str());
            let query = sqlx::query_with(sql, postgres_arguments(&statement.params)?).persistent(false);
            if mode == Mode::Fetch {
                let rows = query.fetch_all(&mut *transaction).await?;
                let mut reader = RowReader::new(statement);
                rows.iter().try_for_each(|row| reader.read(row, &mut result.rows))?;
            } else {
                result.affected += query.execute(&mut *transaction).await?.rows_affected();
            }
        }
        Ok(result)
    };
    match outcome.await {
        Ok(result) => transaction.commit().await.map(|()| result),
        // At once, because until then the pooler keeps a server connection for it.
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

impl Driver for MySql {
    const CLOSE_ON_CANCEL: bool = true;

    type Settings = MySqlConnectOptions;

    async fn connect(
        settings: &Self::Settings,
        detect_route: bool,
    ) -> Result<(Self::Connection, Route), sqlx::Error> {
        let mut connection = Self::Connection::connect_with(settings).await?;
        disable_nagle(settings.get_port());
        if detect_route {
            // Some proxies and relatives of MySQL refuse several statements in one text.
            let script = AssertSqlSafe(format!("{MYSQL_SESSION}; DO 0"));
            match sqlx::raw_sql(script).execute(&mut connection).await {
                Err(sqlx::Error::Database(_)) => {}
                outcome => return outcome.map(|_| (connection, Route::Direct)),
            }
        }
        // MySQL's prepared statements have numbers, which proxies translate.
        sqlx::raw_sql(MYSQL_SESSION).execute(&mut connection).await?;
        Ok((connection, Route::PossiblyPooled))
    }

    async fn run(
        connection: &mut Self::Connection,
        route: Route,
        mode: Mode,
        statements: &[Statement],
    ) -> Result<QueryResult, sqlx::Error> {
        if mode == Mode::Transaction
            && route == Route::Direct
            && let Some(script) = transaction_script(statements)
        {
            // A connection with a failed transaction is closed, which ends the transaction.
            sqlx::raw_sql(AssertSqlSafe(script)).execute(connection).await?;
            return Ok(QueryResult::default());
        }
        run!(connection, mode, statements, mysql_arguments, connection.begin())
    }
}

impl Driver for Sqlite {
    const CLOSE_ON_CANCEL: bool = false;

    type Settings = SqliteConnectOptions;

    async fn connect(
        settings: &Self::Settings,
        _detect_route: bool,
    ) -> Result<(Self::Connection, Route), sqlx::Error> {
        Self::Connection::connect_with(settings).await.map(|connection| (connection, Route::Direct))
    }

    async fn run(
        connection: &mut Self::Connection,
        _route: Route,
        mode: Mode,
        statements: &[Statement],
    ) -> Result<QueryResult, sqlx::Error> {
        // Immediate, because a transaction that begins with a read could not wait for the write
        // lock.
        let outcome = async {
            run!(connection, mode, statements, sqlite_arguments, connection.begin_with("BEGIN IMMEDIATE"))
        };
        let outcome = outcome.await;
        if outcome.is_err() && mode == Mode::Transaction {
            // The first error is the one that says why.
            let _ = reset_transaction(connection).await;
        }
        outcome
    }
}

/// Makes a connection usable after a failed transaction. SQLite ends a transaction itself when the
/// disk is full. sqlx does not notice that, and would refuse every later one.
async fn reset_transaction(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // Waits for the rollback that sqlx has begun.
    sqlx::query("SELECT 1").execute(&mut *connection).await?;
    if SqliteTransactionManager::get_transaction_depth(connection) > 0 {
        sqlx::query("BEGIN").execute(&mut *connection).await?;
        SqliteTransactionManager::rollback(connection).await?;
    }
    Ok(())
}

fn postgres_arguments(params: &[Param]) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments.add(text.as_deref()),
            Param::Bytes(bytes) => arguments.add(bytes.as_slice()),
            Param::Texts(texts) => arguments.add(texts.as_slice()),
            Param::ByteArrays(arrays) => arguments.add(arrays.as_slice()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn mysql_arguments(params: &[Param]) -> Result<MySqlArguments, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments.add(text.as_deref()),
            Param::Bytes(bytes) => arguments.add(bytes.as_slice()),
            Param::Texts(_) | Param::ByteArrays(_) => Err(NO_ARRAYS.into()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn sqlite_arguments(params: &[Param]) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments.add(text.as_deref()),
            Param::Bytes(bytes) => arguments.add(bytes.as_slice()),
            Param::Texts(_) | Param::ByteArrays(_) => Err(NO_ARRAYS.into()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// Error of an array parameter.
const NO_ARRAYS: &str = "only PostgreSQL has array parameters";

/// Reads the rows of one statement into a result.
struct RowReader {
    /// `true` if columns may be bytes.
    reads_bytes: bool,
    /// `true` for each column that is bytes in the first row.
    has_bytes: Vec<bool>,
}

impl RowReader {
    fn new(statement: &Statement) -> Self {
        Self { reads_bytes: statement.reads_bytes, has_bytes: Vec::new() }
    }

    /// Adds a row. The type of each cell is checked in the first row only, because the check takes
    /// longer than the copy.
    fn read<R>(&mut self, row: &R, rows: &mut ResultSet) -> Result<(), sqlx::Error>
    where
        R: sqlx::Row,
        usize: sqlx::ColumnIndex<R>,
        str: sqlx::Type<R::Database>,
        for<'r> &'r str: sqlx::Decode<'r, R::Database>,
        [u8]: sqlx::Type<R::Database>,
        for<'r> &'r [u8]: sqlx::Decode<'r, R::Database>,
    {
        if self.has_bytes.len() != row.len() {
            let columns = 0..row.len();
            self.has_bytes =
                columns.map(|column| has_bytes(row, column, self.reads_bytes)).collect::<Result<_, _>>()?;
        }
        rows.push(self.has_bytes.iter().enumerate().map(|(column, has_bytes)| {
            if *has_bytes {
                row.try_get_unchecked::<Option<&[u8]>, _>(column).map(|bytes| bytes.map(Cell::Bytes))
            } else {
                row.try_get_unchecked::<Option<&str>, _>(column).map(|text| text.map(Cell::Text))
            }
        }))
    }
}

/// Returns `true` if a cell is bytes and may be. Fails if it is neither bytes nor text.
fn has_bytes<R>(row: &R, column: usize, may_be: bool) -> Result<bool, sqlx::Error>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    str: sqlx::Type<R::Database>,
    for<'r> &'r str: sqlx::Decode<'r, R::Database>,
    [u8]: sqlx::Type<R::Database>,
    for<'r> &'r [u8]: sqlx::Decode<'r, R::Database>,
{
    match row.try_get::<Option<&str>, _>(column) {
        Ok(_) => Ok(false),
        Err(_) if may_be && row.try_get::<Option<&[u8]>, _>(column).is_ok() => Ok(true),
        Err(error) => Err(error),
    }
}
