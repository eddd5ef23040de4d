//! The interface of wire formats: the differences between the APIs' requests and answers.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;

use crate::config::ModelConfig;
use crate::error::Result;
use crate::llm::unsupported_features::UnsupportedFeatures;
use crate::llm::{ChatRequest, ChatResponse};

/// Properties of a request in addition to the options.
#[derive(Clone, Copy)]
pub(in crate::llm) struct RequestParams<'a> {
    /// `true` to request a stream.
    pub(in crate::llm) streamed: bool,
    /// Path of the model's options. Provider-specific content of other models is not sent to this
    /// model.
    pub(in crate::llm) model: &'a str,
    /// Features that the model does not support.
    pub(in crate::llm) unsupported_features: &'a UnsupportedFeatures,
}

/// A wire format: the requests and answers of one API.
pub(in crate::llm) trait WireFormat: fmt::Debug + Send + Sync {
    /// Returns the default base URL.
    fn base_url(&self) -> &'static str;
    /// Returns the environment variable that usually holds the key.
    fn key_variable(&self) -> &'static str;
    /// Returns the header that sends the key to a host.
    fn key_header(&self, key: &str, host: &str) -> (HeaderName, String);
    /// Returns additional headers.
    fn headers(&self, _config: &ModelConfig) -> Result<HeaderMap> {
        Ok(HeaderMap::new())
    }
    /// Returns the path below the base URL, and a query, for requests to a model.
    fn path(&self, model: &str, streamed: bool) -> (Vec<String>, Option<&'static str>);
    /// Returns the path below the base URL of a free request that succeeds only with a valid key.
    fn health_path(&self) -> Vec<String> {
        vec!["models".to_owned()]
    }
    /// Builds the body of a request.
    fn request(&self, config: &ModelConfig, request: ChatRequest<'_>, params: RequestParams<'_>) -> Value;
    /// Parses an answer.
    fn response(&self, body: &Value, request: ChatRequest<'_>) -> Result<ChatResponse>;
    /// Creates an accumulator for a streamed answer.
    fn accumulator(&self) -> Box<dyn StreamAccumulator>;
    /// Returns `true` if an error means that the key is invalid.
    fn is_auth_error(&self, status: u16, _body: &Value) -> bool {
        matches!(status, 401 | 403)
    }
    /// Returns `true` if the text of a model's first stream is buffered, because it may be
    /// reasoning.
    fn may_contain_reasoning(&self, _config: &ModelConfig) -> bool {
        false
    }
}

/// An accumulator that merges the events of a stream into the body of a complete answer.
pub(in crate::llm) trait StreamAccumulator: Send {
    /// Adds an event and returns its text.
    fn add(&mut self, event: &Value) -> String;
    /// Ends the stream, because the server announced its end.
    fn end(&mut self) {}
    /// Returns `true` if the server separates reasoning from text.
    fn separates_reasoning(&self) -> bool {
        false
    }
    /// Returns `true` if the answer is complete. Otherwise, the end of the stream is a broken
    /// connection.
    fn is_complete(&self) -> bool;
    /// Returns `true` if no further event can follow.
    fn is_last(&self) -> bool {
        false
    }
    /// Returns the body as it would be without streaming.
    fn body(&self) -> Value;
}
