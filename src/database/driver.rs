//! What the drivers of sqlx differ in: connecting, parameters, and how a transaction begins.

use sqlx::mysql::MySqlArguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Connection, MySql, Postgres, Sqlite};

use crate::database::no_delay::send_at_once;
use crate::database::result_set::ResultSet;
use crate::database::statement::{Mode, Param, Reply, Statement};

/// What a connection is made with.
pub(crate) type Settings<DB> = <<DB as sqlx::Database>::Connection as Connection>::Options;

/// A MySQL session whose statements mean the same on every server: no `\` without meaning, no `||`
/// for CONCAT, nothing cut silently; and locks are waited for so long that all attempts take a minute.
const MYSQL_SESSION: &str = "SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
                             innodb_lock_wait_timeout = 10";

/// A driver that runs statements.
pub(crate) trait Driver: sqlx::Database {
    /// Whether a connection that was left half-way, or after a failed transaction, is closed. SQLite's finishes by itself what it was asked, and
    /// in memory it is all there is of the data.
    const DISPOSABLE: bool;

    /// A connection, ready for statements.
    fn connect(
        settings: &Settings<Self>,
    ) -> impl Future<Output = Result<Self::Connection, sqlx::Error>> + Send;

    /// Runs statements in order.
    fn run(
        connection: &mut Self::Connection,
        mode: Mode,
        statements: &[Statement],
    ) -> impl Future<Output = Result<Reply, sqlx::Error>> + Send;
}

/// The part of [`Driver::run`] that reads the same for every driver, whose types have nothing in common.
macro_rules! run {
    ($connection:ident, $mode:ident, $statements:ident, $arguments:path, $begin:expr) => {{
        let mut reply = Reply::default();
        let query = |statement: &Statement| {
            let sql = AssertSqlSafe(statement.sql.as_str());
            $arguments(&statement.params).map(|arguments| sqlx::query_with(sql, arguments))
        };
        match $mode {
            Mode::Fetch => {
                for statement in $statements {
                    let rows = query(statement)?.fetch_all(&mut *$connection).await?;
                    for (n, row) in rows.iter().enumerate() {
                        read(row, n == 0, &mut reply.rows)?;
                    }
                }
            }
            Mode::Execute => {
                for statement in $statements {
                    reply.affected += query(statement)?.execute(&mut *$connection).await?.rows_affected();
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
        Ok(reply)
    }};
}

impl Driver for Postgres {
    const DISPOSABLE: bool = true;

    async fn connect(settings: &Settings<Self>) -> Result<Self::Connection, sqlx::Error> {
        let connection = Self::Connection::connect_with(settings).await?;
        send_at_once(settings.get_port());
        Ok(connection)
    }

    async fn run(
        connection: &mut Self::Connection,
        mode: Mode,
        statements: &[Statement],
    ) -> Result<Reply, sqlx::Error> {
        run!(connection, mode, statements, postgres_arguments, connection.begin())
    }
}

impl Driver for MySql {
    const DISPOSABLE: bool = true;

    async fn connect(settings: &Settings<Self>) -> Result<Self::Connection, sqlx::Error> {
        let mut connection = Self::Connection::connect_with(settings).await?;
        send_at_once(settings.get_port());
        sqlx::raw_sql(MYSQL_SESSION).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn run(
        connection: &mut Self::Connection,
        mode: Mode,
        statements: &[Statement],
    ) -> Result<Reply, sqlx::Error> {
        run!(connection, mode, statements, mysql_arguments, connection.begin())
    }
}

impl Driver for Sqlite {
    const DISPOSABLE: bool = false;

    async fn connect(settings: &Settings<Self>) -> Result<Self::Connection, sqlx::Error> {
        Self::Connection::connect_with(settings).await
    }

    async fn run(
        connection: &mut Self::Connection,
        mode: Mode,
        statements: &[Statement],
    ) -> Result<Reply, sqlx::Error> {
        // Immediate: a transaction that begins by reading could not wait for the write lock.
        run!(connection, mode, statements, sqlite_arguments, connection.begin_with("BEGIN IMMEDIATE"))
    }
}

fn postgres_arguments(params: &[Param]) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for param in params {
        match param {
            Param::Text(text) => arguments.add(text.as_deref()),
            Param::Texts(texts) => arguments.add(texts.as_slice()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn mysql_arguments(params: &[Param]) -> Result<MySqlArguments, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    for param in params {
        arguments.add(single(param)?).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn sqlite_arguments(params: &[Param]) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for param in params {
        arguments.add(single(param)?).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// A parameter where there are no arrays.
fn single(param: &Param) -> Result<Option<&str>, sqlx::Error> {
    match param {
        Param::Text(text) => Ok(text.as_deref()),
        Param::Texts(_) => Err(sqlx::Error::Encode("only PostgreSQL has array parameters".into())),
    }
}

/// Adds a row. What is no text is refused in the first: to ask each cell for its type takes longer than to copy it.
fn read<R>(row: &R, is_first: bool, rows: &mut ResultSet) -> Result<(), sqlx::Error>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    str: sqlx::Type<R::Database>,
    for<'r> &'r str: sqlx::Decode<'r, R::Database>,
{
    rows.push((0..row.len()).map(|column| {
        if is_first { row.try_get::<Option<&str>, _>(column) } else { row.try_get_unchecked(column) }
    }))
}
