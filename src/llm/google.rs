//! Google's Gemini API: `generateContent`.

mod schema;
mod stream;
mod wire;

use reqwest::header::HeaderName;
use serde_json::Value;

use crate::config::ModelConfig;
use crate::error::Result;
use crate::llm::remote::{Assembly, WireFormat};
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

    fn path(&self, model: &str, streamed: bool) -> (Vec<String>, Option<&'static str>) {
        let (folder, name) = model.split_once('/').unwrap_or(("models", model));
        let (action, query) =
            if streamed { ("streamGenerateContent", Some("alt=sse")) } else { ("generateContent", None) };
        (vec![folder.to_owned(), format!("{name}:{action}")], query)
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, _streamed: bool) -> Value {
        wire::request(config, request)
    }

    fn response(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body, request.tools)
    }

    fn assembly(&self) -> Box<dyn Assembly> {
        Box::new(stream::Contents::default())
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
