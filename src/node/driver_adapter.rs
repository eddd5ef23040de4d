//! Driver adapter for the developer's own database client, called through
//! `ts/drizzle/driver-adapter.ts`.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::database::{DriverAdapter, DriverError, QueryRequest, QueryResult};
use crate::error::Error;
use crate::node::async_contexts;
use crate::node::callback::{CallbackError, JsCallback, JsonCallback};
use crate::node::error::to_napi;

/// A driver adapter that runs statements through a JavaScript callback.
pub(super) struct JsDriverAdapter {
    run: Arc<JsCallback>,
}

impl JsDriverAdapter {
    /// Creates an adapter for a callback.
    pub fn new(run: &JsonCallback) -> napi::Result<Arc<Self>> {
        Ok(Arc::new(Self { run: JsCallback::new(run)? }))
    }
}

#[derive(Serialize)]
struct AdapterRequest<'a> {
    #[serde(flatten)]
    request: &'a QueryRequest,
    /// Number of the caller's context; absent for statements that several callers share.
    caller: Option<u32>,
}

#[derive(Deserialize)]
struct AdapterResponse {
    error: Option<DriverError>,
    #[serde(flatten)]
    reply: QueryResult,
}

#[async_trait]
impl DriverAdapter for JsDriverAdapter {
    async fn run(&self, request: &QueryRequest) -> Result<QueryResult, DriverError> {
        let request = AdapterRequest { request, caller: async_contexts::current_number() };
        let request = serde_json::to_string(&request).map_err(failure)?;
        let answer = self.run.call(request).await.map_err(|none| match none {
            CallbackError::Closed => failure("the storage has been disposed"),
            CallbackError::NeverSettled => failure("the client returned a promise that never settles"),
            CallbackError::Failed(error) => failure(error),
        })?;
        let answer: AdapterResponse = serde_json::from_str(&answer).map_err(failure)?;
        answer.error.map_or(Ok(answer.reply), Err)
    }

    fn close(&self) {
        self.run.close();
    }
}

/// Creates an error for anything but a driver error, because the callback already catches driver
/// errors.
fn failure(reason: impl std::fmt::Display) -> DriverError {
    DriverError { message: reason.to_string(), ..DriverError::default() }
}

/// Restores the callback of an adapter after `dispose()`.
pub(super) fn reopen(client: Option<&Arc<JsDriverAdapter>>, run: Option<JsonCallback>) -> napi::Result<()> {
    match (client, run) {
        (Some(client), Some(run)) => client.run.open(&run),
        (None, Some(_)) => Err(to_napi(Error::Internal("there is no client to open".into()))),
        _ => Ok(()),
    }
}

/// Converts an adapter into the core's trait object.
pub(super) fn as_driver_adapter(client: Option<&Arc<JsDriverAdapter>>) -> Option<Arc<dyn DriverAdapter>> {
    client.map(|client| Arc::clone(client) as Arc<dyn DriverAdapter>)
}
