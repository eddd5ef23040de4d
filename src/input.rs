//! Reads what callers pass as JSON. Problems are named by path and never quote a value, which may
//! be a secret or somebody's words.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::error::Error;

/// Why JSON could not be read.
pub(crate) enum Problem {
    /// A value is missing or of the wrong kind: path and reason.
    Invalid(String, String),
    /// The JSON itself; the path to it.
    LoneSurrogate(String),
    /// Nested too deep to be parsed; the path to it.
    TooDeep(String),
}

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Problem> {
    // Paths are noted at a cost: only a second reading, of what cannot be read, pays it.
    serde_json::from_str(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut deserializer).map_err(Problem::of)
    })
}

/// Reads a value in which `null` means "not given".
pub(crate) fn read_given<T: DeserializeOwned>(json: &str) -> Result<T, Problem> {
    let mut value: Value = read(json)?;
    leave_out_nulls(&mut value);
    serde_path_to_error::deserialize(value).map_err(Problem::of)
}

fn leave_out_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(leave_out_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_nulls),
        _ => {}
    }
}

impl Problem {
    fn of(error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        let path = error.path().to_string();
        let error = error.into_inner();
        let message = error.to_string();
        match error.classify() {
            Category::Syntax if message.starts_with("recursion limit") => Self::TooDeep(path),
            // Whatever `JSON.stringify` made is well-formed, but for halves of surrogate pairs.
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
            Some((_, expected)) => format!("must be {expected}"),
            None if message.starts_with("data did not match") => "has a value of the wrong type".to_owned(),
            None => message.to_owned(),
        };
        Self::Invalid(path, reason)
    }

    /// The error, where `invalid` makes one of path and reason.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;

    fn problem(json: &str) -> Error {
        read::<Memory>(json).err().unwrap().into_error(Error::memory)
    }

    #[test]
    fn problems_name_the_field_and_quote_nothing() {
        let cases = [
            (r#"{"content":"c","timestamp":0,"type":"system"}"#, "Invalid memory: `id` is missing"),
            (r#"{"id":7,"content":"c"}"#, "Invalid memory: `id` must be a string"),
            (
                r#"{"id":"1","content":"c","timestamp":"soon","type":"system"}"#,
                "Invalid memory: `timestamp` must be a valid Date",
            ),
            (
                r#"{"id":"1","content":"c","timestamp":0,"type":"system","importance":"secret"}"#,
                "Invalid memory: `importance` must be i32",
            ),
        ];
        for (json, message) in cases {
            assert_eq!(problem(json).to_string(), message);
        }
    }

    #[test]
    fn halves_of_surrogate_pairs_and_bottomless_json_are_told_apart() {
        assert_eq!(problem(r#"{"id":"1","content":"\ud800"}"#).code(), "UNSUPPORTED_TEXT");
        let deep = format!(r#"{{"id":"1","metadata":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(problem(&deep).code(), "JSON_TOO_DEEP");
    }
}
