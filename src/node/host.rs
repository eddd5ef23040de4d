//! The user's own client, called by a function of the face (`ts/host-client.ts`).

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;

use crate::database::{HostClient, HostFailure, HostRequest, Reply};
use crate::error::Error;
use crate::node::error::to_napi;
use crate::node::function::{AnswerJson, JsFunction, NoAnswer};

/// Runs statements through a function of the face.
pub(super) struct JsClient {
    run: Arc<JsFunction>,
}

impl JsClient {
    /// A client for that function.
    pub fn new(run: AnswerJson) -> napi::Result<Arc<Self>> {
        Ok(Arc::new(Self { run: JsFunction::new(run)? }))
    }
}

#[derive(Deserialize)]
struct Answer {
    error: Option<HostFailure>,
    #[serde(flatten)]
    reply: Reply,
}

#[async_trait]
impl HostClient for JsClient {
    async fn run(&self, request: &HostRequest) -> Result<Reply, HostFailure> {
        let request = serde_json::to_string(request).map_err(failure)?;
        let answer = self.run.call(request).await.map_err(|none| match none {
            NoAnswer::Closed => failure("the storage has been disposed"),
            NoAnswer::Abandoned => failure("the client returned a promise that never settles"),
            NoAnswer::Failed(error) => failure(error),
        })?;
        let answer: Answer = serde_json::from_str(&answer).map_err(failure)?;
        answer.error.map_or(Ok(answer.reply), Err)
    }

    fn close(&self) {
        self.run.close();
    }
}

/// The face's function catches what drivers throw: this is something else.
fn failure(reason: impl std::fmt::Display) -> HostFailure {
    HostFailure { message: reason.to_string(), ..HostFailure::default() }
}

/// Gives a client its function back, after a `dispose()`.
pub(super) fn reopen(client: Option<&Arc<JsClient>>, run: Option<AnswerJson>) -> napi::Result<()> {
    match (client, run) {
        (Some(client), Some(run)) => client.run.open(run),
        (None, Some(_)) => Err(to_napi(Error::Internal("there is no client to open".into()))),
        _ => Ok(()),
    }
}

/// A client as the core knows it.
pub(super) fn as_host(client: Option<&Arc<JsClient>>) -> Option<Arc<dyn HostClient>> {
    client.map(|client| Arc::clone(client) as Arc<dyn HostClient>)
}
