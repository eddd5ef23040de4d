//! A receptionist of the core within the span of its log. The binding reaches it only through this
//! type, so that nothing it does goes unlogged.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use tracing::Instrument;

use crate::async_context;
use crate::error::Result;
use crate::node::async_contexts;
use crate::node::log::Log;
use crate::node::promise::promise;
use crate::receptionist::{Receptionist, SharedResources};

/// A receptionist and its log.
pub(super) struct InstrumentedReceptionist {
    receptionist: Arc<Receptionist>,
    log: Arc<Log>,
}

impl InstrumentedReceptionist {
    /// Creates a receptionist by `make`.
    pub fn new(log: Log, make: impl FnOnce() -> Result<Receptionist>) -> Result<Self> {
        let make = || log.span().in_scope(make);
        let receptionist = Arc::new(async_context::with_context_sync(async_contexts::take(), make)?);
        Ok(Self { receptionist, log: Arc::new(log) })
    }

    /// Runs `work` in the caller's async context and returns its result.
    pub fn enter<T>(&self, work: impl FnOnce(&Receptionist) -> T) -> T {
        let logged = || self.log.span().in_scope(|| work(&self.receptionist));
        async_context::with_context_sync(async_contexts::take(), logged)
    }

    /// Returns a promise for the result of `work`.
    pub fn promise<'env, T, F, W>(&self, env: &'env Env, work: W) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: ToNapiValue + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
        W: FnOnce(Arc<Receptionist>) -> F,
    {
        promise(env, work(Arc::clone(&self.receptionist)).instrument(self.log.span()))
    }

    /// Returns the resources that another receptionist needs to work with the same database.
    pub fn share(&self) -> SharedResources {
        self.receptionist.share()
    }

    /// Returns the log.
    pub fn log(&self) -> &Arc<Log> {
        &self.log
    }
}
