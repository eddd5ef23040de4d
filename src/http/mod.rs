//! One HTTP client for every provider: timeouts, retries, bounded bodies.

mod body;
pub mod events;
pub mod google;
mod json;
pub mod postmark;
mod provider;
pub mod twilio;

pub use body::MAX_BODY_BYTES;
pub use json::parse_json;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, Url};
use tokio::time::timeout;
use tracing::warn;

use crate::http::events::{Answer, EventStream};

/// A server that asks to wait longer than this is not asked again.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a whole answer in pieces may take, in timeouts of one piece.
const STREAM_TIMEOUTS: u32 = 10;
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(90);
/// The same where requests must not arrive twice: shorter than servers keep connections, of which Node's 5 s are the fewest.
/// What is written just when the server closes is lost without a trace of whether it was read, and may not be sent again.
const IDLE_OF_DELIVERIES: Duration = Duration::from_secs(4);

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
    idle: Duration,
}

/// What is sent.
#[derive(Debug)]
pub struct HttpRequest<'a> {
    /// GET, POST, …
    pub method: Method,
    /// Where to.
    pub url: &'a Url,
    /// Secrets among them must be marked sensitive; nothing of them is kept in failures.
    pub headers: &'a HeaderMap,
    /// What goes with it.
    pub body: Body<'a>,
    /// Whether it may arrive twice.
    pub repeat: Repeat,
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// None, as in a GET.
    Empty,
    /// JSON text.
    Json(&'a [u8]),
    /// Fields in order; a name may occur several times.
    Form(&'a [(&'a str, String)]),
}

/// Whether a request may reach the server twice, which decides what is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is as good as once: tried again after every transient failure.
    Harmless,
    /// Twice would call or write to somebody twice, and the providers take no idempotency key. Tried again only when it
    /// surely was not carried out: no connection was made, 429, or 503 with a `Retry-After`.
    Harmful,
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
        /// The beginning of the body.
        body: Vec<u8>,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// No complete answer in time.
    Timeout,
    /// An answer in pieces that came in time, each of them, but no end.
    Endless,
    /// No connection, or a broken one. Carries no URL.
    Network(reqwest::Error),
    /// The body is longer than [`MAX_BODY_BYTES`].
    BodyTooLarge,
    /// The body ended before what it announces was complete.
    Incomplete,
}

impl FailureKind {
    /// Whether trying again may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500..=599),
            Self::Timeout | Self::Network(_) | Self::Incomplete => true,
            Self::Endless | Self::BodyTooLarge => false,
        }
    }

    /// Whether the server surely did nothing, so that sending again cannot do it twice.
    pub fn was_not_processed(&self) -> bool {
        match self {
            Self::Status { status, retry_after, .. } => match status {
                408 | 500..=599 => *status == 503 && retry_after.is_some(),
                // Other refusals, 429 among them, come before anything is done.
                _ => true,
            },
            Self::Network(error) => error.is_connect(),
            Self::Timeout | Self::Endless | Self::BodyTooLarge | Self::Incomplete => false,
        }
    }

    /// In a word or two.
    pub fn reason(&self) -> String {
        match self {
            Self::Status { status, .. } => format!("HTTP {status}"),
            Self::Timeout => "timeout".to_owned(),
            Self::Endless => "the answer did not come to an end".to_owned(),
            Self::Network(error) if error.is_connect() => "no connection".to_owned(),
            Self::Network(_) => "the connection broke".to_owned(),
            Self::BodyTooLarge => "the answer is too long".to_owned(),
            Self::Incomplete => "the answer has no end".to_owned(),
        }
    }

    fn calls_for_retry(&self, repeat: Repeat) -> bool {
        self.is_transient() && (repeat == Repeat::Harmless || self.was_not_processed())
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
        // A connection that took too long was never used: that is no slow answer.
        if error.is_timeout() && !error.is_connect() {
            Self::Timeout
        } else {
            Self::Network(error.without_url())
        }
    }
}

impl HttpClient {
    /// A client that connects at first use.
    pub fn new(patience: Patience) -> Self {
        Self { client: OnceLock::new(), patience, idle: IDLE }
    }

    /// The same for requests that must not arrive twice, [`Repeat::Harmful`].
    pub fn for_deliveries(patience: Patience) -> Self {
        Self { idle: IDLE_OF_DELIVERIES, ..Self::new(patience) }
    }

    /// What one attempt may take.
    pub fn timeout(&self) -> Duration {
        self.patience.timeout
    }

    /// What a whole answer in pieces may take.
    pub fn stream_timeout(&self) -> Duration {
        self.patience.timeout.saturating_mul(STREAM_TIMEOUTS)
    }

    /// Posts JSON that may arrive twice.
    pub async fn post_json(
        &self,
        url: &Url,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<HttpResponse, HttpFailure> {
        let (method, body, repeat) = (Method::POST, Body::Json(body), Repeat::Harmless);
        self.send(HttpRequest { method, url, headers, body, repeat }).await
    }

    /// Sends a request, again after failures as its [`Repeat`] allows.
    pub async fn send(&self, request: HttpRequest<'_>) -> Result<HttpResponse, HttpFailure> {
        let again = |failure: &FailureKind| failure.calls_for_retry(request.repeat);
        let (body, attempts) = self.repeat(request.url, || self.once(&request), again).await?;
        Ok(HttpResponse { body, attempts })
    }

    /// Makes attempts until one succeeds, retries are used up, or `again` says that a failure is final. Returns how many
    /// there were beside what came of them.
    pub async fn repeat<T, Attempt: Future<Output = Result<T, FailureKind>>>(
        &self,
        url: &Url,
        attempt: impl Fn() -> Attempt,
        again: impl Fn(&FailureKind) -> bool,
    ) -> Result<(T, usize), HttpFailure> {
        let attempts = AtomicUsize::new(0);
        let counted = || {
            attempts.fetch_add(1, Ordering::Relaxed);
            attempt()
        };
        let waits = ExponentialBuilder::new()
            .with_min_delay(self.patience.first_delay)
            .with_max_delay(MAX_RETRY_AFTER)
            .with_max_times(self.patience.retries)
            .with_jitter();
        let outcome = counted
            .retry(waits)
            .sleep(tokio::time::sleep)
            .when(again)
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

    /// Sends a request a single time: somebody is waiting to hear whether the server answers at all.
    pub async fn send_once(&self, request: HttpRequest<'_>) -> Result<HttpResponse, HttpFailure> {
        let outcome = self.once(&request).await;
        outcome
            .map(|body| HttpResponse { body, attempts: 1 })
            .map_err(|kind| HttpFailure { attempts: 1, kind })
    }

    /// One attempt.
    pub async fn once(&self, request: &HttpRequest<'_>) -> Result<Vec<u8>, FailureKind> {
        body::read_whole(self.ask(request, Some(self.patience.timeout)).await?).await
    }

    /// One attempt to get an answer as a stream of events. The timeout is for the answer to begin, and then for each of its
    /// pieces; [`Self::stream_timeout`] for all of them.
    pub async fn events(&self, request: &HttpRequest<'_>) -> Result<Answer, FailureKind> {
        let gap = self.patience.timeout;
        let attempt = async {
            let response = self.ask(request, None).await?;
            let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            if kind.is_some_and(|kind| kind.starts_with("application/json")) {
                return body::read_whole(response).await.map(Answer::Whole);
            }
            Ok(Answer::Events(Box::new(EventStream::new(response, gap, self.stream_timeout()))))
        };
        timeout(gap, attempt).await.unwrap_or(Err(FailureKind::Timeout))
    }

    /// The beginning of a 2xx answer; `whole` is what may pass until its end.
    async fn ask(&self, asked: &HttpRequest<'_>, whole: Option<Duration>) -> Result<Response, FailureKind> {
        let mut request =
            self.client()?.request(asked.method.clone(), asked.url.clone()).headers(asked.headers.clone());
        if let Some((kind, body)) = asked.body.encode() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static(kind)).body(body);
        }
        if let Some(whole) = whole {
            request = request.timeout(whole);
        }
        let response = request.send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| parse_retry_after(value.to_str().ok()?));
        let body = body::read_refusal(response).await;
        Err(FailureKind::Status { status: status.as_u16(), body, retry_after })
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
            .pool_idle_timeout(self.idle)
            .user_agent(concat!("ai-receptionist/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl Body<'_> {
    /// Content type and bytes.
    fn encode(self) -> Option<(&'static str, Vec<u8>)> {
        match self {
            Self::Empty => None,
            Self::Json(json) => Some(("application/json", json.to_vec())),
            Self::Form(fields) => {
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                Some(("application/x-www-form-urlencoded", form.into_bytes()))
            }
        }
    }
}

/// The value of an `Authorization` header, marked sensitive; `None` when it cannot be one.
pub fn basic_auth(user: &str, secret: &str) -> Option<HeaderValue> {
    if user.contains(':') {
        return None;
    }
    let token = BASE64_STANDARD.encode(format!("{user}:{secret}"));
    let mut value = HeaderValue::from_str(&format!("Basic {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
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
