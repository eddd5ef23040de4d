//! Statements through the user's own client instead of our pool.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::config::ClientOptions;
use crate::database::connection::error::ErrorContext;
use crate::database::connection::error_kind::Retryability;
use crate::database::connection::retry::{RetryBudget, RetryPolicy, Timeouts};
use crate::database::connection::sqlite_files::{SqliteFileGuard, SqliteLibrary};
use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::{Mode, Param, QueryResult, Statement};
use crate::error::{Error, Result};
use crate::hex::to_hex;

/// A client that runs SQL for us. It may be bound to its own runtime, so statements that belong
/// together are passed in one call.
#[async_trait]
pub trait DriverAdapter: Send + Sync {
    /// Runs the statements in order.
    async fn run(&self, request: &QueryRequest) -> Result<QueryResult, DriverError>;

    /// Releases the client without closing it, because it belongs to the user.
    fn close(&self);
}

/// Statements to run.
#[derive(Debug, Clone, Serialize)]
pub struct QueryRequest {
    /// Mode of execution.
    pub mode: Mode,
    /// The statements, in order.
    pub statements: Vec<SqlQuery>,
}

/// SQL with parameters: placeholders in the syntax that every driver of that database accepts,
/// values as text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SqlQuery {
    /// SQL text.
    pub sql: String,
    /// Parameters, one for each placeholder.
    pub params: Vec<Option<String>>,
}

/// An error of the driver.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DriverError {
    /// The driver's code: a SQLSTATE, `SQLITE_BUSY`, `ECONNREFUSED`, …
    pub code: String,
    /// MySQL's error number.
    pub number: Option<u16>,
    /// The driver's message.
    pub message: String,
    /// Key of the original error object, kept by the caller.
    pub reference: Option<u32>,
}

impl fmt::Display for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DriverError {}

/// The user's client and its properties.
#[derive(Clone)]
pub(crate) struct AdapterExecutor {
    pub dialect: Dialect,
    /// `true` if the client is the user's transaction, of which ours is a part.
    pub in_transaction: bool,
    /// `true` if the client is a single connection. Once broken, it stays broken.
    single: bool,
    /// `true` if the client interpolates values into the SQL and escapes quotes with backslashes.
    writes_values: bool,
    /// Context of failures, for messages.
    pub context: ErrorContext,
    client: Arc<dyn DriverAdapter>,
}

impl AdapterExecutor {
    pub fn new(options: &ClientOptions, client: Arc<dyn DriverAdapter>) -> Result<Self> {
        let dialect = match options.dialect.as_str() {
            "postgres" => Dialect::Postgres,
            "mysql" => Dialect::MySql,
            "sqlite" => Dialect::Sqlite,
            other => {
                let reason = format!("is a {other} connection; use one to PostgreSQL, MySQL or SQLite");
                return Err(Error::config("db", reason));
            }
        };
        Ok(Self {
            dialect,
            in_transaction: options.transaction,
            single: options.single,
            writes_values: options.writes_values,
            context: ErrorContext {
                target: options.target.clone(),
                user: options.user.clone().unwrap_or_default(),
                acquire_timeout_ms: 0,
            },
            client,
        })
    }

    /// Guards a SQLite file against being opened by our bundled library too.
    pub async fn file_guard(&self) -> Result<Option<SqliteFileGuard>> {
        if self.dialect != Dialect::Sqlite {
            return Ok(None);
        }
        let sql = "SELECT CAST(file AS TEXT) AS c0 FROM pragma_database_list WHERE name = 'main'";
        // A remote database has no local file.
        let ask = [Statement::plain(sql)];
        let retry = RetryBudget::new(RetryPolicy::Never, Timeouts::default(), &ask);
        let result = self.run("look for the file", Mode::Fetch, &ask, retry).await.unwrap_or_default();
        let file = result.rows.value().filter(|file| !file.is_empty());
        file.map(|file| SqliteFileGuard::new(Path::new(&file), SqliteLibrary::External)).transpose()
    }

    /// Refuses a session whose character set lacks characters, or in which values could become SQL.
    pub async fn check_session(&self, timeouts: Timeouts) -> Result<()> {
        let ask = match self.dialect {
            Dialect::Sqlite => return Ok(()),
            Dialect::Postgres => "SELECT current_setting('client_encoding') AS c0",
            Dialect::MySql => {
                "SELECT CAST(@@character_set_client AS CHAR) AS c0, CAST(@@character_set_results AS CHAR) AS c1, \
                 CAST(@@sql_mode AS CHAR) AS c2"
            }
        };
        let ask = [Statement::plain(ask)];
        let retry = RetryBudget::new(RetryPolicy::query(), timeouts, &ask);
        let result = self.run("look at the session", Mode::Fetch, &ask, retry).await?;
        let row = result.rows.into_iter().next().unwrap_or_default();
        let (sets, modes) = row.split_at(row.len().min(if self.dialect == Dialect::MySql { 2 } else { 1 }));
        let lacking = sets.iter().flatten().find(|set| {
            let set = set.to_ascii_lowercase();
            !matches!(set.as_str(), "utf8" | "utf8mb4" | "binary" | "")
                || self.dialect == Dialect::MySql && set == "utf8"
        });
        if let Some(set) = lacking {
            let reason = format!(
                "is over a client whose character set is {set}, which would change texts silently; set {}",
                if self.dialect == Dialect::MySql {
                    "`charset: 'utf8mb4'`"
                } else {
                    "`client_encoding` to UTF8"
                }
            );
            return Err(Error::config("db", reason));
        }
        if self.writes_values && modes.iter().flatten().any(|mode| mode.contains("NO_BACKSLASH_ESCAPES")) {
            return Err(Error::config(
                "db",
                "is over a client that writes values into the SQL, which is not safe with NO_BACKSLASH_ESCAPES in sql_mode; \
                 remove that mode",
            ));
        }
        Ok(())
    }

    pub fn close(&self) {
        self.client.close();
    }

    /// Runs statements. Inside the user's transaction they run once, because a failure aborts the
    /// whole transaction.
    pub async fn run(
        &self,
        action: &str,
        mode: Mode,
        statements: &[Statement],
        mut retry: RetryBudget,
    ) -> Result<QueryResult> {
        let statements: Result<_> =
            statements.iter().map(|statement| adapt(self.dialect, statement)).collect();
        let request = QueryRequest { mode, statements: statements? };
        loop {
            let failure = match self.attempt(&request, retry.attempt_timeout()).await {
                Ok(result) => return Ok(result),
                Err(failure) => failure,
            };
            let retryability = failure.retryability(self.dialect);
            let stays = self.in_transaction || self.single && retryability == Retryability::ConnectionLost;
            if stays || !retry.backoff(retryability).await {
                return Err(self.context.adapter_to_error(action, self.dialect, failure));
            }
        }
    }

    async fn attempt(
        &self,
        request: &QueryRequest,
        limit: Option<Duration>,
    ) -> Result<QueryResult, DriverError> {
        let run = self.client.run(request);
        match limit {
            None => run.await,
            Some(limit) => timeout(limit, run).await.unwrap_or_else(|_| Err(DriverError::timed_out(limit))),
        }
    }
}

/// Rewrites placeholders so that every driver accepts them. PostgreSQL's drivers would serialize a
/// parameter by the type of its cast, so each is cast to text first. SQLite's and MySQL's drivers
/// take `?` in order.
fn adapt(dialect: Dialect, statement: &Statement) -> Result<SqlQuery> {
    if dialect == Dialect::Postgres {
        return Ok(SqlQuery {
            sql: rewrite(&statement.sql, '$', |number| format!("CAST(${number} AS text)")),
            params: statement.params.iter().map(text).collect(),
        });
    }
    let mut params = Vec::with_capacity(statement.params.len());
    let mut in_range = true;
    let mut next = 0;
    let sql = rewrite(&statement.sql, '?', |number| {
        next = number.parse().unwrap_or(next + 1);
        match statement.params.get(next - 1) {
            // SQLite before 3.41 has no function that converts text to bytes.
            Some(Param::Bytes(bytes)) if dialect == Dialect::Sqlite => {
                return format!("x'{}'", to_hex(bytes));
            }
            Some(Param::Bytes(bytes)) => {
                params.push(Some(BASE64_STANDARD.encode(bytes)));
                return "FROM_BASE64(?)".to_owned();
            }
            Some(param) => params.push(text(param)),
            None => in_range = false,
        }
        "?".to_owned()
    });
    if in_range {
        Ok(SqlQuery { sql, params })
    } else {
        Err(Error::Internal("a placeholder has no parameter".into()))
    }
}

/// Replaces placeholders (a mark and optional digits) outside of quotes.
fn rewrite(sql: &str, mark: char, mut replace: impl FnMut(&str) -> String) -> String {
    let mut rewritten = String::with_capacity(sql.len() * 2);
    let mut quote = None;
    let mut rest = sql.chars();
    while let Some(c) = rest.next() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            None if c == mark => {
                let tail = rest.as_str();
                let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let (number, after) = tail.split_at(digits);
                rewritten.push_str(&replace(number));
                rest = after.chars();
                continue;
            }
            _ => {}
        }
        rewritten.push(c);
    }
    rewritten
}

/// Converts a parameter to one text, in PostgreSQL's notation of bytes and arrays.
fn text(param: &Param) -> Option<String> {
    match param {
        Param::Text(text) => text.clone(),
        Param::Bytes(bytes) => Some(bytea(bytes)),
        Param::Texts(texts) => Some(array(texts.iter().map(Option::as_deref))),
        Param::ByteArrays(arrays) => {
            let texts: Vec<Option<String>> = arrays.iter().map(|bytes| bytes.as_deref().map(bytea)).collect();
            Some(array(texts.iter().map(Option::as_deref)))
        }
    }
}

fn bytea(bytes: &[u8]) -> String {
    format!("\\x{}", to_hex(bytes))
}

fn array<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> String {
    let mut array = String::from("{");
    for (n, text) in texts.enumerate() {
        if n > 0 {
            array.push(',');
        }
        match text {
            None => array.push_str("NULL"),
            Some(text) => {
                array.push('"');
                for c in text.chars() {
                    if matches!(c, '"' | '\\') {
                        array.push('\\');
                    }
                    array.push(c);
                }
                array.push('"');
            }
        }
    }
    array.push('}');
    array
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::sql::statement::StatementBuilder;

    #[test]
    fn rewrites_placeholders_only_outside_of_quotes() {
        let mut builder = StatementBuilder::new(Dialect::Sqlite, "SELECT '?1', \"a?2\" WHERE x = ");
        let first = builder.bind("a".to_owned());
        let second = builder.bind("b".to_owned());
        builder.push(&format!("{second} OR y = {first} OR z = {second}"));
        let adapted = adapt(Dialect::Sqlite, &builder.finish()).unwrap();
        assert_eq!(adapted.sql, "SELECT '?1', \"a?2\" WHERE x = ? OR y = ? OR z = ?");
        assert_eq!(adapted.params, ["b", "a", "b"].map(|value| Some(value.to_owned())));
    }

    #[test]
    fn writes_arrays_as_one_text() {
        let mut builder = StatementBuilder::new(Dialect::Postgres, "SELECT ");
        let values = vec![Some("a\"b\\c,{}".to_owned()), None, Some("NULL".to_owned()), Some(String::new())];
        let array = builder.bind_param(Param::Texts(values));
        builder.push(&format!("CAST({array} AS text[])"));
        let adapted = adapt(Dialect::Postgres, &builder.finish()).unwrap();
        assert_eq!(adapted.sql, "SELECT CAST(CAST($1 AS text) AS text[])");
        assert_eq!(adapted.params, [Some(r#"{"a\"b\\c,{}",NULL,"NULL",""}"#.to_owned())]);
    }

    #[test]
    fn passes_bytes_as_text() {
        let bytes = |dialect| {
            let mut builder = StatementBuilder::new(dialect, "SELECT ");
            let bytes = builder.bind_param(Param::Bytes(vec![0, 171]));
            let text = builder.bind("a".to_owned());
            builder.push(&format!("{bytes}, {text}"));
            adapt(dialect, &builder.finish()).unwrap()
        };
        let query = |sql: &str, params: &[&str]| SqlQuery {
            sql: sql.to_owned(),
            params: params.iter().map(|text| Some((*text).to_owned())).collect(),
        };
        assert_eq!(
            bytes(Dialect::Postgres),
            query("SELECT CAST($1 AS text), CAST($2 AS text)", &[r"\x00ab", "a"])
        );
        assert_eq!(bytes(Dialect::MySql), query("SELECT FROM_BASE64(?), ?", &["AKs=", "a"]));
        assert_eq!(bytes(Dialect::Sqlite), query("SELECT x'00ab', ?", &["a"]));
        let arrays = Param::ByteArrays(vec![Some(vec![0, 171]), None]);
        assert_eq!(text(&arrays).as_deref(), Some(r#"{"\\x00ab",NULL}"#));
    }
}
