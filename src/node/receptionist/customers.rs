//! `receptionist.customers` for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::json::write;

#[napi]
impl AiReceptionist {
    /// Returns the facts about a customer.
    #[napi(catch_unwind)]
    pub fn known_customer<'env>(
        &self,
        env: &'env Env,
        person: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(
            env,
            |running| async move { write(&running.customers.of_person(arguments(&person)?).await?) },
        )
    }

    /// Makes one person of two, and returns the facts about it.
    #[napi(catch_unwind)]
    pub fn merge_customers<'env>(
        &self,
        env: &'env Env,
        person: String,
        other: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |running| async move {
            write(&running.customers.merge(arguments(&person)?, arguments(&other)?).await?)
        })
    }

    /// Splits an identifier from its person, and returns the facts that are left under it.
    #[napi(catch_unwind)]
    pub fn split_customer<'env>(
        &self,
        env: &'env Env,
        identifier: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(
            env,
            |running| async move { write(&running.customers.split(arguments(&identifier)?).await?) },
        )
    }
}
