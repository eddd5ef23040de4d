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
use crate::error::{Error, Result};
use crate::http::{Body, FailureKind, HttpClient, HttpFailure, HttpRequest, Patience, Repeat, parse_json};
use crate::llm::anthropic::Anthropic;
use crate::llm::google::Google;
use crate::llm::openai::OpenAi;
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
    /// Where a model is asked, beneath the base URL.
    fn path(&self, model: &str) -> Vec<String>;
    /// What answers only to the right key and costs nothing, beneath the base URL.
    fn free_path(&self) -> Vec<String> {
        vec!["models".to_owned()]
    }
    /// The body of a request.
    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>) -> Value;
    /// Reads an answer.
    fn response(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse>;
    /// Whether a failure means that the key is wrong.
    fn refuses_key(&self, status: u16, _body: &Value) -> bool {
        matches!(status, 401 | 403)
    }
}

/// A model behind an HTTP API.
#[derive(Debug)]
pub struct RemoteModel {
    client: HttpClient,
    wire: Box<dyn WireFormat>,
    url: Url,
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
        let (url, free_url) = (locate(wire.path(config.model.trim()))?, locate(wire.free_path())?);
        let standard = Patience::default();
        let patience = Patience {
            timeout: config.timeout.map_or(standard.timeout, Duration::from_millis),
            retries: config.max_retries.unwrap_or(standard.retries),
            ..standard
        };
        let (client, option) = (HttpClient::new(patience), option.to_owned());
        Ok(Some(Self { client, wire, url, free_url, config, option }))
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

    fn body(&self, request: ChatRequest<'_>) -> Result<Vec<u8>> {
        serde_json::to_vec(&self.wire.request(&self.config, request))
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
        let host = self.host();
        match kind {
            FailureKind::Status { status, body, .. } => {
                let body = parse_json(&body).unwrap_or_default();
                match status {
                    _ if self.wire.refuses_key(status, &body) => Error::ModelAuthenticationFailed { status },
                    429 => Error::ModelRateLimited { attempts },
                    408 | 500.. => {
                        let reason = format!("HTTP {status}");
                        Error::ModelUnavailable { host, reason, attempts, cause: None }
                    }
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
            FailureKind::Network(cause) => Error::ModelUnavailable {
                host,
                reason: if cause.is_connect() { "no connection" } else { "the connection broke" }.to_owned(),
                attempts,
                cause: Some(Arc::new(cause)),
            },
            FailureKind::BodyTooLarge => Error::ModelResponseInvalid("it is longer than 16 MiB".to_owned()),
        }
    }
}

#[async_trait]
impl ChatModel for RemoteModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let headers = self.headers()?;
        let body = self.body(request)?;
        let response =
            self.client.post_json(&self.url, &headers, &body).await.map_err(|failure| self.error(failure))?;
        let body = parse_json(&response.body)
            .map_err(|_| Error::ModelResponseInvalid("it is not JSON".to_owned()))?;
        self.read(&body, request)
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

/// A path beneath an http(s) address, with or without a slash at its end.
fn beneath(base: &str, path: Vec<String>) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
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
