//! Spans of time, and how texts match them.

pub(super) const DAY_MS: i64 = 86_400_000;
/// Time before a span in which a text still half matches it.
const SLACK_BEFORE: i64 = 3 * DAY_MS;
/// Time after a span in which a text still fully matches it.
const SLACK_AFTER: i64 = 7 * DAY_MS;
/// Time after a span in which a text still half matches it.
const SLACK_LATER: i64 = 30 * DAY_MS;

/// A span of time, from the start of a local day to the start of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// First millisecond, since 1970 in UTC.
    pub from: i64,
    /// Millisecond after the last, since 1970 in UTC.
    pub to: i64,
}

/// Returns how well a time matches those that a question asks about: 1 during one of them and
/// shortly after, 0.5 shortly before and for some time after, else 0.
pub fn time_match(at_ms: i64, asked: &[TimeSpan]) -> f64 {
    let within = |before: i64, after: i64| {
        asked
            .iter()
            .any(|span| span.from.saturating_sub(before) <= at_ms && at_ms < span.to.saturating_add(after))
    };
    if within(0, SLACK_AFTER) {
        1.0
    } else if within(SLACK_BEFORE, SLACK_LATER) {
        0.5
    } else {
        0.0
    }
}
