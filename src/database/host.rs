//! Statements through the user's own client, instead of a pool of ours.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::config::ClientOptions;
use crate::database::dialect::Dialect;
use crate::database::failure::{Fault, Place};
use crate::database::files::{Claim, Library};
use crate::database::patience::{Bounds, Patience, Times};
use crate::database::statement::{Mode, Param, Reply, Statement};
use crate::error::{Error, Result};

/// A client that runs SQL for us. It may hang on a runtime of its own, so statements that belong
/// together are handed over in one call.
#[async_trait]
pub trait HostClient: Send + Sync {
    /// Runs the statements in order.
    async fn run(&self, request: &HostRequest) -> Result<Reply, HostFailure>;

    /// Lets go of the client; it stays open, for it is the user's.
    fn close(&self);
}

/// What to run.
#[derive(Debug, Clone, Serialize)]
pub struct HostRequest {
    /// How.
    pub mode: Mode,
    /// In order.
    pub statements: Vec<HostStatement>,
}

/// SQL with parameters: placeholders as every driver of that database takes them, values as text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HostStatement {
    /// The text.
    pub sql: String,
    /// As many as there are placeholders.
    pub params: Vec<Option<String>>,
}

/// Why it failed, in the driver's words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct HostFailure {
    /// The driver's code: a SQLSTATE, `SQLITE_BUSY`, `ECONNREFUSED`, …
    pub code: String,
    /// MySQL's error number.
    pub number: Option<u16>,
    /// The driver's message.
    pub message: String,
    /// Where the original error object is kept.
    pub reference: Option<u32>,
}

impl fmt::Display for HostFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for HostFailure {}

/// The user's client and what is known of it.
#[derive(Clone)]
pub(crate) struct Host {
    pub dialect: Dialect,
    /// Whether it is one transaction of the user's, which ours is only a part of.
    pub in_transaction: bool,
    /// Whether it is one connection: a broken one stays so.
    single: bool,
    /// Where its failures happen, for messages.
    pub place: Place,
    client: Arc<dyn HostClient>,
}

impl Host {
    pub fn new(options: &ClientOptions, client: Arc<dyn HostClient>) -> Result<Self> {
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
            place: Place {
                target: options.target.clone(),
                user: options.user.clone().unwrap_or_default(),
                acquire_timeout_ms: 0,
            },
            client,
        })
    }

    /// Keeps a SQLite file from being opened by our own library too.
    pub async fn claim(&self) -> Result<Option<Claim>> {
        if self.dialect != Dialect::Sqlite {
            return Ok(None);
        }
        let sql = "SELECT CAST(file AS TEXT) AS c0 FROM pragma_database_list WHERE name = 'main'";
        // A remote database has no file to tell of.
        let ask = [Statement::plain(sql)];
        let patience = Patience::new(Bounds::Once, Times::default(), &ask);
        let reply = self.run("look for the file", Mode::Fetch, &ask, patience).await.unwrap_or_default();
        let file = reply.rows.value().filter(|file| !file.is_empty());
        file.map(|file| Claim::new(Path::new(&file), Library::Theirs)).transpose()
    }

    pub fn close(&self) {
        self.client.close();
    }

    /// Runs statements. Inside a transaction of the user's once: what failed there, failed with the transaction.
    pub async fn run(
        &self,
        action: &str,
        mode: Mode,
        statements: &[Statement],
        mut patience: Patience,
    ) -> Result<Reply> {
        let statements: Result<_> =
            statements.iter().map(|statement| adapt(self.dialect, statement)).collect();
        let request = HostRequest { mode, statements: statements? };
        loop {
            let failure = match self.attempt(&request, patience.limit()).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            let fault = failure.fault(self.dialect);
            let stays = self.in_transaction || self.single && fault == Fault::Lost;
            if stays || !patience.outlasts(fault).await {
                return Err(self.place.explain_host(action, self.dialect, failure));
            }
        }
    }

    async fn attempt(&self, request: &HostRequest, limit: Option<Duration>) -> Result<Reply, HostFailure> {
        let run = self.client.run(request);
        match limit {
            None => run.await,
            Some(limit) => timeout(limit, run).await.unwrap_or_else(|_| Err(HostFailure::unanswered(limit))),
        }
    }
}

/// Rewrites placeholders so that every driver takes them: PostgreSQL's drivers would serialize a parameter by
/// the type it is cast to, so each is said to be text first; SQLite's and MySQL's take `?` in order.
fn adapt(dialect: Dialect, statement: &Statement) -> Result<HostStatement> {
    let given: Vec<Option<String>> = statement.params.iter().map(text).collect();
    if dialect == Dialect::Postgres {
        return Ok(HostStatement {
            sql: rewrite(&statement.sql, '$', |number| format!("CAST(${number} AS text)")),
            params: given,
        });
    }
    let mut params = Vec::with_capacity(given.len());
    let mut in_range = true;
    let mut next = 0;
    let sql = rewrite(&statement.sql, '?', |number| {
        next = number.parse().unwrap_or(next + 1);
        match given.get(next - 1) {
            Some(value) => params.push(value.clone()),
            None => in_range = false,
        }
        "?".to_owned()
    });
    if in_range {
        Ok(HostStatement { sql, params })
    } else {
        Err(Error::Internal("a placeholder has no parameter".into()))
    }
}

/// Replaces placeholders (a mark and perhaps digits) outside of quotes.
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

/// A parameter as one text; a column of values as PostgreSQL writes arrays.
fn text(param: &Param) -> Option<String> {
    let texts = match param {
        Param::Text(text) => return text.clone(),
        Param::Texts(texts) => texts,
    };
    let mut array = String::from("{");
    for (n, text) in texts.iter().enumerate() {
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
    Some(array)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::statement::StatementBuilder;

    #[test]
    fn placeholders_are_rewritten_outside_of_quotes_only() {
        let mut builder = StatementBuilder::new(Dialect::Sqlite, "SELECT '?1', \"a?2\" WHERE x = ");
        let first = builder.bind("a".to_owned());
        let second = builder.bind("b".to_owned());
        builder.push(&format!("{second} OR y = {first} OR z = {second}"));
        let adapted = adapt(Dialect::Sqlite, &builder.finish()).unwrap();
        assert_eq!(adapted.sql, "SELECT '?1', \"a?2\" WHERE x = ? OR y = ? OR z = ?");
        assert_eq!(adapted.params, ["b", "a", "b"].map(|value| Some(value.to_owned())));
    }

    #[test]
    fn arrays_become_one_text() {
        let mut builder = StatementBuilder::new(Dialect::Postgres, "SELECT ");
        let values = vec![Some("a\"b\\c,{}".to_owned()), None, Some("NULL".to_owned()), Some(String::new())];
        let array = builder.bind_param(Param::Texts(values));
        builder.push(&format!("CAST({array} AS text[])"));
        let adapted = adapt(Dialect::Postgres, &builder.finish()).unwrap();
        assert_eq!(adapted.sql, "SELECT CAST(CAST($1 AS text) AS text[])");
        assert_eq!(adapted.params, [Some(r#"{"a\"b\\c,{}",NULL,"NULL",""}"#.to_owned())]);
    }
}
