//! Connection strings and settings, read without connecting.

use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::sqlite::SqliteConnectOptions;

use crate::config::{DatabaseOptions, ServerDialect, Ssl};
use crate::database::dialect::Dialect;
use crate::error::{Error, Result};

const ACCEPTED: &str = "use postgres://user:password@host:5432/database, mysql://user:password@host:3306/database, \
                        sqlite:path/to/file.db or sqlite::memory:";

/// A database that can be connected to.
#[derive(Clone)]
pub(crate) enum Connection {
    Postgres(Box<PgConnectOptions>),
    /// MySQL or MariaDB.
    MySql(Box<MySqlConnectOptions>),
    Sqlite {
        options: Box<SqliteConnectOptions>,
        in_memory: bool,
        read_only: bool,
    },
}

impl Connection {
    /// Reads either the connection string or the single settings.
    pub fn parse(options: &DatabaseOptions) -> Result<Self> {
        match (&options.connection, &options.host) {
            (Some(_), Some(_)) => {
                Err(Error::InvalidConnection("give either `connectionString` or `host`, not both".into()))
            }
            (Some(url), None) => Self::from_url(url),
            (None, Some(host)) => match options.dialect {
                ServerDialect::Postgres => Ok(Self::postgres(host, options)),
                ServerDialect::MySql => Self::mysql(host, options),
            },
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
            "mysql" | "mariadb" => Self::from_mysql_url(url),
            scheme if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
                Err(Error::InvalidConnection(format!("`{scheme}:` is not a supported scheme; {ACCEPTED}")))
            }
            _ => Err(Error::InvalidConnection(format!("the connection string has no scheme; {ACCEPTED}"))),
        }
    }

    fn from_mysql_url(url: &str) -> Result<Self> {
        let unreadable = |_| {
            Error::InvalidConnection(
                "the mysql:// URL cannot be read. Percent-encode special characters of the password \
                 (@ is %40, / is %2F, : is %3A, # is %23)"
                    .into(),
            )
        };
        let mut connect = MySqlConnectOptions::from_str(url).map_err(unreadable)?;
        let parsed = url::Url::parse(url).map_err(|_| unreadable(sqlx::Error::PoolClosed))?;
        let parameter =
            |name: &str| parsed.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        if let Some(ssl) = parameter("ssl") {
            // As mysql2 takes it: `true`, or JSON.
            let ssl = serde_json::from_str(&ssl).map_err(|_| {
                Error::InvalidConnection(
                    "`ssl` of the mysql:// URL must be true, false or JSON; `?ssl-mode=VERIFY_IDENTITY` works too".into(),
                )
            })?;
            connect = mysql_tls(connect, &ssl);
        }
        let zone = ["timezone", "time-zone"].into_iter().find_map(parameter);
        Self::mysql_session(connect.timezone(zone.map(String::from)))
    }

    fn mysql(host: &str, options: &DatabaseOptions) -> Result<Self> {
        let mut connect = MySqlConnectOptions::new()
            .host(host)
            .port(options.port.unwrap_or(3306))
            .username(options.user.as_deref().unwrap_or("root"))
            .timezone(None);
        if let Some(database) = &options.database {
            connect = connect.database(database);
        }
        if let Some(password) = &options.password {
            connect = connect.password(password.expose_secret());
        }
        if let Some(ssl) = &options.ssl {
            connect = mysql_tls(connect, ssl);
        }
        Self::mysql_session(connect)
    }

    /// Leaves the session to `Executor`, which sets it up in one round trip.
    fn mysql_session(connect: MySqlConnectOptions) -> Result<Self> {
        if connect.get_database().is_none() {
            return Err(Error::InvalidConnection(
                "it names no database; use mysql://user:password@host:3306/database".into(),
            ));
        }
        let connect = connect.charset("utf8mb4").pipes_as_concat(false).no_engine_substitution(false);
        Ok(Self::MySql(Box::new(connect)))
    }

    fn postgres(host: &str, options: &DatabaseOptions) -> Self {
        let mut connect = PgConnectOptions::new_without_pgpass()
            .host(host)
            .port(options.port.unwrap_or(5432))
            .username(options.user.as_deref().unwrap_or("postgres"));
        if host.starts_with('/') {
            // As PostgreSQL's own clients have it: a folder is where the Unix socket is.
            connect = connect.socket(host);
        }
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
        Self::Postgres(Box::new(connect))
    }

    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
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
            Self::MySql(options) => {
                let database = options.get_database().unwrap_or_default();
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
            Self::MySql(options) => options.get_username().to_owned(),
            Self::Sqlite { .. } => String::new(),
        }
    }
}

fn mysql_tls(connect: MySqlConnectOptions, ssl: &Ssl) -> MySqlConnectOptions {
    match ssl {
        Ssl::Enabled(true) => connect.ssl_mode(MySqlSslMode::VerifyIdentity),
        Ssl::Enabled(false) => connect.ssl_mode(MySqlSslMode::Disabled),
        Ssl::Detailed { reject_unauthorized, ca, cert, key } => {
            let verify = reject_unauthorized.unwrap_or(true);
            let mut connect =
                connect.ssl_mode(if verify { MySqlSslMode::VerifyIdentity } else { MySqlSslMode::Required });
            if let Some(ca) = ca {
                connect = connect.ssl_ca_from_pem(ca.clone().into_bytes());
            }
            if let Some(cert) = cert {
                connect = connect.ssl_client_cert_from_pem(cert);
            }
            if let Some(key) = key {
                connect = connect.ssl_client_key_from_pem(key.expose_secret());
            }
            connect
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
    fn targets_never_show_credentials() {
        let options: DatabaseOptions =
            serde_json::from_value(serde_json::json!({ "connectionString": "postgres://u:hunter2@h:1/db" }))
                .unwrap();
        assert_eq!(Connection::parse(&options).unwrap().target(), "\"db\" at h:1");
        let options = serde_json::json!({ "dialect": "mysql", "host": "h", "database": "db", "user": "u", "password": "hunter2" });
        let options: DatabaseOptions = serde_json::from_value(options).unwrap();
        assert_eq!(Connection::parse(&options).unwrap().target(), "\"db\" at h:3306");
    }
}
