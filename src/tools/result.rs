//! Conversion of a developer's return value to a tool result.

use serde_json::{Map, Value};

use crate::tools::response;
use crate::types::message::ToolResult;

/// Converts a returned value to a result, or returns the reason why it is invalid.
///
/// An object with `success` or `response` is a result, with `success` true by default. Any other
/// value becomes `data`, and a string is the response too. `null` means success without data.
pub fn normalize_result(value: Value) -> Result<ToolResult, String> {
    match value {
        Value::Null => Ok(ToolResult { success: true, ..ToolResult::default() }),
        Value::String(words) => Ok(crate::tools::done(Value::String(words.clone()), words)),
        Value::Object(fields) if fields.contains_key("success") || fields.contains_key("response") => {
            explicit_result(fields)
        }
        data => Ok(ToolResult { success: true, data: Some(data), ..ToolResult::default() }),
    }
}

fn explicit_result(mut fields: Map<String, Value>) -> Result<ToolResult, String> {
    let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_null());
    let success = match take("success") {
        None => true,
        Some(Value::Bool(success)) => success,
        Some(_) => return Err("`success` must be true or false".to_owned()),
    };
    let error = match take("error") {
        None => None,
        Some(Value::String(error)) => Some(error),
        Some(_) => return Err("`error` must be a string".to_owned()),
    };
    let response = match take("response") {
        None => Map::new(),
        Some(Value::Object(response)) => response,
        Some(Value::String(words)) => response(words),
        Some(_) => return Err("`response` must be an object: { speak?, message?, text? }".to_owned()),
    };
    Ok(ToolResult { success, data: take("data"), error, response })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn converts_returned_values_to_results() {
        for (returned, expected) in [
            (json!(null), json!({ "success": true, "response": {} })),
            (
                json!("Booked"),
                json!({ "success": true, "data": "Booked",
                "response": { "speak": "Booked", "message": "Booked", "text": "Booked" } }),
            ),
            (json!(7), json!({ "success": true, "data": 7, "response": {} })),
            (json!([1]), json!({ "success": true, "data": [1], "response": {} })),
            (json!({ "slots": 2 }), json!({ "success": true, "data": { "slots": 2 }, "response": {} })),
            (
                json!({ "success": false, "error": "full", "data": null }),
                json!({ "success": false, "error": "full", "response": {} }),
            ),
            (
                json!({ "response": { "speak": "Hi", "html": "<b>Hi</b>" }, "extra": 1 }),
                json!({ "success": true, "response": { "speak": "Hi", "html": "<b>Hi</b>" } }),
            ),
            (
                json!({ "success": true, "response": "Hi" }),
                json!({ "success": true, "response": { "speak": "Hi", "message": "Hi", "text": "Hi" } }),
            ),
        ] {
            let made = normalize_result(returned.clone()).unwrap();
            assert_eq!(serde_json::to_value(made).unwrap(), expected, "{returned}");
        }
    }

    #[test]
    fn names_the_invalid_field_of_a_result() {
        for (returned, field) in [
            (json!({ "success": "yes" }), "`success`"),
            (json!({ "success": false, "error": { "code": 1 } }), "`error`"),
            (json!({ "success": true, "response": 7 }), "`response`"),
        ] {
            assert!(normalize_result(returned).unwrap_err().starts_with(field));
        }
    }
}
