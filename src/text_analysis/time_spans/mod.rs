//! Times that a question asks about.

mod days;
mod iso_dates;
mod month_names;
mod named_days;
mod phrases;
mod span;

pub use span::{TimeSpan, time_match};

use jiff::ZonedDateTime;

use super::characters::is_word;
use days::Days;

/// Maximum length of the part of a question that is read, in bytes.
const MAX_QUESTION: usize = 65_536;

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

#[cfg(test)]
mod tests;
