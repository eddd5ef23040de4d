//! Times that a question asks about.

mod iso_dates;
mod month_names;
mod named_days;
mod phrases;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, ZonedDateTime};

use super::characters::is_word;

const DAY_MS: i64 = 86_400_000;
/// Time before a span in which a text still half matches it.
const SLACK_BEFORE: i64 = 3 * DAY_MS;
/// Time after a span in which a text still fully matches it.
const SLACK_AFTER: i64 = 7 * DAY_MS;
/// Time after a span in which a text still half matches it.
const SLACK_LATER: i64 = 30 * DAY_MS;

/// Maximum length of the part of a question that is read, in bytes.
const MAX_QUESTION: usize = 65_536;

/// A span of time, from the start of a local day to the start of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// First millisecond, since 1970 in UTC.
    pub from: i64,
    /// Millisecond after the last, since 1970 in UTC.
    pub to: i64,
}

/// Some whole days of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    first: Date,
    count: i64,
}

impl Days {
    fn one(first: Date) -> Self {
        Self { first, count: 1 }
    }

    fn in_zone(self, zone: &TimeZone) -> Option<TimeSpan> {
        let midnight =
            |date: Date| Some(date.to_zoned_datetime(zone.clone()).ok()?.timestamp().as_millisecond());
        let after = self.first.checked_add(self.count.days()).ok()?;
        Some(TimeSpan { from: midnight(self.first)?, to: midnight(after)? })
    }
}

/// Returns the times that a question names: ISO dates, days and months in four languages, yesterday,
/// last and this week. Days begin at midnight in the time zone of `now`.
///
/// A month without a year is that month of each of `years`. Without `years` it is the last one that
/// has begun.
pub fn time_spans(question: &str, now: &ZonedDateTime, years: &[i16]) -> Vec<TimeSpan> {
    let question = &question[..question.floor_char_boundary(MAX_QUESTION)];
    let words: Vec<&str> = question.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut days: Vec<Days> = iso_dates::iso_dates(question).map(Days::one).collect();
    days.extend(named_days::named_days(&words, &lower, now.date(), years));
    days.extend(phrases::phrases(&lower, now.date()));
    days.into_iter().filter_map(|days| days.in_zone(now.time_zone())).collect()
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

#[cfg(test)]
mod tests;
