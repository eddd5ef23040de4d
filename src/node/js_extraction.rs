//! Adapter for the developer's Standard Schema `agent.extract.schema`, called through
//! `ts/receptionist/extraction.ts`.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::extraction::{ExtractionValidator, ValidatedValues};
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};

/// The developer's validation of extracted values.
pub(super) struct JsExtractionValidator {
    user: UserCode,
}

/// The result of the TypeScript layer: values or issues.
#[derive(Deserialize)]
struct Validated {
    value: Option<Map<String, Value>>,
    issues: Option<Vec<String>>,
}

impl JsExtractionValidator {
    pub fn new(user: UserCode) -> Self {
        Self { user }
    }
}

#[async_trait]
impl ExtractionValidator for JsExtractionValidator {
    async fn validate(&self, values: &Map<String, Value>) -> Result<ValidatedValues> {
        let Validated { value, issues } =
            self.user.call("agent.extract.schema", values, DEFAULT_TIMEOUT).await?;
        Ok(match issues {
            Some(issues) => ValidatedValues::Invalid(issues),
            None => ValidatedValues::Valid(value.unwrap_or_default()),
        })
    }
}
