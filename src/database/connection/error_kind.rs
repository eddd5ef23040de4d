//! Kinds of database errors, and whether a retry makes sense.

/// Retryability of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retryability {
    /// Retry on another connection once the server is back. The outcome of the statement is
    /// unknown.
    ConnectionLost,
    /// Retry later, on the same connection.
    Busy,
    /// Retry at once: another transaction won. This one was rolled back, or will be when its
    /// connection closes.
    Conflict,
    /// Do not retry: the failure is permanent.
    Permanent,
}

/// The kind of a database's refusal.
pub(crate) enum DatabaseErrorKind {
    /// The login failed; with advice.
    AuthenticationFailed(&'static str),
    DatabaseDoesNotExist,
    PermissionDenied,
    /// A pooler rejected a startup parameter; its message says which one.
    ParameterRejected,
    /// The database cannot be reached, permanently.
    Unreachable(&'static str),
    /// The database is temporarily unavailable, or closed the connection.
    Unavailable(&'static str),
    /// The server, or a proxy in front of it, closed the connection; its message says why.
    ConnectionClosed,
    /// A pooler has no server connection to give; with advice.
    PoolerUnavailable(&'static str),
    /// Other clients keep it busy.
    Busy(&'static str),
    Conflict,
    /// The server is read-only: a standby, or a demoted primary.
    ReadOnly,
    DiskFull,
    InvalidData,
    /// An upsert met a row of another tenant.
    TenantConflict,
    Other,
}

impl DatabaseErrorKind {
    /// Returns the retryability of an error of this kind.
    pub fn retryability(&self) -> Retryability {
        match self {
            Self::Unavailable(_) | Self::ConnectionClosed | Self::PoolerUnavailable(_) | Self::ReadOnly => {
                Retryability::ConnectionLost
            }
            Self::Busy(_) => Retryability::Busy,
            Self::Conflict => Retryability::Conflict,
            _ => Retryability::Permanent,
        }
    }
}
