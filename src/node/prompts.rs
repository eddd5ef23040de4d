//! Functions for JavaScript that need no receptionist: prompts, input checks and ids.

// napi does not register functions in test builds.
#![cfg_attr(test, allow(dead_code))]

use napi_derive::napi;

use crate::agent::prompt::{self, PromptContext, size};
use crate::agent::{FALLBACK_ANSWER, prompt_injection};
use crate::channels::shared::conversations::new_id;
use crate::config::AgentConfig;
use crate::error::{Error, Result};
use crate::json;
use crate::json::write;
use crate::node::error::to_napi;

/// Builds a prompt from pillars and other context.
#[napi(catch_unwind)]
pub fn build_prompt(context: String) -> napi::Result<String> {
    read::<PromptContext>(&context).map(|context| context.build()).map_err(to_napi)
}

/// Returns the prompt section of one pillar.
#[napi(catch_unwind)]
pub fn describe_pillar(profile: String, pillar: String) -> napi::Result<String> {
    read::<AgentConfig>(&profile).map(|profile| prompt::describe_pillar(&profile, &pillar)).map_err(to_napi)
}

/// Trims a prompt to its limit, or fails if it remains too long.
#[napi(catch_unwind)]
pub fn fit_prompt(prompt: String, max_tokens: Option<u32>) -> napi::Result<String> {
    size::fit_to_limit(&prompt, max_tokens.map(|max| max as usize)).map_err(to_napi)
}

/// Measures the length of a prompt.
#[napi(catch_unwind)]
pub fn measure_prompt(prompt: String) -> napi::Result<String> {
    write(&size::measure(&prompt)).map_err(to_napi)
}

/// Returns advice on how to shorten a prompt to its limit.
#[napi(catch_unwind)]
pub fn prompt_advice(prompt: String, max_tokens: u32) -> Vec<String> {
    size::suggestions(&prompt, max_tokens as usize)
}

/// Returns the number of newest messages that fit into `max_tokens`.
#[napi(catch_unwind)]
pub fn newest_that_fit(messages: String, max_tokens: u32) -> napi::Result<u32> {
    let messages: Vec<size::HistoryMessage> = read(&messages).map_err(to_napi)?;
    Ok(u32::try_from(size::count_newest_fitting(&messages, max_tokens as usize)).unwrap_or(u32::MAX))
}

/// Scans a text for signs of prompt injection.
#[napi(catch_unwind)]
pub fn inspect_input(text: String) -> napi::Result<String> {
    write(&prompt_injection::scan(&text)).map_err(to_napi)
}

/// Returns the fallback reply of the agent.
#[napi(catch_unwind)]
pub fn apology() -> &'static str {
    FALLBACK_ANSWER
}

/// Creates an id for a new conversation.
#[napi(catch_unwind)]
pub fn new_conversation_id() -> String {
    new_id()
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    json::read(json).map_err(|problem| problem.into_error(Error::argument))
}
