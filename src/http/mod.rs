//! The HTTP client for every provider: timeouts, retries, bounded bodies.

mod body;
mod error_message;
mod failure;
mod json_repair;
mod request;
mod retry;
pub mod sse;

pub use body::MAX_BODY_BYTES;
pub(crate) use error_message::SentContent;
pub use failure::{FailureKind, HttpFailure, MAX_RETRY_AFTER};
pub use json_repair::parse_json;
pub use request::{Body, HttpRequest, Idempotency};

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Method, Response, Url};
use tokio::time::timeout;
use tracing::warn;

use crate::http::retry::failure_of_status;
use crate::http::sse::{EventResponse, EventStream};
use crate::tls::extra_authorities;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time limit of a whole stream, in multiples of the timeout of one chunk.
const STREAM_TIMEOUT_FACTOR: u32 = 10;
/// Idle timeout of pooled connections.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// Idle timeout of pooled connections for requests that are not idempotent. It is shorter than the
/// keep-alive of servers, of which Node's 5 s is the shortest. A request written just as the server
/// closes the connection is lost, and the client cannot tell whether it was read. Such a request
/// may not be sent again.
const NON_IDEMPOTENT_IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Timeout and retry settings of a client.
#[derive(Debug, Clone, Copy)]
pub struct RetryConfig {
    /// Time limit of one attempt, from connecting to the last byte.
    pub timeout: Duration,
    /// Maximum number of retries after 408, 425, 429, 5xx, other rate limit responses, timeouts and
    /// network failures.
    pub retries: usize,
    /// Delay before the first retry. It doubles with each retry and has jitter.
    pub initial_backoff: Duration,
}

impl Default for RetryConfig {
    /// Returns 60 s per attempt, 2 retries and a first delay of 500 ms.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), retries: 2, initial_backoff: Duration::from_millis(500) }
    }
}

/// An HTTP client. It never follows redirects, so that a key never reaches another host.
#[derive(Debug)]
pub struct HttpClient {
    client: OnceLock<Client>,
    retry_config: RetryConfig,
    idle_timeout: Duration,
    /// Treat 409 as transient.
    retry_conflicts: bool,
}

/// A 2xx response.
#[derive(Debug)]
pub struct HttpResponse {
    /// The decompressed body, at most [`MAX_BODY_BYTES`].
    pub body: Vec<u8>,
    /// The number of requests sent.
    pub attempts: usize,
}

impl HttpClient {
    /// Creates a client for model APIs. It connects on first use.
    pub fn new(retry_config: RetryConfig) -> Self {
        Self { client: OnceLock::new(), retry_config, idle_timeout: IDLE_TIMEOUT, retry_conflicts: true }
    }

    /// Creates a client for requests that are not idempotent, [`Idempotency::NotIdempotent`].
    pub fn for_non_idempotent(retry_config: RetryConfig) -> Self {
        Self { idle_timeout: NON_IDEMPOTENT_IDLE_TIMEOUT, retry_conflicts: false, ..Self::new(retry_config) }
    }

    /// Returns the time limit of one attempt.
    pub fn timeout(&self) -> Duration {
        self.retry_config.timeout
    }

    /// Returns the time limit of a whole stream.
    pub fn stream_timeout(&self) -> Duration {
        self.retry_config.timeout.saturating_mul(STREAM_TIMEOUT_FACTOR)
    }

    /// Posts JSON as an idempotent request.
    pub async fn post_json(
        &self,
        url: &Url,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<HttpResponse, HttpFailure> {
        let (method, body, idempotency) = (Method::POST, Body::Json(body), Idempotency::Idempotent);
        self.send(HttpRequest { method, url, headers, body, idempotency }).await
    }

    /// Sends a request, with retries as its [`Idempotency`] allows.
    pub async fn send(&self, request: HttpRequest<'_>) -> Result<HttpResponse, HttpFailure> {
        let should_retry = |failure: &FailureKind| failure.is_retryable(request.idempotency);
        let (body, attempts) = self.retry(request.url, || self.once(&request), should_retry).await?;
        Ok(HttpResponse { body, attempts })
    }

    /// Makes attempts until one succeeds, the retries are used up, or `should_retry` says that a
    /// failure is final. Returns the result and the number of attempts.
    pub async fn retry<T, Attempt: Future<Output = Result<T, FailureKind>>>(
        &self,
        url: &Url,
        attempt: impl Fn() -> Attempt,
        should_retry: impl Fn(&FailureKind) -> bool,
    ) -> Result<(T, usize), HttpFailure> {
        let attempts = AtomicUsize::new(0);
        let counted = || {
            attempts.fetch_add(1, Ordering::Relaxed);
            attempt()
        };
        let waits = ExponentialBuilder::new()
            .with_min_delay(self.retry_config.initial_backoff)
            .with_max_delay(MAX_RETRY_AFTER)
            .with_max_times(self.retry_config.retries)
            .with_jitter();
        let outcome = counted
            .retry(waits)
            .sleep(tokio::time::sleep)
            .when(should_retry)
            .adjust(FailureKind::delay)
            .notify(|failure, wait| {
                let host = url.host_str().unwrap_or_default();
                let attempt = attempts.load(Ordering::Relaxed);
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                warn!(host, attempt, reason = failure.reason(), wait_ms, "Request failed, trying again");
            })
            .await;
        let attempts = attempts.into_inner();
        match outcome {
            Ok(value) => Ok((value, attempts)),
            Err(kind) => Err(HttpFailure { attempts, kind }),
        }
    }

    /// Sends a request once, without retries, because the caller waits to learn whether the server
    /// responds at all.
    pub async fn send_once(&self, request: HttpRequest<'_>) -> Result<HttpResponse, HttpFailure> {
        let outcome = self.once(&request).await;
        outcome
            .map(|body| HttpResponse { body, attempts: 1 })
            .map_err(|kind| HttpFailure { attempts: 1, kind })
    }

    /// Makes one attempt.
    pub async fn once(&self, request: &HttpRequest<'_>) -> Result<Vec<u8>, FailureKind> {
        body::read_body(self.execute(request, Some(self.retry_config.timeout)).await?).await
    }

    /// Makes one attempt to get a response as a stream of events. The timeout limits the time until
    /// the response begins, and then the time between two chunks. [`Self::stream_timeout`] limits
    /// the whole stream.
    pub async fn events(&self, request: &HttpRequest<'_>) -> Result<EventResponse, FailureKind> {
        let chunk_timeout = self.retry_config.timeout;
        let attempt = async {
            let response = self.execute(request, None).await?;
            let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            if kind.is_some_and(is_single_body) {
                return body::read_body(response).await.map(EventResponse::Body);
            }
            Ok(EventResponse::Stream(Box::new(EventStream::new(
                response,
                chunk_timeout,
                self.stream_timeout(),
            ))))
        };
        timeout(chunk_timeout, attempt).await.unwrap_or(Err(FailureKind::Timeout))
    }

    /// Sends the request and returns a 2xx response whose body is still unread. `total_timeout` is
    /// the time limit until its end.
    async fn execute(
        &self,
        request: &HttpRequest<'_>,
        total_timeout: Option<Duration>,
    ) -> Result<Response, FailureKind> {
        let mut builder = self
            .client()?
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone());
        if let Some((kind, body)) = request.body.encode() {
            builder = builder.header(CONTENT_TYPE, HeaderValue::from_static(kind)).body(body);
        }
        if let Some(total_timeout) = total_timeout {
            builder = builder.timeout(total_timeout);
        }
        let response = builder.send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let headers = response.headers().clone();
        let body = body::read_error_body(response).await;
        Err(failure_of_status(status.as_u16(), &headers, body, self.retry_conflicts)
            .with_provider_message(request))
    }

    fn client(&self) -> Result<&Client, FailureKind> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // Fails when the process has chosen a crypto provider already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(self.retry_config.timeout))
            .pool_idle_timeout(self.idle_timeout)
            .user_agent(concat!("ai-receptionist/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(authorities()?)
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// Returns `true` if a body of that type is a single document and not an event stream: JSON, or the
/// HTML page of a proxy.
fn is_single_body(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "application/json" | "text/html") || kind.ends_with("+json")
}

/// Returns the value of an `Authorization` header, marked sensitive, or `None` if user or secret
/// cannot be sent in one.
pub fn basic_auth(user: &str, secret: &str) -> Option<HeaderValue> {
    if user.contains(':') {
        return None;
    }
    let token = BASE64_STANDARD.encode(format!("{user}:{secret}"));
    let mut value = HeaderValue::from_str(&format!("Basic {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Returns the certificate authorities configured in addition to those of the system.
fn authorities() -> Result<Vec<Certificate>, FailureKind> {
    let certificates = extra_authorities().certificates.iter();
    Ok(certificates.map(|certificate| Certificate::from_der(certificate)).collect::<Result<_, _>>()?)
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;
