//! Writes as JSON what leaves the core: for callers, and for text columns.

use serde::Serialize;

use crate::error::{Error, Result};

/// A value as JSON; times in memories are milliseconds.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(format!("a value is no JSON: {error}")))
}
