//! Google's Gemini API, `generateContent`.

mod schema;
mod stream;
mod wire;

use reqwest::header::HeaderName;
use serde_json::Value;

use crate::config::ModelConfig;
use crate::error::Result;
use crate::llm::http_model::{RequestParams, StreamAccumulator, WireFormat};
use crate::llm::{ChatRequest, ChatResponse};

/// The wire format of the Gemini API.
#[derive(Debug)]
pub(super) struct Google;

impl WireFormat for Google {
    fn base_url(&self) -> &'static str {
        "https://generativelanguage.googleapis.com/v1beta"
    }

    fn key_variable(&self) -> &'static str {
        "GEMINI_API_KEY (or GOOGLE_API_KEY)"
    }

    /// Returns a header with the key. It is not sent as a query parameter, because URLs are logged.
    fn key_header(&self, key: &str, _host: &str) -> (HeaderName, String) {
        (HeaderName::from_static("x-goog-api-key"), key.to_owned())
    }

    fn path(&self, model: &str, streamed: bool) -> (Vec<String>, Option<&'static str>) {
        let (folder, name) = model.split_once('/').unwrap_or(("models", model));
        let (action, query) =
            if streamed { ("streamGenerateContent", Some("alt=sse")) } else { ("generateContent", None) };
        (vec![folder.to_owned(), format!("{name}:{action}")], query)
    }

    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value {
        wire::request(config, request, params)
    }

    fn response(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse> {
        wire::response(body, request.tools)
    }

    fn accumulator(&self) -> Box<dyn StreamAccumulator> {
        Box::new(stream::ContentAccumulator::default())
    }

    /// Returns `true` for an invalid key, which this API reports as a bad request.
    fn is_auth_error(&self, status: u16, body: &Value) -> bool {
        let details = body.pointer("/error/details").and_then(Value::as_array);
        let invalid = details.into_iter().flatten().any(|detail| detail["reason"] == "API_KEY_INVALID");
        matches!(status, 401 | 403) || (status == 400 && invalid)
    }
}

#[cfg(test)]
mod tests;
