//! Rejected webhooks: the HTTP status for the provider, and the log entry for the operator.

use tracing::{debug, warn};

use crate::error::Error;
use crate::redaction::redact;
use crate::types::message::Channel;

/// Maximum length of a logged path, in characters.
const MAX_PATH: usize = 200;

/// Logs that a webhook was rejected with an error. Returns its HTTP status.
pub fn log_rejection(channel: Option<&Channel>, error: &Error) -> u16 {
    log_rejection_with(channel, error, http_status(error))
}

/// Logs that the socket of a live call was rejected with an error. Returns its HTTP status.
pub fn log_line_rejection(error: &Error) -> u16 {
    let status = match error {
        Error::WebhookSignatureInvalid { .. } => 401,
        other => http_status(other),
    };
    log_rejection_with(Some(&Channel::Call), error, status)
}

fn log_rejection_with(channel: Option<&Channel>, error: &Error, status: u16) -> u16 {
    let (channel, code, stack) = (channel.map(Channel::as_str), error.code(), error.stack());
    warn!(channel, status, code, %error, stack, "Webhook refused");
    status
}

/// Logs that a request was rejected before its body was read. `path` is untrusted; its query is not
/// logged.
pub fn log_unread_rejection(channel: Option<&Channel>, status: u16, path: &str) {
    let channel = channel.map(Channel::as_str);
    let path: String = path.split(['?', '#']).next().unwrap_or_default().chars().take(MAX_PATH).collect();
    // Scanners and browsers request such paths all the time.
    if matches!(status, 404 | 405) {
        debug!(channel, status, path, "Request refused: not a webhook");
    } else {
        warn!(channel, status, error = reason_phrase(status), "Webhook refused");
    }
}

/// Logs that a socket was refused because no call waits for it.
pub fn log_unknown_line() {
    warn!(channel = Channel::Call.as_str(), status = 404, "Line refused: no call waits for it");
}

/// Logs that a request could not be read because of `reason`. Returns its HTTP status.
pub fn log_unreadable_request(reason: &str) -> u16 {
    let status = 500;
    warn!(status, code = "INTERNAL", error = redact(reason), "Webhook refused");
    status
}

/// Returns the reason phrase of a status.
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Payload Too Large",
        415 => "Unsupported Media Type",
        500 => "Internal Server Error",
        _ => "Service Unavailable",
    }
}

/// Returns the HTTP status for an error. Providers deliver again after a 5xx, so errors that may be
/// temporary are 503.
pub fn http_status(error: &Error) -> u16 {
    match error {
        Error::WebhookSignatureInvalid { .. } => 403,
        Error::InvalidWebhook { .. } => 400,
        Error::NotInitialized | Error::Disposed(_) => 503,
        Error::UserCode { .. } | Error::UserCodeTimeout { .. } | Error::UserCodeInvalid { .. } => 503,
        other if other.code().starts_with("DATABASE_") => 503,
        _ => 500,
    }
}
