//! What the errors of JavaScript drivers mean to the caller.

use std::sync::Arc;
use std::time::Duration;

use crate::database::dialect::Dialect;
use crate::database::failure::{Fault, Place, SQLITE_OVERFLOW, Situation};
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

impl HostFailure {
    /// That the client did not answer.
    pub(crate) fn unanswered(limit: Duration) -> Self {
        let message = format!("no answer within {:.1} s", limit.as_secs_f32());
        Self { code: "ETIMEDOUT".to_owned(), message, ..Self::default() }
    }

    /// Whether it may go away.
    pub(crate) fn fault(&self, dialect: Dialect) -> Fault {
        situation(dialect, self).fault()
    }
}

/// What the drivers say of a client that was ended.
const ENDED: [&str; 6] = [
    "Cannot use a pool after calling end",
    "Client was closed",
    "PGlite is closed",
    "Pool is closed.",
    "The database connection is not open",
    "The client is closed",
];
/// What they say of a connection that broke, without a code for it; the last two also when the attempt to roll back fails on it.
const BROKEN: [&str; 7] = [
    "Connection terminated",
    "Connection lost",
    "timeout exceeded when trying to connect",
    "Query read timeout",
    "Client network socket disconnected",
    "Client has encountered a connection error",
    "Can't add new command when connection is in closed state",
];
const CLOSED: &str = "the connection is closed. Was the pool or client ended?";

fn situation(dialect: Dialect, failure: &HostFailure) -> Situation {
    let code = failure.code.as_str();
    let begins = |texts: &[&str]| texts.iter().any(|text| failure.message.starts_with(text));
    if begins(&ENDED) || matches!(code, "CONNECTION_ENDED" | "CLIENT_CLOSED") {
        return Situation::Unreachable(CLOSED);
    }
    match code {
        "ECONNREFUSED" | "ENOTFOUND" | "EHOSTUNREACH" | "ENETUNREACH" | "EAI_AGAIN" | "ENOENT" => {
            return Situation::Away(
                "nobody answers there. Is the server running, and are host and port right?",
            );
        }
        "ETIMEDOUT" | "CONNECT_TIMEOUT" | "PROTOCOL_SEQUENCE_TIMEOUT" => {
            return Situation::Away(
                "no answer in time. Check host, port and firewall, and what the server is busy with.",
            );
        }
        "ECONNRESET"
        | "EPIPE"
        | "CONNECTION_CLOSED"
        | "CONNECTION_DESTROYED"
        | "PROTOCOL_CONNECTION_LOST" => {
            return Situation::Away(CLOSED);
        }
        "ER_INVALID_JSON_TEXT" => return Situation::BadData,
        _ => {}
    }
    if dialect == Dialect::Sqlite && failure.message.contains(SQLITE_OVERFLOW) {
        return Situation::OtherTenant;
    }
    if begins(&BROKEN) {
        return Situation::Away(CLOSED);
    }
    if let (Dialect::MySql, Some(number)) = (dialect, failure.number) {
        return Situation::of_mysql(number);
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
        let failure = HostFailure { code: code.into(), message: message.into(), ..HostFailure::default() };
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
    fn what_may_go_away_is_told_from_what_stays() {
        let fault = |dialect, code: &str, number, message: &str| {
            let (code, message) = (code.to_owned(), message.to_owned());
            HostFailure { code, number, message, reference: None }.fault(dialect)
        };
        let postgres = |code| fault(Dialect::Postgres, code, None, "");
        for code in
            ["ECONNREFUSED", "ECONNRESET", "CONNECTION_CLOSED", "57P01", "57P03", "08006", "53300", "25006"]
        {
            assert_eq!(postgres(code), Fault::Lost, "{code}");
        }
        for code in ["53100", "42501", "23505", "57014", "CONNECTION_ENDED"] {
            assert_eq!(postgres(code), Fault::Lasting, "{code}");
        }
        assert_eq!(postgres("40P01"), Fault::Conflict);
        let mysql = |number, name| fault(Dialect::MySql, name, Some(number), "");
        assert_eq!(mysql(1053, "ER_SERVER_SHUTDOWN"), Fault::Lost);
        assert_eq!(mysql(1290, "ER_OPTION_PREVENTS_STATEMENT"), Fault::Lost);
        assert_eq!(mysql(1213, "ER_LOCK_DEADLOCK"), Fault::Conflict);
        assert_eq!(mysql(1114, "ER_RECORD_FILE_FULL"), Fault::Lasting);
        assert_eq!(fault(Dialect::Sqlite, "SQLITE_BUSY", None, ""), Fault::Busy);
        assert_eq!(fault(Dialect::Postgres, "", None, "Connection terminated unexpectedly"), Fault::Lost);
        assert_eq!(fault(Dialect::MySql, "", None, "Pool is closed."), Fault::Lasting);
    }

    #[test]
    fn data_is_not_quoted() {
        let place = Place { target: "here".into(), user: "u".into(), acquire_timeout_ms: 0 };
        let failure = HostFailure {
            code: "22P02".into(),
            message: "invalid input: \"secret\"".into(),
            reference: Some(1),
            ..HostFailure::default()
        };
        let error = place.explain_host("save", Dialect::Postgres, failure);
        assert!(!error.to_string().contains("secret"));
        assert!(std::error::Error::source(&error).is_none());
    }
}
