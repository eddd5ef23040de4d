//! Google's Gemini API: `generateContent`.

mod schema;
mod wire;

use reqwest::header::HeaderName;
use serde_json::Value;

use crate::config::ModelConfig;
use crate::error::Result;
use crate::llm::remote::WireFormat;
use crate::llm::{ChatRequest, ChatResponse};

/// The Gemini API.
#[derive(Debug)]
pub(super) struct Google;

impl WireFormat for Google {
    fn base_url(&self) -> &'static str {
        "https://generativelanguage.googleapis.com/v1beta"
    }

    fn key_variable(&self) -> &'static str {
        "GEMINI_API_KEY (or GOOGLE_API_KEY)"
    }

    /// A header: an address ends up in logs.
    fn key_header(&self, key: &str) -> (HeaderName, String) {
        (HeaderName::from_static("x-goog-api-key"), key.to_owned())
    }

    fn path(&self, model: &str) -> Vec<String> {
        let (folder, name) = model.split_once('/').unwrap_or(("models", model));
        vec![folder.to_owned(), format!("{name}:generateContent")]
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>) -> Value {
        wire::request(config, request)
    }

    fn response(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body, request.tools)
    }

    /// A wrong key is a bad request here.
    fn refuses_key(&self, status: u16, body: &Value) -> bool {
        let details = body.pointer("/error/details").and_then(Value::as_array);
        let invalid = details.into_iter().flatten().any(|detail| detail["reason"] == "API_KEY_INVALID");
        matches!(status, 401 | 403) || (status == 400 && invalid)
    }
}

#[cfg(test)]
mod tests;
