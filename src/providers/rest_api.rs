//! The part that REST clients of providers share: base URL and the mapping of failures to errors.

use std::sync::Arc;

use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::http::{FailureKind, HttpClient, HttpFailure, HttpResponse, Idempotency, parse_json};

/// A provider's API, as its error messages name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RestApi {
    pub(crate) name: &'static str,
    /// The options that hold the credentials.
    pub(crate) credentials: &'static str,
    /// The option that holds the base URL.
    pub(crate) base_url_option: &'static str,
    /// Explains an error code: its meaning and the fix.
    pub(crate) advice: fn(Option<u32>) -> &'static str,
    /// The field of error bodies that holds the error code.
    pub(crate) code_field: &'static str,
}

/// An operation of a provider's API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Action {
    /// The text that follows "refused to": `send a message`.
    pub(crate) name: &'static str,
    pub(crate) idempotency: Idempotency,
}

impl RestApi {
    /// Parses the base URL of a provider: https, or http for test servers.
    pub(crate) fn base_url(&self, given: Option<&str>, default: &str) -> Result<Url> {
        Url::parse(given.unwrap_or(default).trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| Error::config(self.base_url_option, "must be a URL like https://host"))
    }

    /// Decodes the response of a provider, or maps its failure to an error.
    pub(crate) fn decode<Response: DeserializeOwned>(
        &self,
        client: &HttpClient,
        url: &Url,
        action: Action,
        outcome: std::result::Result<HttpResponse, HttpFailure>,
    ) -> Result<Response> {
        let response = outcome.map_err(|failure| self.error(client, url, action, failure))?;
        let answer = parse_json(&response.body).and_then(serde_json::from_value);
        answer.map_err(|_| self.invalid_response(action, "it does not have the documented form"))
    }

    /// Succeeds if the provider returned 2xx, ignoring the body, or maps its failure to an error.
    pub(crate) fn expect_success(
        &self,
        client: &HttpClient,
        url: &Url,
        action: Action,
        outcome: std::result::Result<HttpResponse, HttpFailure>,
    ) -> Result<()> {
        outcome.map(drop).map_err(|failure| self.error(client, url, action, failure))
    }

    /// Creates the error for a response that cannot be decoded. If the operation is not idempotent,
    /// its outcome is unknown.
    pub(crate) fn invalid_response(&self, action: Action, reason: &str) -> Error {
        match action.idempotency {
            Idempotency::Idempotent => {
                Error::ProviderResponseInvalid { provider: self.name, reason: reason.to_owned() }
            }
            Idempotency::NotIdempotent => {
                self.outcome_unknown(action, format!("the response cannot be read: {reason}"))
            }
        }
    }

    fn outcome_unknown(&self, action: Action, reason: String) -> Error {
        Error::ProviderOutcomeUnknown { provider: self.name, action: action.name, reason, cause: None }
    }

    fn error(&self, client: &HttpClient, url: &Url, action: Action, failure: HttpFailure) -> Error {
        let provider = self.name;
        let may_have_happened =
            action.idempotency == Idempotency::NotIdempotent && !failure.kind.was_not_processed();
        let HttpFailure { attempts, kind } = failure;
        let host = host_of(url);
        match kind {
            FailureKind::Status { ref provider_message, .. } if kind.is_rate_limit() => {
                Error::ProviderRateLimited { provider, attempts, provider_message: provider_message.clone() }
            }
            FailureKind::Status { status: status @ (401 | 403), ref body, ref provider_message, .. }
                if status == 401 || self.code(body).is_none() =>
            {
                let provider_message = provider_message.clone();
                Error::ProviderAuthenticationFailed {
                    provider,
                    status,
                    options: self.credentials,
                    provider_message,
                }
            }
            FailureKind::Status { .. } if may_have_happened => {
                self.outcome_unknown(action, kind.description())
            }
            FailureKind::Status { status: 408 | 425 | 500.., .. } => {
                let reason = kind.description();
                Error::ProviderUnavailable { provider, host, reason, attempts, cause: None }
            }
            FailureKind::Status { status, body, provider_message, .. } => {
                let provider_code = self.code(&body);
                let advice = match status {
                    300..=399 => "redirects are not followed; give the final address as base URL",
                    _ => (self.advice)(provider_code),
                };
                Error::ProviderRejected {
                    provider,
                    action: action.name,
                    status,
                    provider_code,
                    advice,
                    provider_message,
                }
            }
            FailureKind::Timeout | FailureKind::StreamTimeout if may_have_happened => self
                .outcome_unknown(action, format!("no response within {} ms", client.timeout().as_millis())),
            FailureKind::Timeout | FailureKind::StreamTimeout => {
                Error::ProviderTimeout { provider, host, timeout_ms: client.timeout().as_millis(), attempts }
            }
            FailureKind::Network(cause) if may_have_happened => Error::ProviderOutcomeUnknown {
                provider,
                action: action.name,
                reason: "the connection was lost".to_owned(),
                cause: Some(Arc::new(cause)),
            },
            FailureKind::Network(cause) => Error::ProviderUnavailable {
                provider,
                host,
                reason: if cause.is_connect() { "no connection" } else { "the connection was lost" }
                    .to_owned(),
                attempts,
                cause: Some(Arc::new(cause)),
            },
            FailureKind::BodyTooLarge => self.invalid_response(action, "it is longer than 16 MiB"),
            FailureKind::Incomplete => self.invalid_response(action, "it is incomplete"),
        }
    }

    /// Returns the provider's error code, if the body has one.
    fn code(&self, body: &[u8]) -> Option<u32> {
        let code = parse_json(body).ok()?.get(self.code_field)?.as_u64()?;
        u32::try_from(code).ok()
    }
}

/// Returns host and port, without credentials.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
