//! What providers of calls, SMS and e-mail have in common: where they are and what their failures mean.

use std::sync::Arc;

use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::http::{FailureKind, HttpClient, HttpFailure, HttpResponse, Repeat, parse_json};

/// A provider, for its error messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Provider {
    pub(super) name: &'static str,
    /// The options that hold its credentials.
    pub(super) credentials: &'static str,
    /// The option that holds its address.
    pub(super) base_url_option: &'static str,
    /// What an error number of it means, and what to do.
    pub(super) advice: fn(Option<u32>) -> &'static str,
    /// Where error bodies have the number.
    pub(super) code_field: &'static str,
}

/// What is asked of a provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Action {
    /// After "refused to": `send a message`.
    pub(super) name: &'static str,
    pub(super) repeat: Repeat,
}

impl Provider {
    /// Reads the address of a provider: https, or http for servers of tests.
    pub(super) fn base_url(&self, given: Option<&str>, default: &str) -> Result<Url> {
        Url::parse(given.unwrap_or(default).trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| Error::config(self.base_url_option, "must be a URL like https://host"))
    }

    /// The answer of a provider, or its failure in our words.
    pub(super) fn answer<Answer: DeserializeOwned>(
        &self,
        client: &HttpClient,
        url: &Url,
        action: Action,
        outcome: std::result::Result<HttpResponse, HttpFailure>,
    ) -> Result<Answer> {
        let response = outcome.map_err(|failure| self.error(client, url, action, failure))?;
        let answer = parse_json(&response.body).and_then(serde_json::from_value);
        answer.map_err(|_| self.unusable(action, "it is not what the API promises"))
    }

    /// That a provider did it, whatever it says beside, or its failure in our words.
    pub(super) fn done(
        &self,
        client: &HttpClient,
        url: &Url,
        action: Action,
        outcome: std::result::Result<HttpResponse, HttpFailure>,
    ) -> Result<()> {
        outcome.map(drop).map_err(|failure| self.error(client, url, action, failure))
    }

    /// An answer that cannot be read: of a question it is useless, of an order it leaves open what was done.
    pub(super) fn unusable(&self, action: Action, reason: &str) -> Error {
        match action.repeat {
            Repeat::Harmless => {
                Error::ProviderResponseInvalid { provider: self.name, reason: reason.to_owned() }
            }
            Repeat::Harmful => self.unknown(action, format!("the answer cannot be read, {reason}")),
        }
    }

    fn unknown(&self, action: Action, reason: String) -> Error {
        Error::ProviderOutcomeUnknown { provider: self.name, action: action.name, reason, cause: None }
    }

    fn error(&self, client: &HttpClient, url: &Url, action: Action, failure: HttpFailure) -> Error {
        let provider = self.name;
        let open = action.repeat == Repeat::Harmful && !failure.kind.was_not_processed();
        let HttpFailure { attempts, kind } = failure;
        let host = host_of(url);
        match kind {
            FailureKind::Status { status: status @ (401 | 403), ref body, .. }
                if status == 401 || self.code(body).is_none() =>
            {
                Error::ProviderAuthenticationFailed { provider, status, options: self.credentials }
            }
            FailureKind::Status { status: 429, .. } => Error::ProviderRateLimited { provider, attempts },
            FailureKind::Status { status, .. } if open => self.unknown(action, format!("HTTP {status}")),
            FailureKind::Status { status: status @ (408 | 500..), .. } => {
                let reason = format!("HTTP {status}");
                Error::ProviderUnavailable { provider, host, reason, attempts, cause: None }
            }
            FailureKind::Status { status, body, .. } => {
                let provider_code = self.code(&body);
                let advice = match status {
                    300..=399 => "redirects are not followed; give the final address as base URL",
                    _ => (self.advice)(provider_code),
                };
                Error::ProviderRejected { provider, action: action.name, status, provider_code, advice }
            }
            FailureKind::Timeout | FailureKind::Endless if open => self
                .unknown(action, format!("there was no answer within {} ms", client.timeout().as_millis())),
            FailureKind::Timeout | FailureKind::Endless => {
                Error::ProviderTimeout { provider, host, timeout_ms: client.timeout().as_millis(), attempts }
            }
            FailureKind::Network(cause) if open => Error::ProviderOutcomeUnknown {
                provider,
                action: action.name,
                reason: "the connection broke".to_owned(),
                cause: Some(Arc::new(cause)),
            },
            FailureKind::Network(cause) => Error::ProviderUnavailable {
                provider,
                host,
                reason: if cause.is_connect() { "no connection" } else { "the connection broke" }.to_owned(),
                attempts,
                cause: Some(Arc::new(cause)),
            },
            FailureKind::BodyTooLarge => self.unusable(action, "it is longer than 16 MiB"),
            FailureKind::Incomplete => self.unusable(action, "it is incomplete"),
        }
    }

    /// The provider's error number; never its message, which quotes numbers and addresses.
    fn code(&self, body: &[u8]) -> Option<u32> {
        let code = parse_json(body).ok()?.get(self.code_field)?.as_u64()?;
        u32::try_from(code).ok()
    }
}

/// Host and port, without credentials.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
