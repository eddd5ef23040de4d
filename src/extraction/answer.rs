//! The values in a model's answer.

use serde_json::{Map, Value};

use crate::tools::runner::storable;

/// Maximum size of the values, in bytes of JSON.
pub(super) const MAX_JSON_BYTES: usize = 64 * 1024;
/// Maximum size of an answer that is read: spaces and text around the values count too.
const MAX_ANSWER_BYTES: usize = 4 * MAX_JSON_BYTES;

/// An answer that contains no values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is longer than values may be.
    TooLong,
    /// It has no JSON object.
    NoObject,
}

/// Reads the JSON object in an answer, with or without text or a code fence around it.
pub(super) fn read(answer: &str) -> Result<Map<String, Value>, Unreadable> {
    if answer.len() > MAX_ANSWER_BYTES {
        return Err(Unreadable::TooLong);
    }
    match serde_json::from_str::<Value>(answer) {
        Ok(Value::Object(values)) => Ok(values),
        // A list or a text that contains an object is not one.
        Ok(_) => Err(Unreadable::NoObject),
        Err(_) => outermost_object(answer).ok_or(Unreadable::NoObject),
    }
}

fn outermost_object(text: &str) -> Option<Map<String, Value>> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    serde_json::from_str(text.get(start..=end)?).ok()
}

/// Returns values as databases can store them in the metadata of a row: without NUL, and not nested
/// too deep.
pub(super) fn storable_values(values: Map<String, Value>) -> Map<String, Value> {
    match storable(Value::Object(values), 2) {
        Value::Object(values) => values,
        _ => Map::new(),
    }
}

/// Returns values without the fields that are null. Merging metadata drops them too, on some
/// databases only.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, field)| !field.is_null());
            given.map(|(key, field)| (key, without_nulls(field))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_answers_as_models_write_them() {
        let values = json!({ "name": "Ann {1}", "guests": 4 });
        for answer in [
            values.to_string(),
            format!("  {values:#}\n"),
            format!("```json\n{values:#}\n```"),
            format!("Here it is:\n{values}\nAnything else?"),
        ] {
            assert_eq!(read(&answer).map(Value::Object), Ok(values.clone()), "{answer}");
        }
        for answer in ["", "none", "[1]", "[{}]", "\"{}\"", "{", "}{", "{name: 1}", "7"] {
            assert_eq!(read(answer), Err(Unreadable::NoObject), "{answer}");
        }
        assert_eq!(read(&" ".repeat(MAX_ANSWER_BYTES + 1)), Err(Unreadable::TooLong));
    }

    #[test]
    fn values_become_storable() {
        let values = Map::from_iter([("a\0".to_owned(), json!("b\0"))]);
        assert_eq!(Value::Object(storable_values(values)), json!({ "a\u{fffd}": "b\u{fffd}" }));
        let nulls = json!({ "a": null, "b": { "c": null }, "d": [null, { "e": null }] });
        assert_eq!(without_nulls(nulls), json!({ "b": {}, "d": [null, {}] }));
    }
}
