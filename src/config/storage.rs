//! The `storage` option of the TypeScript SDK.

use serde::Deserialize;

use crate::config::DatabaseOptions;

/// A storage of memories.
#[derive(Debug, Clone, Deserialize)]
pub struct StorageConfig {
    /// Kind of storage.
    #[serde(rename = "type")]
    pub kind: StorageKind,
    /// Options of the database.
    pub database: Option<DatabaseOptions>,
}

/// A kind of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    /// A database, which also stores leads and call logs.
    Database,
    /// The memory of this process.
    Memory,
}
