//! Validation of tool arguments by JSON Schema.

use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Maximum number of violations reported.
const MAX_PROBLEMS: usize = 10;
/// Keywords that no provider accepts at the top level of a tool's schema.
const NOT_AT_THE_TOP: [&str; 6] = ["allOf", "anyOf", "enum", "not", "oneOf", "$ref"];

/// A compiled JSON Schema of arguments.
pub(crate) struct Schema(Validator);

/// A violation of a schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Violation {
    /// Description with the path of the value, for the model. It may name keys that the model chose.
    pub problem: String,
    /// Path of the violated keyword in the schema, such as `/properties/guests/minimum`.
    pub keyword: String,
}

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
        Self::build(schema, formats).map_err(|error| format!("are not a valid JSON Schema: {error}"))
    }

    /// Compiles a schema of any kind, or returns the reason why it is invalid.
    pub fn build(schema: &Value, formats: bool) -> Result<Self, String> {
        let validator = jsonschema::options().should_validate_formats(formats).build(schema);
        validator.map(Self).map_err(|error| error.to_string())
    }

    /// Validates arguments of a tool and returns them, as [`Self::validate`] does.
    pub fn check(&self, tool: &str, arguments: Value) -> Result<Value> {
        let problems = match arguments {
            Value::Object(arguments) => match self.validate(arguments) {
                Ok(valid) => return Ok(Value::Object(valid)),
                Err(violations) => violations.into_iter().map(|violation| violation.problem).collect(),
            },
            _ => vec!["the arguments are not a JSON object".to_owned()],
        };
        Err(Error::ToolArgumentsInvalid { tool: tool.to_owned(), problems })
    }

    /// Validates named values and returns them. If they are invalid, `null`s are dropped first,
    /// because models send them for absent values. At most ten violations are returned.
    pub fn validate(&self, values: Map<String, Value>) -> Result<Map<String, Value>, Vec<Violation>> {
        let all = Value::Object(values);
        if self.0.is_valid(&all) {
            return Ok(into_object(all));
        }
        let mut given = into_object(all.clone());
        given.retain(|_, value| !value.is_null());
        let given = Value::Object(given);
        if self.0.is_valid(&given) {
            return Ok(into_object(given));
        }
        let errors = self.0.iter_errors(&all).take(MAX_PROBLEMS);
        Err(errors.map(|error| Violation::of(&error)).collect())
    }
}

impl Violation {
    fn of(error: &ValidationError<'_>) -> Self {
        // Values are masked because they are the customer's words.
        let problem = match error.instance_path().as_str() {
            "" => error.masked().to_string(),
            path => format!("{path}: {}", error.masked()),
        };
        Self { problem, keyword: error.schema_path().as_str().to_owned() }
    }
}

fn into_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
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
