//! An answer that JavaScript reads as it arrives.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use crate::channels::text_stream;
use crate::node::error::to_napi;
use crate::node::promise::promise;
use crate::output::write;

/// An answer under way.
#[napi]
pub struct TextStream {
    inner: Arc<text_stream::TextStream>,
}

impl TextStream {
    pub(super) fn new(stream: text_stream::TextStream) -> Self {
        Self { inner: Arc::new(stream) }
    }
}

#[napi]
impl TextStream {
    /// The next piece; null after the last one.
    #[napi(catch_unwind)]
    pub fn next<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        let stream = Arc::clone(&self.inner);
        promise(env, async move { stream.next().await })
    }

    /// The whole answer, after the last piece.
    #[napi(catch_unwind)]
    pub fn response(&self) -> napi::Result<String> {
        self.inner.response().and_then(|response| write(&response)).map_err(to_napi)
    }

    /// Stops reading; resolves when the turn has ended.
    #[napi(catch_unwind)]
    pub fn leave<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, ()>> {
        let stream = Arc::clone(&self.inner);
        promise(env, async move {
            stream.leave().await;
            Ok(())
        })
    }
}
