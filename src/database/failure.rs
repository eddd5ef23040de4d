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
            sqlx::Error::Database(refusal) => match Situation::of(refusal.as_ref()) {
                Situation::Login => Error::DatabaseAuthenticationFailed {
                    target: self.target.clone(),
                    user: self.user.clone(),
                    cause: Arc::new(error),
                },
                Situation::NoDatabase => {
                    Error::DatabaseNotFound { target: self.target.clone(), cause: Arc::new(error) }
                }
                Situation::NoPrivilege => Error::DatabasePermissionDenied {
                    action: action.to_owned(),
                    advice: format!("Grant it to the role that connects to {}.", self.target),
                    cause: Arc::new(error),
                },
                Situation::Unreachable(advice) => self.unreachable(advice, Some(Arc::new(error))),
                // The text of data errors quotes the data.
                Situation::BadData => Error::DatabaseFailed {
                    action: action.to_owned(),
                    reason: format!("a value does not fit its column ({})", code(refusal.as_ref())),
                    cause: None,
                },
                Situation::Other => Error::DatabaseFailed {
                    action: action.to_owned(),
                    reason: refusal.message().to_owned(),
                    cause: Some(Arc::new(error)),
                },
            },
            sqlx::Error::PoolTimedOut => Error::PoolTimeout(self.acquire_timeout_ms),
            sqlx::Error::PoolClosed => Error::Disposed("The database connection"),
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

enum Situation {
    Login,
    NoDatabase,
    NoPrivilege,
    Unreachable(&'static str),
    BadData,
    Other,
}

impl Situation {
    fn of(refusal: &dyn DatabaseError) -> Self {
        if refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            return match sqlite_code(refusal) {
                3 | 23 => Self::NoPrivilege,
                5 | 6 => Self::Unreachable("another process keeps it locked. Close long transactions in it."),
                8 => Self::NoPrivilege,
                14 => Self::Unreachable(
                    "the file cannot be opened. Does its folder exist, and may this user write there?",
                ),
                26 => Self::Unreachable("the file is not a SQLite database."),
                _ => Self::Other,
            };
        }
        match code(refusal).as_str() {
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
            code if code.starts_with("22") => Self::BadData,
            _ => Self::Other,
        }
    }
}

fn code(refusal: &dyn DatabaseError) -> String {
    refusal.code().map(|code| code.into_owned()).unwrap_or_default()
}

fn sqlite_code(refusal: &dyn DatabaseError) -> u32 {
    code(refusal).parse::<u32>().unwrap_or_default() & 0xff
}
