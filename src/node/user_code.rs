//! Calls to user code through `ts/bridge/user-code.ts`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use crate::agent::conversation_locks;
use crate::error::{Error, Result};
use crate::json;
use crate::node::async_contexts;
use crate::node::callback::{CallbackError, JsCallback};

/// Default timeout of a call, 30 s.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Number of the next call; wraps around after four billion.
static NEXT_CALL: AtomicU32 = AtomicU32::new(0);

/// All functions given to a receptionist, by name: `storage.save`, `tool.book`, …
#[derive(Clone)]
pub(super) struct UserCode {
    function: Arc<JsCallback>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallbackRequest<'a, T> {
    /// Number of the call.
    call: u32,
    name: &'a str,
    argument: &'a T,
    /// Turns that wait for the call.
    waiting_turns: &'a [u64],
    /// Number of the caller's context, if any.
    caller: Option<u32>,
}

/// A call in progress. If it is dropped before the result arrives, the TypeScript layer is notified
/// that the call was abandoned.
struct PendingCall<'a> {
    function: &'a JsCallback,
    number: u32,
    answered: bool,
}

impl Drop for PendingCall<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.function.notify(json!({ "abandoned": self.number }).to_string());
        }
    }
}

#[derive(Deserialize)]
struct CallbackResponse {
    error: Option<ThrownError>,
    /// The returned value; absent for `null` too.
    value: Option<Box<RawValue>>,
}

/// A thrown value and its stack.
#[derive(Deserialize)]
struct ThrownError {
    #[serde(flatten)]
    failure: UserCodeError,
    stack: Option<String>,
}

/// A value thrown by user code.
#[derive(Debug, Deserialize)]
pub(super) struct UserCodeError {
    message: String,
    /// Reference to the original value, so that it can be rethrown.
    pub reference: Option<u32>,
}

impl fmt::Display for UserCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UserCodeError {}

impl UserCode {
    pub fn new(function: Arc<JsCallback>) -> Self {
        Self { function }
    }

    /// Calls the function with the given name with one argument, and waits at most `timeout` for
    /// the result.
    ///
    /// # Errors
    ///
    /// `USER_CODE_FAILED` if it throws, `USER_CODE_TIMEOUT` if it does not settle,
    /// `USER_CODE_INVALID` if the result has the wrong type.
    pub async fn call<T: DeserializeOwned>(
        &self,
        name: &str,
        argument: &(impl Serialize + Sync),
        timeout: Duration,
    ) -> Result<T> {
        let value = self.call_raw(name, argument, timeout).await?;
        json::read(value.get()).map_err(|problem| {
            let unusable = |reason| Error::UserCodeInvalid { what: name.to_owned(), reason };
            let named = |path: String, reason: String| {
                unusable(if path == "." { reason } else { format!("`{path}` {reason}") })
            };
            match problem.into_error(named) {
                error @ Error::UserCodeInvalid { .. } => error,
                // A value that no database can store. The usual advice is for callers that save.
                Error::UnsupportedText { field, what } => unusable(format!("`{field}` holds {what}")),
                Error::JsonTooDeep { field } => unusable(format!("`{field}` is nested too deep")),
                error => error,
            }
        })
    }

    /// Calls like [`Self::call`] and returns the raw JSON.
    pub async fn call_raw(
        &self,
        name: &str,
        argument: &(impl Serialize + Sync),
        timeout: Duration,
    ) -> Result<Box<RawValue>> {
        let number = NEXT_CALL.fetch_add(1, Ordering::Relaxed);
        let waiting_turns = conversation_locks::current_turns();
        let request = CallbackRequest {
            call: number,
            name,
            argument,
            waiting_turns: &waiting_turns,
            caller: async_contexts::current_number(),
        };
        let request = serde_json::to_string(&request).map_err(|error| {
            Error::Internal(format!("an argument of {name} cannot be serialised as JSON: {error}"))
        })?;
        let mut call = PendingCall { function: &self.function, number, answered: false };
        let timed_out = || {
            let timeout_ms = timeout.as_millis().try_into().unwrap_or(u64::MAX);
            Error::UserCodeTimeout { what: name.to_owned(), timeout_ms }
        };
        let answer = tokio::time::timeout(timeout, self.function.call(request)).await;
        let answer = answer.map_err(|_| timed_out())?;
        call.answered = true;
        let answer = answer.map_err(|none| match none {
            CallbackError::Closed => Error::Disposed("AIReceptionist"),
            CallbackError::NeverSettled => timed_out(),
            CallbackError::Failed(error) => Error::Internal(format!("{name} could not be called: {error}")),
        })?;
        let answer: CallbackResponse = serde_json::from_str(&answer)
            .map_err(|error| Error::Internal(format!("the result of {name} is not valid JSON: {error}")))?;
        match answer.error {
            Some(ThrownError { failure, stack }) => {
                Err(Error::UserCode { what: name.to_owned(), cause: Arc::new(failure), stack })
            }
            None => Ok(answer.value.unwrap_or_else(|| RawValue::NULL.to_owned())),
        }
    }
}
