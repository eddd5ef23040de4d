//! A model behind an HTTP API: addresses, keys, failures. What the APIs differ in is a [`WireFormat`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::config::{ModelConfig, Provider};
use crate::error::{Cause, Error, Result};
use crate::http::events::{Answer, EventStream};
use crate::http::{Body, FailureKind, HttpClient, HttpFailure, HttpRequest, Patience, Repeat, parse_json};
use crate::llm::anthropic::Anthropic;
use crate::llm::google::Google;
use crate::llm::openai::OpenAi;
use crate::llm::text_sink::TextSink;
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ModelName};

/// How one API words requests and answers.
pub(super) trait WireFormat: fmt::Debug + Send + Sync {
    /// Where it is, unless `baseUrl` says otherwise.
    fn base_url(&self) -> &'static str;
    /// The environment variable its users keep the key in.
    fn key_variable(&self) -> &'static str;
    /// The header that carries the key.
    fn key_header(&self, key: &str) -> (HeaderName, String);
    /// Further headers.
    fn headers(&self, _config: &ModelConfig) -> Result<HeaderMap> {
        Ok(HeaderMap::new())
    }
    /// Where a model is asked, beneath the base URL, with a query.
    fn path(&self, model: &str, streamed: bool) -> (Vec<String>, Option<&'static str>);
    /// What answers only to the right key and costs nothing, beneath the base URL.
    fn free_path(&self) -> Vec<String> {
        vec!["models".to_owned()]
    }
    /// The body of a request.
    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, streamed: bool) -> Value;
    /// Reads an answer.
    fn response(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse>;
    /// Puts the events of a streamed answer together.
    fn assembly(&self) -> Box<dyn Assembly>;
    /// Whether a failure means that the key is wrong.
    fn refuses_key(&self, status: u16, _body: &Value) -> bool {
        matches!(status, 401 | 403)
    }
}

/// The events of a streamed answer on their way to the answer that would have come in one.
pub(super) trait Assembly: Send {
    /// Adds an event; returns the text in it.
    fn add(&mut self, event: &Value) -> String;
    /// Whether the answer is there. An end before that is a broken connection.
    fn is_complete(&self) -> bool;
    /// Whether nothing more can come.
    fn is_last(&self) -> bool {
        false
    }
    /// The body as it would have come in one.
    fn body(&self) -> Value;
}

/// A model behind an HTTP API.
#[derive(Debug)]
pub struct RemoteModel {
    client: HttpClient,
    wire: Box<dyn WireFormat>,
    url: Url,
    stream_url: Url,
    free_url: Url,
    config: ModelConfig,
    /// Path of the options, for errors.
    option: String,
}

impl RemoteModel {
    /// A model with the options at that path; nothing is sent yet. `None` when it is the developer's own.
    ///
    /// Fails with `INVALID_CONFIG` when `baseUrl` is no http(s) URL. A missing key is an error of the
    /// first call.
    pub fn new(config: ModelConfig, option: &str) -> Result<Option<Self>> {
        let wire: Box<dyn WireFormat> = match config.provider {
            Provider::OpenAi | Provider::OpenRouter => Box::new(OpenAi { service: config.provider }),
            Provider::Anthropic => Box::new(Anthropic),
            Provider::Google => Box::new(Google),
            Provider::Custom => return Ok(None),
        };
        let base = config.base_url.as_deref().unwrap_or(wire.base_url());
        let locate = |path| {
            beneath(base.trim(), path).ok_or_else(|| {
                let reason = format!("must be a URL like {}", wire.base_url());
                Error::config(format!("{option}.baseUrl"), reason)
            })
        };
        let path = |streamed| wire.path(config.model.trim(), streamed);
        let (url, stream_url) = (locate(path(false))?, locate(path(true))?);
        let free_url = locate((wire.free_path(), None))?;
        let standard = Patience::default();
        let patience = Patience {
            timeout: config.timeout.map_or(standard.timeout, Duration::from_millis),
            retries: config.max_retries.unwrap_or(standard.retries),
            ..standard
        };
        let (client, option) = (HttpClient::new(patience), option.to_owned());
        Ok(Some(Self { client, wire, url, stream_url, free_url, config, option }))
    }

    fn headers(&self) -> Result<HeaderMap> {
        let mut headers = self.wire.headers(&self.config)?;
        let option = || format!("{}.apiKey", self.option);
        let key = self.config.api_key.as_ref().map(|key| key.expose_secret().trim());
        match key.filter(|key| !key.is_empty()) {
            Some(key) => {
                let (name, value) = self.wire.key_header(key);
                let mut value = HeaderValue::from_str(&value).map_err(|_| {
                    Error::config(option(), "has characters that an HTTP header cannot carry")
                })?;
                value.set_sensitive(true);
                headers.insert(name, value);
            }
            // Local servers need no key.
            None if self.config.base_url.is_some() => {}
            None => {
                let variable = self.wire.key_variable();
                let reason = format!("is missing; set the environment variable {variable} and pass it");
                return Err(Error::config(option(), reason));
            }
        }
        Ok(headers)
    }

    fn body(&self, request: ChatRequest<'_>, streamed: bool) -> Result<Vec<u8>> {
        serde_json::to_vec(&self.wire.request(&self.config, request, streamed))
            .map_err(|error| Error::Internal(format!("a chat request is no JSON: {error}")))
    }

    fn read(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let mut response = self.wire.response(body, request)?;
        let (provider, model) = (self.config.provider.as_str().to_owned(), self.config.model.clone());
        response.model = ModelName { provider, model };
        Ok(response)
    }

    /// Host and port, without credentials.
    fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    fn error(&self, failure: HttpFailure) -> Error {
        let HttpFailure { attempts, kind } = failure;
        let (host, reason) = (self.host(), kind.reason());
        match kind {
            FailureKind::Status { status, body, .. } => {
                let body = parse_json(&body).unwrap_or_default();
                match status {
                    _ if self.wire.refuses_key(status, &body) => Error::ModelAuthenticationFailed { status },
                    429 => Error::ModelRateLimited { attempts },
                    408 | 500.. => Error::ModelUnavailable { host, reason, attempts, cause: None },
                    300..=399 => Error::ModelRequestRejected {
                        status,
                        reason: "redirects are not followed; give the final address as `model.baseUrl`"
                            .to_owned(),
                    },
                    _ => Error::ModelRequestRejected { status, reason: error_code(&body) },
                }
            }
            FailureKind::Timeout => {
                Error::ModelTimeout { host, timeout_ms: self.client.timeout().as_millis(), attempts }
            }
            FailureKind::Endless => {
                Error::ModelTimeout { host, timeout_ms: self.client.stream_timeout().as_millis(), attempts }
            }
            FailureKind::Network(cause) => {
                Error::ModelUnavailable { host, reason, attempts, cause: Some(Arc::new(cause)) }
            }
            FailureKind::Incomplete => Error::ModelUnavailable { host, reason, attempts, cause: None },
            FailureKind::BodyTooLarge => Error::ModelResponseInvalid("it is longer than 16 MiB".to_owned()),
        }
    }

    /// The failure of an answer whose beginning was handed out.
    fn interruption(&self, failure: HttpFailure) -> Error {
        let reason = failure.kind.reason();
        let cause = match failure.kind {
            FailureKind::Network(cause) => Some(Arc::new(cause) as Cause),
            _ => None,
        };
        Error::ModelStreamInterrupted { host: self.host(), reason, cause }
    }

    /// Hands out the text of a streamed answer as it comes; the answer itself, when all of it is there.
    async fn listen(&self, mut events: Box<EventStream>, text: &TextSink) -> Result<Value, FailureKind> {
        let mut assembly = self.wire.assembly();
        loop {
            let data = match events.next().await {
                Ok(Some(data)) if data.trim() != "[DONE]" => data,
                // What follows a complete answer is not needed.
                Err(failure) if !assembly.is_complete() => return Err(failure),
                _ => break,
            };
            // What is no JSON is no event of ours: some gateways put in messages of their own.
            let Ok(event) = parse_json(data.as_bytes()) else { continue };
            refuse_error(&event)?;
            text.send(&assembly.add(&event)).await;
            if assembly.is_last() {
                break;
            }
        }
        if assembly.is_complete() { Ok(assembly.body()) } else { Err(FailureKind::Incomplete) }
    }
}

#[async_trait]
impl ChatModel for RemoteModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let (headers, body) = (self.headers()?, self.body(request, false)?);
        let asked = post(&self.url, &headers, &body);
        let attempt = || async { read_whole(&self.client.once(&asked).await?) };
        let outcome = self.client.repeat(asked.url, attempt, FailureKind::is_transient).await;
        let (body, _) = outcome.map_err(|failure| self.error(failure))?;
        self.read(&body.ok_or_else(no_json)?, request)
    }

    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let (headers, body) = (self.headers()?, self.body(request, true)?);
        let asked = post(&self.stream_url, &headers, &body);
        let attempt = || async {
            match self.client.events(&asked).await? {
                Answer::Whole(body) => read_whole(&body),
                Answer::Events(events) => self.listen(events, text).await.map(Some),
            }
        };
        let again = |failure: &FailureKind| failure.is_transient() && !text.began();
        let outcome = self.client.repeat(asked.url, attempt, again).await;
        let (body, _) = outcome.map_err(|failure| match text.began() {
            true => self.interruption(failure),
            false => self.error(failure),
        })?;
        let response = self.read(&body.ok_or_else(no_json)?, request)?;
        if !text.began() {
            text.send(&response.content).await;
        }
        Ok(response)
    }

    async fn check(&self) -> Result<()> {
        let headers = self.headers()?;
        let (url, body, repeat) = (&self.free_url, Body::Empty, Repeat::Harmless);
        let asked = HttpRequest { method: Method::GET, url, headers: &headers, body, repeat };
        match self.client.send_once(asked).await {
            // Not every compatible server lists its models; it answers.
            Ok(_) | Err(HttpFailure { kind: FailureKind::Status { status: 404 | 405, .. }, .. }) => Ok(()),
            Err(failure) => Err(self.error(failure)),
        }
    }
}

fn post<'a>(url: &'a Url, headers: &'a HeaderMap, body: &'a [u8]) -> HttpRequest<'a> {
    HttpRequest { method: Method::POST, url, headers, body: Body::Json(body), repeat: Repeat::Harmless }
}

/// A body that came in one; `None` when it is no JSON.
fn read_whole(body: &[u8]) -> Result<Option<Value>, FailureKind> {
    let Ok(body) = parse_json(body) else { return Ok(None) };
    refuse_error(&body).map(|()| Some(body))
}

fn no_json() -> Error {
    Error::ModelResponseInvalid("it is not JSON".to_owned())
}

/// A failure that is told within an answer, where the status promised success.
fn refuse_error(body: &Value) -> Result<(), FailureKind> {
    let Some(error) = body.get("error").filter(|error| !error.is_null()) else { return Ok(()) };
    let told = error["code"].as_u64().and_then(|code| u16::try_from(code).ok());
    let status = told.filter(|status| (400..600).contains(status)).unwrap_or_else(|| {
        match error_code(body).to_ascii_lowercase().as_str() {
            "overloaded_error" => 529,
            "rate_limit_error" | "rate_limit_exceeded" | "resource_exhausted" => 429,
            "authentication_error" | "invalid_api_key" | "unauthenticated" => 401,
            "permission_error" | "permission_denied" => 403,
            "invalid_request_error" | "invalid_argument" | "not_found_error" => 400,
            _ => 500,
        }
    });
    Err(FailureKind::Status { status, body: body.to_string().into_bytes(), retry_after: None })
}

/// A path beneath an http(s) address, with or without a slash at its end.
fn beneath(base: &str, (path, query): (Vec<String>, Option<&str>)) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    if query.is_some() {
        url.set_query(query);
    }
    Some(url)
}

/// The provider's error code or type: a word, never its message, which may quote the prompt.
fn error_code(body: &Value) -> String {
    let text = |value: &Value| match value {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let code = ["/error/status", "/error/code", "/error/type", "/code", "/type"]
        .into_iter()
        .filter_map(|pointer| text(body.pointer(pointer)?))
        .find(|code| !code.is_empty());
    code.filter(|code| is_word(code)).unwrap_or_else(|| "no error code was given".to_owned())
}

/// Whether it is one word, as codes are, that may be shown.
pub(super) fn is_word(text: &str) -> bool {
    text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

#[cfg(test)]
pub(super) mod testing;

#[cfg(test)]
mod tests;
