//! What providers post, for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, Uint8Array};
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::channels::form::Form;
use crate::channels::gate::{Proof, noted};
use crate::channels::router::{WebhookRequest, WebhookResponse};
use crate::channels::webhook::{SmsWebhook, VoiceWebhook};
use crate::error::Result;
use crate::node::error::to_napi;
use crate::node::promise::promise;
use crate::output::write;
use crate::receptionist::Open;

/// Before `initialize()`.
const NOT_YET: u16 = 503;

#[napi]
impl AiReceptionist {
    /// The status with which a request to the webhooks is refused before its body is read; 0 when it is not.
    #[napi(catch_unwind)]
    pub fn refuse_webhook(&self, request: String) -> napi::Result<u32> {
        let request: WebhookRequest = arguments(&request).map_err(to_napi)?;
        Ok(match self.inner.open() {
            Ok(open) => open.router.refuses(&request).map_or(0, u32::from),
            Err(_) => u32::from(NOT_YET),
        })
    }

    /// Longest body of a request to the webhooks, in bytes.
    #[napi(catch_unwind)]
    pub fn limit_of_webhook(&self, request: String) -> napi::Result<u32> {
        let request: WebhookRequest = arguments(&request).map_err(to_napi)?;
        let open = self.inner.open().map_err(to_napi)?;
        Ok(u32::try_from(open.router.limit(&request)).unwrap_or(u32::MAX))
    }

    /// Answers a request to the webhooks: `{ status, contentType, body }`.
    #[napi(catch_unwind)]
    pub fn handle_webhook<'env>(
        &self,
        env: &'env Env,
        request: String,
        body: Option<Uint8Array>,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let body = body.map(|body| body.to_vec());
        let receptionist = Arc::clone(&self.inner);
        promise(env, async move {
            let response = match receptionist.open() {
                Ok(open) => open.router.handle(&arguments(&request)?, body.as_deref()).await,
                Err(error) => WebhookResponse::failure(&error),
            };
            write(&response)
        })
    }

    /// Answers what Twilio posts about a call with TwiML.
    #[napi(catch_unwind)]
    pub fn handle_voice_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        proof: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let proof: Proof = arguments(&proof)?;
            let form = noted(signed(&open, &payload, &proof))?;
            open.voice.receive(noted(VoiceWebhook::read(&form))?, proof.url.as_deref()).await
        })
    }

    /// Answers a text message, posted by Twilio, with TwiML; `proof` is its signature and URL.
    #[napi(catch_unwind)]
    pub fn handle_sms_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        proof: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, |open| async move {
            let form = noted(signed(&open, &payload, &arguments(&proof)?))?;
            open.sms.receive(noted(SmsWebhook::read(&form))?).await
        })
    }
}

fn signed(open: &Open, payload: &str, proof: &Proof) -> Result<Form> {
    let form = Form::from_json(payload)?;
    open.gate.check_twilio(&form, proof)?;
    Ok(form)
}
