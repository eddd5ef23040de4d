//! Adapters for the developer's functions `agent.context` and `channels.voice.greeting`, called through
//! `ts/receptionist/prompt-functions.ts`.

use std::time::Duration;

use async_trait::async_trait;

use crate::channels::voice::{GreetingProvider, GreetingRequest};
use crate::customers::{ContextProvider, ContextRequest};
use crate::error::Result;
use crate::node::user_code::UserCode;

/// The developer's facts about a turn.
pub(super) struct JsContext {
    user: UserCode,
}

impl JsContext {
    pub fn new(user: UserCode) -> Self {
        Self { user }
    }
}

#[async_trait]
impl ContextProvider for JsContext {
    async fn context(&self, request: &ContextRequest<'_>, timeout: Duration) -> Result<String> {
        self.user.call("agent.context", request, timeout).await
    }
}

/// The developer's greeting of a call.
pub(super) struct JsGreeting {
    user: UserCode,
}

impl JsGreeting {
    pub fn new(user: UserCode) -> Self {
        Self { user }
    }
}

#[async_trait]
impl GreetingProvider for JsGreeting {
    async fn greeting(&self, request: &GreetingRequest<'_>, timeout: Duration) -> Result<String> {
        self.user.call("channels.voice.greeting", request, timeout).await
    }
}
