//! `receptionist.text` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, within_runtime_if_available};
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{AiReceptionist, arguments};
use crate::channels::text::TextRequest;
use crate::error::Result;
use crate::json::write;
use crate::node::error::to_napi;
use crate::node::text_stream::TextStream;
use crate::receptionist::Receptionist;
use crate::types::customer::Customer;

#[napi]
impl AiReceptionist {
    /// Generates a reply to a prompt.
    #[napi(catch_unwind)]
    pub fn generate<'env>(
        &self,
        env: &'env Env,
        prompt: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(
            env,
            |running| async move { write(&running.text.generate(request(prompt, &options)?).await?) },
        )
    }

    /// Starts a streamed reply to a prompt.
    #[napi(catch_unwind)]
    pub fn stream(&self, prompt: String, options: String) -> napi::Result<TextStream> {
        let begin = |receptionist: &Receptionist| {
            let running = receptionist.running()?;
            let request = request(prompt, &options)?;
            Ok(within_runtime_if_available(|| running.text.stream(request)))
        };
        self.inner.enter(begin).map(TextStream::new).map_err(to_napi)
    }

    /// Creates a conversation.
    #[napi(catch_unwind)]
    pub fn create_conversation<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            let options: ConversationOptions = arguments(&options)?;
            write(&running.text.create_conversation(options.metadata).await?)
        })
    }
}

fn request(prompt: String, options: &str) -> Result<TextRequest> {
    let GenerateOptions { conversation_id, metadata, customer, instructions, waiting_turns } =
        arguments(options)?;
    Ok(TextRequest { prompt, conversation_id, metadata, customer, instructions, waiting_turns })
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GenerateOptions {
    conversation_id: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
    instructions: Option<String>,
    /// Turns that wait for the calling code.
    waiting_turns: Vec<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConversationOptions {
    metadata: Option<Map<String, Value>>,
}
