//! `receptionist.sms.allowlist` and `receptionist.email.allowlist` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::AiReceptionist;
use crate::channels::shared::allowlist::Allowlist;
use crate::receptionist::Running;

#[napi]
impl AiReceptionist {
    /// Adds a number or address to the allowlist of a channel.
    #[napi(catch_unwind)]
    pub fn allow<'env>(
        &self,
        env: &'env Env,
        channel: String,
        identifier: String,
        added_by: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |running| async move {
            let list = list(&running, &channel);
            list.add(&list.kind().read(&identifier)?, &added_by).await
        })
    }

    /// Removes a number or address from the allowlist of a channel, or all entries.
    #[napi(catch_unwind)]
    pub fn disallow<'env>(
        &self,
        env: &'env Env,
        channel: String,
        identifier: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |running| async move {
            let list = list(&running, &channel);
            match identifier {
                Some(identifier) => list.remove(&list.kind().read(&identifier)?).await,
                None => list.clear().await,
            }
        })
    }

    /// Returns `true` if a number or address is on the allowlist of a channel, as cached in this
    /// process.
    #[napi(catch_unwind)]
    pub fn is_allowed(&self, channel: String, identifier: String) -> napi::Result<bool> {
        self.with_running(|running| {
            let list = list(&running, &channel);
            list.kind().normalize(&identifier).is_some_and(|identifier| list.is_cached(&identifier))
        })
    }

    /// Returns the allowlist of a channel, as cached in this process.
    #[napi(catch_unwind)]
    pub fn allowed(&self, channel: String) -> napi::Result<Vec<String>> {
        self.with_running(|running| list(&running, &channel).cached())
    }
}

fn list<'running>(running: &'running Running, channel: &str) -> &'running Allowlist {
    if channel == "email" { running.email.allowlist() } else { running.sms.allowlist() }
}
