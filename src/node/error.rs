//! Errors on their way to JavaScript: as JSON in the message, made real by `ts/errors.ts`.

use serde_json::{Map, Value, json};

use crate::database::HostFailure;
use crate::error::{Cause, Error};
use crate::node::user_code::UserFailure;

/// A structured error for the face to rebuild.
pub(super) fn to_napi(error: Error) -> napi::Error {
    napi::Error::from_reason(describe(&error).to_string())
}

/// An error as JSON.
pub(super) fn describe(error: &Error) -> Value {
    let mut causes = Vec::new();
    let mut reference = None;
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        // A cause is shared: the failure is behind its `Arc`.
        reference = reference.or_else(|| reference_of(inner.downcast_ref::<Cause>()?));
        causes.push(inner.to_string());
        cause = inner.source();
    }
    let mut description = json!({ "code": error.code(), "message": error.to_string(), "cause": causes, "reference": reference });
    if let Error::PromptTooLarge { tokens, max_tokens, sections } = &error {
        let sections: Map<String, Value> =
            sections.iter().map(|(name, n)| (name.clone(), json!(n))).collect();
        description["details"] = json!({ "tokens": tokens, "maxTokens": max_tokens, "sections": sections });
    }
    description
}

/// Where the face keeps the value that JavaScript threw.
fn reference_of(cause: &Cause) -> Option<u32> {
    let driver = cause.downcast_ref::<HostFailure>().and_then(|failure| failure.reference);
    driver.or_else(|| cause.downcast_ref::<UserFailure>()?.reference)
}
