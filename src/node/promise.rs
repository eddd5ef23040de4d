//! Futures as promises.

use std::future::Future;
use std::task::{Context, Poll, Waker};

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue, within_runtime_if_available};

use crate::error::Error;
use crate::node::error::to_napi;

/// A promise for a future. What is ready at once is settled at once, without a trip to another thread.
pub(super) fn promise<T, F>(env: &Env, future: F) -> napi::Result<PromiseRaw<'_, T>>
where
    T: ToNapiValue + Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let mut future = Box::pin(future);
    let polled =
        within_runtime_if_available(|| future.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    match polled {
        Poll::Ready(Ok(value)) => PromiseRaw::resolve(env, value),
        Poll::Ready(Err(error)) => PromiseRaw::reject(env, to_napi(error)),
        Poll::Pending => env.spawn_future(async move { future.await.map_err(to_napi) }),
    }
}
