//! Errors on their way to JavaScript: as JSON in the message, made real by `ts/errors.ts`.

use serde_json::json;

use crate::error::Error;

/// A structured error for the face to rebuild.
pub(super) fn to_napi(error: Error) -> napi::Error {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    let description = json!({ "code": error.code(), "message": error.to_string(), "cause": causes });
    napi::Error::from_reason(description.to_string())
}
