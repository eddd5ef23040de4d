//! `receptionist.email` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::channels::gate::noted;
use crate::mail::incoming::IncomingMail;
use crate::output::write;

#[napi]
impl AiReceptionist {
    /// Sends a mail.
    #[napi(catch_unwind)]
    pub fn send_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.email.send(arguments(&options)?).await?) })
    }

    /// Sends many mails.
    #[napi(catch_unwind)]
    pub fn send_bulk_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.email.send_bulk(arguments(&options)?).await?) })
    }

    /// Has the agent write a mail.
    #[napi(catch_unwind)]
    pub fn generate_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.email.generate(arguments(&options)?).await?) })
    }

    /// Has the agent answer a mail.
    #[napi(catch_unwind)]
    pub fn reply_email<'env>(
        &self,
        env: &'env Env,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.email.reply(arguments(&options)?).await?) })
    }

    /// Keeps and answers a mail that came in; `options` are the proof and what is wanted.
    #[napi(catch_unwind)]
    pub fn handle_email_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            noted(open.gate.check_email(&arguments(&options)?))?;
            let mail = noted(IncomingMail::read(&payload))?;
            write(&open.email.receive(mail, arguments(&options)?).await?)
        })
    }
}
