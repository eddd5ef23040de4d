//! What providers post, for JavaScript.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::channels::form::Form;
use crate::channels::webhook::SmsWebhook;

#[napi]
impl AiReceptionist {
    /// Answers a text message, posted by Twilio, with TwiML; `proof` is its signature and URL.
    #[napi(catch_unwind)]
    pub fn handle_sms_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        proof: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let form = Form::from_json(&payload)?;
            open.gate.check_twilio(&form, &arguments(&proof)?)?;
            open.sms.receive(SmsWebhook::read(&form)?).await
        })
    }
}
