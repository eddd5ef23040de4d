//! One HTTP client for every provider: timeouts, retries, bounded bodies.

mod json;

pub use json::parse_json;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Url};

/// Longest body read, in bytes, after decompression.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// A server that asks to wait longer than this is not asked again.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How patient a client is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// What one attempt may take, from connecting to the last byte.
    pub timeout: Duration,
    /// Further attempts after 408, 429, 5xx, timeouts and network failures.
    pub retries: usize,
    /// Wait before the second attempt; doubled each time, with jitter.
    pub first_delay: Duration,
}

impl Default for Patience {
    /// 60 s per attempt, 2 retries, half a second before the first.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), retries: 2, first_delay: Duration::from_millis(500) }
    }
}

/// A client that never follows redirects, so that a key never reaches another host.
#[derive(Debug)]
pub struct HttpClient {
    client: OnceLock<Client>,
    patience: Patience,
}

/// A 2xx answer.
#[derive(Debug)]
pub struct HttpResponse {
    /// Decompressed, at most [`MAX_BODY_BYTES`].
    pub body: Vec<u8>,
    /// Requests sent.
    pub attempts: usize,
}

/// Why there is no 2xx answer, after all retries.
#[derive(Debug)]
pub struct HttpFailure {
    /// Requests sent.
    pub attempts: usize,
    /// What the last attempt ended with.
    pub kind: FailureKind,
}

/// What an attempt ended with.
#[derive(Debug)]
pub enum FailureKind {
    /// Another status than 2xx, redirects included.
    Status {
        /// The status.
        status: u16,
        /// The body, at most [`MAX_BODY_BYTES`].
        body: Vec<u8>,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// No complete answer in time.
    Timeout,
    /// No connection, or a broken one. Carries no URL.
    Network(reqwest::Error),
    /// The body is longer than [`MAX_BODY_BYTES`].
    BodyTooLarge,
}

impl FailureKind {
    fn is_transient(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500..=599),
            Self::Timeout | Self::Network(_) => true,
            Self::BodyTooLarge => false,
        }
    }

    /// The wait before the next attempt; `planned` is `None` when retries are used up.
    fn delay(&self, planned: Option<Duration>) -> Option<Duration> {
        let planned = planned?;
        match self {
            Self::Status { retry_after: Some(asked), .. } => {
                (*asked <= MAX_RETRY_AFTER).then(|| planned.max(*asked))
            }
            _ => Some(planned),
        }
    }
}

impl From<reqwest::Error> for FailureKind {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Network(error.without_url()) }
    }
}

impl HttpClient {
    /// A client that connects at first use.
    pub fn new(patience: Patience) -> Self {
        Self { client: OnceLock::new(), patience }
    }

    /// What one attempt may take.
    pub fn timeout(&self) -> Duration {
        self.patience.timeout
    }

    /// Posts JSON. Secrets in `headers` must be marked sensitive; nothing of them is kept in failures.
    pub async fn post_json(
        &self,
        url: &Url,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<HttpResponse, HttpFailure> {
        let attempts = AtomicUsize::new(0);
        let attempt = || async {
            attempts.fetch_add(1, Ordering::Relaxed);
            self.attempt(url, headers, body).await
        };
        let waits = ExponentialBuilder::new()
            .with_min_delay(self.patience.first_delay)
            .with_max_delay(MAX_RETRY_AFTER)
            .with_max_times(self.patience.retries)
            .with_jitter();
        let outcome = attempt
            .retry(waits)
            .sleep(tokio::time::sleep)
            .when(FailureKind::is_transient)
            .adjust(FailureKind::delay)
            .await;
        let attempts = attempts.into_inner();
        match outcome {
            Ok(body) => Ok(HttpResponse { body, attempts }),
            Err(kind) => Err(HttpFailure { attempts, kind }),
        }
    }

    async fn attempt(&self, url: &Url, headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, FailureKind> {
        let request = self
            .client()?
            .post(url.clone())
            .headers(headers.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body.to_vec());
        let response = request.send().await?;
        let status = response.status();
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| parse_retry_after(value.to_str().ok()?));
        let body = read_bounded(response).await?;
        if status.is_success() {
            Ok(body)
        } else {
            Err(FailureKind::Status { status: status.as_u16(), body, retry_after })
        }
    }

    fn client(&self) -> Result<&Client, FailureKind> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // Fails when the process has chosen a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(self.patience.timeout))
            .timeout(self.patience.timeout)
            .user_agent(concat!("ai-receptionist/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

async fn read_bounded(mut response: reqwest::Response) -> Result<Vec<u8>, FailureKind> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(FailureKind::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Seconds, or an HTTP date.
fn parse_retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = DateTime::parse_from_rfc2822(value).ok()?;
    Some((until.with_timezone(&Utc) - Utc::now()).to_std().unwrap_or_default())
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;
