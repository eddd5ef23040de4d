//! Connection strings and settings, read without connecting.

use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::sqlite::SqliteConnectOptions;

use crate::config::{DatabaseOptions, Ssl};
use crate::database::dialect::Dialect;
use crate::error::{Error, Result};

const ACCEPTED: &str =
    "use postgres://user:password@host:5432/database, sqlite:path/to/file.db or sqlite::memory:";

/// A database that can be connected to.
#[derive(Clone)]
pub(crate) enum Connection {
    Postgres(Box<PgConnectOptions>),
    Sqlite { options: Box<SqliteConnectOptions>, in_memory: bool, read_only: bool },
}

impl Connection {
    /// Reads either the connection string or the single settings.
    pub fn parse(options: &DatabaseOptions) -> Result<Self> {
        match (&options.connection, &options.host) {
            (Some(_), Some(_)) => {
                Err(Error::InvalidConnection("give either `connectionString` or `host`, not both".into()))
            }
            (Some(url), None) => Self::from_url(url),
            (None, Some(host)) => Self::from_parts(host, options),
            (None, None) => Err(Error::InvalidConnection(format!(
                "there is neither `connectionString` nor `host`; {ACCEPTED}. An environment variable may be unset."
            ))),
        }
    }

    fn from_url(url: &SecretString) -> Result<Self> {
        let url = url.expose_secret().trim();
        // The text itself stays out of messages: it may hold a password.
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(Error::InvalidConnection(format!("the connection string has no scheme; {ACCEPTED}")));
        };
        match scheme.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => PgConnectOptions::from_str(url)
                .map(|options| Self::Postgres(Box::new(options)))
                .map_err(|_| {
                    Error::InvalidConnection(
                        "the postgres:// URL cannot be read. Percent-encode special characters of the password \
                         (@ is %40, / is %2F, : is %3A, # is %23)"
                            .into(),
                    )
                }),
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(Error::InvalidConnection("the sqlite: URL names no file; use sqlite:path/to/file.db".into()));
                }
                let options = SqliteConnectOptions::from_str(url)
                    .map_err(|_| Error::InvalidConnection("the sqlite: URL cannot be read".into()))?;
                let read_only = path.contains("mode=ro");
                Ok(Self::Sqlite {
                    options: Box::new(options.create_if_missing(!read_only)),
                    in_memory: path.starts_with(":memory:") || path.contains("mode=memory"),
                    read_only,
                })
            }
            "mysql" | "mariadb" => Err(Error::InvalidConnection(format!(
                "{scheme}:// comes with the next release; {ACCEPTED}"
            ))),
            scheme if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
                Err(Error::InvalidConnection(format!("`{scheme}:` is not a supported scheme; {ACCEPTED}")))
            }
            _ => Err(Error::InvalidConnection(format!("the connection string has no scheme; {ACCEPTED}"))),
        }
    }

    fn from_parts(host: &str, options: &DatabaseOptions) -> Result<Self> {
        let mut connect = PgConnectOptions::new_without_pgpass()
            .host(host)
            .port(options.port.unwrap_or(5432))
            .username(options.user.as_deref().unwrap_or("postgres"));
        if let Some(database) = &options.database {
            connect = connect.database(database);
        }
        if let Some(password) = &options.password {
            connect = connect.password(password.expose_secret());
        }
        connect = match &options.ssl {
            None => connect,
            Some(Ssl::Enabled(true)) => connect.ssl_mode(PgSslMode::VerifyFull),
            Some(Ssl::Enabled(false)) => connect.ssl_mode(PgSslMode::Disable),
            Some(Ssl::Detailed { reject_unauthorized, ca, cert, key }) => {
                let verify = reject_unauthorized.unwrap_or(true);
                let mut connect =
                    connect.ssl_mode(if verify { PgSslMode::VerifyFull } else { PgSslMode::Require });
                if let Some(ca) = ca {
                    connect = connect.ssl_root_cert_from_pem(ca.clone().into_bytes());
                }
                if let Some(cert) = cert {
                    connect = connect.ssl_client_cert_from_pem(cert);
                }
                if let Some(key) = key {
                    connect = connect.ssl_client_key_from_pem(key.expose_secret());
                }
                connect
            }
        };
        Ok(Self::Postgres(Box::new(connect)))
    }

    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Sqlite { .. } => Dialect::Sqlite,
        }
    }

    /// Where it leads, for messages; never credentials.
    pub fn target(&self) -> String {
        match self {
            Self::Postgres(options) => {
                let database = options.get_database().unwrap_or(options.get_username());
                match options.get_socket() {
                    Some(socket) => format!("\"{database}\" at {}", socket.display()),
                    None => format!("\"{database}\" at {}:{}", options.get_host(), options.get_port()),
                }
            }
            Self::Sqlite { in_memory: true, .. } => "in memory".into(),
            Self::Sqlite { options, .. } => format!("file {}", options.get_filename().display()),
        }
    }

    /// Who logs in, for messages.
    pub fn user(&self) -> String {
        match self {
            Self::Postgres(options) => options.get_username().to_owned(),
            Self::Sqlite { .. } => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(url: &str) -> String {
        let options: DatabaseOptions =
            serde_json::from_value(serde_json::json!({ "connectionString": url })).unwrap();
        Connection::parse(&options).err().unwrap().to_string()
    }

    #[test]
    fn what_cannot_be_read_is_explained_without_the_secret() {
        for url in ["postgres://u:hunter2@h:port/db", "redis://u:hunter2@h", "u:hunter2@h", "hunter2", ""] {
            let message = message(url);
            assert!(message.starts_with("Invalid database connection: "), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn targets_never_show_credentials() {
        let options: DatabaseOptions =
            serde_json::from_value(serde_json::json!({ "connectionString": "postgres://u:hunter2@h:1/db" }))
                .unwrap();
        assert_eq!(Connection::parse(&options).unwrap().target(), "\"db\" at h:1");
    }
}
