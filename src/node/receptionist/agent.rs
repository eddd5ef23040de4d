//! `receptionist.agent` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::agent::conversation_locks;
use crate::config::{self, AgentConfig};
use crate::error::Error;
use crate::json::write;
use crate::node::error::to_napi;
use crate::receptionist::Receptionist;
use crate::types::message::Channel;

#[napi]
impl AiReceptionist {
    /// Processes a request of any channel.
    #[napi(catch_unwind)]
    pub fn process<'env>(&self, env: &'env Env, request: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.text.process(arguments(&request)?).await?) })
    }

    /// Extracts the values of `agent.extract` from a conversation. `waiting_turns` are the turns from
    /// which it is called.
    #[napi(catch_unwind)]
    pub fn extract<'env>(
        &self,
        env: &'env Env,
        conversation_id: String,
        waiting_turns: Vec<i64>,
    ) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        let turns = waiting_turns.into_iter().filter_map(|turn| u64::try_from(turn).ok()).collect();
        self.run(env, |running| async move {
            let missing = || Error::config("agent.extract", "is not set, so there is nothing to extract");
            let extractor = running.extractor.as_ref().ok_or_else(missing)?;
            let extracted = conversation_locks::in_turns(turns, extractor.extract(&conversation_id)).await?;
            extracted.as_ref().map(write).transpose()
        })
    }

    /// Returns the lifecycle status of the agent.
    #[napi(catch_unwind)]
    pub fn status(&self) -> napi::Result<String> {
        self.inner.enter(|receptionist| write(&receptionist.status())).map_err(to_napi)
    }

    /// Returns the system prompt, for one channel or in general.
    #[napi(catch_unwind)]
    pub fn system_prompt(&self, channel: Option<String>) -> napi::Result<String> {
        let channel = channel.as_deref().map(Channel::from);
        self.with_running(|running| running.agent.system_prompt(channel.as_ref()))
    }

    /// Returns the profile (pillars) of the agent.
    #[napi(catch_unwind)]
    pub fn profile(&self) -> napi::Result<String> {
        self.inner.enter(|receptionist| write(&*receptionist.profile().get())).map_err(to_napi)
    }

    /// Changes the profile (pillars) of the agent.
    #[napi(catch_unwind)]
    pub fn set_profile(&self, profile: String) -> napi::Result<()> {
        let config = config::parse::<Root>(&profile).map_err(to_napi)?;
        let size = config.agent.memory.context_window;
        let set = |receptionist: &Receptionist| {
            receptionist.profile().set(config.agent)?;
            if let (Some(size), Ok(running)) = (size, receptionist.running()) {
                running.agent.memory().resize_short_term(size);
            }
            Ok(())
        };
        self.inner.enter(set).map_err(to_napi)
    }
}

/// Root of the options, so that errors contain full option paths.
#[derive(serde::Deserialize)]
struct Root {
    agent: AgentConfig,
}
