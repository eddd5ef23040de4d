//! Months in texts, with or without a day and a year.

use jiff::civil::Date;

use super::super::characters::read_number;
use super::days::Days;
use super::month_names::{is_also_a_word, month_of};

const ORDINAL_ENDINGS: [&str; 4] = ["st", "nd", "rd", "th"];

/// Returns the days and months that a text names. `lower` holds the words in lower case.
pub(super) fn named_days(words: &[&str], lower: &[String], today: Date, years: &[i16]) -> Vec<Days> {
    let mut named = Vec::new();
    for (at, (word, name)) in words.iter().zip(lower).enumerate() {
        let Some(month) = month_of(name) else { continue };
        if is_also_a_word(name) && word.starts_with(char::is_lowercase) {
            continue;
        }
        let word_at = |at: usize| lower.get(at).map(String::as_str);
        // "3 March", "March 3" and "3 de marzo".
        let places = [at.checked_sub(1), Some(at + 1), at.checked_sub(2)];
        let day = places.into_iter().flatten().filter_map(word_at).find_map(day_of_month);
        let year = (at + 1..=at + 3).filter_map(word_at).find_map(year_of);
        let latest = [today.year() - i16::from(month > today.month())];
        let years = match &year {
            Some(year) => std::slice::from_ref(year),
            None if years.is_empty() => &latest,
            None => years,
        };
        named.extend(years.iter().filter_map(|&year| days(year, month, day)));
    }
    named
}

fn days(year: i16, month: i8, day: Option<i8>) -> Option<Days> {
    let first = Date::new(year, month, day.unwrap_or(1)).ok().filter(|_| year > 0)?;
    Some(Days { first, count: if day.is_some() { 1 } else { first.days_in_month().into() } })
}

/// Reads `3`, `03` and `3rd`.
fn day_of_month(word: &str) -> Option<i8> {
    let number = ORDINAL_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    let day = read_number(number, 1).or_else(|| read_number(number, 2))?;
    i8::try_from(day).ok().filter(|day| (1..=31).contains(day))
}

/// Reads a year of this century or the one before.
fn year_of(word: &str) -> Option<i16> {
    let is_near = word.starts_with("19") || word.starts_with("20");
    read_number(word, 4).filter(|_| is_near)?.try_into().ok()
}
