//! The developer's schema, compiled, and the values that satisfy it.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::answer::{MAX_JSON_BYTES, storable_values};
use crate::config::ExtractConfig;
use crate::error::{Error, Result};
use crate::tools::arguments::Schema;

/// Option with the schema.
const OPTION: &str = "agent.extract.schema";
/// Reported in place of a schema's keyword for values that are too large.
const TOO_LARGE: &str = "more than 64 KB of JSON";
/// Reported in place of a schema's keyword for values that the developer's code refuses.
const REFUSED: &str = "`~standard.validate` of the schema";

/// The developer's own validation, which may transform the values.
#[async_trait]
pub trait ExtractionValidator: Send + Sync {
    /// Validates values that satisfy the JSON Schema.
    ///
    /// # Errors
    ///
    /// `USER_CODE_…` if the developer's code throws, times out or returns something else.
    async fn validate(&self, values: &Map<String, Value>) -> Result<ValidatedValues>;
}

/// The outcome of the developer's own validation.
#[derive(Debug, Clone, PartialEq)]
pub enum ValidatedValues {
    /// The values, transformed.
    Valid(Map<String, Value>),
    /// The reasons why they are invalid.
    Invalid(Vec<String>),
}

/// A compiled schema of the values to extract.
pub(super) struct Form {
    schema: Schema,
    /// The JSON Schema, as the model reads it.
    pub json_schema: String,
    validator: Option<Arc<dyn ExtractionValidator>>,
}

/// Reasons why values are invalid.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Problems {
    /// Descriptions for the model.
    pub descriptions: Vec<String>,
    /// Violated parts of the schema, which never contain values.
    pub keywords: Vec<String>,
}

impl Problems {
    pub fn new(description: &str, keyword: &str) -> Self {
        Self { descriptions: vec![description.to_owned()], keywords: vec![keyword.to_owned()] }
    }
}

impl Form {
    /// Compiles the schema of the options.
    ///
    /// # Errors
    ///
    /// `INVALID_CONFIG` if it is not a JSON Schema of an object.
    pub fn compile(config: &ExtractConfig, validator: Option<Arc<dyn ExtractionValidator>>) -> Result<Self> {
        let json: Value = serde_json::from_str(&config.schema)
            .map_err(|error| Error::config(OPTION, format!("is not valid JSON: {error}")))?;
        let kind = json.get("type").and_then(Value::as_str);
        if kind != Some("object") {
            let reason = "must have `type: 'object'` at the root: named values are extracted; put a list or \
                          a choice of types into a property";
            return Err(Error::config(OPTION, reason));
        }
        let schema = Schema::build(&json, true)
            .map_err(|reason| Error::config(OPTION, format!("is not a valid JSON Schema: {reason}")))?;
        Ok(Self { schema, json_schema: json.to_string(), validator })
    }

    /// Validates values and returns what is to be stored: valid, transformed, and within the limits of
    /// the databases.
    pub async fn validate(&self, values: Map<String, Value>) -> Result<Result<Map<String, Value>, Problems>> {
        let valid = match self.schema.validate(storable_values(values)) {
            Ok(valid) => valid,
            Err(violations) => {
                let (descriptions, keywords) =
                    violations.into_iter().map(|violation| (violation.problem, violation.keyword)).unzip();
                return Ok(Err(Problems { descriptions, keywords }));
            }
        };
        let valid = match &self.validator {
            None => valid,
            Some(validator) => match validator.validate(&valid).await? {
                ValidatedValues::Valid(transformed) => storable_values(transformed),
                ValidatedValues::Invalid(descriptions) => {
                    return Ok(Err(Problems { descriptions, keywords: vec![REFUSED.to_owned()] }));
                }
            },
        };
        let size = serde_json::to_vec(&valid).map_or(usize::MAX, |json| json.len());
        Ok(if size > MAX_JSON_BYTES { Err(Self::too_large()) } else { Ok(valid) })
    }

    /// Returns the problem of values that are too large.
    pub fn too_large() -> Problems {
        Problems::new("The JSON object is too long. Shorten its texts and lists.", TOO_LARGE)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compile(schema: &Value) -> Result<Form> {
        let config = ExtractConfig {
            schema: schema.to_string(),
            on: crate::config::ExtractOn::default(),
            instructions: None,
        };
        Form::compile(&config, None)
    }

    #[test]
    fn refuses_what_is_not_the_schema_of_an_object() {
        for (schema, reason) in [
            (json!({ "type": "string" }), "type: 'object'"),
            (json!({ "anyOf": [] }), "type: 'object'"),
            (json!({ "type": "object", "properties": 7 }), "not a valid JSON Schema"),
            (json!({ "type": "object", "$ref": "https://x.y/z" }), "not a valid JSON Schema"),
        ] {
            let refused = compile(&schema).err().unwrap().to_string();
            assert!(refused.contains(reason) && refused.contains(OPTION), "{schema}: {refused}");
        }
    }

    #[tokio::test]
    async fn names_the_violated_keyword_without_the_value() {
        let schema = json!({ "type": "object", "properties": { "guests": { "type": "integer" } } });
        let form = compile(&schema).unwrap();
        let values = Map::from_iter([("guests".to_owned(), json!("secret"))]);
        let problems = form.validate(values).await.unwrap().unwrap_err();
        assert_eq!(problems.keywords, ["/properties/guests/type"]);
        assert!(problems.descriptions[0].starts_with("/guests: "));
        assert!(!problems.descriptions[0].contains("secret"));
        let large = Map::from_iter([("note".to_owned(), json!("x".repeat(MAX_JSON_BYTES)))]);
        assert_eq!(form.validate(large).await.unwrap(), Err(Form::too_large()));
    }
}
