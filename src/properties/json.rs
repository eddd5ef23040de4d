//! Properties of JSON from models and callers.

use std::sync::LazyLock;

use serde_json::{Value, json as value};

use crate::config::Config;
use crate::http::parse_json;
use crate::llm::tool_calls::{arguments_object, read_arguments, sanitize_tool_name};
use crate::tools::arguments::Schema;
use crate::tools::result;
use crate::types::memory;
use crate::types::memory::Memory;

/// JSON nesting that every database can store.
const LEVELS: usize = 31;

/// Checks that parsed model JSON can be stored, and round-trips.
pub fn json(bytes: &[u8]) {
    let Ok(read) = parse_json(bytes) else { return };
    let written = read.to_string();
    assert!(!has_nul(&read), "{written}");
    assert_eq!(parse_json(written.as_bytes()).ok().as_ref(), Some(&read));
}

/// Checks that any tool arguments of a model can be stored, validated, and returned to the model as
/// an object.
pub fn arguments(bytes: &[u8]) {
    static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(|| Schema::compile(&schema(), true).ok());
    let text = String::from_utf8_lossy(bytes).into_owned();
    let name = sanitize_tool_name(&text);
    assert!(
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    );
    let given = [Some(Value::String(text)), parse_json(bytes).ok()];
    for given in given.iter().flatten() {
        let read = read_arguments(Some(given));
        assert!(read.is_string() || read.is_object() && depth(&read) < LEVELS, "{read}");
        assert!(!has_nul(&read), "{read}");
        assert!(arguments_object(&read).is_object());
        let checked = SCHEMA.as_ref().map(|schema| schema.check("tool", read));
        // Errors must not contain the values.
        if let Some(Err(error)) = checked {
            assert!(!error.to_string().contains("hidden"), "{error}");
        }
        let _ = result::normalize_result(given.clone());
    }
}

fn schema() -> Value {
    value!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "pattern": "^[^ ]" },
            "email": { "type": "string", "format": "email" },
            "date": { "type": "string", "format": "date-time" },
            "url": { "type": "string", "format": "uri" },
            "count": { "type": "integer", "minimum": 1, "multipleOf": 3 },
            "tags": { "type": "array", "items": { "enum": ["a", "b"] }, "uniqueItems": true },
            "inner": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/inner" }] },
        },
        "$defs": { "inner": { "type": "object", "additionalProperties": false, "properties": { "inner": { "$ref": "#/$defs/inner" } } } },
    })
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(object) => object.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or_default(),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Checks that a memory or query is rejected, or is valid and round-trips.
pub fn memory(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(memory) = memory::json::read_memory(&text)
        && memory.validate().is_ok()
    {
        let written = serde_json::to_string(&memory).unwrap_or_default();
        let again: Option<Memory> = memory::json::read_memory(&written).ok();
        assert_eq!(again.as_ref(), Some(&memory), "{written}");
    }
    if let Ok(query) = memory::json::read_query(&text)
        && query.validate().is_ok()
    {
        let written = memory::json::query_json(&query).to_string();
        let again = memory::json::read_query(&written).ok();
        assert!(again.is_some_and(|again| again.validate().is_ok()), "{written}");
    }
}

/// Checks that options of any shape are parsed or rejected.
pub fn options(bytes: &[u8]) {
    let _ = Config::parse(&String::from_utf8_lossy(bytes));
}
