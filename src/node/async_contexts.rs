//! Async contexts of JavaScript callers, by number. `ts/bridge/caller-context.ts` assigns the
//! numbers and keeps the contexts.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use parking_lot::{Mutex, MutexGuard};

use crate::async_context;
use crate::async_context::AsyncContext;

/// Release callback. Weak, so that it does not keep the process alive.
type Release = ThreadsafeFunction<u32, (), u32, Status, false, true>;

thread_local! {
    /// Context of the next call on this JavaScript thread.
    static NEXT_CALL: RefCell<Option<AsyncContext>> = const { RefCell::new(None) };
}

/// The contexts numbered by one copy of the TypeScript layer.
#[napi]
pub struct AsyncContexts {
    release: Arc<Release>,
    active: Mutex<HashMap<u32, Weak<RegisteredContext>>>,
}

/// A context that is in use. The TypeScript layer is notified when the last use ends, unless there
/// was none when the call returned.
struct RegisteredContext {
    number: u32,
    release: Arc<Release>,
    /// `true` once the call has returned.
    returned: AtomicBool,
}

impl Drop for RegisteredContext {
    fn drop(&mut self) {
        if *self.returned.get_mut() {
            self.release.call(self.number, ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

#[napi]
impl AsyncContexts {
    /// Creates a registry. `release` is called with the number of a context after its last use.
    #[napi(constructor, catch_unwind)]
    pub fn new(release: Function<u32, ()>) -> napi::Result<Self> {
        let release = release.build_threadsafe_function().callee_handled::<false>().weak::<true>().build()?;
        Ok(Self { release: Arc::new(release), active: Mutex::default() })
    }

    /// Sets the context of the next call.
    #[napi(catch_unwind)]
    pub fn enter(&self, number: u32) {
        let caller = {
            let mut active = self.active();
            let known = active.get(&number).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let release = Arc::clone(&self.release);
                let caller =
                    Arc::new(RegisteredContext { number, release, returned: AtomicBool::new(false) });
                active.insert(number, Arc::downgrade(&caller));
                caller
            })
        };
        NEXT_CALL.set(Some(caller));
    }

    /// Clears the context of the next call.
    #[napi(catch_unwind)]
    pub fn clear(&self) {
        NEXT_CALL.take();
    }

    /// Ends a call. Returns `true` if work is still running in its context; `release` is then
    /// called when the work ends.
    #[napi(catch_unwind)]
    pub fn exit(&self, number: u32) -> bool {
        NEXT_CALL.with_borrow_mut(|next| next.take_if(|next| number_of(next) == Some(number)));
        let caller = self.active().remove(&number).and_then(|caller| caller.upgrade());
        caller.inspect(|caller| caller.returned.store(true, Ordering::Release)).is_some()
    }

    fn active(&self) -> MutexGuard<'_, HashMap<u32, Weak<RegisteredContext>>> {
        self.active.lock()
    }
}

/// Takes the context set for the call that is starting.
pub(super) fn take() -> Option<AsyncContext> {
    NEXT_CALL.take()
}

/// Returns the number of the current context, if any.
pub(super) fn current_number() -> Option<u32> {
    number_of(&async_context::current()?)
}

/// Returns the number of a context.
pub(super) fn number_of(caller: &AsyncContext) -> Option<u32> {
    caller.downcast_ref::<RegisteredContext>().map(|caller| caller.number)
}
