//! Advice for refused logins. It names the password only where the server means the password.

const PASSWORD: &str = "Check `user` and `password`.";
const NO_ROLE: &str = "There is no such role on the server. Check `user`.";
const TURN_SSL_ON: &str = "The server takes encrypted connections only. Turn `ssl` on.";
/// Messages of poolers and providers that require encryption: PgBouncer, Render, RDS Proxy, Neon
/// and Azure; Vitess (PlanetScale) and TiDB.
const ENCRYPTION_REQUIRED_MESSAGES: [&str; 7] = [
    "SSL required",
    "SSL/TLS required",
    "requires TLS connections",
    "connection is insecure",
    "SSL connection is required",
    "does not allow insecure connections",
    "insecure transport",
];

/// Returns advice for a SQLSTATE of PostgreSQL, or of a pooler in front of it. Returns `None` if it
/// is not about a login.
pub(crate) fn advice_for_sqlstate(code: &str, message: &str) -> Option<&'static str> {
    let has = |words: &str| message.contains(words);
    match code {
        "28P01" => Some(PASSWORD),
        _ if code.starts_with("08") && has("role \"") && has("does not exist") => Some(NO_ROLE),
        "28000" | "08P01" | "XX000" if ENCRYPTION_REQUIRED_MESSAGES.iter().any(|words| has(words)) => {
            Some(TURN_SSL_ON)
        }
        // RDS Proxy.
        "28000" | "08P01" if has("no credentials for the role") => {
            Some("RDS Proxy has no secret for this user: add one to its authentication settings.")
        }
        // PgBouncer uses this code for most errors. Its own messages name no user.
        "08P01" if has("password authentication failed for user") => Some(
            "The server refused the login that the pooler has for this user: see its auth_file, auth_query or database settings.",
        ),
        "08P01" if has("password authentication failed") || has("SASL authentication failed") => {
            Some(PASSWORD)
        }
        "08P01" if message.starts_with("no such user") => {
            Some("The pooler does not know this user: see its auth_file or auth_query.")
        }
        // Supabase's pooler.
        "XX000" if has("Tenant or user not found") || has("tenant/user") && has("not found") => Some(
            "Supabase's pooler wants the project in the user's name: `postgres.PROJECT`. Check its host and region too.",
        ),
        "28000" if has("pg_hba.conf") && has("no encryption") => Some(
            "The server's pg_hba.conf has no entry for it without encryption. Turn `ssl` on, or add an entry.",
        ),
        "28000" if has("pg_hba.conf") => Some(
            "The server's pg_hba.conf has no entry for this host, user and database, or rejects them. It is not the password.",
        ),
        "28000" if has("does not exist") => Some(NO_ROLE),
        "28000" if has("not permitted to log in") => Some("The role may not log in: it needs LOGIN."),
        "28000" if has("Peer") || has("Ident") || has("peer") || has("ident") => Some(
            "The server authenticates by the operating system's user there, not by a password: connect to `127.0.0.1`, or change its pg_hba.conf.",
        ),
        "28000" if has("ertificate") => {
            Some("The server wants a client's certificate: see `ssl.cert` and `ssl.key`.")
        }
        "28000" => Some("The server does not give the reason, and it may not be the password. See its log."),
        _ => None,
    }
}

/// Returns advice for an error number of MySQL or MariaDB, `None` if it is not about a login.
pub(crate) fn advice_for_mysql(number: u16, message: &str) -> Option<&'static str> {
    match number {
        1045 if message.contains("using password: NO") => {
            Some("No password was sent. Give `password`, or check `user`.")
        }
        1045 => Some("Check `user` and `password`, and from which hosts the account may log in."),
        1698 => Some(
            "The account authenticates by the operating system's user over a Unix socket (auth_socket, unix_socket), not by a password. Use an \
             account with a password.",
        ),
        1251 | 1524 => Some(
            "The account's authentication plugin is not supported. Change the account to one with a password.",
        ),
        1820 | 1862 => Some("The account's password has expired: set a new one with ALTER USER."),
        3118 | 4151 => Some("The account is locked: ALTER USER … ACCOUNT UNLOCK."),
        3159 => Some(TURN_SSL_ON),
        _ if ENCRYPTION_REQUIRED_MESSAGES.iter().any(|words| message.contains(words)) => Some(TURN_SSL_ON),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages of PostgreSQL 15 (auth.c, hba.c, miscinit.c), PgBouncer 1.18 and 1.26, Supavisor,
    /// MySQL 9.7 and MariaDB 10.11.
    #[test]
    fn blames_the_password_only_for_password_errors() {
        let blames = |advice: Option<&str>| advice.is_some_and(|advice| advice.contains("`password`"));
        for (code, message, password) in [
            ("28P01", "password authentication failed for user \"u\"", true),
            (
                "28000",
                "no pg_hba.conf entry for host \"10.0.0.1\", user \"u\", database \"d\", no encryption",
                false,
            ),
            (
                "28000",
                "no pg_hba.conf entry for host \"10.0.0.1\", user \"u\", database \"d\", SSL encryption",
                false,
            ),
            (
                "28000",
                "pg_hba.conf rejects connection for host \"10.0.0.1\", user \"u\", database \"d\", no encryption",
                false,
            ),
            ("28000", "role \"u\" does not exist", false),
            ("28000", "role \"u\" is not permitted to log in", false),
            ("28000", "Peer authentication failed for user \"u\"", false),
            ("28000", "Ident authentication failed for user \"u\"", false),
            ("28000", "connection requires a valid client certificate", false),
            ("28000", "certificate authentication failed for user \"u\"", false),
            ("28000", "Rolle »u« existiert nicht", false),
            ("08P01", "password authentication failed", true),
            ("08P01", "SASL authentication failed", true),
            ("08P01", "password authentication failed for user \"pooler\"", false),
            ("08P01", "no such user: u", false),
            ("XX000", "Tenant or user not found", false),
            ("XX000", "(ENOTFOUND) tenant/user postgres.abcdef not found", false),
            ("08P01", "role \"u\" does not exist", false),
            ("08P01", "SSL required", false),
            ("28000", "This RDS Proxy requires TLS connections", false),
            ("XX000", "connection is insecure (try using `sslmode=require`)", false),
            (
                "28000",
                "This RDS proxy has no credentials for the role u. Check the credentials for this role and try again.",
                false,
            ),
        ] {
            let advice = advice_for_sqlstate(code, message);
            assert!(advice.is_some(), "{code} {message}");
            assert_eq!(blames(advice), password, "{code} {message}");
        }
        for (number, message, password) in [
            (1045, "Access denied for user 'u'@'h' (using password: YES)", true),
            (1045, "Access denied for user 'u'@'h' (using password: NO)", true),
            (1698, "Access denied for user 'root'@'localhost'", false),
            (1251, "Client does not support authentication protocol requested by server", false),
            (
                1820,
                "You must reset your password using ALTER USER statement before executing this statement.",
                false,
            ),
            (1862, "Your password has expired.", false),
            (3118, "Access denied for user 'u'@'h'. Account is locked.", false),
            (
                3159,
                "Connections using insecure transport are prohibited while --require_secure_transport=ON.",
                false,
            ),
            (1105, "server does not allow insecure connections, client must use SSL/TLS", false),
            (1105, "Connections using insecure transport are prohibited.", false),
        ] {
            let advice = advice_for_mysql(number, message);
            assert!(advice.is_some(), "{number} {message}");
            assert_eq!(blames(advice), password, "{number} {message}");
        }
        assert_eq!(advice_for_sqlstate("08P01", "server conn crashed?"), None);
        assert_eq!(advice_for_sqlstate("42501", "permission denied for table t"), None);
        assert_eq!(advice_for_mysql(1044, "Access denied for user 'u'@'h' to database 'd'"), None);
    }
}
