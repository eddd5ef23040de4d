//! The database and how to use it.

use secrecy::SecretString;
use serde::Deserialize;

/// Prefix of table names when none is given.
pub const DEFAULT_TABLE_PREFIX: &str = "ai_receptionist_";

/// A database and how to use it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseOptions {
    /// `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path`,
    /// `sqlite::memory:`.
    #[serde(alias = "connectionString")]
    pub connection: Option<SecretString>,
    /// What the server at `host` speaks.
    #[serde(default)]
    pub dialect: ServerDialect,
    /// Server, unless `connection` is given.
    pub host: Option<String>,
    /// Port; the server's usual one unless given.
    pub port: Option<u16>,
    /// Database name.
    pub database: Option<String>,
    /// User name.
    pub user: Option<String>,
    /// Password.
    pub password: Option<SecretString>,
    /// `true` verifies the server's certificate; absent encrypts when the server can.
    pub ssl: Option<Ssl>,
    /// A client of the user's that runs our statements, instead of a connection of ours.
    pub client: Option<ClientOptions>,
    /// Create and extend tables on first use; on unless given.
    pub auto_migrate: Option<bool>,
    /// PostgreSQL schema of the tables; the connection's own unless given.
    pub schema: Option<String>,
    /// Prefix of all table names.
    pub table_prefix: Option<String>,
    /// Whose rows are read and written; without it, those of nobody in particular.
    pub tenant_id: Option<String>,
    /// Whether a receptionist's `database` decides what is not given here.
    #[serde(default)]
    pub inherit: bool,
    /// Connection pool.
    #[serde(default)]
    pub pool: PoolOptions,
}

/// What a database server speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerDialect {
    /// PostgreSQL.
    #[default]
    Postgres,
    /// MySQL or MariaDB.
    MySql,
}

/// What was read off a client of the user's.
#[derive(Debug, Clone, Deserialize)]
pub struct ClientOptions {
    /// `postgres`, `mysql` or `sqlite`.
    pub dialect: String,
    /// Where it leads, for messages; never credentials.
    pub target: String,
    /// Who logs in, for messages.
    pub user: Option<String>,
    /// Whether it is one transaction of the user's.
    #[serde(default)]
    pub transaction: bool,
    /// Whether it is one connection, not a pool.
    #[serde(default)]
    pub single: bool,
}

/// TLS towards the database server.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Ssl {
    /// `true`: required and verified; `false`: off.
    Enabled(bool),
    /// In detail, as node-postgres and mysql2 take it.
    #[serde(rename_all = "camelCase")]
    Detailed {
        /// `false` accepts any certificate.
        reject_unauthorized: Option<bool>,
        /// PEM of the authority to trust.
        ca: Option<String>,
        /// PEM of the client certificate.
        cert: Option<String>,
        /// PEM of the client key.
        key: Option<SecretString>,
    },
}

/// Connection pool, named as in node-postgres.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PoolOptions {
    /// Connections at most; 10 unless given.
    pub max: Option<u32>,
    /// Milliseconds an unused connection stays open; 600,000 unless given.
    pub idle_timeout_millis: Option<u64>,
    /// Milliseconds in which a call finds a connection that works; 10,000 unless given.
    pub connection_timeout_millis: Option<u64>,
    /// Milliseconds in which the database answers a statement; 30,000 unless given.
    pub query_timeout_millis: Option<u64>,
}
