//! Pool options in URLs.

use secrecy::ExposeSecret;

use crate::config::{DatabaseOptions, PoolOptions};
use crate::database::connection::settings::server_url::{parameters, refuse};
use crate::error::Result;

/// Returns the options of the pool. Without an explicit number of connections, the URL's applies,
/// in the syntax of Prisma and mysql2.
pub(crate) fn pool_options(options: &DatabaseOptions) -> Result<PoolOptions> {
    let mut pool = options.pool.clone();
    let url = options.connection.as_ref().map_or("", |url| url.expose_secret().trim());
    let query = match url.split_once('?') {
        Some((server, query)) if server.contains("://") && !is_sqlite(server) => query,
        _ => return Ok(pool),
    };
    for (name, value) in parameters(query) {
        if !matches!(name.as_str(), "connection_limit" | "connectionLimit") {
            continue;
        }
        match value.parse::<u32>() {
            // No limit, in mysql2.
            Ok(0) => {}
            Ok(limit) => pool.max = pool.max.or(Some(limit)),
            Err(_) => return refuse(&name, "must be a number of connections"),
        }
    }
    Ok(pool)
}

fn is_sqlite(url: &str) -> bool {
    url.get(.."sqlite:".len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case("sqlite:"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn max(options: serde_json::Value) -> Result<Option<u32>> {
        let options: DatabaseOptions = serde_json::from_value(options).unwrap();
        pool_options(&options).map(|pool| pool.max)
    }

    #[test]
    fn reads_the_pool_size_from_the_url() {
        for (url, expected) in [
            ("postgres://h/d", None),
            // Supabase and Prisma.
            ("postgres://h/d?pgbouncer=true&connection_limit=1", Some(1)),
            ("mysql://h/d?connection_limit=7", Some(7)),
            // mysql2.
            ("mysql://h/d?connectionLimit=5&ssl=false", Some(5)),
            ("mysql://h/d?connectionLimit=0", None),
            // A file of that name.
            ("sqlite://what?connection_limit=x", None),
        ] {
            assert_eq!(max(json!({ "connectionString": url })).unwrap(), expected, "{url}");
        }
        let both = json!({ "connectionString": "postgres://h/d?connection_limit=1", "pool": { "max": 4 } });
        assert_eq!(max(both).unwrap(), Some(4));
        assert_eq!(max(json!({ "host": "h" })).unwrap(), None);
    }

    #[test]
    fn refuses_an_invalid_pool_size_by_name() {
        let message = max(json!({ "connectionString": "postgres://h/d?connection_limit=many" })).unwrap_err();
        assert!(message.to_string().contains("`connection_limit`"), "{message}");
    }
}
