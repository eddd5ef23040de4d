//! OpenAI's chat completions API, for OpenAI, OpenRouter and compatible servers.

mod calls;
mod compat;
mod content;
mod merge;
mod stream;
mod transcript;
mod wire;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::config::{ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::llm::http_model::{RequestParams, StreamAccumulator, WireFormat};
use crate::llm::{ChatRequest, ChatResponse};

/// The wire format of the chat completions API.
#[derive(Debug)]
pub(super) struct OpenAi {
    /// Provider: OpenAI or OpenRouter.
    pub(super) service: Provider,
}

impl OpenAi {
    fn is_router(&self) -> bool {
        self.service == Provider::OpenRouter
    }
}

impl WireFormat for OpenAi {
    fn base_url(&self) -> &'static str {
        if self.is_router() { "https://openrouter.ai/api/v1" } else { "https://api.openai.com/v1" }
    }

    fn key_variable(&self) -> &'static str {
        if self.is_router() { "OPENROUTER_API_KEY" } else { "OPENAI_API_KEY" }
    }

    /// Returns a header with the key. Azure deployments use `api-key` for keys, but the standard
    /// header for Entra tokens, which are JWTs.
    fn key_header(&self, key: &str, host: &str) -> (HeaderName, String) {
        if compat::is_azure(host) && !key.starts_with("eyJ") {
            return (HeaderName::from_static("api-key"), key.to_owned());
        }
        (AUTHORIZATION, format!("Bearer {key}"))
    }

    fn headers(&self, config: &ModelConfig) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        if let Some(referer) = config.http_referer.as_ref().filter(|_| self.is_router()) {
            let value = HeaderValue::from_str(referer)
                .map_err(|_| Error::config("model.httpReferer", "is not a valid HTTP header value"))?;
            headers.insert(HeaderName::from_static("http-referer"), value);
        }
        Ok(headers)
    }

    fn path(&self, _model: &str, _streamed: bool) -> (Vec<String>, Option<&'static str>) {
        (vec!["chat".to_owned(), "completions".to_owned()], None)
    }

    /// Returns the path of a request that checks the key. OpenRouter lists its models without a
    /// key, so another path is used.
    fn health_path(&self) -> Vec<String> {
        vec![if self.is_router() { "key" } else { "models" }.to_owned()]
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value {
        wire::request(config, request, params)
    }

    fn response(&self, body: &Value, _request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body)
    }

    fn accumulator(&self) -> Box<dyn StreamAccumulator> {
        Box::new(stream::ChunkAccumulator::default())
    }

    fn may_contain_reasoning(&self, config: &ModelConfig) -> bool {
        compat::may_contain_reasoning(config)
    }
}

#[cfg(test)]
mod tests;
