//! A JavaScript callback that Rust calls later and releases early.
use std::sync::Arc;

use napi::Status;
use napi::bindgen_prelude::{Function, Promise};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use parking_lot::{Mutex, MutexGuard};

/// A function from JSON to a promise of JSON. The TypeScript layer catches errors of user code and
/// returns them as part of the result.
pub(super) type JsonCallback<'scope> = Function<'scope, String, Promise<String>>;

/// Weak, so that it does not keep the process alive. Not callee-handled, so that JavaScript
/// receives a single argument.
type Call = ThreadsafeFunction<String, Promise<String>, String, Status, false, true>;

/// Error of a callback.
pub(super) enum CallbackError {
    /// The callback was released.
    Closed,
    /// The promise was garbage-collected unsettled: it can never settle.
    NeverSettled,
    /// A defect of this package, or the process is exiting.
    Failed(napi::Error),
}

/// A JavaScript callback, or none once closed. Its references cannot be collected before that.
#[derive(Default)]
pub(super) struct JsCallback {
    call: Mutex<Option<Arc<Call>>>,
}

impl JsCallback {
    pub fn new(call: &JsonCallback) -> napi::Result<Arc<Self>> {
        let function = Self::default();
        function.open(call)?;
        Ok(Arc::new(function))
    }

    /// Sets the callback; again after `close`.
    pub fn open(&self, call: &JsonCallback) -> napi::Result<()> {
        let call = call.build_threadsafe_function().callee_handled::<false>().weak::<true>().build()?;
        *self.function() = Some(Arc::new(call));
        Ok(())
    }

    /// Releases the callback.
    pub fn close(&self) {
        self.function().take();
    }

    /// Calls the callback and returns its result.
    pub async fn call(&self, request: String) -> Result<String, CallbackError> {
        let call = self.function().clone().ok_or(CallbackError::Closed)?;
        let answer = call.call_async_catch(request).await.map_err(CallbackError::Failed)?;
        // Functions of the TypeScript layer never reject.
        answer.await.map_err(|_| CallbackError::NeverSettled)
    }

    /// Calls the callback without waiting for a result; failures are ignored.
    pub fn notify(&self, request: String) {
        if let Some(call) = self.function().clone() {
            let _ = call.call(request, ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    fn function(&self) -> MutexGuard<'_, Option<Arc<Call>>> {
        self.call.lock()
    }
}
