//! Messages of poolers in front of PostgreSQL. Most arrive under generic codes (08P01, XX000,
//! 58000), so they are recognised by their text.

use crate::database::connection::error_kind::DatabaseErrorKind;

const TOO_MANY_CLIENTS: &str = "It takes no more clients. Lower `pool.max`, or raise its limit.";
const NO_CONNECTION: &str =
    "It had no connection to the server in time. Shorten transactions, or raise its pool size.";
pub(crate) const NO_SERVER: &str =
    "It cannot reach the server, or cannot log in there. See its settings and its log.";
const STATEMENT_MODE: &str = "the pooler in front of it is in statement mode, which has no transactions. Set its pool mode to transaction or \
                              session.";

/// Messages of poolers, with advice.
const POOLER_MESSAGES: [(&str, &str); 16] = [
    // PgBouncer.
    ("no more connections allowed", TOO_MANY_CLIENTS),
    ("query_wait_timeout", NO_CONNECTION),
    ("server login failed", NO_SERVER),
    ("server login has been failing", NO_SERVER),
    ("client_login_timeout", NO_SERVER),
    ("server dns lookup failed", NO_SERVER),
    ("cannot connect to server", NO_SERVER),
    // Supavisor.
    ("max client connections reached", TOO_MANY_CLIENTS),
    ("max clients reached", TOO_MANY_CLIENTS),
    ("unable to check out", NO_CONNECTION),
    // pgcat.
    ("could not get connection from the pool", NO_CONNECTION),
    ("allserversdown", NO_SERVER),
    // RDS Proxy.
    ("timed-out waiting to acquire database connection", NO_CONNECTION),
    // Pgpool-II.
    ("all backend nodes are down", NO_SERVER),
    ("failed to create a backend connection", NO_SERVER),
    // Neon.
    ("too many database connection attempts", NO_CONNECTION),
];

/// Returns the error kind of a pooler's message, `None` if the message is not from a pooler.
pub(crate) fn error_kind(code: &str, message: &str) -> Option<DatabaseErrorKind> {
    if !(code.starts_with("08") || matches!(code, "XX000" | "58000" | "53300" | "57P03")) {
        return None;
    }
    let lower = message.to_ascii_lowercase();
    if lower.contains("statement pooling mode") {
        return Some(DatabaseErrorKind::Unreachable(STATEMENT_MODE));
    }
    // The server's refusal, passed on.
    if lower.starts_with("no such database")
        || lower.contains("database \"") && lower.contains("does not exist")
    {
        return Some(DatabaseErrorKind::DatabaseDoesNotExist);
    }
    let (_, advice) = POOLER_MESSAGES.iter().find(|(words, _)| lower.contains(words))?;
    Some(DatabaseErrorKind::PoolerUnavailable(advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::connection::error_kind::Retryability;

    #[test]
    fn recognises_poolers_by_their_messages() {
        for (code, message, advice) in [
            // PgBouncer 1.18 and 1.26.
            ("08P01", "no more connections allowed (max_client_conn)", TOO_MANY_CLIENTS),
            ("53300", "no more connections allowed (max_db_client_connections)", TOO_MANY_CLIENTS),
            ("08P01", "query_wait_timeout", NO_CONNECTION),
            ("08P01", "client_login_timeout (server down)", NO_SERVER),
            ("08P01", "server login has been failing, try again later (server_login_retry)", NO_SERVER),
            (
                "08P01",
                "server login has been failing, cached error: password authentication failed for user \"pgbouncer\" (server_login_retry)",
                NO_SERVER,
            ),
            ("08P01", "server login failed: FATAL password authentication failed for user \"u\"", NO_SERVER),
            ("08P01", "pgbouncer cannot connect to server", NO_SERVER),
            // Supavisor, before and since it has error codes.
            ("XX000", "Max client connections reached", TOO_MANY_CLIENTS),
            (
                "XX000",
                "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size",
                TOO_MANY_CLIENTS,
            ),
            (
                "XX000",
                "(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15",
                TOO_MANY_CLIENTS,
            ),
            ("XX000", "Unable to check out process from the pool due to timeout", NO_CONNECTION),
            (
                "XX000",
                "(ECHECKOUTTIMEOUT) unable to check out connection from the pool after 5000ms in Transaction mode",
                NO_CONNECTION,
            ),
            // pgcat.
            ("58000", "could not get connection from the pool - AllServersDown", NO_CONNECTION),
            // RDS Proxy.
            ("08000", "Timed-out waiting to acquire database connection", NO_CONNECTION),
            // Pgpool-II.
            ("57P03", "all backend nodes are down, pgpool requires at least one valid node", NO_SERVER),
        ] {
            match error_kind(code, message) {
                Some(found @ DatabaseErrorKind::PoolerUnavailable(said)) => {
                    assert_eq!(
                        (said, found.retryability()),
                        (advice, Retryability::ConnectionLost),
                        "{message}"
                    );
                }
                _ => panic!("{code} {message}"),
            }
        }
    }

    #[test]
    fn does_not_retry_permanent_pooler_errors() {
        for (code, message) in [
            ("08P01", "transaction blocks not allowed in statement pooling mode"),
            ("08P01", "no such database: d"),
            ("08P01", "database \"d\" does not exist"),
        ] {
            let found = error_kind(code, message).map(|found| found.retryability());
            assert_eq!(found, Some(Retryability::Permanent), "{message}");
        }
    }

    #[test]
    fn leaves_errors_of_the_server_alone() {
        for (code, message) in [
            ("42P01", "relation \"query_wait_timeout\" does not exist"),
            ("28P01", "password authentication failed for user \"u\""),
            ("08P01", "SASL authentication failed"),
            ("08P01", "unsupported startup parameter: extra_float_digits"),
            ("XX000", "could not open relation with OID 1"),
        ] {
            assert!(error_kind(code, message).is_none(), "{code} {message}");
        }
    }
}
