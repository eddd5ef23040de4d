//! Anthropic's Messages API.

mod stream;
mod wire;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::config::ModelConfig;
use crate::error::Result;
use crate::llm::http_model::{RequestParams, StreamAccumulator, WireFormat};
use crate::llm::{ChatRequest, ChatResponse};

/// Version of the API, sent as `anthropic-version`.
const VERSION: &str = "2023-06-01";

/// The wire format of the Messages API.
#[derive(Debug)]
pub(super) struct Anthropic;

impl WireFormat for Anthropic {
    fn base_url(&self) -> &'static str {
        "https://api.anthropic.com/v1"
    }

    fn key_variable(&self) -> &'static str {
        "ANTHROPIC_API_KEY"
    }

    fn key_header(&self, key: &str, _host: &str) -> (HeaderName, String) {
        (HeaderName::from_static("x-api-key"), key.to_owned())
    }

    fn headers(&self, _config: &ModelConfig) -> Result<HeaderMap> {
        let version = (HeaderName::from_static("anthropic-version"), HeaderValue::from_static(VERSION));
        Ok(HeaderMap::from_iter([version]))
    }

    fn path(&self, _model: &str, _streamed: bool) -> (Vec<String>, Option<&'static str>) {
        (vec!["messages".to_owned()], None)
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value {
        wire::request(config, request, params)
    }

    fn response(&self, body: &Value, _request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body)
    }

    fn accumulator(&self) -> Box<dyn StreamAccumulator> {
        Box::new(stream::EventAccumulator::default())
    }
}

#[cfg(test)]
mod tests;
