//! Validation of tool arguments by JSON Schema.

use jsonschema::Validator;
use serde_json::Value;

use crate::error::{Error, Result};

/// Maximum number of violations reported.
const MAX_PROBLEMS: usize = 10;
/// Keywords that no provider accepts at the top level of a tool's schema.
const NOT_AT_THE_TOP: [&str; 6] = ["allOf", "anyOf", "enum", "not", "oneOf", "$ref"];

/// A compiled JSON Schema of arguments.
pub(crate) struct Schema(Validator);

impl Schema {
    /// Compiles a schema, or returns the reason why it is invalid. `formats` enables checks of
    /// `email`, `date-time`, ….
    pub fn compile(schema: &Value, formats: bool) -> Result<Self, String> {
        let object = schema.as_object().ok_or("must be a JSON Schema object")?;
        match object.get("type") {
            Some(kind) if kind == "object" => {}
            _ => return Err("must have `type: 'object'`: models pass named arguments".to_owned()),
        }
        if let Some(keyword) = NOT_AT_THE_TOP.iter().find(|keyword| object.contains_key(**keyword)) {
            return Err(format!("has `{keyword}` at the top, which models refuse; use it inside a property"));
        }
        jsonschema::options()
            .should_validate_formats(formats)
            .build(schema)
            .map(Self)
            .map_err(|error| format!("are not a valid JSON Schema: {error}"))
    }

    /// Validates arguments and returns them. If they are invalid, `null`s are dropped first,
    /// because models send them for absent arguments.
    pub fn check(&self, tool: &str, arguments: Value) -> Result<Value> {
        if self.0.is_valid(&arguments) {
            return Ok(arguments);
        }
        if let Value::Object(object) = &arguments {
            let mut given = object.clone();
            given.retain(|_, value| !value.is_null());
            let given = Value::Object(given);
            if self.0.is_valid(&given) {
                return Ok(given);
            }
        }
        let problems = if arguments.is_object() {
            let errors = self.0.iter_errors(&arguments).take(MAX_PROBLEMS);
            // Values are masked because they are the customer's words.
            errors
                .map(|error| match error.instance_path().as_str() {
                    "" => error.masked().to_string(),
                    path => format!("{path}: {}", error.masked()),
                })
                .collect()
        } else {
            vec!["the arguments are not a JSON object".to_owned()]
        };
        Err(Error::ToolArgumentsInvalid { tool: tool.to_owned(), problems })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(schema: Value, arguments: Value) -> String {
        let schema = Schema::compile(&schema, true).unwrap();
        schema.check("t", arguments).unwrap_err().to_string()
    }

    #[test]
    fn rejects_invalid_schemas_with_a_reason() {
        for (schema, reason) in [
            (json!(1), "must be a JSON Schema object"),
            (json!({}), "type: 'object'"),
            (json!({ "type": "string" }), "type: 'object'"),
            (json!({ "type": "object", "anyOf": [] }), "`anyOf` at the top"),
            (json!({ "type": "object", "properties": 7 }), "not a valid JSON Schema"),
            (
                json!({ "type": "object", "properties": { "a": { "type": "text" } } }),
                "not a valid JSON Schema",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/gone" } } }),
                "not a valid JSON Schema",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$ref": "https://x.y/z" } } }),
                "not a valid JSON Schema",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "pattern": "(" } } }),
                "not a valid JSON Schema",
            ),
        ] {
            let refused = Schema::compile(&schema, true).err().unwrap();
            assert!(refused.contains(reason), "{schema}: {refused}");
        }
    }

    #[test]
    fn validates_integers_nested_objects_references_and_formats() {
        let schema = json!({
            "type": "object",
            "properties": {
                "guests": { "type": "integer", "minimum": 1 },
                "contact": { "$ref": "#/$defs/contact" },
                "days": { "type": "array", "items": { "type": "string", "format": "date" } },
            },
            "$defs": { "contact": {
                "type": "object", "required": ["email"],
                "properties": { "email": { "type": "string", "format": "email" } },
            } },
        });
        let valid = json!({ "guests": 2.0, "contact": { "email": "a@b.c" }, "days": ["2026-01-31"] });
        assert!(Schema::compile(&schema, true).unwrap().check("t", valid).is_ok());
        for (arguments, path) in [
            (json!({ "guests": 2.5 }), "/guests: "),
            (json!({ "guests": "2" }), "/guests: "),
            (json!({ "guests": 0 }), "/guests: "),
            (json!({ "contact": {} }), "/contact: \"email\" is a required property"),
            (json!({ "contact": { "email": "secret" } }), "/contact/email: "),
            (json!({ "days": ["2026-01-01", "secret"] }), "/days/1: "),
        ] {
            let told = problems(schema.clone(), arguments);
            assert!(told.contains(path) && !told.contains("secret"), "{told}");
        }
    }
}
