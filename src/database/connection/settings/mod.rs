//! Connection strings and settings, parsed without connecting.

mod mysql;
mod pool_options;
mod postgres;
mod server_url;
mod sqlite;
mod tls;

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use sqlx::mysql::MySqlConnectOptions;

use crate::config::{DatabaseOptions, ServerDialect};
use crate::database::connection::driver::PostgresSettings;
pub(crate) use crate::database::connection::settings::pool_options::pool_options;
use crate::database::connection::settings::server_url::ServerUrl;
pub(crate) use crate::database::connection::settings::sqlite::SqliteSettings;
use crate::database::sql::dialect::Dialect;
use crate::error::{Error, Result};

const ACCEPTED: &str = "use postgres://user:password@host:5432/database, mysql://user:password@host:3306/database, \
                        sqlite:path/to/file.db or sqlite::memory:";

/// Settings of a database connection.
#[derive(Clone)]
pub(crate) enum ConnectionSettings {
    Postgres(Box<PostgresSettings>),
    /// MySQL or MariaDB.
    MySql(Box<MySqlConnectOptions>),
    Sqlite(SqliteSettings),
}

impl ConnectionSettings {
    /// Parses either the connection string or the individual settings.
    pub fn parse(options: &DatabaseOptions) -> Result<Self> {
        match (&options.connection, &options.host) {
            (Some(_), Some(_)) => Err(Error::InvalidConnectionString(
                "give either `connectionString` or `host`, not both".into(),
            )),
            (Some(url), None) => Self::from_url(url),
            (None, Some(host)) => match options.dialect {
                ServerDialect::Postgres => Ok(Self::Postgres(Box::new(postgres::from_parts(host, options)))),
                ServerDialect::MySql => Ok(Self::MySql(Box::new(mysql::from_parts(host, options)?))),
            },
            (None, None) => Err(Error::InvalidConnectionString(format!(
                "there is neither `connectionString` nor `host`; {ACCEPTED}. An environment variable may be unset."
            ))),
        }
    }

    fn from_url(url: &SecretString) -> Result<Self> {
        let url = url.expose_secret().trim();
        // The text itself stays out of messages, because it may contain a password.
        if has_text_before_url(url) {
            return Err(Error::InvalidConnectionString(
                "there is other text in front of the URL or around it: remove quotation marks (Docker's --env-file keeps them), a \
                 variable's name and `psql`"
                    .into(),
            ));
        }
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(Error::InvalidConnectionString(format!(
                "the connection string has no scheme; {ACCEPTED}"
            )));
        };
        match scheme.to_ascii_lowercase().as_str() {
            scheme @ ("postgres" | "postgresql") => {
                Ok(Self::Postgres(Box::new(postgres::from_url(ServerUrl::read(scheme, rest)?)?)))
            }
            scheme @ ("mysql" | "mariadb") => {
                Ok(Self::MySql(Box::new(mysql::from_url(ServerUrl::read(scheme, rest)?)?)))
            }
            "sqlite" => Ok(Self::Sqlite(sqlite::from_url(rest)?)),
            scheme if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => Err(
                Error::InvalidConnectionString(format!("`{scheme}:` is not a supported scheme; {ACCEPTED}")),
            ),
            _ => Err(Error::InvalidConnectionString(format!(
                "the connection string has no scheme; {ACCEPTED}"
            ))),
        }
    }

    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Returns the database and its address, for messages; never credentials.
    pub fn target(&self) -> String {
        match self {
            Self::Postgres(settings) => {
                let options = &settings.options;
                let database = options.get_database().unwrap_or(options.get_username());
                describe_endpoint(
                    database,
                    options.get_socket().map(PathBuf::as_path),
                    options.get_host(),
                    options.get_port(),
                )
            }
            Self::MySql(options) => {
                let (database, socket) = (options.get_database().unwrap_or_default(), options.get_socket());
                describe_endpoint(
                    database,
                    socket.map(PathBuf::as_path),
                    options.get_host(),
                    options.get_port(),
                )
            }
            Self::Sqlite(SqliteSettings { in_memory: true, .. }) => "in memory".into(),
            Self::Sqlite(settings) => format!("file {}", settings.options.get_filename().display()),
        }
    }

    /// Returns the user name, for messages.
    pub fn user(&self) -> String {
        match self {
            Self::Postgres(settings) => settings.options.get_username().to_owned(),
            Self::MySql(options) => options.get_username().to_owned(),
            Self::Sqlite(_) => String::new(),
        }
    }
}

/// Returns `true` if there is other text before the URL of a server.
fn has_text_before_url(text: &str) -> bool {
    let Some((front, _)) = text.split_once("://") else { return text.starts_with(['"', '\'', '`']) };
    let scheme = front.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let scheme = scheme.rsplit(['"', '\'', '`', '=', ' ']).next().unwrap_or(scheme);
    scheme != front
        && ["postgres", "postgresql", "mysql", "mariadb"].contains(&scheme.to_ascii_lowercase().as_str())
}

/// Formats a database and its address.
fn describe_endpoint(database: &str, socket: Option<&Path>, host: &str, port: u16) -> String {
    match socket {
        Some(socket) => format!("\"{database}\" at {}", socket.display()),
        None if host.contains(':') => format!("\"{database}\" at [{host}]:{port}"),
        None => format!("\"{database}\" at {host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(url: &str) -> String {
        let options: DatabaseOptions =
            serde_json::from_value(serde_json::json!({ "connectionString": url })).unwrap();
        ConnectionSettings::parse(&options).err().unwrap().to_string()
    }

    #[test]
    fn explains_invalid_urls_without_the_secret() {
        for url in [
            "postgres://u:hunter2@h:port/db",
            "mysql://u:hunter2@h:port/db",
            "mariadb://u:hunter2@h",
            "mysql://u:hunter2@h/d?ssl=yes",
            "redis://u:hunter2@h",
            "u:hunter2@h",
            "hunter2",
            "",
        ] {
            let message = message(url);
            assert!(message.starts_with("Invalid database connection: "), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn reports_text_before_the_url() {
        for text in [
            "\"postgres://u:hunter2@h/db\"",
            "'mysql://u:hunter2@h/db'",
            "DATABASE_URL=postgres://u:hunter2@h/db",
            "export DATABASE_URL=\"postgresql://u:hunter2@h/db\"",
            "psql 'postgresql://u:hunter2@h/db?sslmode=require'",
            "psql postgresql://u:hunter2@h/db",
            "'sqlite:a.db'",
        ] {
            let message = message(text);
            assert!(message.contains("in front of the URL") && !message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn targets_never_show_credentials() {
        let options: DatabaseOptions =
            serde_json::from_value(serde_json::json!({ "connectionString": "postgres://u:hunter2@h:1/db" }))
                .unwrap();
        assert_eq!(ConnectionSettings::parse(&options).unwrap().target(), "\"db\" at h:1");
        let options = serde_json::json!({ "dialect": "mysql", "host": "h", "database": "db", "user": "u", "password": "hunter2" });
        let options: DatabaseOptions = serde_json::from_value(options).unwrap();
        assert_eq!(ConnectionSettings::parse(&options).unwrap().target(), "\"db\" at h:3306");
    }
}
