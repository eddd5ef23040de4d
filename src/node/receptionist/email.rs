//! `receptionist.email` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::json::write;

#[napi]
impl AiReceptionist {
    /// Sends an e-mail.
    #[napi(catch_unwind)]
    pub fn send_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.email.send(arguments(&options)?).await?) })
    }

    /// Sends several e-mails.
    #[napi(catch_unwind)]
    pub fn send_bulk_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.email.send_bulk(arguments(&options)?).await?) })
    }

    /// Generates an e-mail with the agent and sends it.
    #[napi(catch_unwind)]
    pub fn generate_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.email.generate(arguments(&options)?).await?) })
    }

    /// Generates a reply to an e-mail with the agent and sends it.
    #[napi(catch_unwind)]
    pub fn reply_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.email.reply(arguments(&options)?).await?) })
    }
}
