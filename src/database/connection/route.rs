//! The route of a PostgreSQL connection: directly to the server, or through a pooler that lends
//! server connections by the transaction.
//!
//! Prepared statements belong to a server connection. Behind such a pooler their names clash with
//! those of its other clients, and the wrong statement is executed.

use std::net::{IpAddr, SocketAddr};

use sqlx::{PgConnection, Row};

use crate::database::connection::sockets::is_connected;

/// Query for the two ends of the connection, as the server sees them. It runs in the simple
/// protocol, which needs no statement name.
const ENDPOINTS_QUERY: &str = "SELECT host(inet_client_addr()), CAST(inet_client_port() AS TEXT), \
                    host(inet_server_addr()), CAST(inet_server_port() AS TEXT)";

/// The route of a connection. One to MySQL or MariaDB is direct if it takes several statements in
/// one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Directly to the server: the session is ours for as long as the connection lives.
    Direct,
    /// Possibly through a pooler: each transaction may run in another session, which other clients
    /// used before.
    PossiblyPooled,
}

impl Route {
    /// Detects the route of a connection to `port`. It is direct when the server sees the same two
    /// ends as this process does. A pooler in between would have its own connection to the server,
    /// with its own end. The ends never change, so the result holds for the life of the connection.
    pub async fn of(connection: &mut PgConnection, port: u16) -> Result<Self, sqlx::Error> {
        match sqlx::raw_sql(ENDPOINTS_QUERY).fetch_one(connection).await {
            Ok(row) => {
                let client = address(row.try_get(0)?, row.try_get(1)?);
                let server = address(row.try_get(2)?, row.try_get(3)?);
                // Connections of a proxy in this process have another port.
                let proven = client
                    .zip(server)
                    .is_some_and(|(client, server)| server.port() == port && is_connected(client, server));
                Ok(if proven { Self::Direct } else { Self::PossiblyPooled })
            }
            // A PostgreSQL derivative without these functions.
            Err(sqlx::Error::Database(refusal))
                if refusal.code().is_some_and(|code| code.starts_with("42") || code.starts_with("0A")) =>
            {
                Ok(Self::PossiblyPooled)
            }
            Err(error) => Err(error),
        }
    }
}

/// Returns one end of a connection, `None` for a Unix socket.
fn address(host: Option<&str>, port: Option<&str>) -> Option<SocketAddr> {
    let host: IpAddr = host?.parse().ok()?;
    Some(SocketAddr::new(host, port?.parse().ok()?))
}
