//! ISO dates in texts.

use jiff::civil::Date;

use super::super::characters::{is_word, read_number};

/// Last day of a date that is read. Every month has it.
const LAST_DAY: u32 = 28;

/// Returns the dates that a text writes as `2026-03-04`.
pub(super) fn iso_dates(text: &str) -> impl Iterator<Item = Date> + '_ {
    text.split(|c| !is_word(c) && c != '-').flat_map(|part| {
        let groups: Vec<&str> = part.split('-').collect();
        groups.windows(3).filter_map(iso_date).collect::<Vec<_>>()
    })
}

fn iso_date(groups: &[&str]) -> Option<Date> {
    let [year, month, day] = groups else { return None };
    let (year, month, day) = (read_number(year, 4)?, read_number(month, 2)?, read_number(day, 2)?);
    if year == 0 || day > LAST_DAY {
        return None;
    }
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}
