//! The path of a live call's socket, and the call that it belongs to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Path below that of calls: the end of a session, and the sockets.
pub const RELAY: &str = "/relay";

/// The text with which a line begins. Twilio speaks it without being told again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Opening {
    /// The text, possibly empty.
    pub text: String,
    /// The id of the memory of the text.
    pub memory_id: String,
}

/// The call that a token belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub call_sid: String,
    pub account_sid: Option<String>,
    pub from: String,
    pub to: String,
    pub outbound: bool,
    /// The URL of the socket as in the TwiML, which Twilio signs.
    pub url: String,
    pub opening: Opening,
    pub issued_at: DateTime<Utc>,
}

/// Returns the token of a path or URL: its last segment.
pub(super) fn token_of(target: &str) -> Option<&str> {
    let path = target.split(['?', '#']).next()?;
    let path = path.strip_suffix("/.websocket").unwrap_or(path).trim_end_matches('/');
    let token = path.rsplit('/').next()?;
    (token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(token)
}

/// Returns `true` if a path below that of calls is one of a socket.
pub fn is_line_path(beneath: &str) -> bool {
    beneath
        .strip_prefix(RELAY)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|rest| token_of(rest).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_the_last_segment() {
        let token = "0123456789abcdef0123456789abcdef";
        for target in [
            format!("/webhooks/voice/inbound/relay/{token}"),
            format!("wss://a.com/x/relay/{token}/"),
            // As express-ws requests it.
            format!("/relay/{token}/.websocket?x=1"),
        ] {
            assert_eq!(token_of(&target), Some(token), "{target}");
        }
        for target in ["", "/", "/relay", "/relay/12", "/relay/0123456789abcdef0123456789abcdeg"] {
            assert_eq!(token_of(target), None, "{target}");
        }
        assert!(is_line_path(&format!("/relay/{token}")));
        assert!(!is_line_path("/relay") && !is_line_path(&format!("/relayed/{token}")));
    }
}
