//! Options of the database.

use secrecy::SecretString;
use serde::Deserialize;

/// Default prefix of table names.
pub const DEFAULT_TABLE_PREFIX: &str = "ai_receptionist_";

/// A database connection and its options.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseOptions {
    /// Connection string: `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`,
    /// `sqlite:path`, `sqlite://path`, `sqlite::memory:`.
    #[serde(alias = "connectionString")]
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub connection: Option<SecretString>,
    /// Database system of the server at `host`.
    #[serde(default)]
    pub dialect: ServerDialect,
    /// Host name, unless `connection` is given.
    pub host: Option<String>,
    /// Port. Default: the usual port of the database system.
    pub port: Option<u16>,
    /// Database name.
    pub database: Option<String>,
    /// User name.
    pub user: Option<String>,
    /// Password.
    #[serde(default, deserialize_with = "super::secrets::password")]
    pub password: Option<SecretString>,
    /// TLS options. `true` verifies the server's certificate. Default: encrypts if the server
    /// supports it.
    pub ssl: Option<Ssl>,
    /// Naming of prepared statements; `false` leaves them unnamed, as in postgres.js. Statements
    /// are also unnamed where their names could conflict with other clients', as behind a pooler.
    pub prepare: Option<bool>,
    /// Query string of the URL from which the user's client was created.
    pub parameters: Option<String>,
    /// The user's client that runs our statements, instead of our own connection.
    pub client: Option<ClientOptions>,
    /// Creates and extends tables on first use. Default: on.
    pub auto_migrate: Option<bool>,
    /// PostgreSQL schema of the tables. Default: the connection's schema.
    pub schema: Option<String>,
    /// Prefix of all table names. Default: `ai_receptionist_`.
    pub table_prefix: Option<String>,
    /// Tenant whose rows are read and written. Without it, rows without a tenant.
    pub tenant_id: Option<String>,
    /// Keeps the lexical index of memories, by which they are retrieved. Default: on.
    pub recall: Option<bool>,
    /// Takes options that are not given here from the receptionist's `database`.
    #[serde(default)]
    pub inherit: bool,
    /// Connection pool options.
    #[serde(default)]
    pub pool: PoolOptions,
}

/// A database system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerDialect {
    /// PostgreSQL.
    #[default]
    Postgres,
    /// MySQL or MariaDB.
    MySql,
}

/// Properties of a client that the user passed.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientOptions {
    /// Dialect: `postgres`, `mysql` or `sqlite`.
    pub dialect: String,
    /// Address of the database for messages, without credentials.
    pub target: String,
    /// User name for messages.
    pub user: Option<String>,
    /// The client is one of the user's transactions.
    #[serde(default)]
    pub transaction: bool,
    /// The client is a single connection, not a pool.
    #[serde(default)]
    pub single: bool,
    /// The client writes values into the SQL and escapes quotes with backslashes.
    #[serde(default)]
    pub writes_values: bool,
}

/// TLS towards the database server.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "must be true, false, or an object with `rejectUnauthorized`, `ca`, `cert` and `key`"
)]
pub enum Ssl {
    /// On or off: `true` requires and verifies TLS, `false` disables it.
    Enabled(bool),
    /// Detailed options, as in node-postgres and mysql2.
    #[serde(rename_all = "camelCase")]
    Detailed {
        /// Certificate verification; `false` accepts any certificate.
        reject_unauthorized: Option<bool>,
        /// Trusted certificate authority, in PEM format.
        ca: Option<String>,
        /// Client certificate, in PEM format.
        cert: Option<String>,
        /// Client key, in PEM format.
        key: Option<SecretString>,
    },
}

/// Connection pool options, named as in node-postgres.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PoolOptions {
    /// Maximum number of connections. Default: 10.
    pub max: Option<u32>,
    /// Maximum idle time of a connection in milliseconds. Default: 600,000.
    pub idle_timeout_millis: Option<u64>,
    /// Maximum time to acquire a working connection in milliseconds. Default: 10,000.
    pub connection_timeout_millis: Option<u64>,
    /// Maximum time of a statement in milliseconds. Default: 30,000.
    pub query_timeout_millis: Option<u64>,
}
