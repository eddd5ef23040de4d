//! State learned from a model's answers, and requests that depend on it.

use std::collections::VecDeque;

use serde_json::Value;

use crate::http::{FailureKind, SentContent};
use crate::llm::unsupported_features::{UnsupportedFeatures, unsupported_feature};

/// State learned from a model's answers.
#[derive(Debug, Default)]
pub(super) struct ModelState {
    pub(super) unsupported_features: UnsupportedFeatures,
    /// `true` if the model ends reasoning without a beginning; `None` until known.
    pub(super) closes_unopened_reasoning: Option<bool>,
    /// Prefixes of the latest answers, because errors may quote them.
    recent_answers: VecDeque<String>,
}

/// Number of answers that errors must not repeat.
const MAX_RECENT_ANSWERS: usize = 16;
/// Maximum length of each prefix, in bytes.
const MAX_ANSWER_BYTES: usize = 2_048;

impl ModelState {
    /// Records the text of an answer.
    pub(super) fn record_answer(&mut self, text: &str) {
        if !text.is_empty() {
            self.recent_answers.truncate(MAX_RECENT_ANSWERS - 1);
            self.recent_answers.push_front(text[..text.floor_char_boundary(MAX_ANSWER_BYTES)].to_owned());
        }
    }

    /// Returns the texts that errors must not repeat.
    pub(super) fn recent_answers(&self) -> SentContent {
        SentContent::from_texts(self.recent_answers.iter().map(String::as_str))
    }
}

/// A prepared request.
pub(super) struct PreparedRequest {
    pub(super) unsupported_features: UnsupportedFeatures,
    pub(super) streamed: bool,
    pub(super) json: Value,
    pub(super) body: Vec<u8>,
}

impl PreparedRequest {
    /// Returns `true` if the same request may succeed on a retry.
    pub(super) fn is_retryable(&self, failure: &FailureKind) -> bool {
        let unsupported_feature = match failure {
            FailureKind::Status { status, body, .. } => {
                unsupported_feature(&self.json, *status, body).is_some()
            }
            _ => false,
        };
        failure.is_transient() && !unsupported_feature
    }
}
