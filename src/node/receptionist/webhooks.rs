//! Webhook handling for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, Uint8Array};
use napi_derive::napi;

use super::{AiReceptionist, arguments};
use crate::channels::router::{self, WebhookBody, WebhookRequest, WebhookResponse};
use crate::channels::webhook_auth::WebhookAuth;
use crate::channels::webhook_rejection::log_rejection;
use crate::email::parse::InboundEmail;
use crate::error::Result;
use crate::json::write;
use crate::node::error::to_napi;
use crate::providers::twilio::Form;
use crate::providers::twilio::webhook::{SmsWebhook, VoiceWebhook};
use crate::receptionist::Running;
use crate::types::message::Channel;

#[napi]
impl AiReceptionist {
    /// Routes a webhook request and judges it before its body is read.
    #[napi(catch_unwind)]
    pub fn inspect_webhook(&self, request: String) -> napi::Result<InspectedWebhook> {
        let request: WebhookRequest = arguments(&request).map_err(to_napi)?;
        let inspected = self.inner.enter(|receptionist| match receptionist.running() {
            Ok(running) => running.router.inspect(request),
            Err(error) => router::InspectedWebhook::rejected(request, error),
        });
        Ok(InspectedWebhook { inner: Arc::new(inspected) })
    }

    /// Handles an inspected webhook request: `{ status, contentType, body }`. `parsed` is the body
    /// as JSON, if a body parser has read it. Without both, the body is missing.
    #[napi(catch_unwind)]
    pub fn handle_webhook<'env>(
        &self,
        env: &'env Env,
        webhook: &InspectedWebhook,
        body: Option<Uint8Array>,
        parsed: Option<String>,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let body = match (body, parsed) {
            (Some(bytes), _) => WebhookBody::Bytes(bytes.to_vec()),
            (None, Some(json)) => WebhookBody::Parsed(json),
            (None, None) => WebhookBody::Missing,
        };
        self.answer_inspected(env, webhook, body)
    }

    /// Handles an inspected webhook request whose body exceeds `maxBodyBytes`.
    #[napi(catch_unwind)]
    pub fn refuse_large_webhook<'env>(
        &self,
        env: &'env Env,
        webhook: &InspectedWebhook,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.answer_inspected(env, webhook, WebhookBody::TooLarge)
    }

    /// Returns the response to a request that could not be read for `reason`.
    #[napi(catch_unwind)]
    pub fn fail_webhook(&self, reason: String) -> napi::Result<String> {
        let response = self.inner.enter(|_| WebhookResponse::unreadable(&reason));
        write(&response).map_err(to_napi)
    }

    /// Handles a Twilio voice webhook. Resolves to TwiML.
    #[napi(catch_unwind)]
    pub fn handle_voice_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        auth: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.answer_webhook(env, Channel::Call, |running| async move {
            let auth: WebhookAuth = arguments(&auth)?;
            let form = verified_form(&running, &payload, &auth)?;
            running.voice.receive(VoiceWebhook::read(&form)?, auth.url.as_deref()).await
        })
    }

    /// Handles a Twilio message webhook. Resolves to TwiML. `auth` is the signature and the URL.
    #[napi(catch_unwind)]
    pub fn handle_sms_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        auth: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.answer_webhook(env, Channel::Sms, |running| async move {
            let form = verified_form(&running, &payload, &arguments(&auth)?)?;
            running.sms.receive(SmsWebhook::read(&form)?).await
        })
    }

    /// Handles an inbound e-mail. `options` holds the authentication and the behaviour.
    #[napi(catch_unwind)]
    pub fn handle_email_webhook<'env>(
        &self,
        env: &'env Env,
        payload: String,
        options: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.answer_webhook(env, Channel::Email, |running| async move {
            running.webhook_verifier.check_email(&arguments(&options)?)?;
            let mail = InboundEmail::read(&payload)?;
            write(&running.email.receive(mail, arguments(&options)?).await?)
        })
    }
}

/// A webhook request that was routed and judged before its body is read.
#[napi]
pub struct InspectedWebhook {
    inner: Arc<router::InspectedWebhook>,
}

#[napi]
impl InspectedWebhook {
    /// Returns the HTTP status of a request that is already rejected; 0 if its body is needed.
    #[napi(getter, catch_unwind)]
    pub fn status(&self) -> u32 {
        self.inner.rejection_status().map_or(0, u32::from)
    }

    /// Returns the maximum size of the body, in bytes.
    #[napi(getter, catch_unwind)]
    pub fn max_body_bytes(&self) -> u32 {
        u32::try_from(self.inner.max_body_bytes()).unwrap_or(u32::MAX)
    }
}

impl AiReceptionist {
    /// Returns a promise for the response to an inspected webhook.
    fn answer_inspected<'env>(
        &self,
        env: &'env Env,
        webhook: &InspectedWebhook,
        body: WebhookBody,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let webhook = Arc::clone(&webhook.inner);
        self.inner.promise(env, |receptionist| async move {
            let response = match receptionist.running() {
                Ok(running) => running.router.handle(&webhook, &body).await,
                Err(error) => WebhookResponse::failure(None, &error),
            };
            write(&response)
        })
    }

    /// Returns a promise for the response to a webhook. A rejection is logged.
    fn answer_webhook<'env, F, W>(
        &self,
        env: &'env Env,
        channel: Channel,
        work: W,
    ) -> napi::Result<PromiseRaw<'env, String>>
    where
        F: Future<Output = Result<String>> + Send + 'static,
        W: FnOnce(Arc<Running>) -> F + Send + 'static,
    {
        self.inner.promise(env, |receptionist| async move {
            let answer = match receptionist.running() {
                Ok(running) => work(running).await,
                Err(error) => Err(error),
            };
            answer.inspect_err(|error| {
                log_rejection(Some(&channel), error);
            })
        })
    }
}

fn verified_form(running: &Running, payload: &str, auth: &WebhookAuth) -> Result<Form> {
    let form = Form::from_json(payload)?;
    running.webhook_verifier.check_twilio(&form, auth)?;
    Ok(form)
}
