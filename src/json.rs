//! Reads JSON that callers pass. Errors name the path of a value and never quote the value, which
//! may be a secret or personal data.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::error::{Error, Result};

/// Reason why JSON could not be read.
pub(crate) enum ReadError {
    /// A value is missing or has the wrong type: path and reason.
    Invalid(String, String),
    /// A string contains a lone surrogate: its path.
    LoneSurrogate(String),
    /// The nesting is too deep to be parsed: the path.
    TooDeep(String),
}

/// Parses a value.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, ReadError> {
    // Tracking paths costs time, so only invalid JSON is parsed a second time with paths.
    serde_json::from_str(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut deserializer).map_err(ReadError::of)
    })
}

/// Parses a value, treating `null` as absent.
pub(crate) fn read_ignoring_nulls<T: DeserializeOwned>(json: &str) -> Result<T, ReadError> {
    let mut value: Value = read(json)?;
    remove_nulls(&mut value);
    serde_path_to_error::deserialize(value).map_err(ReadError::of)
}

fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

impl ReadError {
    fn of(error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        let path = error.path().to_string();
        let error = error.into_inner();
        let message = error.to_string();
        match error.classify() {
            Category::Syntax if message.starts_with("recursion limit") => Self::TooDeep(path),
            // Output of `JSON.stringify` is well-formed, except for lone surrogates.
            Category::Syntax => Self::LoneSurrogate(path),
            _ => Self::invalid(path, &message),
        }
    }

    fn invalid(path: String, message: &str) -> Self {
        let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
        if let Some(field) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            let path = if path == "." { field.to_owned() } else { format!("{path}.{field}") };
            return Self::Invalid(path, "is missing".to_owned());
        }
        let reason = match message.rsplit_once("expected ") {
            Some((_, expected)) => format!("must be {}", javascript_type_name(expected)),
            None if message.starts_with("data did not match") => "has a value of the wrong type".to_owned(),
            None if message == "number out of range" => "is out of range".to_owned(),
            None => message.to_owned(),
        };
        Self::Invalid(path, reason)
    }

    /// Converts into an [`Error`]; `invalid` builds one from path and reason.
    pub fn into_error(self, invalid: impl FnOnce(String, String) -> Error) -> Error {
        match self {
            Self::Invalid(path, reason) => invalid(path, reason),
            Self::LoneSurrogate(field) => {
                Error::UnsupportedText { field, what: "half of a surrogate pair (a lone \\uD800 to \\uDFFF)" }
            }
            Self::TooDeep(field) => Error::JsonTooDeep { field },
        }
    }
}

/// Returns the expected type in JavaScript terms.
fn javascript_type_name(expected: &str) -> &str {
    match expected {
        "a map" | "map" => "an object",
        "a sequence" | "sequence" => "an array",
        "bool" | "a boolean" => "true or false",
        "str" | "string" | "a borrowed string" | "a character" | "string or map" | "variant identifier" => {
            "a string"
        }
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more, that is not too large",
        "f32" | "f64" => "a number",
        "unit" | "value" => "one of the values of its type",
        "map with a single key" => "a string",
        _ if expected.starts_with("struct ") => "an object",
        _ if expected.starts_with("tuple ") => "an array",
        _ if expected.contains("enum ") => "a string",
        _ => expected,
    }
}

/// Serialises a value as JSON; times of memories are milliseconds.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::Internal(format!("a value cannot be serialised as JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::Memory;

    fn problem(json: &str) -> Error {
        read::<Memory>(json).err().unwrap().into_error(Error::memory)
    }

    #[test]
    fn errors_name_the_field_and_quote_no_value() {
        let cases = [
            (r#"{"content":"c","timestamp":0,"type":"system"}"#, "Invalid memory: `id` is missing"),
            (r#"{"id":7,"content":"c"}"#, "Invalid memory: `id` must be a string"),
            (
                r#"{"id":"1","content":"c","timestamp":"soon","type":"system"}"#,
                "Invalid memory: `timestamp` must be a valid Date",
            ),
            (
                r#"{"id":"1","content":"c","timestamp":0,"type":"system","importance":"secret"}"#,
                "Invalid memory: `importance` must be a whole number",
            ),
        ];
        for (json, message) in cases {
            assert_eq!(problem(json).to_string(), message);
        }
    }

    #[test]
    fn distinguishes_lone_surrogates_from_deep_nesting() {
        assert_eq!(problem(r#"{"id":"1","content":"\ud800"}"#).code(), "UNSUPPORTED_TEXT");
        let deep = format!(r#"{{"id":"1","metadata":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(problem(&deep).code(), "JSON_TOO_DEEP");
    }
}
