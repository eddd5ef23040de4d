//! Requests to the webhooks: which channel they are for, whether the provider sent them, and what they are answered.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tracing::warn;

use crate::channels::email::{EmailChannel, InboundOptions};
use crate::channels::form::{self, Form};
use crate::channels::gate::Gate;
use crate::channels::line::{Line, RECORDING, STATUS};
use crate::channels::sms::SmsChannel;
use crate::channels::voice::VoiceChannel;
use crate::channels::webhook::{CallEvent, MessageStatusWebhook, SmsWebhook, VoiceWebhook};
use crate::error::{Error, Result};
use crate::mail::incoming::{self, IncomingMail};
use crate::output;

const XML: &str = "text/xml; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const MIME: &str = "message/rfc822";
const EMAIL_PATH: &str = "/webhooks/email/inbound";

/// Routes requests.
pub struct Router {
    line: Arc<Line>,
    gate: Arc<Gate>,
    voice: Arc<VoiceChannel>,
    sms: Arc<SmsChannel>,
    email: Arc<EmailChannel>,
    /// Whether `X-Forwarded-…` tell the public address.
    trust_proxy: bool,
}

/// A request, its body aside.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookRequest {
    /// `POST`, …
    pub method: String,
    /// Path and query as they were asked for.
    pub target: String,
    /// The same beneath the path that the handler is mounted at.
    pub mounted: Option<String>,
    /// Whether it came over TLS.
    pub secure: bool,
    /// By lower-case name.
    pub headers: HashMap<String, String>,
    /// The form as a body parser has read it.
    pub form: Option<Box<RawValue>>,
}

/// What a request is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookResponse {
    /// HTTP status.
    pub status: u16,
    /// MIME type.
    pub content_type: &'static str,
    /// Text.
    pub body: String,
}

/// What a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// Calls and their turns.
    Voice,
    /// What became of calls.
    VoiceEvent,
    /// Messages.
    Sms,
    /// What became of messages of ours.
    SmsStatus,
    /// E-mails.
    Email,
}

impl WebhookRequest {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first of several values that proxies add up.
    fn forwarded(&self, name: &str) -> Option<&str> {
        self.header(name)?.split(',').next().map(str::trim)
    }
}

impl WebhookResponse {
    fn new(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        Self { status, content_type, body: body.into() }
    }

    /// A refusal without a channel having seen the request.
    pub fn refusal(status: u16) -> Self {
        let words = match status {
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            413 => "Payload Too Large",
            415 => "Unsupported Media Type",
            _ => "Service Unavailable",
        };
        Self::new(status, PLAIN, words)
    }

    /// How a failure is told: the provider by the status whether to try again, who runs the server by the log why.
    pub fn failure(error: &Error) -> Self {
        let status = match error {
            Error::WebhookSignatureInvalid { .. } => 403,
            Error::InvalidWebhook { .. } => 400,
            Error::NotInitialized | Error::Disposed(_) => 503,
            Error::UserCode { .. } | Error::UserCodeTimeout { .. } | Error::UserCodeInvalid { .. } => 503,
            other if other.code().starts_with("DATABASE_") => 503,
            _ => 500,
        };
        warn!(status, code = error.code(), %error, "Webhook refused");
        Self::new(status, PLAIN, error.code())
    }
}

impl Router {
    /// Routes to these channels.
    pub fn new(
        line: Arc<Line>,
        gate: Arc<Gate>,
        voice: Arc<VoiceChannel>,
        sms: Arc<SmsChannel>,
        email: Arc<EmailChannel>,
        trust_proxy: bool,
    ) -> Self {
        Self { line, gate, voice, sms, email, trust_proxy }
    }

    /// The status with which a request is refused by its method, path and headers alone: its body need not be read.
    pub fn refuses(&self, request: &WebhookRequest) -> Option<u16> {
        match self.route(request) {
            None => Some(404),
            Some(_) if request.method != "POST" => Some(405),
            Some(Route::Email) => {
                let admitted = self.gate.verify_authorization(request.header("authorization"));
                admitted.err().map(|error| WebhookResponse::failure(&error).status)
            }
            Some(_) => None,
        }
    }

    /// Longest body of a request, in bytes.
    pub fn limit(&self, request: &WebhookRequest) -> usize {
        match self.route(request) {
            Some(Route::Email) => incoming::MAX_PAYLOAD_BYTES,
            _ => form::MAX_PAYLOAD_BYTES,
        }
    }

    /// Answers a request. `body` is what was posted, unless somebody has read it as `form` already.
    pub async fn handle(&self, request: &WebhookRequest, body: Option<&[u8]>) -> WebhookResponse {
        if let Some(status) = self.refuses(request) {
            return WebhookResponse::refusal(status);
        }
        if self.route(request) == Some(Route::Email) {
            let answer = self.answer_email(request, body).await;
            return answer.unwrap_or_else(|error| WebhookResponse::failure(&error));
        }
        let answer = match self.admit(request, body) {
            Ok(Some(form)) => self.dispatch(request, &form).await,
            Ok(None) => return WebhookResponse::refusal(415),
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| WebhookResponse::failure(&error))
    }

    /// The form of a request that the provider has signed; `None` when it is of a type that no provider sends.
    fn admit(&self, request: &WebhookRequest, body: Option<&[u8]>) -> Result<Option<Form>> {
        let kind = request.header("content-type").unwrap_or(FORM);
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let url = self.public_url(request);
        let signature = request.header("x-twilio-signature");
        Ok(Some(match (kind.as_str(), body, &request.form) {
            (FORM, Some(body), _) => {
                let form = Form::from_urlencoded(body)?;
                self.gate.verify_form(&form, signature, &url)?;
                form
            }
            (FORM, None, Some(form)) => {
                let form = Form::from_json(form.get())?;
                self.gate.verify_form(&form, signature, &url)?;
                form
            }
            (JSON, body, parsed) => {
                self.gate.verify_body(body, signature, &url)?;
                let text = body.map(|body| String::from_utf8_lossy(body).into_owned());
                let text = text.or_else(|| parsed.as_ref().map(|form| form.get().to_owned()));
                Form::from_json(&text.unwrap_or_default())?
            }
            _ => return Ok(None),
        }))
    }

    /// Answers an e-mail, as JSON or as it went over the wire, with its receipt.
    async fn answer_email(&self, request: &WebhookRequest, body: Option<&[u8]>) -> Result<WebhookResponse> {
        let kind = request.header("content-type").unwrap_or(JSON);
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mail = match (kind.as_str(), body, &request.form) {
            (JSON, Some(body), _) => IncomingMail::read(&String::from_utf8_lossy(body))?,
            (JSON, None, Some(parsed)) => IncomingMail::read(parsed.get())?,
            (MIME, Some(body), _) => IncomingMail::from_mime(body)?,
            _ => return Ok(WebhookResponse::refusal(415)),
        };
        let receipt = self.email.receive(mail, InboundOptions::default()).await?;
        let receipt = output::write(&receipt)?;
        Ok(WebhookResponse::new(200, JSON, receipt))
    }

    async fn dispatch(&self, request: &WebhookRequest, form: &Form) -> Result<WebhookResponse> {
        let Some(route) = self.route(request) else { return Ok(WebhookResponse::refusal(404)) };
        match route {
            Route::Voice | Route::VoiceEvent => {
                let mut call = VoiceWebhook::read(form)?;
                if route == Route::VoiceEvent && call.event == CallEvent::Turn {
                    call.event = CallEvent::Status;
                }
                let twiml = self.voice.receive(call, Some(&self.public_url(request))).await?;
                Ok(WebhookResponse::new(200, XML, twiml))
            }
            Route::Sms => {
                Ok(WebhookResponse::new(200, XML, self.sms.receive(SmsWebhook::read(form)?).await?))
            }
            Route::SmsStatus => {
                self.sms.delivered(MessageStatusWebhook::read(form)?).await?;
                Ok(WebhookResponse::new(200, PLAIN, ""))
            }
            Route::Email => Ok(WebhookResponse::refusal(415)),
        }
    }

    fn route(&self, request: &WebhookRequest) -> Option<Route> {
        let paths = [Some(request.target.as_str()), request.mounted.as_deref()];
        paths.into_iter().flatten().find_map(|target| {
            let path = target.split(['?', '#']).next().unwrap_or_default();
            let path = self.line.local(path);
            let path = path.strip_suffix('/').unwrap_or(path);
            if path == EMAIL_PATH && self.email.is_configured() {
                return Some(Route::Email);
            }
            match (path.strip_prefix(self.line.voice_path()), path.strip_prefix(self.line.sms_path())) {
                (Some(""), _) => Some(Route::Voice),
                (Some(STATUS | RECORDING), _) => Some(Route::VoiceEvent),
                (_, Some("")) => Some(Route::Sms),
                (_, Some(STATUS)) => Some(Route::SmsStatus),
                _ => None,
            }
        })
    }

    /// The address that the provider posted to: what the developer configured, else what the request itself says.
    fn public_url(&self, request: &WebhookRequest) -> String {
        if let Some(url) = self.line.url(&request.target) {
            return url;
        }
        let forwarded = |name| self.trust_proxy.then(|| request.forwarded(name)).flatten();
        let scheme = if request.secure { "https" } else { "http" };
        let scheme = forwarded("x-forwarded-proto").unwrap_or(scheme);
        let host = forwarded("x-forwarded-host").or_else(|| request.header("host")).unwrap_or("localhost");
        format!("{scheme}://{host}{}", request.target)
    }
}
