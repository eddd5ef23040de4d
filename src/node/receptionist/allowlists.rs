//! `receptionist.sms.allowlist` and `receptionist.email.allowlist` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::AiReceptionist;
use crate::channels::allowlist::Allowlist;
use crate::node::error::to_napi;
use crate::receptionist::Open;

#[napi]
impl AiReceptionist {
    /// Adds a number or address to the list of a channel.
    #[napi(catch_unwind)]
    pub fn allow<'env>(
        &self,
        env: &'env Env,
        channel: String,
        identifier: String,
        added_by: String,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move {
            let list = list(&open, &channel);
            list.add(&list.of().read(&identifier)?, &added_by).await
        })
    }

    /// Removes a number or address from the list of a channel, or all.
    #[napi(catch_unwind)]
    pub fn disallow<'env>(
        &self,
        env: &'env Env,
        channel: String,
        identifier: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        self.run(env, |open| async move {
            let list = list(&open, &channel);
            match identifier {
                Some(identifier) => list.remove(&list.of().read(&identifier)?).await,
                None => list.clear().await,
            }
        })
    }

    /// Whether a number or address is on the list of a channel, as far as this process knows.
    #[napi(catch_unwind)]
    pub fn is_allowed(&self, channel: String, identifier: String) -> napi::Result<bool> {
        let open = self.inner.open().map_err(to_napi)?;
        let list = list(&open, &channel);
        Ok(list.of().normalize(&identifier).is_some_and(|identifier| list.known(&identifier)))
    }

    /// The list of a channel, as far as this process knows.
    #[napi(catch_unwind)]
    pub fn allowed(&self, channel: String) -> napi::Result<Vec<String>> {
        Ok(list(&*self.inner.open().map_err(to_napi)?, &channel).all())
    }
}

fn list<'open>(open: &'open Open, channel: &str) -> &'open Allowlist {
    if channel == "email" { open.email.allowlist() } else { open.sms.allowlist() }
}
