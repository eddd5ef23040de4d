//! `receptionist.calls` and `receptionist.sms` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::json::write;

#[napi]
impl AiReceptionist {
    /// Places a call.
    #[napi(catch_unwind)]
    pub fn make_call<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.voice.make(arguments(&options)?).await?) })
    }

    /// Returns the current state of a call.
    #[napi(catch_unwind)]
    pub fn get_call<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.voice.get(&id).await?) })
    }

    /// Lists the newest calls.
    #[napi(catch_unwind)]
    pub fn list_calls<'env>(&self, env: &'env Env, query: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.voice.list(arguments(&query)?).await?) })
    }

    /// Hangs up a call.
    #[napi(catch_unwind)]
    pub fn end_call<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.voice.hang_up(&id).await?) })
    }

    /// Sends an SMS.
    #[napi(catch_unwind)]
    pub fn send_sms<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move { write(&running.sms.send(arguments(&options)?).await?) })
    }
}
