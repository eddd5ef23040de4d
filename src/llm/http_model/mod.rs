//! A model behind an HTTP API: URLs, keys and errors. A [`WireFormat`] implements the differences
//! between APIs.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::{Mutex, MutexGuard};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use secrecy::ExposeSecret;
use serde_json::Value;
use tracing::warn;

use crate::config::ModelConfig;
use crate::error::{Cause, Error, Result};
use crate::http::sse::{EventResponse, EventStream, parse_events};
use crate::http::{
    Body, FailureKind, HttpClient, HttpFailure, HttpRequest, Idempotency, RetryConfig, parse_json,
};
use crate::llm::reasoning::{Buffering, ReasoningFilter};
use crate::llm::text_sink::TextSink;
use crate::llm::unsupported_features::unsupported_feature;
pub(super) use crate::llm::wire_format::{RequestParams, StreamAccumulator, WireFormat};
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ModelName};
pub(super) use error_body::is_code_word;
use error_body::{describe_error, is_unknown_url, read_body, read_event};
use state::{ModelState, PreparedRequest};

/// A model behind an HTTP API.
#[derive(Debug)]
pub struct HttpChatModel {
    client: HttpClient,
    wire: Box<dyn WireFormat>,
    url: Url,
    stream_url: Url,
    health_url: Url,
    config: ModelConfig,
    /// Path of the model's options, for errors.
    option: String,
    state: Mutex<ModelState>,
}

impl HttpChatModel {
    /// Creates a model with the options at the path `option`. Sends no request.
    ///
    /// Fails with `INVALID_CONFIG` if `baseUrl` is not an http(s) URL. A missing key is an error of
    /// the first request.
    pub(super) fn new(config: ModelConfig, wire: Box<dyn WireFormat>, option: &str) -> Result<Self> {
        let base = config.base_url.as_deref().unwrap_or(wire.base_url());
        let locate = |path| {
            join_url(base.trim(), path).ok_or_else(|| {
                let reason = format!("must be a URL like {}", wire.base_url());
                Error::config(format!("{option}.baseUrl"), reason)
            })
        };
        let path = |streamed| wire.path(config.model.trim(), streamed);
        let (url, stream_url) = (locate(path(false))?, locate(path(true))?);
        let health_url = locate((wire.health_path(), None))?;
        let standard = RetryConfig::default();
        let retry_config = RetryConfig {
            timeout: config.timeout.map_or(standard.timeout, Duration::from_millis),
            retries: config.max_retries.unwrap_or(standard.retries),
            ..standard
        };
        let (client, option) = (HttpClient::new(retry_config), option.to_owned());
        let state = Mutex::default();
        Ok(Self { client, wire, url, stream_url, health_url, config, option, state })
    }

    fn headers(&self) -> Result<HeaderMap> {
        let mut headers = self.wire.headers(&self.config)?;
        let option = || format!("{}.apiKey", self.option);
        let key = self.config.api_key.as_ref().map(|key| key.expose_secret().trim());
        match key.filter(|key| !key.is_empty()) {
            Some(key) => {
                let (name, value) = self.wire.key_header(key, self.url.host_str().unwrap_or_default());
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

    fn prepare(&self, request: ChatRequest<'_>, streamed: bool) -> Result<PreparedRequest> {
        let unsupported_features = self.state().unsupported_features.clone();
        let streamed = streamed && !unsupported_features.has("stream");
        let params =
            RequestParams { streamed, model: &self.option, unsupported_features: &unsupported_features };
        let json = self.wire.request(&self.config, request, params);
        let body = serde_json::to_vec(&json)
            .map_err(|error| Error::Internal(format!("a chat request cannot be serialized: {error}")))?;
        Ok(PreparedRequest { unsupported_features, streamed, json, body })
    }

    /// Records the feature that an error rejects. Returns `true` if the request should be repeated
    /// without it.
    fn record_unsupported(&self, prepared: &PreparedRequest, failure: &HttpFailure) -> bool {
        let FailureKind::Status { status, body, .. } = &failure.kind else { return false };
        let Some(name) = unsupported_feature(&prepared.json, *status, body) else { return false };
        if prepared.unsupported_features.has(&name) {
            return false;
        }
        let (provider, model) = (self.config.provider.as_str(), &self.config.model);
        warn!(
            provider,
            model,
            parameter = name,
            "Model does not support a part of the request, retrying without it"
        );
        self.state().unsupported_features.note(name);
        true
    }

    /// Removes text of the model's earlier answers from an error, which may belong to another
    /// conversation.
    fn redact_answers(&self, failure: FailureKind) -> FailureKind {
        failure.redacting(&self.state().recent_answers())
    }

    fn state(&self) -> MutexGuard<'_, ModelState> {
        self.state.lock()
    }

    fn read(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let mut response = self.wire.response(body, request)?;
        let (provider, model) = (self.config.provider.as_str().to_owned(), self.config.model.clone());
        response.model = ModelName { provider, model };
        if let Some(reasoning) = &mut response.reasoning {
            reasoning.model.clone_from(&self.option);
        }
        let mut state = self.state();
        state.record_answer(&response.content);
        if response.closes_unopened_reasoning {
            state.closes_unopened_reasoning = Some(true);
        }
        drop(state);
        Ok(response)
    }

    /// Returns host and port, without credentials.
    fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    fn error(&self, failure: HttpFailure) -> Error {
        let HttpFailure { attempts, kind } = failure;
        let (host, reason) = (self.host(), kind.description());
        match kind {
            FailureKind::Status { ref provider_message, .. } if kind.is_rate_limit() => {
                Error::ModelRateLimited { attempts, provider_message: provider_message.clone() }
            }
            FailureKind::Status { status, body, transient, provider_message, .. } => {
                let body = &parse_json(&body).unwrap_or_default();
                match status {
                    _ if self.wire.is_auth_error(status, body) => {
                        Error::ModelAuthenticationFailed { status, provider_message }
                    }
                    408 | 500.. => Error::ModelUnavailable { host, reason, attempts, cause: None },
                    _ if transient => Error::ModelUnavailable { host, reason, attempts, cause: None },
                    300..=399 => Error::ModelRequestRejected {
                        status,
                        reason: "redirects are not followed; give the final address as `model.baseUrl`"
                            .to_owned(),
                    },
                    404 | 405 if is_unknown_url(provider_message.as_deref()) => {
                        let says = provider_message.map(|message| format!("{message}; ")).unwrap_or_default();
                        Error::ModelRequestRejected {
                            status,
                            reason: format!("{says}{}", self.base_url_hint()),
                        }
                    }
                    _ => {
                        Error::ModelRequestRejected { status, reason: describe_error(body, provider_message) }
                    }
                }
            }
            FailureKind::Timeout => {
                Error::ModelTimeout { host, timeout_ms: self.client.timeout().as_millis(), attempts }
            }
            FailureKind::StreamTimeout => {
                Error::ModelTimeout { host, timeout_ms: self.client.stream_timeout().as_millis(), attempts }
            }
            FailureKind::Network(cause) => {
                Error::ModelUnavailable { host, reason, attempts, cause: Some(Arc::new(cause)) }
            }
            FailureKind::Incomplete => Error::ModelUnavailable { host, reason, attempts, cause: None },
            FailureKind::BodyTooLarge => Error::ModelResponseInvalid("it is longer than 16 MiB".to_owned()),
        }
    }

    /// Returns the error for an answer that was interrupted after its first text was handed out.
    fn interruption_error(&self, failure: HttpFailure) -> Error {
        let reason = failure.kind.description();
        let cause = match failure.kind {
            FailureKind::Network(cause) => Some(Arc::new(cause) as Cause),
            _ => None,
        };
        Error::ModelStreamInterrupted { host: self.host(), reason, cause }
    }

    /// Returns advice for an error that suggests a wrong base URL.
    fn base_url_hint(&self) -> String {
        let version = self.wire.base_url().rsplit('/').next().unwrap_or_default();
        format!(
            "check that `{}.baseUrl` ends in /{version}, or as the server's documentation says",
            self.option
        )
    }

    fn not_json_error(&self) -> Error {
        Error::ModelResponseInvalid(format!("it is not JSON; {}", self.base_url_hint()))
    }

    /// Parses a complete body: a JSON answer, or the events of a server that always streams.
    /// Returns `None` for anything else.
    fn read_body(&self, body: &[u8], asked: &HttpRequest<'_>) -> Result<Option<Value>, FailureKind> {
        let whole = read_body(body, asked)?;
        let events = if whole.is_none() { parse_events(body) } else { VecDeque::new() };
        if events.is_empty() {
            return Ok(whole);
        }
        let mut accumulator = self.wire.accumulator();
        for event in &events {
            if read_event(event, &mut *accumulator, asked)?.is_none() {
                break;
            }
        }
        if accumulator.is_complete() { Ok(Some(accumulator.body())) } else { Err(FailureKind::Incomplete) }
    }

    fn buffering(&self) -> Buffering {
        let closes_unopened_reasoning = self.state().closes_unopened_reasoning;
        let waits = closes_unopened_reasoning.unwrap_or_else(|| {
            self.config.base_url.is_some() && self.wire.may_contain_reasoning(&self.config)
        });
        if waits { Buffering::UntilReasoningEnds } else { Buffering::Off }
    }

    /// Reads a stream, sends its text as it arrives, and returns the complete answer.
    async fn read_stream(
        &self,
        mut events: Box<EventStream>,
        asked: &HttpRequest<'_>,
        text: &TextSink,
    ) -> Result<Value, FailureKind> {
        let mut accumulator = self.wire.accumulator();
        let mut filter = ReasoningFilter::new(self.buffering());
        let mut ended = false;
        while !ended {
            let event = match events.next().await {
                Ok(Some(event)) => event,
                // Errors after a complete answer do not matter.
                Err(failure) if !accumulator.is_complete() => return Err(failure),
                _ => break,
            };
            let piece = read_event(&event, &mut *accumulator, asked)?;
            ended = piece.is_none();
            if accumulator.separates_reasoning() {
                filter.stop_buffering();
            }
            text.send(&filter.push(&piece.unwrap_or_default())).await;
        }
        if !accumulator.is_complete() {
            return Err(FailureKind::Incomplete);
        }
        let rest = filter.finish();
        if filter.has_text() {
            self.state().closes_unopened_reasoning.get_or_insert(filter.closes_unopened_reasoning());
        }
        text.send(&rest).await;
        Ok(accumulator.body())
    }
}

#[async_trait]
impl ChatModel for HttpChatModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let headers = self.headers()?;
        loop {
            let prepared = self.prepare(request, false)?;
            let asked = post(&self.url, &headers, &prepared.body);
            let attempt = || async {
                let answer = self.client.once(&asked).await;
                answer
                    .and_then(|body| self.read_body(&body, &asked))
                    .map_err(|failure| self.redact_answers(failure))
            };
            let outcome =
                self.client.retry(asked.url, attempt, |failure| prepared.is_retryable(failure)).await;
            match outcome {
                Ok((body, _)) => return self.read(&body.ok_or_else(|| self.not_json_error())?, request),
                Err(failure) if self.record_unsupported(&prepared, &failure) => {}
                Err(failure) => return Err(self.error(failure)),
            }
        }
    }

    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let headers = self.headers()?;
        let body = loop {
            let prepared = self.prepare(request, true)?;
            let url = if prepared.streamed { &self.stream_url } else { &self.url };
            let asked = post(url, &headers, &prepared.body);
            let ask = || async {
                match self.client.events(&asked).await? {
                    EventResponse::Body(body) => self.read_body(&body, &asked),
                    EventResponse::Stream(events) => self.read_stream(events, &asked, text).await.map(Some),
                }
            };
            let attempt = || async { ask().await.map_err(|failure| self.redact_answers(failure)) };
            let again = |failure: &FailureKind| prepared.is_retryable(failure) && !text.has_started();
            match self.client.retry(asked.url, attempt, again).await {
                Ok((body, _)) => break body,
                Err(failure) if text.has_started() => return Err(self.interruption_error(failure)),
                Err(failure) if self.record_unsupported(&prepared, &failure) => {}
                Err(failure) => return Err(self.error(failure)),
            }
        };
        let response = self.read(&body.ok_or_else(|| self.not_json_error())?, request)?;
        if !text.has_started() {
            text.send(&response.content).await;
        }
        Ok(response)
    }

    async fn check(&self) -> Result<()> {
        let headers = self.headers()?;
        let (url, body, idempotency) = (&self.health_url, Body::Empty, Idempotency::Idempotent);
        let asked = HttpRequest { method: Method::GET, url, headers: &headers, body, idempotency };
        match self.client.send_once(asked).await {
            // Some compatible servers do not list their models, but the response proves that the
            // server is reachable.
            Ok(_) | Err(HttpFailure { kind: FailureKind::Status { status: 404 | 405, .. }, .. }) => Ok(()),
            Err(failure) => Err(self.error(failure)),
        }
    }
}

fn post<'a>(url: &'a Url, headers: &'a HeaderMap, body: &'a [u8]) -> HttpRequest<'a> {
    HttpRequest {
        method: Method::POST,
        url,
        headers,
        body: Body::Json(body),
        idempotency: Idempotency::Idempotent,
    }
}

/// Appends a path to an http(s) base URL, with or without a trailing slash.
fn join_url(base: &str, (path, query): (Vec<String>, Option<&str>)) -> Option<Url> {
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

mod error_body;
mod state;
#[cfg(test)]
pub(super) mod testing;

#[cfg(test)]
mod tests;
