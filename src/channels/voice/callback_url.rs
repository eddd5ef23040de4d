//! Callback URLs of a call. The turn is encoded in the query, which Twilio signs.

use url::{Url, form_urlencoded};

const TURN: &str = "turn";
const RETRIES: &str = "waited";
const OUTBOUND: &str = "outbound";
const LINES: &str = "lines";

/// The current turn of a call, and the URLs of the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CallbackUrl {
    /// The path that Twilio posts to, and the developer's own query parameters. `None` if the
    /// developer does not pass the URL.
    address: Option<(String, Vec<(String, String)>)>,
    /// The public URL that Twilio posted to.
    url: Option<String>,
    /// The turn number; 0 is the greeting.
    pub turn: u32,
    /// The number of times this turn's reply was not ready.
    pub retries: u32,
    /// The number of lines that the call has had, if it was live.
    pub lines: u32,
    /// The key of the context stored for an outbound call.
    pub outbound: Option<String>,
}

impl CallbackUrl {
    /// Parses the public URL of a webhook.
    pub fn read(url: Option<&str>) -> Self {
        let Some(url) = url.and_then(|url| Url::parse(url).ok()) else { return Self::default() };
        let mut callback = Self::default();
        let mut rest = Vec::new();
        for (name, value) in url.query_pairs().into_owned() {
            match name.as_str() {
                TURN => callback.turn = value.parse().unwrap_or_default(),
                RETRIES => callback.retries = value.parse().unwrap_or_default(),
                LINES => callback.lines = value.parse().unwrap_or_default(),
                OUTBOUND => callback.outbound = Some(value),
                _ => rest.push((name, value)),
            }
        }
        callback.address = Some((url.path().to_owned(), rest));
        callback.url = Some(url.into());
        callback
    }

    /// Parses the public URL of a webhook below the path of calls.
    pub fn read_beneath(url: Option<&str>, beneath: &str) -> Self {
        let mut callback = Self::read(url);
        if let Some((path, _)) = &mut callback.address {
            let length = path.strip_suffix(beneath).map_or(path.len(), str::len);
            path.truncate(length);
        }
        callback
    }

    /// Returns the URL of this turn.
    pub fn current_url(&self) -> Option<String> {
        self.at("", self.turn, 0)
    }

    /// Returns the URL below the path of calls at which the end of a new line is reported. The next
    /// turn follows it.
    pub fn line_end_url(&self, beneath: &str) -> Option<String> {
        let after = Self { lines: self.lines.saturating_add(1), ..self.clone() };
        after.at(beneath, self.turn.saturating_add(1), 0)
    }

    /// Returns the public URL that Twilio posted to.
    pub fn public_url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Returns `true` if the URL, and with it the turn, is known.
    pub fn is_known(&self) -> bool {
        self.address.is_some()
    }

    /// Returns the URL of the next turn.
    pub fn next_url(&self) -> Option<String> {
        self.at("", self.turn.saturating_add(1), 0)
    }

    /// Returns the URL that retries the current turn.
    pub fn retry_url(&self) -> Option<String> {
        self.at("", self.turn, self.retries.saturating_add(1))
    }

    /// Builds a URL relative to the host, because a proxy may stand between Twilio and this
    /// process.
    fn at(&self, beneath: &str, turn: u32, retries: u32) -> Option<String> {
        let (path, rest) = self.address.as_ref()?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(rest).append_pair(TURN, &turn.to_string());
        if retries > 0 {
            query.append_pair(RETRIES, &retries.to_string());
        }
        if self.lines > 0 {
            query.append_pair(LINES, &self.lines.to_string());
        }
        if let Some(key) = self.outbound.as_ref().filter(|_| turn == 0) {
            query.append_pair(OUTBOUND, key);
        }
        Some(format!("{path}{beneath}?{}", query.finish()))
    }
}

/// Returns the URL of the first turn of an outbound call.
pub(super) fn outbound_url(webhook: &str, key: &str) -> String {
    let separator = if webhook.contains('?') { '&' } else { '?' };
    format!("{webhook}{separator}{OUTBOUND}={key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_from_turn_to_turn() {
        let first = CallbackUrl::read(Some("https://a.com/hooks/voice?tenant=a%20b"));
        assert_eq!((first.turn, first.retries, first.is_known()), (0, 0, true));
        assert_eq!(first.next_url().as_deref(), Some("/hooks/voice?tenant=a+b&turn=1"));
        let second = CallbackUrl::read(Some("https://a.com/hooks/voice?tenant=a+b&turn=1"));
        assert_eq!(second.retry_url().as_deref(), Some("/hooks/voice?tenant=a+b&turn=1&waited=1"));
        let waiting = CallbackUrl::read(Some("https://a.com/hooks/voice?tenant=a+b&turn=1&waited=1"));
        assert_eq!((waiting.turn, waiting.retries), (1, 1));
        assert_eq!(waiting.next_url().as_deref(), Some("/hooks/voice?tenant=a+b&turn=2"));
    }

    #[test]
    fn an_outbound_call_keeps_its_context_key_until_it_is_answered() {
        let callback = CallbackUrl::read(Some(&outbound_url("https://a.com/voice", "k1")));
        assert_eq!(callback.outbound.as_deref(), Some("k1"));
        assert_eq!(callback.retry_url().as_deref(), Some("/voice?turn=0&waited=1&outbound=k1"));
        assert_eq!(callback.next_url().as_deref(), Some("/voice?turn=1"));
        assert_eq!(outbound_url("https://a.com/voice?t=1", "k"), "https://a.com/voice?t=1&outbound=k");
    }

    #[test]
    fn the_end_of_a_session_leads_back_to_the_turns() {
        let first = CallbackUrl::read(Some("https://a.com/hooks/voice?tenant=b&turn=2"));
        let action = first.line_end_url("/relay").unwrap();
        assert_eq!(action, "/hooks/voice/relay?tenant=b&turn=3&lines=1");
        let after = CallbackUrl::read_beneath(Some(&format!("https://a.com{action}")), "/relay");
        assert_eq!(after.current_url().as_deref(), Some("/hooks/voice?tenant=b&turn=3&lines=1"));
        assert_eq!((after.turn, after.lines), (3, 1));
    }

    #[test]
    fn there_is_no_next_url_without_a_known_url() {
        let callback = CallbackUrl::read(None);
        assert_eq!((callback.next_url(), callback.retry_url(), callback.is_known()), (None, None, false));
    }
}
