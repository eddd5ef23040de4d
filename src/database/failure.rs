//! What a driver's error means to the caller.

use std::sync::Arc;

use sqlx::error::DatabaseError;

use crate::error::{Cause, Error};

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

/// Whether trying again at once may succeed: SQLite was busy with another process.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY and SQLITE_LOCKED, in the low byte of extended codes.
    matches!(error, sqlx::Error::Database(refusal)
        if refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
            && matches!(sqlite_code(refusal.as_ref()), 5 | 6))
}

/// Whether the same statements may succeed at once: MySQL let another transaction win. It rolled this
/// one back, or will when its connection closes.
pub(crate) fn is_conflict(error: &sqlx::Error) -> bool {
    // Lock wait timeout, deadlock, and MariaDB's "record has changed since last read".
    matches!(error, sqlx::Error::Database(refusal) if matches!(mysql_number(refusal.as_ref()), Some(1205 | 1213 | 1020)))
}

pub(crate) enum Situation {
    Login,
    NoDatabase,
    NoPrivilege,
    Unreachable(&'static str),
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

    /// By SQLite's primary result code.
    pub fn of_sqlite(code: u32) -> Self {
        match code {
            3 | 23 => Self::NoPrivilege,
            5 | 6 => Self::Unreachable("another process keeps it locked. Close long transactions in it."),
            8 => Self::NoPrivilege,
            14 => Self::Unreachable(
                "the file cannot be opened. Does its folder exist, and may this user write there?",
            ),
            26 => Self::Unreachable("the file is not a SQLite database."),
            _ => Self::Other,
        }
    }

    /// By the SQLSTATE that PostgreSQL gives.
    pub fn of_sqlstate(code: &str) -> Self {
        match code {
            "28P01" | "28000" => Self::Login,
            "3D000" => Self::NoDatabase,
            "42501" | "25006" => Self::NoPrivilege,
            "53300" => Self::Unreachable(
                "the server has too many connections. Lower `pool.max` or raise max_connections.",
            ),
            "57P03" => Self::Unreachable("the server is starting up or shutting down."),
            code if code.starts_with("08") || code.starts_with("57P") => {
                Self::Unreachable("the server closed the connection.")
            }
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
            1044 | 1142 | 1143 | 1227 | 1290 | 1370 | 1792 | 1836 => Self::NoPrivilege,
            1040 | 1203 | 1226 => Self::Unreachable(
                "the server has too many connections. Lower `pool.max` or raise max_connections.",
            ),
            1129 | 1130 => Self::Unreachable("the server does not accept connections from this host."),
            1053 | 1077 | 1079 => Self::Unreachable("the server is starting up or shutting down."),
            1080 | 1152 | 1158..=1161 | 1184 | 1927 | 2000..=2065 | 4031 => {
                Self::Unreachable("the server closed the connection.")
            }
            1205 | 1213 | 1020 => Self::Unreachable(
                "other transactions keep the rows locked. Close long transactions in other processes.",
            ),
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
            Self::Unreachable(advice) => place.unreachable(advice, Some(cause)),
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
