//! Background tasks.
//!
//! A spawned task does not inherit the current span, and a log entry reaches the receptionist whose
//! span it is written in. These functions pass the span on. `clippy.toml` forbids the runtime's own
//! functions elsewhere.
#![allow(clippy::disallowed_methods)]

use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};

/// Spawns a task in the current span. Must be called within the runtime.
pub(crate) fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tokio::spawn(future.in_current_span())
}

/// Spawns a task in the current span and returns `true`. Without a runtime, as during process exit,
/// the future is dropped.
pub(crate) fn spawn_if_running<F>(future: F) -> bool
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let runtime = Handle::try_current();
    runtime.map(|runtime| runtime.spawn(future.in_current_span())).is_ok()
}

/// Spawns a task in the current span that `tracker` waits for.
pub(crate) fn spawn_tracked<F>(tracker: &TaskTracker, future: F)
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tracker.spawn(future.in_current_span());
}

/// Runs blocking work on a thread for blocking tasks, in the current span.
pub(crate) fn spawn_blocking<T, W>(work: W) -> JoinHandle<T>
where
    T: Send + 'static,
    W: FnOnce() -> T + Send + 'static,
{
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
}
