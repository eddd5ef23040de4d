//! Requests.

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};

/// An HTTP request.
#[derive(Debug)]
pub struct HttpRequest<'a> {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: &'a Url,
    /// The headers. Secret values must be marked sensitive; no header is kept in failures.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: Body<'a>,
    /// Permission to send the request more than once.
    pub idempotency: Idempotency,
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// No body, as in a GET.
    Empty,
    /// JSON text.
    Json(&'a [u8]),
    /// Form fields in order. A name may occur several times.
    Form(&'a [(&'a str, String)]),
}

/// The idempotency of a request, which decides which failures are retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// Idempotent: retried after every transient failure.
    Idempotent,
    /// Not idempotent: a second request would call or write to somebody twice, and the providers
    /// take no idempotency key. It is retried only if it was certainly not processed: no connection
    /// was made, 429, or 503 with a `Retry-After`.
    NotIdempotent,
}

impl Body<'_> {
    /// Returns the content type and the bytes.
    pub(super) fn encode(self) -> Option<(&'static str, Vec<u8>)> {
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
