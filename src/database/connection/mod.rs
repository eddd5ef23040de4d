//! Connections: settings, pool, retries, drivers, the adapter of user clients and the executor.

pub(crate) mod adapter;
pub(crate) mod adapter_error;
pub(crate) mod driver;
pub(crate) mod error;
pub(crate) mod error_kind;
pub(crate) mod executor;
pub(crate) mod login;
mod mysql_script;
pub(crate) mod pool;
pub(crate) mod pooler;
pub(crate) mod retry;
pub(crate) mod route;
pub(crate) mod settings;
pub(crate) mod sockets;
pub(crate) mod sqlite_files;
#[cfg(test)]
pub(crate) mod testing;
