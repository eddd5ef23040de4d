//! A function of the face that Rust calls late and lets go of early.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use napi::Status;
use napi::bindgen_prelude::{Function, Promise};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};

/// JSON in, a promise of JSON out; the face catches what the user's code throws and makes it part of the answer.
pub(super) type AnswerJson<'scope> = Function<'scope, String, Promise<String>>;

/// Weak, so that it keeps no process alive; not callee-handled, so that JavaScript gets its one argument.
type Call = ThreadsafeFunction<String, Promise<String>, String, Status, false, true>;

/// Why a function gives no answer.
pub(super) enum NoAnswer {
    /// It was let go of.
    Closed,
    /// Its promise was collected unsettled: what the user's code was waiting for can never come.
    Abandoned,
    /// A defect of ours, or the process is ending.
    Failed(napi::Error),
}

/// Calls a function of the face; without it once closed. What it refers to cannot be collected before.
#[derive(Default)]
pub(super) struct JsFunction {
    call: Mutex<Option<Arc<Call>>>,
}

impl JsFunction {
    pub fn new(call: AnswerJson) -> napi::Result<Arc<Self>> {
        let function = Self::default();
        function.open(call)?;
        Ok(Arc::new(function))
    }

    /// Takes the function, once more after `close`.
    pub fn open(&self, call: AnswerJson) -> napi::Result<()> {
        let call = call.build_threadsafe_function().callee_handled::<false>().weak::<true>().build()?;
        *self.function() = Some(Arc::new(call));
        Ok(())
    }

    /// Lets go of the function.
    pub fn close(&self) {
        self.function().take();
    }

    /// The function's answer.
    pub async fn call(&self, request: String) -> Result<String, NoAnswer> {
        let call = self.function().clone().ok_or(NoAnswer::Closed)?;
        let answer = call.call_async_catch(request).await.map_err(NoAnswer::Failed)?;
        // The face's functions never reject.
        answer.await.map_err(|_| NoAnswer::Abandoned)
    }

    /// Tells the function something; whether it hears it, and what it answers, is of no interest.
    pub fn tell(&self, request: String) {
        if let Some(call) = self.function().clone() {
            let _ = call.call(request, ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    fn function(&self) -> MutexGuard<'_, Option<Arc<Call>>> {
        self.call.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
