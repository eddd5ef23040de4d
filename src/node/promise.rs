//! Conversion of futures to promises.

use std::future::Future;
use std::task::{Context, Poll, Waker};

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue, within_runtime_if_available};

use crate::async_context;
use crate::error::Error;
use crate::node::async_contexts;
use crate::node::error::to_napi;

/// Returns a promise for a future, which runs in the caller's async context and in its own span. A
/// future that is ready at once is settled at once, without a switch to another thread.
#[allow(clippy::disallowed_methods)]
pub(super) fn promise<T, F>(env: &Env, future: F) -> napi::Result<PromiseRaw<'_, T>>
where
    T: ToNapiValue + Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let mut future = Box::pin(async_context::with_context(async_contexts::take(), future));
    let polled =
        within_runtime_if_available(|| future.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    match polled {
        Poll::Ready(Ok(value)) => PromiseRaw::resolve(env, value),
        Poll::Ready(Err(error)) => PromiseRaw::reject(env, to_napi(error)),
        Poll::Pending => env.spawn_future(async move { future.await.map_err(to_napi) }),
    }
}
