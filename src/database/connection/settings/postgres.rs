//! Settings of PostgreSQL: from URLs as libpq, node-postgres, postgres.js and Prisma read them, and
//! from individual options.

use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::form_urlencoded;

use crate::config::{DatabaseOptions, Ssl};
use crate::database::connection::driver::PostgresSettings;
use crate::database::connection::settings::server_url::{
    ServerUrl, parameters, parse_bool, refuse, unbracketed, warn_unknown,
};
use crate::database::connection::settings::tls::{TlsMode, UrlTlsParameters, check_file};
use crate::error::{Error, Result};
use crate::tls::extra_authorities;

/// Ignored parameters: those of other drivers' pools, and connection settings that change nothing
/// about what is read or written.
const IGNORED_PARAMETERS: [&str; 22] = [
    "channel_binding",
    "connect_timeout",
    "connection_limit",
    "gsslib",
    "gssdelegation",
    "keepAlive",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "pool_timeout",
    "query_timeout",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "supa",
    "tcp_user_timeout",
    "uselibpqcompat",
];

/// Parameters that change the kind of connection, or its target.
const UNSUPPORTED_PARAMETERS: [&str; 15] = [
    "gssencmode",
    "passfile",
    "replication",
    "require_auth",
    "requirepeer",
    "service",
    "servicefile",
    "sslcertmode",
    "sslcrl",
    "sslcrldir",
    "sslidentity",
    "sslnegotiation",
    "sslpassword",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
];

/// Parameters for the address and the login.
const ENDPOINT_PARAMETERS: [&str; 9] = [
    "database",
    "dbname",
    "fallback_application_name",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "user",
];

/// Session settings that are sent when the session starts.
const SESSION_PARAMETERS: [&str; 5] =
    ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "search_path", "role"];

/// Parses a URL.
pub(super) fn from_url(url: ServerUrl) -> Result<PostgresSettings> {
    let mut options = with_extra_authorities(endpoint_and_login(&url)?);
    let (mut encryption, mut names) = (UrlTlsParameters::default(), true);
    for (name, value) in &url.parameters {
        if encryption.read(name, value)? {
            continue;
        }
        if let Some(says) = allows_named_statements(name, value) {
            names &= says;
            continue;
        }
        match name.as_str() {
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => {
                encryption.trusts(value);
                if value != "system" {
                    check_file(name, value)?;
                    options = options.ssl_root_cert(value);
                }
            }
            "sslcert" | "ssl-cert" => {
                check_file(name, value)?;
                options = options.ssl_client_cert(value);
            }
            "sslkey" | "ssl-key" => {
                check_file(name, value)?;
                options = options.ssl_client_key(value);
            }
            "sslnegotiation" if value == "postgres" => {}
            "ssl_min_protocol_version" if value != "TLSv1.3" => {}
            "sslcertmode" if value == "allow" => {}
            "gssencmode" if value != "require" => {}
            "application_name" => options = options.application_name(value),
            "fallback_application_name" if options.get_application_name().is_none() => {
                options = options.application_name(value);
            }
            key if key.starts_with("options[") && key.ends_with(']') => {
                options = options.options([(&key["options[".len()..key.len() - 1], value)]);
            }
            key if SESSION_PARAMETERS.contains(&key) => options = options.options([(key, value)]),
            "client_encoding" | "encoding" | "charset" => {
                if !["utf8", "utf-8", "auto", "unicode"].contains(&value.to_ascii_lowercase().as_str()) {
                    return refuse(name, "must be utf8, or left out");
                }
            }
            "target_session_attrs" => {
                if !["any", "read-write", "primary"].contains(&value.as_str()) {
                    return refuse(name, "must be read-write, primary or any: rows are written there");
                }
            }
            "replication" if parse_bool(value) == Some(false) => {}
            "schema" | "currentSchema" if value == "public" => {}
            "schema" | "currentSchema" => {
                return refuse(name, "has no effect here: use the option `schema` of the database instead");
            }
            key if UNSUPPORTED_PARAMETERS.contains(&key) => {
                return refuse(name, "is not supported, or not with this value");
            }
            key if ENDPOINT_PARAMETERS.contains(&key) || IGNORED_PARAMETERS.contains(&key) => {}
            key => warn_unknown(key)?,
        }
    }
    if let Some(encryption) = encryption.decide()? {
        options = options.ssl_mode(match encryption {
            TlsMode::Disabled => PgSslMode::Disable,
            TlsMode::Allowed => PgSslMode::Allow,
            TlsMode::Preferred => PgSslMode::Prefer,
            TlsMode::Required => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        });
    }
    Ok(settings(options, names))
}

/// Reads individual settings.
pub(super) fn from_parts(host: &str, options: &DatabaseOptions) -> PostgresSettings {
    let host = unbracketed(host);
    let mut connect = with_extra_authorities(PgConnectOptions::new_without_pgpass())
        .host(host)
        .port(options.port.unwrap_or(5432))
        .username(options.user.as_deref().unwrap_or("postgres"));
    if host.starts_with('/') {
        // As in PostgreSQL's own clients: a path is the folder of the Unix socket.
        connect = connect.socket(host);
    }
    if let Some(database) = &options.database {
        connect = connect.database(database);
    }
    if let Some(password) = &options.password {
        connect = connect.password(password.expose_secret());
    }
    let connect = match &options.ssl {
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
    let said = parameters(options.parameters.as_deref().unwrap_or_default().trim_start_matches('?'));
    let refused = said.iter().any(|(name, value)| allows_named_statements(name, value) == Some(false));
    settings(connect, options.prepare != Some(false) && !refused)
}

/// Creates settings without `extra_float_digits`, which poolers refuse. Numbers keep all digits
/// anyway, because results are read as text.
fn settings(options: PgConnectOptions, names: bool) -> PostgresSettings {
    PostgresSettings { options: options.extra_float_digits(None), names }
}

/// Returns whether a driver's parameter allows named prepared statements. Returns `None` for an
/// unrelated parameter.
fn allows_named_statements(name: &str, value: &str) -> Option<bool> {
    let says = match name {
        // Prisma, and Supabase's URLs.
        "pgbouncer" => parse_bool(value) != Some(true),
        // postgres.js.
        "prepare" => parse_bool(value) != Some(false),
        "no_prepare" => parse_bool(value) != Some(true),
        // Prisma, asyncpg, SQLAlchemy, sqlx, pgx, pgjdbc, Npgsql, and PgBouncer's own term.
        "statement_cache_size"
        | "prepared_statement_cache_size"
        | "statement-cache-capacity"
        | "statement_cache_capacity"
        | "description_cache_capacity"
        | "prepareThreshold"
        | "prepare_threshold"
        | "preparedStatementCacheQueries"
        | "max_prepared_statements"
        | "maxPreparedStatements"
        | "Max Auto Prepare" => value != "0" && value != "None",
        // Rails, Django, lib/pq.
        "prepared_statements" | "server_side_binding" => parse_bool(value) != Some(false),
        "binary_parameters" | "prefer_simple_protocol" => parse_bool(value) != Some(true),
        // pgx, pgjdbc.
        "default_query_exec_mode" => value == "cache_statement",
        "statement_cache_mode" => value == "prepare",
        "preferQueryMode" => value.starts_with("extendedCache") || value == "extended",
        _ => return None,
    };
    Some(says)
}

/// Trusts extra authorities beside the system's, unless a root certificate is configured.
fn with_extra_authorities(connect: PgConnectOptions) -> PgConnectOptions {
    match extra_authorities().to_pem() {
        Some(pem) if std::env::var_os("PGSSLROOTCERT").is_none() => connect.ssl_root_cert_from_pem(pem),
        _ => connect,
    }
}

/// Reads the address and the login. Values missing in the URL come from the `PG…` variables and
/// `.pgpass`, as in libpq.
fn endpoint_and_login(url: &ServerUrl) -> Result<PgConnectOptions> {
    let given = |names: &[&str]| {
        let found = url
            .parameters
            .iter()
            .rev()
            .find(|(name, value)| names.contains(&name.as_str()) && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let host = given(&["hostaddr"]).or(given(&["host"])).or(url.host.as_deref());
    if host.is_some_and(|host| host.contains(',')) {
        return refuse("host", "names several hosts; name one");
    }
    let host = host.map(unbracketed);
    let port = match given(&["port"]) {
        None => url.port,
        Some(port) => match port.parse() {
            Ok(port) => Some(port),
            Err(_) => return refuse("port", "must be a number from 1 to 65535"),
        },
    };
    let port_text = port.map(|port: u16| port.to_string());
    let password = url.password.as_ref().map(|password| password.expose_secret());
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("host", host),
        ("port", port_text.as_deref()),
        ("user", given(&["user"]).or(url.user.as_deref())),
        ("password", given(&["password"]).or(password)),
        ("dbname", given(&["dbname", "database"]).or(url.database.as_deref())),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    for (_, value) in url.parameters.iter().filter(|(name, _)| name == "options") {
        query.append_pair("options", value);
    }
    // As a URL, because sqlx reads `.pgpass` only for URLs.
    PgConnectOptions::from_str(&format!("postgres:///?{}", query.finish()))
        .map_err(|_| Error::InvalidConnectionString("the postgres:// URL cannot be read".into()))
}
