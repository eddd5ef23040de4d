//! Streamed replies for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use crate::channels::text::stream;
use crate::json::write;
use crate::node::error::to_napi;
use crate::node::promise::promise;

/// A streamed reply.
#[napi]
pub struct TextStream {
    inner: Arc<stream::TextStream>,
}

impl TextStream {
    pub(super) fn new(stream: stream::TextStream) -> Self {
        Self { inner: Arc::new(stream) }
    }
}

#[napi]
impl TextStream {
    /// Returns the next chunk; null after the last one.
    #[napi(catch_unwind)]
    pub fn next<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        let stream = Arc::clone(&self.inner);
        promise(env, async move { stream.next().await })
    }

    /// Returns the complete response, after the last chunk.
    #[napi(catch_unwind)]
    pub fn response(&self) -> napi::Result<String> {
        self.inner.response().and_then(|response| write(&response)).map_err(to_napi)
    }

    /// Stops reading. Resolves when the turn has ended.
    #[napi(catch_unwind)]
    pub fn cancel<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, ()>> {
        let stream = Arc::clone(&self.inner);
        promise(env, async move {
            stream.cancel().await;
            Ok(())
        })
    }
}
