//! Routing of webhook requests: finds the channel, authenticates the provider, and builds the
//! response.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::channels::email::{EmailChannel, InboundOptions};
use crate::channels::shared::twilio_endpoint::{RECORDING, STATUS, TwilioEndpoint};
use crate::channels::sms::SmsChannel;
use crate::channels::voice::VoiceChannel;
use crate::channels::voice::live::ticket::RELAY;
use crate::channels::voice::live::{AdmittedLine, UpgradeRequest};
use crate::channels::webhook_auth::WebhookVerifier;
use crate::channels::webhook_rejection::{
    http_status, log_line_rejection, log_rejection, log_unknown_line, log_unread_rejection,
    log_unreadable_request, reason_phrase,
};
use crate::email::parse;
use crate::email::parse::InboundEmail;
use crate::error::{Error, Result};
use crate::json;
use crate::providers::twilio;
use crate::providers::twilio::Form;
use crate::providers::twilio::webhook::{CallEvent, MessageStatusWebhook, SmsWebhook, VoiceWebhook};
use crate::types::message::Channel;

const XML: &str = "text/xml; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const MIME: &str = "message/rfc822";
const EMAIL_PATH: &str = "/webhooks/email/inbound";

/// A router of webhook requests.
pub struct WebhookRouter {
    twilio_endpoint: Arc<TwilioEndpoint>,
    webhook_verifier: Arc<WebhookVerifier>,
    voice: Arc<VoiceChannel>,
    sms: Arc<SmsChannel>,
    email: Arc<EmailChannel>,
    /// `true` to take the public URL from `X-Forwarded-…` headers.
    trust_proxy: bool,
}

/// A request without its body.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookRequest {
    /// The HTTP method: `POST`, …
    pub method: String,
    /// Path and query as requested.
    pub target: String,
    /// Path and query below the mount path of the handler.
    pub mounted: Option<String>,
    /// `true` if the request came over TLS.
    pub secure: bool,
    /// Headers by lower-case name.
    pub headers: HashMap<String, String>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookBody {
    /// No body: it was not read, or a body parser has read and dropped it.
    Missing,
    /// The posted bytes.
    Bytes(Vec<u8>),
    /// The value that a body parser has read, as JSON.
    Parsed(String),
    /// A body longer than [`InspectedWebhook::max_body_bytes`], which was not read completely.
    TooLarge,
}

/// A request that was routed and judged by method, path and headers, before its body is read.
pub struct InspectedWebhook {
    request: WebhookRequest,
    route: Option<Route>,
    rejection: Option<Rejection>,
}

/// The response to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookResponse {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: &'static str,
    /// The response body.
    pub body: String,
}

/// The route of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// A webhook of Twilio.
    Twilio(TwilioRoute),
    /// Inbound e-mail.
    Email,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TwilioRoute {
    /// Calls and their turns.
    Voice,
    /// Status changes of calls.
    VoiceEvent,
    /// Inbound messages.
    Sms,
    /// Delivery status of outbound messages.
    SmsStatus,
}

impl WebhookRequest {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the first of several values that proxies append.
    fn forwarded(&self, name: &str) -> Option<&str> {
        self.header(name)?.split(',').next().map(str::trim)
    }

    /// Returns the content type in lower case, without parameters; `default` if there is none.
    fn content_type(&self, default: &str) -> String {
        let kind = self.header("content-type").unwrap_or(default);
        kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl WebhookBody {
    /// Returns the posted bytes, unless a body parser has read them.
    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Missing | Self::Parsed(_) | Self::TooLarge => None,
        }
    }

    /// Returns the body as text; empty if there is none.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes),
            Self::Parsed(json) => Cow::Borrowed(json),
            Self::Missing | Self::TooLarge => Cow::Borrowed(""),
        }
    }
}

impl InspectedWebhook {
    /// Creates a request that is rejected with `error`, because no router can judge it.
    pub fn rejected(request: WebhookRequest, error: Error) -> Self {
        Self { request, route: None, rejection: Some(Rejection::Error(error)) }
    }

    /// Returns the status of a request that is already rejected. Its body need not be read.
    pub fn rejection_status(&self) -> Option<u16> {
        self.rejection.as_ref().map(Rejection::status)
    }

    /// Returns the maximum body length of the request, in bytes.
    pub fn max_body_bytes(&self) -> usize {
        match self.route {
            Some(Route::Email) => parse::MAX_PAYLOAD_BYTES,
            _ => twilio::MAX_PAYLOAD_BYTES,
        }
    }

    /// Logs a rejection and returns its response.
    fn reject(&self, rejection: &Rejection) -> WebhookResponse {
        let channel = self.route.map(Route::channel);
        match rejection {
            Rejection::Error(error) => WebhookResponse::failure(channel.as_ref(), error),
            Rejection::Status(status) => {
                log_unread_rejection(channel.as_ref(), *status, &self.request.target);
                WebhookResponse::new(*status, PLAIN, reason_phrase(*status))
            }
        }
    }
}

impl WebhookResponse {
    fn new(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        Self { status, content_type, body: body.into() }
    }

    /// Creates the response for an error. The status tells the provider whether to retry; the log
    /// tells the operator the reason.
    pub fn failure(channel: Option<&Channel>, error: &Error) -> Self {
        Self::new(log_rejection(channel, error), PLAIN, error.code())
    }

    /// Creates the response for a request that could not be read.
    pub fn unreadable(reason: &str) -> Self {
        let status = log_unreadable_request(reason);
        Self::new(status, PLAIN, reason_phrase(status))
    }
}

impl Route {
    fn channel(self) -> Channel {
        match self {
            Self::Twilio(TwilioRoute::Voice | TwilioRoute::VoiceEvent) => Channel::Call,
            Self::Twilio(TwilioRoute::Sms | TwilioRoute::SmsStatus) => Channel::Sms,
            Self::Email => Channel::Email,
        }
    }
}

/// A reason why a request does not reach a channel.
enum Rejection {
    Status(u16),
    Error(Error),
}

impl Rejection {
    fn status(&self) -> u16 {
        match self {
            Self::Status(status) => *status,
            Self::Error(error) => http_status(error),
        }
    }
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl WebhookRouter {
    /// Creates a router for these channels.
    pub fn new(
        twilio_endpoint: Arc<TwilioEndpoint>,
        webhook_verifier: Arc<WebhookVerifier>,
        voice: Arc<VoiceChannel>,
        sms: Arc<SmsChannel>,
        email: Arc<EmailChannel>,
        trust_proxy: bool,
    ) -> Self {
        Self { twilio_endpoint, webhook_verifier, voice, sms, email, trust_proxy }
    }

    /// Routes a request and judges it by method, path and headers. Its body is not needed yet.
    pub fn inspect(&self, request: WebhookRequest) -> InspectedWebhook {
        let route = self.route(&request);
        let rejection = self.check(route, &request).err();
        InspectedWebhook { request, route, rejection }
    }

    fn check(&self, route: Option<Route>, request: &WebhookRequest) -> Result<(), Rejection> {
        let route = route.ok_or(Rejection::Status(404))?;
        if request.method != "POST" {
            return Err(Rejection::Status(405));
        }
        if route == Route::Email {
            self.webhook_verifier.verify_authorization(request.header("authorization"))?;
        }
        Ok(())
    }

    /// Handles an inspected request with its body.
    pub async fn handle(&self, webhook: &InspectedWebhook, body: &WebhookBody) -> WebhookResponse {
        let InspectedWebhook { request, route, rejection } = webhook;
        let answer = match (rejection, route, body) {
            (Some(rejection), _, _) => return webhook.reject(rejection),
            (None, None, _) => Err(Rejection::Status(404)),
            (None, Some(_), WebhookBody::TooLarge) => Err(Rejection::Status(413)),
            (None, Some(Route::Email), body) => self.answer_email(request, body).await,
            (None, Some(Route::Twilio(route)), body) => self.answer_twilio(*route, request, body).await,
        };
        answer.unwrap_or_else(|rejection| webhook.reject(&rejection))
    }

    async fn answer_twilio(
        &self,
        route: TwilioRoute,
        request: &WebhookRequest,
        body: &WebhookBody,
    ) -> Result<WebhookResponse, Rejection> {
        let url = self.public_url(request);
        let form = self.read_signed_form(request, body, &url)?;
        Ok(self.dispatch(route, &url, &form).await?)
    }

    /// Returns the form of a request, after verifying its signature. Rejects content types that
    /// Twilio does not send.
    fn read_signed_form(
        &self,
        request: &WebhookRequest,
        body: &WebhookBody,
        url: &str,
    ) -> Result<Form, Rejection> {
        let signature = request.header("x-twilio-signature");
        let kind = request.content_type(FORM);
        Ok(match (kind.as_str(), body) {
            (FORM, WebhookBody::Bytes(bytes)) => {
                let form = Form::from_urlencoded(bytes)?;
                self.webhook_verifier.verify_form(&form, signature, url)?;
                form
            }
            (FORM, WebhookBody::Parsed(json)) => {
                let form = Form::from_json(json)?;
                self.webhook_verifier.verify_form(&form, signature, url)?;
                form
            }
            (JSON, body) => {
                self.webhook_verifier.verify_body(body.bytes(), signature, url)?;
                Form::from_json(&body.text())?
            }
            _ => return Err(Rejection::Status(415)),
        })
    }

    /// Handles an e-mail, as JSON or raw MIME, and responds with its receipt.
    async fn answer_email(
        &self,
        request: &WebhookRequest,
        body: &WebhookBody,
    ) -> Result<WebhookResponse, Rejection> {
        let mail = match (request.content_type(JSON).as_str(), body) {
            (JSON, WebhookBody::Bytes(_) | WebhookBody::Parsed(_)) => InboundEmail::read(&body.text())?,
            (MIME, WebhookBody::Bytes(bytes)) => InboundEmail::from_mime(bytes)?,
            _ => return Err(Rejection::Status(415)),
        };
        let receipt = self.email.receive(mail, InboundOptions::default()).await?;
        let receipt = json::write(&receipt)?;
        Ok(WebhookResponse::new(200, JSON, receipt))
    }

    async fn dispatch(&self, route: TwilioRoute, url: &str, form: &Form) -> Result<WebhookResponse> {
        match route {
            TwilioRoute::Voice | TwilioRoute::VoiceEvent => {
                let mut call = VoiceWebhook::read(form)?;
                if route == TwilioRoute::VoiceEvent && call.event == CallEvent::Turn {
                    call.event = CallEvent::Status;
                }
                let twiml = self.voice.receive(call, Some(url)).await?;
                Ok(WebhookResponse::new(200, XML, twiml))
            }
            TwilioRoute::Sms => {
                Ok(WebhookResponse::new(200, XML, self.sms.receive(SmsWebhook::read(form)?).await?))
            }
            TwilioRoute::SmsStatus => {
                self.sms.record_delivery_status(MessageStatusWebhook::read(form)?).await?;
                Ok(WebhookResponse::new(200, PLAIN, ""))
            }
        }
    }

    fn route(&self, request: &WebhookRequest) -> Option<Route> {
        let paths = [Some(request.target.as_str()), request.mounted.as_deref()];
        paths.into_iter().flatten().find_map(|target| {
            let path = self.twilio_endpoint.path_of(target);
            let path = path.strip_suffix('/').unwrap_or(path);
            if path == EMAIL_PATH && self.email.is_configured() {
                return Some(Route::Email);
            }
            let twilio = match (
                path.strip_prefix(self.twilio_endpoint.voice_path()),
                path.strip_prefix(self.twilio_endpoint.sms_path()),
            ) {
                (Some("" | RELAY), _) => TwilioRoute::Voice,
                (Some(STATUS | RECORDING), _) => TwilioRoute::VoiceEvent,
                (_, Some("")) => TwilioRoute::Sms,
                (_, Some(STATUS)) => TwilioRoute::SmsStatus,
                _ => return None,
            };
            Some(Route::Twilio(twilio))
        })
    }

    /// Admits the socket of a live call. Logs a refusal and returns its HTTP status.
    pub async fn admit_line(&self, request: &UpgradeRequest) -> Result<AdmittedLine, u16> {
        let channel = Some(&Channel::Call);
        if self.voice.lines().is_draining() {
            log_unread_rejection(channel, 503, &request.target);
            return Err(503);
        }
        match self.voice.admit(request, &self.webhook_verifier).await {
            Ok(Some(line)) => Ok(line),
            Ok(None) => {
                log_unknown_line();
                Err(404)
            }
            Err(error) => Err(log_line_rejection(&error)),
        }
    }

    /// Returns the URL that the provider posted to: from the configuration, otherwise from the
    /// request.
    fn public_url(&self, request: &WebhookRequest) -> String {
        if let Some(url) = self.twilio_endpoint.url(&request.target) {
            return url;
        }
        let forwarded = |name| self.trust_proxy.then(|| request.forwarded(name)).flatten();
        let scheme = if request.secure { "https" } else { "http" };
        let scheme = forwarded("x-forwarded-proto").unwrap_or(scheme);
        let host = forwarded("x-forwarded-host").or_else(|| request.header("host")).unwrap_or("localhost");
        format!("{scheme}://{host}{}", request.target)
    }
}
