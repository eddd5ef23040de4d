//! Times in the business's time zone.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use crate::config::OpeningHours;
use crate::providers::google_calendar::TimeRange;
use crate::types::time_zone::Zone;

/// Maximum time ahead that can be booked.
const HORIZON: TimeDelta = TimeDelta::days(366);

/// Parses a time in the zone, or with its own UTC offset. Returns the reason if the time is
/// invalid.
pub(super) fn parse_time(text: &str, zone: &Zone) -> Result<DateTime<Utc>, &'static str> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .ok_or("`start` must be a time like 2026-03-02T14:30.")?;
    match zone.instant(local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Ok(time),
        LocalResult::None => Err("There is no such time: the clocks are put forward then. Ask for another."),
    }
}

/// Formats a time as RFC 3339 in the zone, with its offset.
pub(super) fn to_local_rfc3339(time: DateTime<Utc>, zone: &Zone) -> String {
    zone.local(time).to_rfc3339()
}

/// Formats a time for the customer: `Monday, March 2 at 14:30`.
pub(super) fn to_spoken(time: DateTime<Utc>, zone: &Zone) -> String {
    zone.local(time).format("%A, %B %-d at %H:%M").to_string()
}

/// Converts a local time to an instant. In the gap when clocks are put forward, returns the first
/// instant after it.
fn local_instant(date: NaiveDate, minute: u32, zone: &Zone) -> Option<DateTime<Utc>> {
    let local = date.and_hms_opt(0, 0, 0)? + TimeDelta::minutes(i64::from(minute));
    (0..=4).find_map(|half_hours| zone.instant(local + TimeDelta::minutes(30 * half_hours)).earliest())
}

/// Returns the opening times of that many days from a date on.
pub(super) fn open_spans(date: NaiveDate, days: u64, hours: &OpeningHours, zone: &Zone) -> Vec<TimeRange> {
    (0..days)
        .filter_map(|day| date.checked_add_days(Days::new(day)))
        .filter(|date| hours.days.contains(&date.weekday().number_from_monday()))
        .filter_map(|date| {
            Some(TimeRange {
                start: local_instant(date, hours.start, zone)?,
                end: local_instant(date, hours.end, zone)?,
            })
        })
        .collect()
}

/// Returns the free slots of that length, on the half-hours of the opening time.
pub(super) fn free_slots(
    open: &[TimeRange],
    busy: &[TimeRange],
    length: TimeDelta,
    now: DateTime<Utc>,
) -> Vec<TimeRange> {
    let step = TimeDelta::minutes(30).min(length);
    let mut slots = Vec::new();
    for span in open {
        let mut start = span.start;
        while start + length <= span.end {
            let slot = TimeRange { start, end: start + length };
            if start > now && !busy.iter().any(|taken| taken.overlaps(&slot)) {
                slots.push(slot);
            }
            start += step;
        }
    }
    slots
}

/// Returns the reason why no appointment can be at that time, regardless of others.
pub(super) fn unavailable_reason(
    slot: &TimeRange,
    hours: &OpeningHours,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Option<&'static str> {
    if slot.start <= now {
        return Some(
            "That time is over. Ask for one to come; calendar_check_availability tells what time it is.",
        );
    }
    if slot.start > now + HORIZON {
        return Some("That is more than a year ahead. Ask for a nearer time.");
    }
    let date = zone.local(slot.start).date_naive();
    let open = open_spans(date, 1, hours, zone);
    let within = open.iter().any(|open| open.start <= slot.start && slot.end <= open.end);
    (!within).then_some("The business is closed then. Offer a time that calendar_check_availability finds.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn new_york() -> Zone {
        "America/New_York".parse().unwrap()
    }

    fn hours() -> OpeningHours {
        OpeningHours { start: 9 * 60, end: 17 * 60, days: vec![1, 2, 3, 4, 5] }
    }

    #[test]
    fn uses_the_time_zone_of_the_business() {
        assert_eq!(parse_time("2026-03-02T14:30", &new_york()), Ok(utc("2026-03-02T19:30:00Z")));
        assert_eq!(parse_time("2026-07-02 14:30", &new_york()), Ok(utc("2026-07-02T18:30:00Z")));
        assert_eq!(parse_time("2026-03-02T14:30:00+01:00", &new_york()), Ok(utc("2026-03-02T13:30:00Z")));
        assert_eq!(to_local_rfc3339(utc("2026-07-02T18:30:00Z"), &new_york()), "2026-07-02T14:30:00-04:00");
        assert!(parse_time("tomorrow", &new_york()).is_err());
    }

    #[test]
    fn handles_clock_changes() {
        assert!(parse_time("2026-03-08T02:30", &new_york()).unwrap_err().contains("clocks"));
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        // The time occurs twice that night. The first one is used.
        assert_eq!(parse_time("2026-10-25T02:30", &berlin), Ok(utc("2026-10-25T00:30:00Z")));
        let all_week = OpeningHours { start: 0, end: 24 * 60, days: (1..=7).collect() };
        let sunday = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        let span = open_spans(sunday, 1, &all_week, &berlin)[0];
        assert_eq!(span.end - span.start, TimeDelta::hours(23));
    }

    #[test]
    fn returns_free_future_slots_in_opening_hours() {
        let monday = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let open = open_spans(monday, 7, &hours(), &new_york());
        assert_eq!(open.len(), 5);
        let busy = [TimeRange { start: utc("2026-03-02T14:15:00Z"), end: utc("2026-03-02T21:30:00Z") }];
        let hour = TimeDelta::hours(1);
        let free = free_slots(&open[..1], &busy, hour, utc("2026-03-01T00:00:00Z"));
        assert!(free.is_empty(), "{free:?}");
        let free = free_slots(&open[..1], &busy, TimeDelta::minutes(15), utc("2026-03-02T14:00:00Z"));
        let starts: Vec<_> = free.iter().map(|slot| to_local_rfc3339(slot.start, &new_york())).collect();
        assert_eq!(starts, ["2026-03-02T16:30:00-05:00", "2026-03-02T16:45:00-05:00"]);
    }

    #[test]
    fn explains_unavailable_times() {
        let now = utc("2026-03-02T15:00:00Z");
        let slot = |text| TimeRange { start: utc(text), end: utc(text) + TimeDelta::hours(1) };
        let refused = |text| unavailable_reason(&slot(text), &hours(), &new_york(), now).unwrap_or_default();
        assert_eq!(refused("2026-03-02T16:00:00Z"), "");
        assert!(refused("2026-03-02T14:30:00Z").contains("over"));
        assert!(refused("2026-03-02T21:30:00Z").contains("closed"));
        assert!(refused("2026-03-07T16:00:00Z").contains("closed"));
        assert!(refused("2028-03-06T16:00:00Z").contains("year"));
    }
}
