//! What a developer's tool returned, as a result: a whole one, or anything that stands for it.

use serde_json::{Map, Value};

use crate::message::ToolResult;
use crate::tools::response;

/// Makes a result of a returned value, or tells what is wrong with it.
///
/// An object with `success` or `response` is a result, in which `success` is true unless given. Anything else is what the
/// tool found: its `data`; text is what to say, too. Nothing at all means that it was done.
pub fn result(value: Value) -> Result<ToolResult, String> {
    match value {
        Value::Null => Ok(ToolResult { success: true, ..ToolResult::default() }),
        Value::String(words) => Ok(crate::tools::done(Value::String(words.clone()), words)),
        Value::Object(fields) if fields.contains_key("success") || fields.contains_key("response") => {
            whole(fields)
        }
        data => Ok(ToolResult { success: true, data: Some(data), ..ToolResult::default() }),
    }
}

fn whole(mut fields: Map<String, Value>) -> Result<ToolResult, String> {
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
    fn whatever_stands_for_a_result_becomes_one() {
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
            let made = result(returned.clone()).unwrap();
            assert_eq!(serde_json::to_value(made).unwrap(), expected, "{returned}");
        }
    }

    #[test]
    fn a_result_that_is_none_names_its_field() {
        for (returned, field) in [
            (json!({ "success": "yes" }), "`success`"),
            (json!({ "success": false, "error": { "code": 1 } }), "`error`"),
            (json!({ "success": true, "response": 7 }), "`response`"),
        ] {
            assert!(result(returned).unwrap_err().starts_with(field));
        }
    }
}
