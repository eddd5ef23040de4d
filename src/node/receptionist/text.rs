//! `receptionist.text` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, within_runtime_if_available};
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{AiReceptionist, arguments};
use crate::channels::text::TextRequest;
use crate::customer::Customer;
use crate::error::Result;
use crate::node::error::to_napi;
use crate::node::text_stream::TextStream;
use crate::output::write;

#[napi]
impl AiReceptionist {
    /// Answers a prompt.
    #[napi(catch_unwind)]
    pub fn generate<'env>(
        &self,
        env: &'env Env,
        prompt: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.text.generate(request(prompt, &options)?).await?) })
    }

    /// Begins to answer a prompt.
    #[napi(catch_unwind)]
    pub fn stream(&self, prompt: String, options: String) -> napi::Result<TextStream> {
        let open = self.inner.open().map_err(to_napi)?;
        let request = request(prompt, &options).map_err(to_napi)?;
        let begin = || within_runtime_if_available(|| open.text.stream(request));
        Ok(TextStream::new(self.log.span().in_scope(begin)))
    }

    /// Opens a conversation.
    #[napi(catch_unwind)]
    pub fn create_conversation<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let options: ConversationOptions = arguments(&options)?;
            write(&open.text.create_conversation(options.metadata).await?)
        })
    }
}

fn request(prompt: String, options: &str) -> Result<TextRequest> {
    let GenerateOptions { conversation_id, metadata, customer, within } = arguments(options)?;
    Ok(TextRequest { prompt, conversation_id, metadata, customer, within })
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GenerateOptions {
    conversation_id: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
    /// The turns that wait for the code which asks.
    within: Vec<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConversationOptions {
    metadata: Option<Map<String, Value>>,
}
