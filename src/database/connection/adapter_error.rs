//! Errors of JavaScript drivers, mapped to the caller's errors.

use std::sync::Arc;
use std::time::Duration;

use crate::database::connection::adapter::DriverError;
use crate::database::connection::error::{ErrorContext, SQLITE_INTEGER_OVERFLOW};
use crate::database::connection::error_kind::{DatabaseErrorKind, Retryability};
use crate::database::sql::dialect::Dialect;
use crate::error::Error;

impl ErrorContext {
    /// Converts a failure of the user's client during `action` to the caller's error.
    pub fn adapter_to_error(&self, action: &str, dialect: Dialect, failure: DriverError) -> Error {
        let error_kind = error_kind(dialect, &failure);
        let (code, message) = (failure.code.clone(), failure.message.clone());
        error_kind.into_error(self, action, &code, message, Arc::new(failure))
    }
}

impl DriverError {
    /// Creates the error of a client that did not answer in time.
    pub(crate) fn timed_out(limit: Duration) -> Self {
        let message = format!("no answer within {:.1} s", limit.as_secs_f32());
        Self { code: "ETIMEDOUT".to_owned(), message, ..Self::default() }
    }

    /// Returns the retryability of the failure.
    pub(crate) fn retryability(&self, dialect: Dialect) -> Retryability {
        error_kind(dialect, self).retryability()
    }
}

/// The drivers' messages about a client that was closed.
const CLIENT_CLOSED_MESSAGES: [&str; 6] = [
    "Cannot use a pool after calling end",
    "Client was closed",
    "PGlite is closed",
    "Pool is closed.",
    "The database connection is not open",
    "The client is closed",
];
/// The drivers' messages about a lost connection, without a code for it. The last two also appear
/// when the rollback fails because of it.
const CONNECTION_LOST_MESSAGES: [&str; 7] = [
    "Connection terminated",
    "Connection lost",
    "timeout exceeded when trying to connect",
    "Query read timeout",
    "Client network socket disconnected",
    "Client has encountered a connection error",
    "Can't add new command when connection is in closed state",
];
const CLOSED: &str = "the connection is closed. Was the pool or client ended?";

fn error_kind(dialect: Dialect, failure: &DriverError) -> DatabaseErrorKind {
    let code = failure.code.as_str();
    let begins = |texts: &[&str]| texts.iter().any(|text| failure.message.starts_with(text));
    if begins(&CLIENT_CLOSED_MESSAGES) || matches!(code, "CONNECTION_ENDED" | "CLIENT_CLOSED") {
        return DatabaseErrorKind::Unreachable(CLOSED);
    }
    match code {
        "ECONNREFUSED" | "ENOTFOUND" | "EHOSTUNREACH" | "ENETUNREACH" | "EAI_AGAIN" | "ENOENT" => {
            return DatabaseErrorKind::Unavailable(
                "no server answers there. Is the server running, and are host and port right?",
            );
        }
        "ETIMEDOUT" | "CONNECT_TIMEOUT" | "PROTOCOL_SEQUENCE_TIMEOUT" => {
            return DatabaseErrorKind::Unavailable(
                "no answer in time. Check host, port and firewall, and the load of the server.",
            );
        }
        "ECONNRESET"
        | "EPIPE"
        | "CONNECTION_CLOSED"
        | "CONNECTION_DESTROYED"
        | "PROTOCOL_CONNECTION_LOST" => {
            return DatabaseErrorKind::Unavailable(CLOSED);
        }
        "ER_INVALID_JSON_TEXT" => return DatabaseErrorKind::InvalidData,
        _ => {}
    }
    if dialect == Dialect::Sqlite && failure.message.contains(SQLITE_INTEGER_OVERFLOW) {
        return DatabaseErrorKind::TenantConflict;
    }
    if begins(&CONNECTION_LOST_MESSAGES) {
        return DatabaseErrorKind::Unavailable(CLOSED);
    }
    if let (Dialect::MySql, Some(number)) = (dialect, failure.number) {
        return DatabaseErrorKind::of_mysql(number, &failure.message);
    }
    match (dialect, code.strip_prefix("SQLITE_")) {
        (Dialect::Sqlite, Some(name)) => {
            let known = [
                ("PERM", 3),
                ("BUSY", 5),
                ("LOCKED", 6),
                ("READONLY", 8),
                ("FULL", 13),
                ("CANTOPEN", 14),
                ("AUTH", 23),
                ("NOTADB", 26),
            ];
            let code = known.iter().find(|(known, _)| name.starts_with(known)).map_or(1, |(_, code)| *code);
            DatabaseErrorKind::of_sqlite(code)
        }
        _ => DatabaseErrorKind::of_sqlstate(code, &failure.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(dialect: Dialect, code: &str, message: &str) -> &'static str {
        let context = ErrorContext { target: "here".into(), user: "u".into(), acquire_timeout_ms: 0 };
        let failure = DriverError { code: code.into(), message: message.into(), ..DriverError::default() };
        context.adapter_to_error("save", dialect, failure).code()
    }

    #[test]
    fn maps_driver_codes_like_native_codes() {
        assert_eq!(code(Dialect::Postgres, "28P01", ""), "DATABASE_AUTHENTICATION_FAILED");
        assert_eq!(code(Dialect::Postgres, "3D000", ""), "DATABASE_NOT_FOUND");
        assert_eq!(code(Dialect::Postgres, "42501", ""), "DATABASE_PERMISSION_DENIED");
        assert_eq!(code(Dialect::Postgres, "ECONNREFUSED", ""), "DATABASE_UNREACHABLE");
        assert_eq!(code(Dialect::Postgres, "23505", ""), "DATABASE_QUERY_FAILED");
        assert_eq!(code(Dialect::Sqlite, "SQLITE_BUSY_SNAPSHOT", ""), "DATABASE_UNREACHABLE");
        assert_eq!(code(Dialect::Sqlite, "SQLITE_READONLY", ""), "DATABASE_PERMISSION_DENIED");
        assert_eq!(code(Dialect::Sqlite, "SQLITE_CONSTRAINT_CHECK", ""), "DATABASE_QUERY_FAILED");
        assert_eq!(
            code(Dialect::Postgres, "", "Cannot use a pool after calling end on the pool"),
            "DATABASE_UNREACHABLE"
        );
    }

    #[test]
    fn tells_transient_failures_from_permanent_ones() {
        let retryability = |dialect, code: &str, number, message: &str| {
            let (code, message) = (code.to_owned(), message.to_owned());
            DriverError { code, number, message, reference: None }.retryability(dialect)
        };
        let postgres = |code| retryability(Dialect::Postgres, code, None, "");
        for code in
            ["ECONNREFUSED", "ECONNRESET", "CONNECTION_CLOSED", "57P01", "57P03", "08006", "53300", "25006"]
        {
            assert_eq!(postgres(code), Retryability::ConnectionLost, "{code}");
        }
        for code in ["53100", "42501", "23505", "57014", "CONNECTION_ENDED"] {
            assert_eq!(postgres(code), Retryability::Permanent, "{code}");
        }
        assert_eq!(postgres("40P01"), Retryability::Conflict);
        let mysql = |number, name| retryability(Dialect::MySql, name, Some(number), "");
        assert_eq!(mysql(1053, "ER_SERVER_SHUTDOWN"), Retryability::ConnectionLost);
        assert_eq!(mysql(1290, "ER_OPTION_PREVENTS_STATEMENT"), Retryability::ConnectionLost);
        assert_eq!(mysql(1213, "ER_LOCK_DEADLOCK"), Retryability::Conflict);
        assert_eq!(mysql(1114, "ER_RECORD_FILE_FULL"), Retryability::Permanent);
        assert_eq!(retryability(Dialect::Sqlite, "SQLITE_BUSY", None, ""), Retryability::Busy);
        assert_eq!(
            retryability(Dialect::Postgres, "", None, "Connection terminated unexpectedly"),
            Retryability::ConnectionLost
        );
        assert_eq!(retryability(Dialect::MySql, "", None, "Pool is closed."), Retryability::Permanent);
    }

    #[test]
    fn does_not_quote_data() {
        let context = ErrorContext { target: "here".into(), user: "u".into(), acquire_timeout_ms: 0 };
        let failure = DriverError {
            code: "22P02".into(),
            message: "invalid input: \"secret\"".into(),
            reference: Some(1),
            ..DriverError::default()
        };
        let error = context.adapter_to_error("save", Dialect::Postgres, failure);
        assert!(!error.to_string().contains("secret"));
        assert!(std::error::Error::source(&error).is_none());
    }
}
