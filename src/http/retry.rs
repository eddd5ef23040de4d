//! Responses other than 2xx: whether, and when, to retry.

use std::time::Duration;

use chrono::Utc;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::http::FailureKind;

/// Headers that give the delay in milliseconds: OpenAI's and Azure's. They are more precise than a
/// `Retry-After` beside them.
const RETRY_AFTER_MS: [&str; 2] = ["retry-after-ms", "x-ms-retry-after-ms"];

/// The header by which OpenAI and Anthropic say whether to retry.
const SHOULD_RETRY: &str = "x-should-retry";

/// Reasons by which Google says 403 where others say 429: of the Calendar API, of gRPC APIs, and of
/// the token endpoint.
const RATE_LIMIT_REASONS: [&str; 6] = [
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "RATE_LIMIT_EXCEEDED",
    "RESOURCE_EXHAUSTED",
    "rate_limit_exceeded",
];

/// Creates the failure for a response. `retry_conflicts` makes 409 transient, as it is for models.
pub(super) fn failure_of_status(
    status: u16,
    headers: &HeaderMap,
    body: Vec<u8>,
    retry_conflicts: bool,
) -> FailureKind {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let hint = match header(SHOULD_RETRY) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    let transient = hint.unwrap_or_else(|| is_transient(status, &body) || (status == 409 && retry_conflicts));
    let milliseconds = RETRY_AFTER_MS.iter().find_map(|name| parse_milliseconds(header(name)?));
    let retry_after = milliseconds
        .or_else(|| parse_retry_after(header(RETRY_AFTER.as_str())?))
        .or_else(|| retry_delay(&body));
    FailureKind::Status { status, body, retry_after, transient, provider_message: None }
}

impl FailureKind {
    /// Returns `true` if the server limits the request rate, by 429 or, as Google does, by 403.
    pub fn is_rate_limit(&self) -> bool {
        matches!(self, Self::Status { status, body, .. } if is_rate_limit(*status, body))
    }

    /// Creates a failure that was reported within a 2xx response, with the status that it would
    /// have had.
    pub fn from_status(status: u16, body: Vec<u8>) -> Self {
        failure_of_status(status, &HeaderMap::new(), body, true)
    }
}

/// Returns `true` if a status, with the reason that its body gives, is transient.
pub(super) fn is_transient(status: u16, body: &[u8]) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599) || is_rate_limit(status, body)
}

/// Returns `true` if the server limits the request rate.
pub(super) fn is_rate_limit(status: u16, body: &[u8]) -> bool {
    status == 429 || (status == 403 && google_error(body).is_some_and(|error| names_rate_limit(&error)))
}

fn names_rate_limit(error: &Value) -> bool {
    let reasons = ["errors", "details"].iter().filter_map(|list| error[list].as_array()).flatten();
    let reasons = reasons.map(|detail| &detail["reason"]);
    reasons
        .chain([error, &error["status"]])
        .filter_map(Value::as_str)
        .any(|hint| RATE_LIMIT_REASONS.contains(&hint))
}

/// Returns Google's `error` object, or that of the first response of a stream.
fn google_error(body: &[u8]) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let answer = match &mut body {
        Value::Array(answers) => answers.first_mut()?,
        answer => answer,
    };
    answer.get_mut("error").map(Value::take)
}

/// Returns the delay of `google.rpc.RetryInfo`: `"retryDelay": "3.5s"`.
fn retry_delay(body: &[u8]) -> Option<Duration> {
    let error = google_error(body)?;
    let delay = error["details"].as_array()?.iter().find_map(|detail| detail["retryDelay"].as_str())?;
    parse_seconds(delay.strip_suffix('s')?)
}

fn parse_seconds(value: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(value.trim().parse().ok()?).ok()
}

fn parse_milliseconds(value: &str) -> Option<Duration> {
    parse_seconds(value).map(|milliseconds| milliseconds / 1000)
}

/// Parses seconds, or an HTTP date in any of its three formats.
fn parse_retry_after(value: &str) -> Option<Duration> {
    parse_seconds(value).or_else(|| {
        let until = httpdate::parse_http_date(value.trim()).ok()?;
        Some(until.duration_since(Utc::now().into()).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    fn read(status: u16, headers: &[(&str, &str)], body: &str) -> (bool, Option<u128>) {
        let headers = headers.iter().map(|(name, value)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        });
        match failure_of_status(status, &headers.collect(), body.into(), true) {
            FailureKind::Status { transient, retry_after, .. } => {
                (transient, retry_after.map(|wait| wait.as_millis()))
            }
            other => panic!("{other:?}"),
        }
    }

    /// Checks bodies from Google's documentation: "Resolve errors" of the Calendar API, "Handle API
    /// errors" of Drive, google.rpc.ErrorInfo, and the OAuth token endpoint.
    #[test]
    fn tells_googles_rate_limits_from_other_403_responses() {
        let usage = |reason: &str| {
            let error = json!({ "domain": "usageLimits", "reason": reason, "message": reason });
            json!({ "error": { "errors": [error], "code": 403, "message": reason } })
        };
        let info = |reason: &str, status: &str| {
            let detail = json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com" });
            json!({ "error": { "code": 403, "status": status, "details": [detail] } })
        };
        for (body, transient) in [
            (usage("rateLimitExceeded"), true),
            (usage("userRateLimitExceeded"), true),
            (usage("quotaExceeded"), true),
            (info("RATE_LIMIT_EXCEEDED", "PERMISSION_DENIED"), true),
            (json!({ "error": { "code": 403, "status": "RESOURCE_EXHAUSTED" } }), true),
            (json!({ "error": "rate_limit_exceeded" }), true),
            (json!([usage("rateLimitExceeded")]), true),
            (usage("dailyLimitExceeded"), false),
            (usage("accessNotConfigured"), false),
            (usage("forbiddenForNonOrganizer"), false),
            (
                json!({ "error": { "errors": [{ "domain": "calendar", "reason": "requiredAccessLevel" }] } }),
                false,
            ),
            (info("SERVICE_DISABLED", "PERMISSION_DENIED"), false),
            (json!({ "error": { "message": "Ask for less than rateLimitExceeded" } }), false),
            (json!({ "error": "access_denied" }), false),
            (json!({}), false),
            (json!("rateLimitExceeded"), false),
        ] {
            assert_eq!(read(403, &[], &body.to_string()).0, transient, "{body}");
            assert!(!read(400, &[], &body.to_string()).0, "{body}");
        }
        assert!(!read(403, &[], "<html>rateLimitExceeded</html>").0);
    }

    #[test]
    fn retries_transient_statuses() {
        for status in [408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529, 598] {
            assert!(read(status, &[], "").0, "{status}");
            assert!(!read(status, &[("x-should-retry", "false")], "").0, "{status}");
        }
        for status in [300, 307, 400, 401, 402, 403, 404, 405, 410, 413, 422, 451] {
            assert!(!read(status, &[], "").0, "{status}");
            assert!(read(status, &[("x-should-retry", "true")], "").0, "{status}");
        }
        let conflict = failure_of_status(409, &HeaderMap::new(), Vec::new(), false);
        assert!(!conflict.is_transient());
    }

    #[test]
    fn parses_retry_delays_in_every_format() {
        let info = r#"{ "error": { "details": [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s" }] } }"#;
        for (headers, body, wait) in [
            (&[("retry-after", " 7 ")][..], "", Some(7_000)),
            (&[("retry-after", "0")], "", Some(0)),
            (&[("retry-after", "1.5")], "", Some(1_500)),
            (&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], "", Some(0)),
            (&[("retry-after", "Sunday, 06-Nov-94 08:49:37 GMT")], "", Some(0)),
            (&[("retry-after", "Sun Nov  6 08:49:37 1994")], "", Some(0)),
            (&[("retry-after", "soon")], "", None),
            (&[("retry-after", "-1")], "", None),
            (&[("retry-after", "NaN")], "", None),
            (&[("retry-after", "inf")], "", None),
            (&[("retry-after-ms", "250")], "", Some(250)),
            (&[("retry-after-ms", "1234.5"), ("retry-after", "2")], "", Some(1_234)),
            (&[("retry-after-ms", "x"), ("retry-after", "2")], "", Some(2_000)),
            (&[("x-ms-retry-after-ms", "80")], "", Some(80)),
            (&[], info, Some(3_500)),
            (&[("retry-after", "1")], info, Some(1_000)),
            (&[], r#"{ "error": { "details": [{ "retryDelay": "soon" }] } }"#, None),
        ] {
            assert_eq!(read(429, headers, body).1, wait, "{headers:?} {body}");
        }
    }

    #[test]
    fn waits_until_a_retry_after_date() {
        let date = httpdate::fmt_http_date((Utc::now() + chrono::TimeDelta::seconds(15)).into());
        let wait = read(503, &[("retry-after", &date)], "").1.unwrap();
        assert!((13_000..=15_000).contains(&wait), "{wait}");
    }
}
