//! Prompts, inputs and ids for JavaScript: what needs no receptionist.

// In test builds napi registers no functions.
#![cfg_attr(test, allow(dead_code))]

use napi_derive::napi;

use crate::agent::prompt::{self, PromptContext, size};
use crate::agent::{FALLBACK, guard};
use crate::channels::conversations::new_id;
use crate::config::AgentConfig;
use crate::error::{Error, Result};
use crate::input;
use crate::node::error::to_napi;
use crate::output::write;

/// A prompt out of pillars and what else is known.
#[napi(catch_unwind)]
pub fn build_prompt(context: String) -> napi::Result<String> {
    read::<PromptContext>(&context).map(|context| context.build()).map_err(to_napi)
}

/// What the prompt says of one pillar.
#[napi(catch_unwind)]
pub fn describe_pillar(profile: String, pillar: String) -> napi::Result<String> {
    read::<AgentConfig>(&profile).map(|profile| prompt::describe(&profile, &pillar)).map_err(to_napi)
}

/// A prompt without what is superfluous, if it is short enough.
#[napi(catch_unwind)]
pub fn fit_prompt(prompt: String, max_tokens: Option<u32>) -> napi::Result<String> {
    size::fit(&prompt, max_tokens.map(|max| max as usize)).map_err(to_napi)
}

/// How long a prompt is.
#[napi(catch_unwind)]
pub fn measure_prompt(prompt: String) -> napi::Result<String> {
    write(&size::measure(&prompt)).map_err(to_napi)
}

/// What would make a prompt fit.
#[napi(catch_unwind)]
pub fn prompt_advice(prompt: String, max_tokens: u32) -> Vec<String> {
    size::advice(&prompt, max_tokens as usize)
}

/// How many of the newest messages fit into so many tokens.
#[napi(catch_unwind)]
pub fn newest_that_fit(messages: String, max_tokens: u32) -> napi::Result<u32> {
    let messages: Vec<size::Said> = read(&messages).map_err(to_napi)?;
    Ok(u32::try_from(size::newest_that_fit(&messages, max_tokens as usize)).unwrap_or(u32::MAX))
}

/// Signs of an attack in a text.
#[napi(catch_unwind)]
pub fn inspect_input(text: String) -> napi::Result<String> {
    write(&guard::inspect(&text)).map_err(to_napi)
}

/// What the agent says when it has no answer.
#[napi(catch_unwind)]
pub fn apology() -> &'static str {
    FALLBACK
}

/// An id for a new conversation.
#[napi(catch_unwind)]
pub fn new_conversation_id() -> String {
    new_id()
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    input::read(json).map_err(|problem| problem.into_error(Error::argument))
}
