//! Databases for tests of connections: SQLite in memory, and the servers that `POSTGRES_URL`,
//! `MYSQL_URL` and `MARIADB_URL` name.

use serde_json::json;
use sqlx::{MySql, Postgres, Sqlite};

use crate::config::DatabaseOptions;
use crate::database::connection::driver::Driver;
use crate::database::connection::settings::ConnectionSettings;

/// A driver whose connections can be told apart and killed.
pub(crate) trait ServerDriver: Driver {
    /// A query for the id of the connection.
    const ID: &str;

    /// Returns the statement that kills a connection.
    fn kill(id: &str) -> String;

    /// Returns the settings of every server of this driver on this machine.
    fn servers() -> Vec<Self::Settings>;
}

impl ServerDriver for Postgres {
    const ID: &str = "SELECT CAST(pg_backend_pid() AS text)";

    fn kill(id: &str) -> String {
        format!("SELECT pg_terminate_backend({id}, 5000)")
    }

    fn servers() -> Vec<Self::Settings> {
        let settings = from_environment(&["POSTGRES_URL"]).into_iter();
        let settings = settings.filter_map(|settings| match settings {
            ConnectionSettings::Postgres(settings) => Some(*settings),
            _ => None,
        });
        settings.collect()
    }
}

impl ServerDriver for MySql {
    const ID: &str = "SELECT CAST(CONNECTION_ID() AS CHAR)";

    fn kill(id: &str) -> String {
        format!("KILL {id}")
    }

    fn servers() -> Vec<Self::Settings> {
        let settings = from_environment(&["MYSQL_URL", "MARIADB_URL"]).into_iter();
        let settings = settings.filter_map(|settings| match settings {
            ConnectionSettings::MySql(options) => Some(*options),
            _ => None,
        });
        settings.collect()
    }
}

/// Returns the settings of an empty SQLite database in memory.
pub(crate) fn sqlite() -> <Sqlite as Driver>::Settings {
    match settings("sqlite::memory:") {
        ConnectionSettings::Sqlite(settings) => *settings.options,
        _ => panic!("not SQLite"),
    }
}

/// Returns the settings of a connection string.
pub(crate) fn settings(url: &str) -> ConnectionSettings {
    let options: DatabaseOptions = serde_json::from_value(json!({ "connectionString": url })).unwrap();
    ConnectionSettings::parse(&options).unwrap()
}

/// Returns the settings of the servers that environment variables name.
pub(crate) fn from_environment(variables: &[&str]) -> Vec<ConnectionSettings> {
    variables.iter().filter_map(|variable| std::env::var(variable).ok()).map(|url| settings(&url)).collect()
}
