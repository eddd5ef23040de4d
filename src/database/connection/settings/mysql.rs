//! Settings of MySQL and MariaDB: from URLs as mysql2, MySQL's own clients and Prisma read them,
//! and from individual options.

use secrecy::ExposeSecret;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::config::{DatabaseOptions, Ssl};
use crate::database::connection::settings::server_url::{ServerUrl, refuse, unbracketed, warn_unknown};
use crate::database::connection::settings::tls::{TlsMode, UrlTlsParameters, check_file};
use crate::error::{Error, Result};
use crate::tls::extra_authorities;

/// Ignored parameters: those of other drivers' pools, and mysql2's conversions of values. Our
/// values are text in UTF-8 in any case.
const IGNORED_PARAMETERS: [&str; 38] = [
    "allowPublicKeyRetrieval",
    "bigNumberStrings",
    "characterEncoding",
    "charset",
    "charsetNumber",
    "collation",
    "compress",
    "connectAttributes",
    "connectTimeout",
    "connect_timeout",
    "connection_limit",
    "connectionLimit",
    "dateStrings",
    "debug",
    "decimalNumbers",
    "enableKeepAlive",
    "flags",
    "idleTimeout",
    "jsonStrings",
    "keepAliveInitialDelay",
    "maxIdle",
    "maxPreparedStatements",
    "multipleStatements",
    "namedPlaceholders",
    "nestTables",
    "parseTime",
    "pool_timeout",
    "queueLimit",
    "rowsAsArray",
    "serverVersion",
    "socket_timeout",
    "statement-cache-capacity",
    "statement_cache_size",
    "stringifyObjects",
    "supportBigNumbers",
    "trace",
    "typeCast",
    "waitForConnections",
];

/// Parameters that change the login or the server.
const UNSUPPORTED_PARAMETERS: [&str; 7] =
    ["authPlugins", "insecureAuth", "localAddress", "passwordSha1", "sslidentity", "sslpassword", "stream"];

/// Parses a URL.
pub(super) fn from_url(url: ServerUrl) -> Result<MySqlConnectOptions> {
    let mut connect = with_extra_authorities().port(url.port.unwrap_or(3306)).timezone(None);
    if let Some(host) = &url.host {
        connect = with_host(connect, host);
    }
    if let Some(user) = &url.user {
        connect = connect.username(user);
    }
    if let Some(password) = &url.password {
        connect = connect.password(password.expose_secret());
    }
    if let Some(database) = &url.database {
        connect = connect.database(database);
    }
    let (mut encryption, mut detailed) = (UrlTlsParameters::default(), None);
    for (name, value) in &url.parameters {
        // The JSON form of mysql2.
        if name == "ssl" && value.trim_start().starts_with('{') {
            match serde_json::from_str::<Ssl>(value) {
                Ok(ssl) => detailed = Some(ssl),
                Err(_) => {
                    return refuse(name, "must be true, false or JSON such as {\"rejectUnauthorized\":true}");
                }
            }
            continue;
        }
        if encryption.read(name, value)? {
            continue;
        }
        match name.as_str() {
            "sslca" | "ssl-ca" | "sslrootcert" => {
                check_file(name, value)?;
                encryption.trusts(value);
                connect = connect.ssl_ca(value);
            }
            "sslcert" | "ssl-cert" => {
                check_file(name, value)?;
                connect = connect.ssl_client_cert(value);
            }
            "sslkey" | "ssl-key" => {
                check_file(name, value)?;
                connect = connect.ssl_client_key(value);
            }
            "socket" | "socketPath" | "unix_socket" => connect = connect.socket(value),
            "timezone" | "time-zone" => match time_zone(value) {
                Ok(zone) => connect = connect.timezone(zone),
                Err(()) => {
                    return refuse(
                        name,
                        "must be Z, local, an offset such as +02:00 or a zone such as Europe/Vienna",
                    );
                }
            },
            "host" => connect = with_host(connect, unbracketed(value)),
            "user" => connect = connect.username(value),
            "password" => connect = connect.password(value),
            "database" => connect = connect.database(value),
            "port" => match value.parse() {
                Ok(port) => connect = connect.port(port),
                Err(_) => return refuse(name, "must be a number from 1 to 65535"),
            },
            key if UNSUPPORTED_PARAMETERS.contains(&key) => return refuse(name, "is not supported"),
            key if IGNORED_PARAMETERS.contains(&key) => {}
            key => warn_unknown(key)?,
        }
    }
    if let Some(encryption) = encryption.decide()? {
        if detailed.is_some() {
            return refuse(
                "ssl",
                "and another parameter about encryption say the same thing twice; keep one",
            );
        }
        connect = connect.ssl_mode(match encryption {
            TlsMode::Disabled => MySqlSslMode::Disabled,
            TlsMode::Allowed | TlsMode::Preferred => MySqlSslMode::Preferred,
            TlsMode::Required => MySqlSslMode::Required,
            TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
            TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        });
    }
    session(match &detailed {
        Some(ssl) => encrypted(connect, ssl),
        None => connect,
    })
}

/// Reads individual settings.
pub(super) fn from_parts(host: &str, options: &DatabaseOptions) -> Result<MySqlConnectOptions> {
    let mut connect = with_host(with_extra_authorities(), unbracketed(host))
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
        connect = encrypted(connect, ssl);
    }
    session(connect)
}

/// Sets a host, or a Unix socket by its path, as in PostgreSQL's URLs and Cloud SQL's
/// documentation.
fn with_host(connect: MySqlConnectOptions, host: &str) -> MySqlConnectOptions {
    if host.starts_with('/') { connect.socket(host) } else { connect.host(host) }
}

/// Trusts extra authorities beside the system's, until a CA file is set.
fn with_extra_authorities() -> MySqlConnectOptions {
    match extra_authorities().to_pem() {
        Some(pem) => MySqlConnectOptions::new().ssl_ca_from_pem(pem),
        None => MySqlConnectOptions::new(),
    }
}

/// Leaves the session settings to `Driver`, which sends them in one round trip.
fn session(connect: MySqlConnectOptions) -> Result<MySqlConnectOptions> {
    if connect.get_database().is_none() {
        return Err(Error::InvalidConnectionString(
            "it names no database; use mysql://user:password@host:3306/database".into(),
        ));
    }
    Ok(connect.charset("utf8mb4").pipes_as_concat(false).no_engine_substitution(false))
}

/// Returns the time zone in the server's syntax, from mysql2's values; fails on an invalid one.
/// `local` is Node's zone, in which mysql2 reads times; it leaves the session's zone alone.
fn time_zone(value: &str) -> std::result::Result<Option<String>, ()> {
    match value {
        "" | "local" => Ok(None),
        "Z" | "z" | "UTC" | "utc" => Ok(Some("+00:00".to_owned())),
        // A `+` in a query string is decoded as a space.
        zone => {
            let zone = zone.replacen(' ', "+", 1);
            let is_zone =
                zone.len() <= 64 && zone.chars().all(|c| c.is_ascii_alphanumeric() || "+-:/_".contains(c));
            if is_zone { Ok(Some(zone)) } else { Err(()) }
        }
    }
}

fn encrypted(connect: MySqlConnectOptions, ssl: &Ssl) -> MySqlConnectOptions {
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
    use crate::config::DatabaseOptions;
    use crate::database::connection::settings::ConnectionSettings;

    #[test]
    fn reads_a_unix_socket_from_every_notation() {
        let socket = "/cloudsql/project:region:instance";
        for url in [
            // mysql2, Go's and PHP's drivers, Prisma.
            format!("mysql://u:p@/db?socketPath={socket}"),
            format!("mysql://u:p@localhost/db?unix_socket={socket}"),
            format!("mysql://u:p@localhost/db?socket={socket}"),
            // dj-database-url, and Cloud SQL's form for PostgreSQL.
            "mysql://u:p@%2Fcloudsql%2Fproject%3Aregion%3Ainstance/db".to_owned(),
            format!("mysql://u:p@localhost/db?host={socket}"),
        ] {
            let options: DatabaseOptions =
                serde_json::from_value(serde_json::json!({ "connectionString": url })).unwrap();
            let target = ConnectionSettings::parse(&options).unwrap().target();
            assert_eq!(target, format!("\"db\" at {socket}"), "{url}");
        }
    }
}
