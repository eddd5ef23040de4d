//! The user's own client, called by a function of the face (`ts/host-client.ts`).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use napi::Status;
use napi::bindgen_prelude::{Function, Promise};
use napi::threadsafe_function::ThreadsafeFunction;
use serde::Deserialize;

use crate::database::{HostClient, HostFailure, HostReply, HostRequest};
use crate::error::Error;
use crate::node::error::to_napi;

/// Statements as JSON → what came of it as JSON.
pub(super) type RunStatements<'scope> = Function<'scope, String, Promise<String>>;

/// Weak, so that it keeps no process alive; not callee-handled, so that JavaScript gets its one argument.
type Run = ThreadsafeFunction<String, Promise<String>, String, Status, false, true>;

/// Calls the face's function; without it once closed.
#[derive(Default)]
pub(super) struct JsClient {
    run: Mutex<Option<Arc<Run>>>,
}

impl JsClient {
    /// A client for that function.
    pub fn new(run: RunStatements) -> napi::Result<Arc<Self>> {
        let client = Self::default();
        client.open(run)?;
        Ok(Arc::new(client))
    }

    /// Takes the function, once more after `close`.
    pub fn open(&self, run: RunStatements) -> napi::Result<()> {
        let run = run.build_threadsafe_function().callee_handled::<false>().weak::<true>().build()?;
        *self.function() = Some(Arc::new(run));
        Ok(())
    }

    fn function(&self) -> MutexGuard<'_, Option<Arc<Run>>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Answer {
    error: Option<HostFailure>,
    #[serde(flatten)]
    reply: HostReply,
}

#[async_trait]
impl HostClient for JsClient {
    async fn run(&self, request: HostRequest) -> Result<HostReply, HostFailure> {
        let function = self.function().clone().ok_or_else(|| failure("the storage has been disposed"))?;
        let request = serde_json::to_string(&request).map_err(failure)?;
        let answer = function.call_async_catch(request).await.map_err(failure)?.await.map_err(failure)?;
        let answer: Answer = serde_json::from_str(&answer).map_err(failure)?;
        answer.error.map_or(Ok(answer.reply), Err)
    }

    fn close(&self) {
        self.function().take();
    }
}

/// The face's function catches what drivers throw: this is something else.
fn failure(reason: impl std::fmt::Display) -> HostFailure {
    HostFailure { message: reason.to_string(), ..HostFailure::default() }
}

/// Gives a client its function back, after a `dispose()`.
pub(super) fn reopen(client: Option<&Arc<JsClient>>, run: Option<RunStatements>) -> napi::Result<()> {
    match (client, run) {
        (Some(client), Some(run)) => client.open(run),
        (None, Some(_)) => Err(to_napi(Error::Internal("there is no client to open".into()))),
        _ => Ok(()),
    }
}

/// A client as the core knows it.
pub(super) fn as_host(client: Option<&Arc<JsClient>>) -> Option<Arc<dyn HostClient>> {
    client.map(|client| Arc::clone(client) as Arc<dyn HostClient>)
}
