//! Anthropic's Messages API.

mod stream;
mod wire;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::config::ModelConfig;
use crate::error::Result;
use crate::llm::remote::{Assembly, WireFormat};
use crate::llm::{ChatRequest, ChatResponse};

/// The version of the API that is spoken here.
const VERSION: &str = "2023-06-01";

/// The Messages API.
#[derive(Debug)]
pub(super) struct Anthropic;

impl WireFormat for Anthropic {
    fn base_url(&self) -> &'static str {
        "https://api.anthropic.com/v1"
    }

    fn key_variable(&self) -> &'static str {
        "ANTHROPIC_API_KEY"
    }

    fn key_header(&self, key: &str) -> (HeaderName, String) {
        (HeaderName::from_static("x-api-key"), key.to_owned())
    }

    fn headers(&self, _config: &ModelConfig) -> Result<HeaderMap> {
        let version = (HeaderName::from_static("anthropic-version"), HeaderValue::from_static(VERSION));
        Ok(HeaderMap::from_iter([version]))
    }

    fn path(&self, _model: &str, _streamed: bool) -> (Vec<String>, Option<&'static str>) {
        (vec!["messages".to_owned()], None)
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, streamed: bool) -> Value {
        wire::request(config, request, streamed)
    }

    fn response(&self, body: &Value, _request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body)
    }

    fn assembly(&self) -> Box<dyn Assembly> {
        Box::new(stream::Events::default())
    }
}

#[cfg(test)]
mod tests;
