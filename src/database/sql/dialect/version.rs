//! The version of the server.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::Statement;

impl Dialect {
    /// Returns the query for the server's version.
    pub(crate) fn version(self) -> Statement {
        Statement::plain(match self {
            Self::Postgres => "SELECT CAST(current_setting('server_version') AS TEXT) AS c0",
            Self::MySql => "SELECT CAST(VERSION() AS CHAR) AS c0",
            Self::Sqlite => "SELECT sqlite_version() AS c0",
        })
    }
}
