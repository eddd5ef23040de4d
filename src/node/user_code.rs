//! The developer's own code, called by a function of the face (`ts/user-code.ts`).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use crate::agent::turns;
use crate::error::{Error, Result};
use crate::input;
use crate::node::function::{JsFunction, NoAnswer};

/// What code of the developer's may take when nobody says otherwise.
pub(super) const DEFAULT_PATIENCE: Duration = Duration::from_secs(30);

/// Numbers of calls, which begin anew after four billion.
static CALLS: AtomicU32 = AtomicU32::new(0);

/// Everything a receptionist was given as code, by name: `storage.save`, `tool.book`, …
#[derive(Clone)]
pub(super) struct UserCode {
    function: Arc<JsFunction>,
}

#[derive(Serialize)]
struct Request<'a, T> {
    /// Number of the call.
    call: u32,
    name: &'a str,
    argument: &'a T,
    /// The turns that wait for it.
    within: &'a [u64],
}

/// A call under way. Dropped before its answer is there, the face is told that nobody waits for it any more.
struct Call<'a> {
    function: &'a JsFunction,
    number: u32,
    answered: bool,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.function.tell(json!({ "abandoned": self.number }).to_string());
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    error: Option<UserFailure>,
    /// Absent for `null` too.
    value: Option<Box<RawValue>>,
}

/// What the developer's code threw.
#[derive(Debug, Deserialize)]
pub(super) struct UserFailure {
    message: String,
    /// Where the original value is kept, to be thrown again.
    pub reference: Option<u32>,
}

impl fmt::Display for UserFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UserFailure {}

impl UserCode {
    pub fn new(function: Arc<JsFunction>) -> Self {
        Self { function }
    }

    /// Calls what is known by that name with one argument, and waits `patience` for what it returns.
    ///
    /// Fails with `USER_CODE_FAILED`, `USER_CODE_TIMEOUT` or, when the value is none that was asked for,
    /// `USER_CODE_INVALID`.
    pub async fn call<T: DeserializeOwned>(
        &self,
        name: &str,
        argument: &(impl Serialize + Sync),
        patience: Duration,
    ) -> Result<T> {
        let value = self.call_raw(name, argument, patience).await?;
        input::read(value.get()).map_err(|problem| {
            let unusable = |reason| Error::UserCodeInvalid { what: name.to_owned(), reason };
            let named = |path: String, reason: String| {
                unusable(if path == "." { reason } else { format!("`{path}` {reason}") })
            };
            match problem.into_error(named) {
                error @ Error::UserCodeInvalid { .. } => error,
                // What no database could hold. The advice that goes with it is for callers who save.
                Error::UnsupportedText { field, what } => unusable(format!("`{field}` holds {what}")),
                Error::JsonTooDeep { field } => unusable(format!("`{field}` is nested too deep")),
                error => error,
            }
        })
    }

    /// Like [`Self::call`], for values that are read elsewhere.
    pub async fn call_raw(
        &self,
        name: &str,
        argument: &(impl Serialize + Sync),
        patience: Duration,
    ) -> Result<Box<RawValue>> {
        let number = CALLS.fetch_add(1, Ordering::Relaxed);
        let request =
            serde_json::to_string(&Request { call: number, name, argument, within: &turns::within() })
                .map_err(|error| Error::Internal(format!("an argument of {name} is no JSON: {error}")))?;
        let mut call = Call { function: &self.function, number, answered: false };
        let timed_out = || {
            let timeout_ms = patience.as_millis().try_into().unwrap_or(u64::MAX);
            Error::UserCodeTimeout { what: name.to_owned(), timeout_ms }
        };
        let answer = tokio::time::timeout(patience, self.function.call(request)).await;
        let answer = answer.map_err(|_| timed_out())?;
        call.answered = true;
        let answer = answer.map_err(|none| match none {
            NoAnswer::Closed => Error::Disposed("AIReceptionist"),
            NoAnswer::Abandoned => timed_out(),
            NoAnswer::Failed(error) => Error::Internal(format!("{name} could not be called: {error}")),
        })?;
        let answer: Answer = serde_json::from_str(&answer)
            .map_err(|error| Error::Internal(format!("the answer of {name} is no JSON: {error}")))?;
        match answer.error {
            Some(failure) => Err(Error::UserCode { what: name.to_owned(), cause: Arc::new(failure) }),
            None => Ok(answer.value.unwrap_or_else(|| RawValue::NULL.to_owned())),
        }
    }
}
