//! Embeddings over HTTP: the OpenAI API, which many servers implement, and the Google API.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::{EmbedderConfig, EmbedderProvider, ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::http::{FailureKind, HttpClient, HttpFailure, RetryConfig};
use crate::memory::vector_store::Embedder;

const OPENAI: &str = "https://api.openai.com/v1";
const OPENROUTER: &str = "https://openrouter.ai/api/v1";
const GOOGLE: &str = "https://generativelanguage.googleapis.com/v1beta";
/// Timeout per attempt, 30 s. Callers have their own, shorter limits.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Settings of an embedding service.
#[derive(Debug, Clone)]
pub struct EmbeddingSettings {
    /// The service; never `Custom`.
    pub provider: EmbedderProvider,
    /// Name of the model.
    pub model: String,
    /// API key.
    pub api_key: Option<SecretString>,
    /// Base URL of another server with the same API, including the version.
    pub base_url: Option<String>,
    /// Dimensions of a vector, default the model's.
    pub dimensions: Option<usize>,
}

impl EmbeddingSettings {
    /// Resolves the settings from `agent.memory.embedder`. Missing values are taken from the chat
    /// model if it uses the same service. A key is never sent to another server than the one it was
    /// given for.
    ///
    /// Fails with `INVALID_CONFIG` if no service can be determined.
    pub fn new(given: Option<&EmbedderConfig>, model: Option<&ModelConfig>) -> Result<Self> {
        let provider = given.map(|given| given.provider).or_else(|| match model?.provider {
            Provider::OpenAi => Some(EmbedderProvider::OpenAi),
            Provider::Google => Some(EmbedderProvider::Google),
            Provider::OpenRouter | Provider::Anthropic | Provider::Custom => None,
        });
        let provider = provider.ok_or_else(|| {
            Error::config(
                "agent.memory.embedder",
                "is required for semantic search: give { provider: 'openai', apiKey }, { provider: 'google', \
                 apiKey } or a function that takes texts and returns vectors",
            )
        })?;
        let default = match provider {
            EmbedderProvider::OpenAi => Some("text-embedding-3-small"),
            EmbedderProvider::Google => Some("gemini-embedding-001"),
            EmbedderProvider::OpenRouter | EmbedderProvider::Custom => None,
        };
        let name = given.and_then(|given| given.model.as_deref()).or(default);
        let missing = || Error::config("agent.memory.embedder.model", "is missing");
        let same = model.filter(|model| is_same_provider(provider, model.provider));
        let own_url = given.and_then(|given| given.base_url.clone());
        let own_key = given.and_then(|given| given.api_key.clone());
        let same_place = same.filter(|model| own_url.is_none() || own_url == model.base_url);
        Ok(Self {
            provider,
            model: name.ok_or_else(missing)?.to_owned(),
            api_key: own_key.or_else(|| same_place?.api_key.clone()),
            base_url: own_url.clone().or_else(|| same_place?.base_url.clone()),
            dimensions: given.and_then(|given| given.dimensions),
        })
    }
}

/// Returns `true` if the chat model and the embedder use the same service.
fn is_same_provider(embedder: EmbedderProvider, model: Provider) -> bool {
    matches!(
        (embedder, model),
        (EmbedderProvider::OpenAi, Provider::OpenAi)
            | (EmbedderProvider::OpenRouter, Provider::OpenRouter)
            | (EmbedderProvider::Google, Provider::Google)
    )
}

/// An embedder that calls an HTTP API.
#[derive(Debug)]
pub struct HttpEmbedder {
    client: HttpClient,
    url: Url,
    headers: HeaderMap,
    settings: EmbeddingSettings,
}

impl HttpEmbedder {
    /// Creates an embedder; sends nothing yet.
    ///
    /// Fails with `INVALID_CONFIG` if the key is missing or the base URL is invalid.
    pub fn new(settings: EmbeddingSettings) -> Result<Self> {
        let base = settings.base_url.as_deref().unwrap_or(match settings.provider {
            EmbedderProvider::OpenRouter => OPENROUTER,
            EmbedderProvider::Google => GOOGLE,
            EmbedderProvider::OpenAi | EmbedderProvider::Custom => OPENAI,
        });
        let url = endpoint(base.trim(), &settings).ok_or_else(|| {
            Error::config("agent.memory.embedder.baseUrl", "must be a URL like https://host/v1")
        })?;
        let headers = headers(&settings)?;
        let client = HttpClient::new(RetryConfig { timeout: TIMEOUT, ..RetryConfig::default() });
        Ok(Self { client, url, headers, settings })
    }

    fn request(&self, texts: &[String]) -> Value {
        let EmbeddingSettings { provider, model, dimensions, .. } = &self.settings;
        if *provider == EmbedderProvider::Google {
            let requests: Vec<Value> = texts
                .iter()
                .map(|text| {
                    let mut request = json!({
                        "model": format!("models/{}", model.trim_start_matches("models/")),
                        "content": { "parts": [{ "text": text }] },
                    });
                    if let Some(dimensions) = dimensions {
                        request["outputDimensionality"] = json!(dimensions);
                    }
                    request
                })
                .collect();
            return json!({ "requests": requests });
        }
        let mut request = json!({ "model": model, "input": texts, "encoding_format": "float" });
        if let Some(dimensions) = dimensions {
            request["dimensions"] = json!(dimensions);
        }
        request
    }

    fn vectors(&self, body: &[u8]) -> Result<Vec<Vec<f32>>> {
        let unusable = |_| {
            let reason = "it is not a list of embeddings; check `agent.memory.embedder.baseUrl` and `model`";
            Error::EmbeddingInvalid(reason.to_owned())
        };
        if self.settings.provider == EmbedderProvider::Google {
            let answer: GoogleAnswer = serde_json::from_slice(body).map_err(unusable)?;
            return Ok(answer.embeddings.into_iter().map(|embedding| embedding.values).collect());
        }
        let mut answer: OpenAiAnswer = serde_json::from_slice(body).map_err(unusable)?;
        answer.data.sort_by_key(|embedding| embedding.index);
        Ok(answer.data.into_iter().map(|embedding| embedding.embedding).collect())
    }

    fn error(&self, failure: HttpFailure) -> Error {
        let host = self.url.host_str().unwrap_or_default();
        let host = self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let attempts = failure.attempts;
        let says =
            |message: Option<String>| message.map(|message| format!(": {message}")).unwrap_or_default();
        let (reason, advice, rejected, cause) = match failure.kind {
            FailureKind::Status { status, ref provider_message, .. } if failure.kind.is_rate_limit() => (
                format!(
                    "it is rate limiting (HTTP {status}) after {attempts} attempts{}",
                    says(provider_message.clone())
                ),
                "Raise your quota",
                false,
                None,
            ),
            FailureKind::Status { status: status @ (401 | 403), provider_message, .. } => (
                format!("it refused the API key (HTTP {status}){}", says(provider_message)),
                "Check `agent.memory.embedder.apiKey`, or `model.apiKey` where it is used",
                false,
                None,
            ),
            FailureKind::Status { status: status @ (408 | 409 | 425 | 500..), provider_message, .. } => (
                format!("HTTP {status} after {attempts} attempts{}", says(provider_message)),
                "Check the provider's status",
                false,
                None,
            ),
            FailureKind::Status { status, provider_message, .. } => (
                format!("it rejected the request (HTTP {status}){}", says(provider_message)),
                "Check `agent.memory.embedder`: `model`, `dimensions` and `baseUrl`",
                matches!(status, 400 | 413 | 422),
                None,
            ),
            FailureKind::Timeout | FailureKind::StreamTimeout => (
                format!("no answer within {} ms, {attempts} attempts", self.client.timeout().as_millis()),
                "Check the provider's status",
                false,
                None,
            ),
            FailureKind::Network(cause) => (
                format!("no connection after {attempts} attempts"),
                "Check `agent.memory.embedder.baseUrl` and the network",
                false,
                Some(cause),
            ),
            FailureKind::Incomplete => {
                ("its answer broke off".to_owned(), "Check the provider's status", false, None)
            }
            FailureKind::BodyTooLarge => {
                ("its answer is longer than 16 MiB".to_owned(), "Use fewer `dimensions`", false, None)
            }
        };
        let cause = cause.map(|cause| Arc::new(cause) as _);
        Error::EmbeddingFailed { what: format!("The embedder at {host}"), reason, advice, rejected, cause }
    }
}

#[derive(Deserialize)]
struct OpenAiAnswer {
    data: Vec<OpenAiEmbedding>,
}

#[derive(Deserialize)]
struct OpenAiEmbedding {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct GoogleAnswer {
    embeddings: Vec<GoogleEmbedding>,
}

#[derive(Deserialize)]
struct GoogleEmbedding {
    values: Vec<f32>,
}

fn endpoint(base: &str, settings: &EmbeddingSettings) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    {
        let mut path = url.path_segments_mut().ok()?;
        path.pop_if_empty();
        if settings.provider == EmbedderProvider::Google {
            let model = settings.model.trim_start_matches("models/");
            path.extend(["models", &format!("{model}:batchEmbedContents")]);
        } else {
            path.push("embeddings");
        }
    }
    Some(url)
}

fn headers(settings: &EmbeddingSettings) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let key = settings.api_key.as_ref().map(|key| key.expose_secret().trim()).filter(|key| !key.is_empty());
    let Some(key) = key else {
        // Local servers need no key.
        if settings.base_url.is_some() {
            return Ok(headers);
        }
        return Err(Error::config("agent.memory.embedder.apiKey", "is missing; give the service's key"));
    };
    let (name, value) = match settings.provider {
        EmbedderProvider::Google => (HeaderName::from_static("x-goog-api-key"), key.to_owned()),
        _ => (AUTHORIZATION, format!("Bearer {key}")),
    };
    let mut value = HeaderValue::from_str(&value).map_err(|_| {
        Error::config("agent.memory.embedder.apiKey", "has characters that an HTTP header cannot carry")
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(headers)
}

#[async_trait]
impl Embedder for HttpEmbedder {
    fn model(&self) -> &str {
        &self.settings.model
    }

    fn dimensions(&self) -> Option<usize> {
        self.settings.dimensions
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let body = serde_json::to_vec(&self.request(texts)).map_err(|error| {
            Error::Internal(format!("an embedding request cannot be serialised as JSON: {error}"))
        })?;
        let response = self.client.post_json(&self.url, &self.headers, &body).await;
        self.vectors(&response.map_err(|failure| self.error(failure))?.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(embedder: Option<Value>, model: Value) -> Result<EmbeddingSettings> {
        let embedder: Option<EmbedderConfig> = embedder.map(|given| serde_json::from_value(given).unwrap());
        let model: ModelConfig = serde_json::from_value(model).unwrap();
        EmbeddingSettings::new(embedder.as_ref(), Some(&model))
    }

    fn key(settings: &EmbeddingSettings) -> Option<&str> {
        settings.api_key.as_ref().map(ExposeSecret::expose_secret)
    }

    #[test]
    fn inherits_settings_of_a_model_of_the_same_service() {
        let openai =
            json!({ "provider": "openai", "model": "m", "apiKey": "k", "baseUrl": "https://gateway/v1" });
        let plain = settings(None, openai.clone()).unwrap();
        assert_eq!((plain.model.as_str(), key(&plain)), ("text-embedding-3-small", Some("k")));
        assert_eq!(plain.base_url.as_deref(), Some("https://gateway/v1"));
        let google = settings(None, json!({ "provider": "google", "model": "m", "apiKey": "g" })).unwrap();
        assert_eq!((google.model.as_str(), key(&google)), ("gemini-embedding-001", Some("g")));
        for (given, expected) in [
            (json!({ "provider": "openai", "baseUrl": "https://elsewhere/v1" }), None),
            (json!({ "provider": "openai", "baseUrl": "https://gateway/v1" }), Some("k")),
            (json!({ "provider": "openai", "apiKey": "own" }), Some("own")),
            (json!({ "provider": "google" }), None),
        ] {
            assert_eq!(key(&settings(Some(given.clone()), openai.clone()).unwrap()), expected, "{given}");
        }
        for model in ["anthropic", "openrouter", "custom"] {
            let error = settings(None, json!({ "provider": model, "model": "m" })).unwrap_err();
            assert_eq!(error.code(), "INVALID_CONFIG");
        }
    }

    #[test]
    fn builds_google_requests() {
        let given = json!({ "provider": "google", "apiKey": "g", "dimensions": 2 });
        let model = json!({ "provider": "custom" });
        let embedder = HttpEmbedder::new(settings(Some(given), model).unwrap()).unwrap();
        let path = "/v1beta/models/gemini-embedding-001:batchEmbedContents";
        assert_eq!(embedder.url.path(), path);
        assert_eq!(embedder.headers["x-goog-api-key"], "g");
        let request = json!({ "requests": [{
            "model": "models/gemini-embedding-001",
            "content": { "parts": [{ "text": "a" }] },
            "outputDimensionality": 2,
        }] });
        assert_eq!(embedder.request(&["a".to_owned()]), request);
        let body = br#"{"embeddings":[{"values":[0.5,1]},{"values":[0,1]}]}"#;
        assert_eq!(embedder.vectors(body).unwrap(), [[0.5, 1.0], [0.0, 1.0]]);
        assert_eq!(embedder.vectors(b"{}").unwrap_err().code(), "EMBEDDING_INVALID");
    }
}
