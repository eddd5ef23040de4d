//! Times that are told from today: yesterday, last and this week.

use jiff::ToSpan;
use jiff::civil::Date;

use super::super::characters::is_word;
use super::days::Days;

const WEEK: i64 = 7;

/// Returns the times that words in lower case name, told from today. Weeks begin on Monday.
pub(super) fn phrases(lower: &[String], today: Date) -> Vec<Days> {
    let text = lower.join(" ");
    let monday = i64::from(today.weekday().to_monday_zero_offset());
    // Each with the number of days ago at which it begins, and its length.
    let phrases = [
        ("yesterday", 1, 1),
        ("last week", WEEK + monday, WEEK),
        ("this week", monday, WEEK),
        ("gestern", 1, 1),
        ("ayer", 1, 1),
        ("hier", 1, 1),
    ];
    phrases
        .into_iter()
        .filter(|(phrase, ..)| has_phrase(&text, phrase))
        .filter_map(|(_, ago, count)| Some(Days { first: today.checked_sub(ago.days()).ok()?, count }))
        .collect()
}

/// Returns `true` if a text has a phrase that no letter or number touches.
fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        ![before, after].into_iter().flatten().any(is_word)
    })
}
