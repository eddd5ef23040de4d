//! Properties of the analysis of texts.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::text_analysis::{self as analysis, terms_iter, time_match, time_spans, without_names};

/// Maximum number of terms that one character gives. An Arabic ligature is 18 letters long.
const MAX_TERMS_OF_A_CHARACTER: usize = 36;
/// Maximum length of a term other than a number, in characters.
const MAX_TERM: usize = 6;

/// Checks that the terms of any text are bounded and the same as those of its words, that the times
/// in it are in order, and that something is left of it without names.
pub fn terms(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let terms = analysis::terms(&text);
    assert!(terms.len() <= text.chars().count() * MAX_TERMS_OF_A_CHARACTER);
    for term in &terms {
        assert!(!term.is_empty() && (is_number(term) || term.chars().count() <= MAX_TERM), "{term:?}");
    }
    assert!(terms_iter(&text).take(3).eq(terms.into_iter().take(3)));
    // Telephone numbers may reach across spaces.
    let words = |text: &str| terms_iter(text).filter(|term| !term.starts_with('#')).collect::<Vec<_>>();
    assert_eq!(words(&text), text.split(' ').flat_map(words).collect::<Vec<_>>());

    let now = Timestamp::from_second(1_789_552_800).unwrap_or_default().to_zoned_datetime(TimeZone::UTC);
    let asked = time_spans(&text, &now, &[]);
    assert!(asked.iter().all(|span| span.from < span.to && time_match(span.from, &asked) == 1.0));
    let names = text.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_names(&text, &names).is_empty(), text.is_empty());
    let _ = analysis::asks(&text);
}

/// Returns `true` for numbers. The marks of a leading zero are left when the zero is not.
fn is_number(term: &str) -> bool {
    let is_mark = |c: char| c.general_category_group() == GeneralCategoryGroup::Mark;
    term.starts_with('#') || term.contains(char::is_numeric) || term.starts_with(is_mark)
}
