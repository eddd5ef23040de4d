//! OpenAI's chat completions, as OpenAI, OpenRouter and compatible servers speak them.

mod stream;
mod wire;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::config::{ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::llm::remote::{Assembly, WireFormat};
use crate::llm::{ChatRequest, ChatResponse};

/// The chat completions API.
#[derive(Debug)]
pub(super) struct OpenAi {
    /// Whose.
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

    fn key_header(&self, key: &str) -> (HeaderName, String) {
        (AUTHORIZATION, format!("Bearer {key}"))
    }

    fn headers(&self, config: &ModelConfig) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        if let Some(referer) = config.http_referer.as_ref().filter(|_| self.is_router()) {
            let value = HeaderValue::from_str(referer)
                .map_err(|_| Error::config("model.httpReferer", "is no HTTP header value"))?;
            headers.insert(HeaderName::from_static("http-referer"), value);
        }
        Ok(headers)
    }

    fn path(&self, _model: &str, _streamed: bool) -> (Vec<String>, Option<&'static str>) {
        (vec!["chat".to_owned(), "completions".to_owned()], None)
    }

    /// OpenRouter lists its models to anybody.
    fn free_path(&self) -> Vec<String> {
        vec![if self.is_router() { "key" } else { "models" }.to_owned()]
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, streamed: bool) -> Value {
        wire::request(config, request, streamed)
    }

    fn response(&self, body: &Value, _request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body)
    }

    fn assembly(&self) -> Box<dyn Assembly> {
        Box::new(stream::Chunks::default())
    }
}

#[cfg(test)]
mod tests;
