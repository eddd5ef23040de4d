//! Days of the calendar.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::span::TimeSpan;

/// Some whole days of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub first: Date,
    pub count: i64,
}

impl Days {
    /// Creates a single day.
    pub fn one(first: Date) -> Self {
        Self { first, count: 1 }
    }

    /// Returns the span from midnight to midnight in a time zone.
    pub fn in_zone(self, zone: &TimeZone) -> Option<TimeSpan> {
        let midnight =
            |date: Date| Some(date.to_zoned_datetime(zone.clone()).ok()?.timestamp().as_millisecond());
        let after = self.first.checked_add(self.count.days()).ok()?;
        Some(TimeSpan { from: midnight(self.first)?, to: midnight(after)? })
    }
}
