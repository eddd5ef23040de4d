//! `receptionist.agent` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::config::{self, AgentConfig};
use crate::message::Channel;
use crate::node::error::to_napi;
use crate::output::write;

#[napi]
impl AiReceptionist {
    /// Answers on any channel.
    #[napi(catch_unwind)]
    pub fn process<'env>(&self, env: &'env Env, request: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.text.process(arguments(&request)?).await?) })
    }

    /// Where the agent is in its life.
    #[napi(catch_unwind)]
    pub fn status(&self) -> napi::Result<String> {
        write(&self.inner.status()).map_err(to_napi)
    }

    /// The instructions the agent works by: on a channel, or on any.
    #[napi(catch_unwind)]
    pub fn system_prompt(&self, channel: Option<String>) -> napi::Result<String> {
        let open = self.inner.open().map_err(to_napi)?;
        Ok(open.agent.system_prompt(channel.as_deref().map(Channel::from).as_ref()))
    }

    /// The pillars of the agent.
    #[napi(catch_unwind)]
    pub fn profile(&self) -> napi::Result<String> {
        write(&*self.inner.profile().get()).map_err(to_napi)
    }

    /// Changes the pillars of the agent.
    #[napi(catch_unwind)]
    pub fn set_profile(&self, profile: String) -> napi::Result<()> {
        let config = config::parse::<Root>(&profile).map_err(to_napi)?;
        self.inner.profile().set(config.agent).map_err(to_napi)
    }
}

/// So that errors name options by their whole path.
#[derive(serde::Deserialize)]
struct Root {
    agent: AgentConfig,
}
