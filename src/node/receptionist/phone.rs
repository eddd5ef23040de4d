//! `receptionist.calls` and `receptionist.sms` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::node::error::to_napi;
use crate::node::memory_json::write;

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

    /// Adds a number to the allowlist.
    #[napi(catch_unwind)]
    pub fn allow_sms<'env>(
        &self,
        env: &'env Env,
        number: String,
        added_by: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(
            env,
            |open| async move { open.sms.allowlist().add(&open.sms.number(&number)?, &added_by).await },
        )
    }

    /// Removes a number from the allowlist, or all.
    #[napi(catch_unwind)]
    pub fn disallow_sms<'env>(
        &self,
        env: &'env Env,
        number: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move {
            match number {
                Some(number) => open.sms.disallow(&open.sms.number(&number)?).await,
                None => open.sms.allowlist().clear().await,
            }
        })
    }

    /// Whether a number is on the allowlist.
    #[napi(catch_unwind)]
    pub fn is_sms_allowed(&self, number: String) -> napi::Result<bool> {
        let open = self.inner.open().map_err(to_napi)?;
        Ok(open.sms.number(&number).is_ok_and(|number| open.sms.allowlist().known(&number)))
    }

    /// The allowlist.
    #[napi(catch_unwind)]
    pub fn allowed_sms(&self) -> napi::Result<Vec<String>> {
        Ok(self.inner.open().map_err(to_napi)?.sms.allowlist().all())
    }
}
