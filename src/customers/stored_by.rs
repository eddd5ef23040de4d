//! Memories by the tool that stored them.

use serde_json::Value;

use crate::types::memory::Memory;

/// Returns `true` if the tool of that name stored the memory.
pub(super) fn is_stored_by(memory: &Memory, tool: &str) -> bool {
    memory.meta("toolName").and_then(Value::as_str) == Some(tool)
}
