//! `receptionist.calls` and `receptionist.sms` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::output::write;

#[napi]
impl AiReceptionist {
    /// Calls somebody.
    #[napi(catch_unwind)]
    pub fn make_call<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.voice.make(arguments(&options)?).await?) })
    }

    /// A call as it is now.
    #[napi(catch_unwind)]
    pub fn get_call<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.voice.get(&id).await?) })
    }

    /// The newest calls.
    #[napi(catch_unwind)]
    pub fn list_calls<'env>(&self, env: &'env Env, query: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.voice.list(arguments(&query)?).await?) })
    }

    /// Hangs up.
    #[napi(catch_unwind)]
    pub fn end_call<'env>(&self, env: &'env Env, id: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.voice.hang_up(&id).await?) })
    }

    /// Sends an SMS.
    #[napi(catch_unwind)]
    pub fn send_sms<'env>(&self, env: &'env Env, options: String) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move { write(&open.sms.send(arguments(&options)?).await?) })
    }
}
