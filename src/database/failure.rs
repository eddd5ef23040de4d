//! What a driver's error means to the caller.

use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;

use crate::error::{Cause, Error};

const TOO_MANY: &str = "the server has too many connections. Lower `pool.max` or raise max_connections.";
const STARTING: &str = "the server is starting up or shutting down.";
const CLOSED: &str = "the server closed the connection.";

/// Where a failure happened, for the message.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub target: String,
    pub user: String,
    pub acquire_timeout_ms: u128,
}

impl Place {
    /// The caller's error for a driver's error while doing `action`.
    pub fn explain(&self, action: &str, error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::Database(refusal) => {
                let (code, message) = (code(refusal.as_ref()), refusal.message().to_owned());
                Situation::of(refusal.as_ref()).into_error(self, action, &code, message, Arc::new(error))
            }
            sqlx::Error::PoolTimedOut => Error::PoolTimeout(self.acquire_timeout_ms),
            sqlx::Error::PoolClosed => Error::Disposed("The database connection"),
            // rustls, about a certificate.
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
                let reason =
                    format!("{io}. Check host, port and firewall, and what the server is busy with.");
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
            _ => Error::DatabaseFailed {
                action: action.to_owned(),
                reason: error.to_string(),
                cause: Some(Arc::new(error)),
            },
        }
    }

    /// The database cannot be reached.
    pub fn unreachable(&self, reason: &str, cause: Option<Cause>) -> Error {
        Error::DatabaseUnreachable { target: self.target.clone(), reason: reason.to_owned(), cause }
    }
}

/// Whether what failed may succeed when it is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// On another connection, once the server is back: nobody knows what became of what was asked.
    Lost,
    /// Later, on the same connection.
    Busy,
    /// At once: another transaction won. This one was rolled back, or will be when its connection closes.
    Conflict,
    /// Not by itself.
    Lasting,
}

impl Fault {
    pub fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(refusal) => Situation::of(refusal.as_ref()).fault(),
            sqlx::Error::Io(io) if io.kind() != std::io::ErrorKind::InvalidData => Self::Lost,
            // A login that was cut.
            sqlx::Error::Tls(error) if error.downcast_ref::<std::io::Error>().is_some_and(is_cut) => {
                Self::Lost
            }
            sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Self::Lost,
            _ => Self::Lasting,
        }
    }
}

fn is_cut(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};

    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// What it means that a database does not answer.
pub(crate) fn unanswered(limit: Duration) -> sqlx::Error {
    let reason = format!("no answer within {:.1} s", limit.as_secs_f32());
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, reason))
}

/// Why a database refused something.
pub(crate) enum Situation {
    Login,
    NoDatabase,
    NoPrivilege,
    /// It cannot be reached, and that will not change by itself.
    Unreachable(&'static str),
    /// It is away, or ended the connection.
    Away(&'static str),
    /// Others keep it from that.
    Busy(&'static str),
    Conflict,
    /// A server that was demoted, or a standby.
    ReadOnly,
    Full,
    BadData,
    /// An upsert met a row of another tenant.
    OtherTenant,
    Other,
}

/// What SQLite says of `Dialect::guarded_tenant`.
pub(crate) const SQLITE_OVERFLOW: &str = "integer overflow";

impl Situation {
    fn of(refusal: &dyn DatabaseError) -> Self {
        if refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            let overflows = refusal.message().contains(SQLITE_OVERFLOW);
            return if overflows { Self::OtherTenant } else { Self::of_sqlite(sqlite_code(refusal)) };
        }
        if let Some(number) = mysql_number(refusal) {
            return Self::of_mysql(number);
        }
        Self::of_sqlstate(&code(refusal))
    }

    pub fn fault(&self) -> Fault {
        match self {
            Self::Away(_) | Self::ReadOnly => Fault::Lost,
            Self::Busy(_) => Fault::Busy,
            Self::Conflict => Fault::Conflict,
            _ => Fault::Lasting,
        }
    }

    /// By SQLite's primary result code.
    pub fn of_sqlite(code: u32) -> Self {
        match code {
            3 | 23 => Self::NoPrivilege,
            5 | 6 => Self::Busy("another process keeps it locked. Close long transactions in it."),
            8 => Self::NoPrivilege,
            14 => Self::Unreachable(
                "the file cannot be opened. Does its folder exist, and may this user write there?",
            ),
            13 => Self::Full,
            26 => Self::Unreachable("the file is not a SQLite database."),
            _ => Self::Other,
        }
    }

    /// By the SQLSTATE that PostgreSQL gives.
    pub fn of_sqlstate(code: &str) -> Self {
        match code {
            "28P01" | "28000" => Self::Login,
            "3D000" => Self::NoDatabase,
            "42501" => Self::NoPrivilege,
            "25006" => Self::ReadOnly,
            "53100" => Self::Full,
            "53300" => Self::Away(TOO_MANY),
            "57P01" | "57P02" | "57P03" => Self::Away(STARTING),
            code if code.starts_with("08") || code.starts_with("57P") => Self::Away(CLOSED),
            // Serialization, deadlock, a lock that was not given in time.
            "40001" | "40P01" | "55P03" => Self::Conflict,
            // A division by zero.
            "22012" => Self::OtherTenant,
            code if code.starts_with("22") => Self::BadData,
            _ => Self::Other,
        }
    }

    /// By MySQL's and MariaDB's error numbers; their SQLSTATEs say less.
    pub fn of_mysql(number: u16) -> Self {
        match number {
            1045 | 1698 | 1251 | 1862 | 1820 | 3118 => Self::Login,
            1049 => Self::NoDatabase,
            1044 | 1142 | 1143 | 1227 | 1370 => Self::NoPrivilege,
            1290 | 1792 | 1836 => Self::ReadOnly,
            1021 | 1114 => Self::Full,
            1040 | 1203 | 1226 => Self::Away(TOO_MANY),
            1129 | 1130 => Self::Unreachable("the server does not accept connections from this host."),
            1047 | 1053 | 1077 | 1079 => Self::Away(STARTING),
            1080 | 1152 | 1158..=1161 | 1184 | 1927 | 2000..=2065 | 4031 => Self::Away(CLOSED),
            // Lock wait timeout, deadlock, and MariaDB's "record has changed since last read".
            1205 | 1213 | 1020 => Self::Conflict,
            // An integer beyond its range.
            1690 => Self::OtherTenant,
            // Texts that quote the value.
            1048 | 1062 | 1264 | 1265 | 1292 | 1366 | 1406 | 3140..=3145 | 3156 | 4025 => Self::BadData,
            _ => Self::Other,
        }
    }

    /// The caller's error for it; `code` and `message` are the database's.
    pub fn into_error(self, place: &Place, action: &str, code: &str, message: String, cause: Cause) -> Error {
        let target = place.target.clone();
        match self {
            Self::Login => Error::DatabaseAuthenticationFailed { target, user: place.user.clone(), cause },
            Self::NoDatabase => Error::DatabaseNotFound { target, cause },
            Self::NoPrivilege => Error::DatabasePermissionDenied {
                action: action.to_owned(),
                advice: format!("Grant it to the role that connects to {target}."),
                cause,
            },
            Self::ReadOnly => Error::DatabasePermissionDenied {
                action: action.to_owned(),
                advice: format!("{target} is read-only, as a standby is: connect to the primary."),
                cause,
            },
            Self::Unreachable(advice) | Self::Away(advice) | Self::Busy(advice) => {
                place.unreachable(advice, Some(cause))
            }
            Self::Conflict => place.unreachable(
                "other transactions keep the rows locked. Close long transactions in other processes.",
                Some(cause),
            ),
            Self::Full => Error::DatabaseFull { target, cause },
            // The text of data errors quotes the data.
            Self::BadData => Error::DatabaseFailed {
                action: action.to_owned(),
                reason: format!("a value does not fit its column ({code})"),
                cause: None,
            },
            Self::OtherTenant => Error::TenantConflict { action: action.to_owned() },
            Self::Other => {
                Error::DatabaseFailed { action: action.to_owned(), reason: message, cause: Some(cause) }
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
