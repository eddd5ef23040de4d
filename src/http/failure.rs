//! Requests that failed.

use std::time::Duration;

use crate::http::error_message::SentContent;
use crate::http::request::{HttpRequest, Idempotency};

/// Longest `Retry-After` that is honored, 20 s. A request whose server asks for more is not
/// retried.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(20);

/// A request that got no 2xx response, after all retries.
#[derive(Debug)]
pub struct HttpFailure {
    /// The number of requests sent.
    pub attempts: usize,
    /// The failure of the last attempt.
    pub kind: FailureKind,
}

/// The failure of one attempt.
#[derive(Debug)]
pub enum FailureKind {
    /// A status other than 2xx, redirects included.
    Status {
        /// The status code.
        status: u16,
        /// The beginning of the body.
        body: Vec<u8>,
        /// The delay that the server asks for.
        retry_after: Option<Duration>,
        /// A retry may succeed.
        transient: bool,
        /// The provider's error message, without secrets and without the content of the request.
        provider_message: Option<String>,
    },
    /// No complete response in time.
    Timeout,
    /// A stream whose chunks each arrived in time, but which did not end in time.
    StreamTimeout,
    /// No connection, or a lost one. Carries no URL.
    Network(reqwest::Error),
    /// The body is longer than [`MAX_BODY_BYTES`].
    BodyTooLarge,
    /// The body ended before its announced length.
    Incomplete,
}

impl FailureKind {
    /// Returns `true` if a retry may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Status { transient, .. } => *transient,
            Self::Timeout | Self::Network(_) | Self::Incomplete => true,
            Self::StreamTimeout | Self::BodyTooLarge => false,
        }
    }

    /// Adds the provider's error message, without the content of the request.
    pub(crate) fn with_provider_message(mut self, request: &HttpRequest<'_>) -> Self {
        if let Self::Status { body, provider_message, .. } = &mut self {
            *provider_message = SentContent::new(request).error_message(body);
        }
        self
    }

    /// Removes content that was sent earlier from the provider's error message.
    pub(crate) fn redacting(mut self, sent: &SentContent) -> Self {
        if let Self::Status { provider_message, .. } = &mut self {
            *provider_message = provider_message.take().and_then(|message| sent.redact(&message));
        }
        self
    }

    /// Returns `true` if the server certainly did not process the request, so that a retry cannot
    /// repeat an effect.
    pub fn was_not_processed(&self) -> bool {
        match self {
            Self::Status { status, retry_after, .. } => match status {
                408 | 500..=599 => *status == 503 && retry_after.is_some(),
                // Other error responses, 429 among them, come before any processing.
                _ => true,
            },
            Self::Network(error) => error.is_connect(),
            Self::Timeout | Self::StreamTimeout | Self::BodyTooLarge | Self::Incomplete => false,
        }
    }

    /// Returns a short description of the failure.
    pub fn reason(&self) -> String {
        match self {
            Self::Status { status, .. } => format!("HTTP {status}"),
            Self::Timeout => "timeout".to_owned(),
            Self::StreamTimeout => "the response did not end in time".to_owned(),
            Self::Network(error) if error.is_connect() => "no connection".to_owned(),
            Self::Network(_) => "the connection was lost".to_owned(),
            Self::BodyTooLarge => "the response is too long".to_owned(),
            Self::Incomplete => "the response is incomplete".to_owned(),
        }
    }

    /// Returns a short description of the failure, with the provider's error message, if any.
    pub fn description(&self) -> String {
        match self {
            Self::Status { provider_message: Some(message), .. } => format!("{}: {message}", self.reason()),
            _ => self.reason(),
        }
    }

    pub(super) fn is_retryable(&self, idempotency: Idempotency) -> bool {
        self.is_transient() && (idempotency == Idempotency::Idempotent || self.was_not_processed())
    }

    /// Returns the delay before the next attempt. `planned` is `None` when all retries are used up.
    pub(super) fn delay(&self, planned: Option<Duration>) -> Option<Duration> {
        let planned = planned?;
        match self {
            Self::Status { retry_after: Some(wait), .. } => {
                (*wait <= MAX_RETRY_AFTER).then(|| planned.max(*wait))
            }
            _ => Some(planned),
        }
    }
}

impl From<reqwest::Error> for FailureKind {
    fn from(error: reqwest::Error) -> Self {
        // A connect timeout counts as no connection, not as a slow response, because the connection
        // was never used.
        if error.is_timeout() && !error.is_connect() {
            Self::Timeout
        } else {
            Self::Network(error.without_url())
        }
    }
}
