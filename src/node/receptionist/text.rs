//! `receptionist.text` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{AiReceptionist, arguments};
use crate::channels::text::TextRequest;
use crate::customer::Customer;
use crate::node::memory_json::write;

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
        self.run(env, |open| async move {
            let options: GenerateOptions = arguments(&options)?;
            let request = TextRequest {
                prompt,
                conversation_id: options.conversation_id,
                metadata: options.metadata,
                customer: options.customer,
            };
            write(&open.text.generate(request).await?)
        })
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

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GenerateOptions {
    conversation_id: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConversationOptions {
    metadata: Option<Map<String, Value>>,
}
