//! Where memories live, in the words of the TypeScript SDK.

use serde::Deserialize;

use crate::config::DatabaseOptions;

/// Where memories live.
#[derive(Debug, Clone, Deserialize)]
pub struct StorageConfig {
    /// In a database or in this process.
    #[serde(rename = "type")]
    pub kind: StorageKind,
    /// Which database.
    pub database: Option<DatabaseOptions>,
}

/// What keeps memories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    /// A database, which leads and call logs live in too.
    Database,
    /// This process.
    Memory,
}
