//! Errors for JavaScript: JSON in the message, turned into error objects by `ts/errors.ts`.

use serde_json::{Map, Value, json};

use crate::database::DriverError;
use crate::error::{Cause, Error};
use crate::node::user_code::UserCodeError;

/// Converts an error into a napi error that the TypeScript layer can rebuild.
pub(super) fn to_napi(error: Error) -> napi::Error {
    napi::Error::from_reason(describe(&error).to_string())
}

/// Describes an error as JSON.
pub(super) fn describe(error: &Error) -> Value {
    let mut causes = Vec::new();
    let mut reference = None;
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        // A cause is shared: the concrete error is inside the `Arc`.
        reference = reference.or_else(|| reference_of(inner.downcast_ref::<Cause>()?));
        causes.push(inner.to_string());
        cause = inner.source();
    }
    let mut description = json!({ "code": error.code(), "message": error.to_string(), "cause": causes, "reference": reference });
    if let Some(details) = details_of(error) {
        description["details"] = details;
    }
    description
}

/// Returns the machine-readable details of an error, in addition to its code.
fn details_of(error: &Error) -> Option<Value> {
    match error {
        Error::PromptTooLarge { tokens, max_tokens, sections } => {
            let sections: Map<String, Value> =
                sections.iter().map(|(name, n)| (name.clone(), json!(n))).collect();
            Some(json!({ "tokens": tokens, "maxTokens": max_tokens, "sections": sections }))
        }
        Error::InvalidConfig { option: field, reason }
        | Error::InvalidMemory { field, reason }
        | Error::InvalidQuery { field, reason }
        | Error::InvalidArgument { argument: field, reason } => {
            Some(json!({ "field": field, "reason": reason }))
        }
        Error::DocumentUnreadable { document, format, reason } => {
            Some(json!({ "document": document, "format": format, "reason": reason }))
        }
        _ => None,
    }
}

/// Returns the reference to the original JavaScript value, if any.
fn reference_of(cause: &Cause) -> Option<u32> {
    let driver = cause.downcast_ref::<DriverError>().and_then(|failure| failure.reference);
    driver.or_else(|| cause.downcast_ref::<UserCodeError>()?.reference)
}
