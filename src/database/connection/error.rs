//! Errors of the native drivers, mapped to the caller's errors.

use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;

use crate::database::connection::error_kind::{DatabaseErrorKind, Retryability};
use crate::database::connection::login::{advice_for_mysql, advice_for_sqlstate};
use crate::database::connection::pooler;
use crate::error::{Cause, Error};

const TOO_MANY_CONNECTIONS: &str =
    "the server has too many connections. Lower `pool.max` or raise max_connections.";
const STARTING: &str = "the server is starting up or shutting down.";
const CLOSED: &str = "the server closed the connection.";
const UNEXPECTED_PROTOCOL: &str =
    "the server there does not speak the protocol of the URL. Check scheme, host and port.";
const STATEMENT_NAME_CLASH: &str = "a pooler mixes up the prepared statements of its clients. Turn named statements off: `?pgbouncer=true` in the URL, or \
                        `prepare: false` of postgres.js.";
const TOO_MANY_STATEMENTS: &str =
    "the server has as many prepared statements as max_prepared_stmt_count allows. Raise it.";

/// Advice for a database that accepts no writes.
pub(crate) const READ_ONLY: &str = "is read-only, as a standby is: connect to the primary.";

/// The action of connecting. No data is sent before it.
pub(crate) const CONNECT_ACTION: &str = "connect";

/// Context of a failure, for its message.
#[derive(Debug, Clone)]
pub(crate) struct ErrorContext {
    pub target: String,
    pub user: String,
    pub acquire_timeout_ms: u128,
}

impl ErrorContext {
    /// Converts a driver's error during `action` to the caller's error.
    pub fn to_error(&self, action: &str, error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::Database(refusal) => {
                let (code, message) = (code(refusal.as_ref()), refusal.message().to_owned());
                DatabaseErrorKind::of(refusal.as_ref()).into_error(
                    self,
                    action,
                    &code,
                    message,
                    Arc::new(error),
                )
            }
            sqlx::Error::PoolTimedOut => Error::PoolTimeout(self.acquire_timeout_ms),
            sqlx::Error::PoolClosed => Error::Disposed("The database connection"),
            // From rustls, about a certificate.
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
                let reason = format!("{error}. Check the `ssl` option and the server's certificate.");
                self.unreachable(&reason, Some(Arc::new(error)))
            }
            sqlx::Error::Configuration(reason) if reason.to_string().contains("RSA auth") => {
                let reason = "this login sends a password and the connection is not encrypted. Leave `ssl` out, or turn \
                              it on.";
                self.unreachable(reason, Some(Arc::new(error)))
            }
            sqlx::Error::Encode(reason) => {
                Error::Internal(format!("a parameter could not be encoded: {reason}"))
            }
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::TimedOut => {
                let reason = format!("{io}. Check host, port and firewall, and the load of the server.");
                self.unreachable(&reason, None)
            }
            sqlx::Error::Io(_) => {
                let reason = format!("{error}. Is the server running, and are host and port right?");
                self.unreachable(&reason, Some(Arc::new(error)))
            }
            sqlx::Error::Tls(_) => {
                let reason = format!("{error}. Check the `ssl` option and the server's certificate.");
                self.unreachable(&reason, Some(Arc::new(error)))
            }
            // The error's text names lines in the driver's source.
            sqlx::Error::Protocol(_) => self.unreachable(UNEXPECTED_PROTOCOL, None),
            _ => Error::DatabaseQueryFailed {
                action: action.to_owned(),
                reason: error.to_string(),
                cause: Some(Arc::new(error)),
            },
        }
    }

    /// Creates the error of a database that cannot be reached.
    pub fn unreachable(&self, reason: &str, cause: Option<Cause>) -> Error {
        Error::DatabaseUnreachable { target: self.target.clone(), reason: reason.to_owned(), cause }
    }
}

impl Retryability {
    pub fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(refusal) => DatabaseErrorKind::of(refusal.as_ref()).retryability(),
            sqlx::Error::Io(io) if io.kind() != std::io::ErrorKind::InvalidData => Self::ConnectionLost,
            // A login that was cut off.
            sqlx::Error::Tls(error) if error.downcast_ref::<std::io::Error>().is_some_and(is_cut) => {
                Self::ConnectionLost
            }
            sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Self::ConnectionLost,
            _ => Self::Permanent,
        }
    }
}

fn is_cut(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};

    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// Creates the error of a database that did not answer in time.
pub(crate) fn timed_out(limit: Duration) -> sqlx::Error {
    let reason = format!("no answer within {:.1} s", limit.as_secs_f32());
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, reason))
}

/// SQLite's message when `Dialect::tenant_conflict_check` fails.
pub(crate) const SQLITE_INTEGER_OVERFLOW: &str = "integer overflow";

impl DatabaseErrorKind {
    fn of(refusal: &dyn DatabaseError) -> Self {
        if refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            let overflows = refusal.message().contains(SQLITE_INTEGER_OVERFLOW);
            return if overflows { Self::TenantConflict } else { Self::of_sqlite(sqlite_code(refusal)) };
        }
        if let Some(number) = mysql_number(refusal) {
            return Self::of_mysql(number, refusal.message());
        }
        Self::of_sqlstate(&code(refusal), refusal.message())
    }

    /// Maps SQLite's primary result code.
    pub fn of_sqlite(code: u32) -> Self {
        match code {
            3 | 23 => Self::PermissionDenied,
            5 | 6 => Self::Busy("another process keeps it locked. Close long transactions in it."),
            8 => Self::PermissionDenied,
            14 => Self::Unreachable(
                "the file cannot be opened. Does its folder exist, and may this user write there?",
            ),
            13 => Self::DiskFull,
            26 => Self::Unreachable("the file is not a SQLite database."),
            _ => Self::Other,
        }
    }

    /// Maps the SQLSTATE and the message of PostgreSQL, or of a pooler in front of it.
    pub fn of_sqlstate(code: &str, message: &str) -> Self {
        if let Some(error_kind) = pooler::error_kind(code, message) {
            return error_kind;
        }
        if let Some(advice) = advice_for_sqlstate(code, message) {
            return Self::AuthenticationFailed(advice);
        }
        match code {
            "08P01" if message.contains("startup parameter") => Self::ParameterRejected,
            // The statement does not exist, or there is another one of its name: nothing was
            // executed.
            "26000" | "42P05" => Self::Unavailable(STATEMENT_NAME_CLASH),
            "3D000" => Self::DatabaseDoesNotExist,
            "42501" => Self::PermissionDenied,
            "25006" => Self::ReadOnly,
            "53100" => Self::DiskFull,
            "53300" => Self::Unavailable(TOO_MANY_CONNECTIONS),
            "57P01" | "57P02" | "57P03" => Self::Unavailable(STARTING),
            code if code.starts_with("08") => Self::ConnectionClosed,
            code if code.starts_with("57P") => Self::Unavailable(CLOSED),
            // Serialization failure, deadlock, lock timeout.
            "40001" | "40P01" | "55P03" => Self::Conflict,
            // Division by zero.
            "22012" => Self::TenantConflict,
            code if code.starts_with("22") => Self::InvalidData,
            _ => Self::Other,
        }
    }

    /// Maps error numbers of MySQL and MariaDB. Their SQLSTATEs say less.
    pub fn of_mysql(number: u16, message: &str) -> Self {
        if let Some(advice) = advice_for_mysql(number, message) {
            return Self::AuthenticationFailed(advice);
        }
        match number {
            1049 => Self::DatabaseDoesNotExist,
            1044 | 1142 | 1143 | 1227 | 1370 => Self::PermissionDenied,
            1290 | 1792 | 1836 => Self::ReadOnly,
            1021 | 1114 => Self::DiskFull,
            1040 | 1203 | 1226 => Self::Unavailable(TOO_MANY_CONNECTIONS),
            1129 | 1130 => Self::Unreachable("the server does not accept connections from this host."),
            1047 | 1053 | 1077 | 1079 => Self::Unavailable(STARTING),
            // ProxySQL.
            9001 => Self::PoolerUnavailable(pooler::NO_SERVER),
            1080 | 1152 | 1158..=1161 | 1184 | 1927 | 2000..=2065 | 4031 => Self::Unavailable(CLOSED),
            // Lock wait timeout, deadlock, and MariaDB's "record has changed since last read".
            1205 | 1213 | 1020 => Self::Conflict,
            1461 => Self::Busy(TOO_MANY_STATEMENTS),
            // Integer out of range.
            1690 => Self::TenantConflict,
            // Messages that quote the value.
            1048 | 1062 | 1264 | 1265 | 1292 | 1366 | 1406 | 3140..=3145 | 3156 | 4025 => Self::InvalidData,
            _ => Self::Other,
        }
    }

    /// Converts this to the caller's error; `code` and `message` are the database's.
    pub fn into_error(
        self,
        context: &ErrorContext,
        action: &str,
        code: &str,
        message: String,
        cause: Cause,
    ) -> Error {
        let target = context.target.clone();
        match self {
            Self::AuthenticationFailed(advice) => {
                Error::DatabaseAuthenticationFailed { target, user: context.user.clone(), advice, cause }
            }
            Self::ParameterRejected => {
                let reason = format!(
                    "a pooler or proxy in front of it rejected a parameter of the connection: {message}. Leave that parameter out."
                );
                context.unreachable(&reason, Some(cause))
            }
            Self::ConnectionClosed => context.unreachable(
                &format!("the server, or something in front of it, ended the connection: {message}."),
                Some(cause),
            ),
            Self::PoolerUnavailable(advice) => context
                .unreachable(&format!("a pooler in front of it says: {message}. {advice}"), Some(cause)),
            Self::DatabaseDoesNotExist => Error::DatabaseNotFound { target, cause },
            Self::PermissionDenied => Error::DatabasePermissionDenied {
                action: action.to_owned(),
                advice: format!("Grant it to the role that connects to {target}."),
                cause,
            },
            Self::ReadOnly => Error::DatabasePermissionDenied {
                action: action.to_owned(),
                advice: format!("{target} {READ_ONLY}"),
                cause,
            },
            Self::Unreachable(advice) | Self::Unavailable(advice) | Self::Busy(advice) => {
                context.unreachable(advice, Some(cause))
            }
            Self::Conflict => context.unreachable(
                "other transactions keep the rows locked. Close long transactions in other processes.",
                Some(cause),
            ),
            Self::DiskFull => Error::DatabaseDiskFull { target, cause },
            // A setting of the session.
            Self::InvalidData if action == CONNECT_ACTION => {
                Error::DatabaseQueryFailed { action: action.to_owned(), reason: message, cause: Some(cause) }
            }
            // Messages of data errors quote the data.
            Self::InvalidData => Error::DatabaseQueryFailed {
                action: action.to_owned(),
                reason: format!("a value does not fit its column ({code})"),
                cause: None,
            },
            Self::TenantConflict => Error::TenantConflict { action: action.to_owned() },
            Self::Other => {
                Error::DatabaseQueryFailed { action: action.to_owned(), reason: message, cause: Some(cause) }
            }
        }
    }
}

fn mysql_number(refusal: &dyn DatabaseError) -> Option<u16> {
    refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(|error| error.number())
}

fn code(refusal: &dyn DatabaseError) -> String {
    refusal.code().map(|code| code.into_owned()).unwrap_or_default()
}

fn sqlite_code(refusal: &dyn DatabaseError) -> u32 {
    code(refusal).parse::<u32>().unwrap_or_default() & 0xff
}
