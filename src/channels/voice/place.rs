//! Where in a call a webhook stands: its address says so, which we chose and Twilio signed.

use url::{Url, form_urlencoded};

const TURN: &str = "turn";
const WAITED: &str = "waited";
const OUTBOUND: &str = "outbound";

/// A turn of a call, and how to get to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The path that Twilio posts to, and what the developer put into its query; unknown when the developer does not tell.
    address: Option<(String, Vec<(String, String)>)>,
    /// Which turn, from 0: the call was answered.
    pub turn: u32,
    /// How many times this turn's answer was not ready.
    pub waited: u32,
    /// The key under which it is noted what this call of ours is for.
    pub outbound: Option<String>,
}

impl Place {
    /// Reads the public address of a webhook.
    pub fn read(url: Option<&str>) -> Self {
        let Some(url) = url.and_then(|url| Url::parse(url).ok()) else { return Self::default() };
        let mut place = Self::default();
        let mut rest = Vec::new();
        for (name, value) in url.query_pairs().into_owned() {
            match name.as_str() {
                TURN => place.turn = value.parse().unwrap_or_default(),
                WAITED => place.waited = value.parse().unwrap_or_default(),
                OUTBOUND => place.outbound = Some(value),
                _ => rest.push((name, value)),
            }
        }
        place.address = Some((url.path().to_owned(), rest));
        place
    }

    /// Whether the address is known, and with it the turn.
    pub fn is_known(&self) -> bool {
        self.address.is_some()
    }

    /// The address of the next turn.
    pub fn next(&self) -> Option<String> {
        self.at(self.turn.saturating_add(1), 0)
    }

    /// The address at which to ask for this turn's answer again.
    pub fn again(&self) -> Option<String> {
        self.at(self.turn, self.waited.saturating_add(1))
    }

    /// Relative to the host: whatever lies between Twilio and this process, it finds its way back.
    fn at(&self, turn: u32, waited: u32) -> Option<String> {
        let (path, rest) = self.address.as_ref()?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(rest).append_pair(TURN, &turn.to_string());
        if waited > 0 {
            query.append_pair(WAITED, &waited.to_string());
        }
        if let Some(key) = self.outbound.as_ref().filter(|_| turn == 0) {
            query.append_pair(OUTBOUND, key);
        }
        Some(format!("{path}?{}", query.finish()))
    }
}

/// The address of the first turn of a call of ours.
pub(super) fn outbound_address(webhook: &str, key: &str) -> String {
    let separator = if webhook.contains('?') { '&' } else { '?' };
    format!("{webhook}{separator}{OUTBOUND}={key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_from_turn_to_turn() {
        let first = Place::read(Some("https://a.com/hooks/voice?tenant=a%20b"));
        assert_eq!((first.turn, first.waited, first.is_known()), (0, 0, true));
        assert_eq!(first.next().as_deref(), Some("/hooks/voice?tenant=a+b&turn=1"));
        let second = Place::read(Some("https://a.com/hooks/voice?tenant=a+b&turn=1"));
        assert_eq!(second.again().as_deref(), Some("/hooks/voice?tenant=a+b&turn=1&waited=1"));
        let waiting = Place::read(Some("https://a.com/hooks/voice?tenant=a+b&turn=1&waited=1"));
        assert_eq!((waiting.turn, waiting.waited), (1, 1));
        assert_eq!(waiting.next().as_deref(), Some("/hooks/voice?tenant=a+b&turn=2"));
    }

    #[test]
    fn a_call_of_ours_knows_what_it_is_for_until_it_is_answered() {
        let place = Place::read(Some(&outbound_address("https://a.com/voice", "k1")));
        assert_eq!(place.outbound.as_deref(), Some("k1"));
        assert_eq!(place.again().as_deref(), Some("/voice?turn=0&waited=1&outbound=k1"));
        assert_eq!(place.next().as_deref(), Some("/voice?turn=1"));
        assert_eq!(outbound_address("https://a.com/voice?t=1", "k"), "https://a.com/voice?t=1&outbound=k");
    }

    #[test]
    fn without_an_address_there_is_no_way() {
        let place = Place::read(None);
        assert_eq!((place.next(), place.again(), place.is_known()), (None, None, false));
    }
}
