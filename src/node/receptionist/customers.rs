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
}
