//! OpenAI's chat completions, as OpenAI, OpenRouter and compatible servers speak them.

mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::config::{ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::http::{FailureKind, HttpClient, HttpFailure, Patience, parse_json};
use crate::llm::{ChatModel, ChatRequest, ChatResponse};

/// A model behind the chat completions API.
#[derive(Debug)]
pub struct OpenAiModel {
    client: HttpClient,
    url: Url,
    config: ModelConfig,
}

impl OpenAiModel {
    /// Makes a model; nothing is sent yet.
    ///
    /// Fails with `INVALID_CONFIG` when `baseUrl` is no http(s) URL. A missing key is an error of the
    /// first call.
    pub fn new(config: ModelConfig) -> Result<Self> {
        let base = config.base_url.as_deref().unwrap_or(match config.provider {
            Provider::OpenAi => "https://api.openai.com/v1",
            Provider::OpenRouter => "https://openrouter.ai/api/v1",
        });
        let url = completions_url(base.trim())
            .ok_or_else(|| Error::config("model.baseUrl", "must be a URL like https://host/v1"))?;
        let mut patience = Patience::default();
        if let Some(timeout) = config.timeout {
            if timeout == 0 {
                return Err(Error::config("model.timeout", "must be at least 1 millisecond"));
            }
            patience.timeout = Duration::from_millis(timeout);
        }
        patience.retries = config.max_retries.unwrap_or(patience.retries);
        Ok(Self { client: HttpClient::new(patience), url, config })
    }

    fn headers(&self) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        let key = self.config.api_key.as_ref().map(|key| key.expose_secret().trim());
        match key.filter(|key| !key.is_empty()) {
            Some(key) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| {
                    Error::config("model.apiKey", "has characters that an HTTP header cannot carry")
                })?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            // Local servers need no key.
            None if self.config.base_url.is_some() => {}
            None => {
                let variable = match self.config.provider {
                    Provider::OpenAi => "OPENAI_API_KEY",
                    Provider::OpenRouter => "OPENROUTER_API_KEY",
                };
                let reason = format!("is missing; set the environment variable {variable} and pass it");
                return Err(Error::config("model.apiKey", reason));
            }
        }
        if self.config.provider == Provider::OpenRouter
            && let Some(referer) = &self.config.http_referer
        {
            let value = HeaderValue::from_str(referer)
                .map_err(|_| Error::config("model.httpReferer", "is no HTTP header value"))?;
            headers.insert(HeaderName::from_static("http-referer"), value);
        }
        Ok(headers)
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
            FailureKind::Status { status: status @ (401 | 403), .. } => {
                Error::ModelAuthenticationFailed { status }
            }
            FailureKind::Status { status: 429, .. } => Error::ModelRateLimited { attempts },
            FailureKind::Status { status: status @ (408 | 500..), .. } => {
                Error::ModelUnavailable { host, reason: format!("HTTP {status}"), attempts, cause: None }
            }
            FailureKind::Status { status: status @ 300..=399, .. } => Error::ModelRequestRejected {
                status,
                reason: "redirects are not followed; give the final address as `model.baseUrl`".to_owned(),
            },
            FailureKind::Status { status, body, .. } => {
                Error::ModelRequestRejected { status, reason: error_code(&body) }
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

/// `chat/completions` beneath an http(s) address, with or without a slash at its end.
fn completions_url(base: &str) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().extend(["chat", "completions"]);
    Some(url)
}

/// The provider's error code or type: a word, never its message, which may quote the prompt.
fn error_code(body: &[u8]) -> String {
    let body = parse_json(body).unwrap_or_default();
    let word = |value: &Value| match value {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let code = ["/error/code", "/error/type", "/code", "/type"]
        .into_iter()
        .filter_map(|pointer| word(body.pointer(pointer)?))
        .find(|code| !code.is_empty());
    code.filter(|code| code.len() <= 64)
        .filter(|code| code.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)))
        .unwrap_or_else(|| "no error code was given".to_owned())
}

#[async_trait]
impl ChatModel for OpenAiModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let headers = self.headers()?;
        let body = serde_json::to_vec(&wire::request(&self.config, request))
            .map_err(|error| Error::Internal(format!("a chat request is no JSON: {error}")))?;
        let response =
            self.client.post_json(&self.url, &headers, &body).await.map_err(|failure| self.error(failure))?;
        let body = parse_json(&response.body)
            .map_err(|_| Error::ModelResponseInvalid("it is not JSON".to_owned()))?;
        wire::response(&body)
    }
}

#[cfg(test)]
mod tests;
