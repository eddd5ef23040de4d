//! What the errors of JavaScript drivers mean to the caller.

use std::sync::Arc;

use crate::database::dialect::Dialect;
use crate::database::failure::{Place, SQLITE_OVERFLOW, Situation};
use crate::database::host::HostFailure;
use crate::error::Error;

impl Place {
    /// The caller's error for a failure of the user's client while doing `action`.
    pub fn explain_host(&self, action: &str, dialect: Dialect, failure: HostFailure) -> Error {
        let situation = situation(dialect, &failure);
        let (code, message) = (failure.code.clone(), failure.message.clone());
        situation.into_error(self, action, &code, message, Arc::new(failure))
    }
}

fn situation(dialect: Dialect, failure: &HostFailure) -> Situation {
    let code = failure.code.as_str();
    match code {
        "ECONNREFUSED" | "ENOTFOUND" | "EHOSTUNREACH" | "ENETUNREACH" | "EAI_AGAIN" | "ENOENT" => {
            return Situation::Unreachable(
                "nobody answers there. Is the server running, and are host and port right?",
            );
        }
        "ETIMEDOUT" | "CONNECT_TIMEOUT" => {
            return Situation::Unreachable("no answer in time. Check host, port and firewall.");
        }
        "ECONNRESET"
        | "EPIPE"
        | "CONNECTION_CLOSED"
        | "CONNECTION_ENDED"
        | "CONNECTION_DESTROYED"
        | "CLIENT_CLOSED"
        | "PROTOCOL_CONNECTION_LOST" => {
            return Situation::Unreachable("the connection is closed. Was the pool or client ended?");
        }
        // mysql2 names MySQL's errors.
        "ER_ACCESS_DENIED_ERROR" => return Situation::Login,
        "ER_BAD_DB_ERROR" => return Situation::NoDatabase,
        "ER_DBACCESS_DENIED_ERROR"
        | "ER_TABLEACCESS_DENIED_ERROR"
        | "ER_COLUMNACCESS_DENIED_ERROR"
        | "ER_SPECIFIC_ACCESS_DENIED_ERROR" => return Situation::NoPrivilege,
        "ER_DATA_OUT_OF_RANGE" => return Situation::OtherTenant,
        "ER_CON_COUNT_ERROR" | "ER_USER_LIMIT_REACHED" => {
            return Situation::Unreachable("the server has too many connections. Lower your pool's limit.");
        }
        "ER_DATA_TOO_LONG"
        | "ER_DUP_ENTRY"
        | "ER_WARN_DATA_OUT_OF_RANGE"
        | "ER_TRUNCATED_WRONG_VALUE"
        | "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD"
        | "ER_INVALID_JSON_TEXT" => return Situation::BadData,
        _ => {}
    }
    if dialect == Dialect::Sqlite && failure.message.contains(SQLITE_OVERFLOW) {
        return Situation::OtherTenant;
    }
    // Drivers have no code for these.
    if failure.message.starts_with("Cannot use a pool after calling end")
        || failure.message.starts_with("Client was closed")
        || failure.message == "PGlite is closed"
        || failure.message == "Pool is closed."
        || failure.message.starts_with("Can't add new command when connection is in closed state")
        || failure.message == "The database connection is not open"
    {
        return Situation::Unreachable("the connection is closed. Was the pool or client ended?");
    }
    match (dialect, code.strip_prefix("SQLITE_")) {
        (Dialect::Sqlite, Some(name)) => {
            let known = [
                ("PERM", 3),
                ("BUSY", 5),
                ("LOCKED", 6),
                ("READONLY", 8),
                ("CANTOPEN", 14),
                ("AUTH", 23),
                ("NOTADB", 26),
            ];
            let code = known.iter().find(|(known, _)| name.starts_with(known)).map_or(1, |(_, code)| *code);
            Situation::of_sqlite(code)
        }
        _ => Situation::of_sqlstate(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(dialect: Dialect, code: &str, message: &str) -> &'static str {
        let place = Place { target: "here".into(), user: "u".into(), acquire_timeout_ms: 0 };
        let failure = HostFailure { code: code.into(), message: message.into(), reference: None };
        place.explain_host("save", dialect, failure).code()
    }

    #[test]
    fn codes_of_drivers_mean_what_native_ones_mean() {
        assert_eq!(code(Dialect::Postgres, "28P01", ""), "DATABASE_AUTHENTICATION_FAILED");
        assert_eq!(code(Dialect::Postgres, "3D000", ""), "DATABASE_NOT_FOUND");
        assert_eq!(code(Dialect::Postgres, "42501", ""), "DATABASE_PERMISSION_DENIED");
        assert_eq!(code(Dialect::Postgres, "ECONNREFUSED", ""), "DATABASE_UNREACHABLE");
        assert_eq!(code(Dialect::Postgres, "23505", ""), "DATABASE_FAILED");
        assert_eq!(code(Dialect::Sqlite, "SQLITE_BUSY_SNAPSHOT", ""), "DATABASE_UNREACHABLE");
        assert_eq!(code(Dialect::Sqlite, "SQLITE_READONLY", ""), "DATABASE_PERMISSION_DENIED");
        assert_eq!(code(Dialect::Sqlite, "SQLITE_CONSTRAINT_CHECK", ""), "DATABASE_FAILED");
        assert_eq!(
            code(Dialect::Postgres, "", "Cannot use a pool after calling end on the pool"),
            "DATABASE_UNREACHABLE"
        );
    }

    #[test]
    fn data_is_not_quoted() {
        let place = Place { target: "here".into(), user: "u".into(), acquire_timeout_ms: 0 };
        let failure = HostFailure {
            code: "22P02".into(),
            message: "invalid input: \"secret\"".into(),
            reference: Some(1),
        };
        let error = place.explain_host("save", Dialect::Postgres, failure);
        assert!(!error.to_string().contains("secret"));
        assert!(std::error::Error::source(&error).is_none());
    }
}
