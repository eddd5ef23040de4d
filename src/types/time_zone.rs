//! Time zones by IANA name. The rules are bundled, so they are the same on every machine;
//! containers often have no time zone database.

use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, LocalResult, NaiveDateTime, Offset, Timelike, Utc};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ZonedDateTime, civil};

/// A time zone.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// Error for an unknown time zone name.
#[derive(Debug)]
pub struct UnknownZone;

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownZone)?;
        zone.iana_name().ok_or(UnknownZone)?;
        Ok(Self(zone))
    }
}

impl Zone {
    /// Returns the time zone of the system: that of `TZ`, or the one that the system is set to. UTC if
    /// neither is an IANA zone.
    pub fn system() -> Self {
        let system = TimeZone::system();
        system.iana_name().and_then(|name| name.parse().ok()).unwrap_or(Self(TimeZone::UTC))
    }

    /// Returns the IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Converts a point in time to local time.
    pub fn local(&self, time: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = match Timestamp::from_second(time.timestamp()) {
            Ok(timestamp) => self.0.to_offset(timestamp).seconds(),
            Err(_) => 0,
        };
        time.with_timezone(&FixedOffset::east_opt(offset).unwrap_or(Utc.fix()))
    }

    /// Converts a point in time to the local time and its zone, by which days can be counted.
    pub fn zoned(&self, time: DateTime<Utc>) -> ZonedDateTime {
        let timestamp = Timestamp::from_millisecond(time.timestamp_millis()).unwrap_or_default();
        timestamp.to_zoned_datetime(self.0.clone())
    }

    /// Converts a local time to points in time. A time that clocks repeat has two, the earlier
    /// first; a time that clocks skip has none.
    pub fn instant(&self, local: NaiveDateTime) -> LocalResult<DateTime<Utc>> {
        let Some(clock) = civil_time(local) else { return LocalResult::None };
        let utc = |offset: jiff::tz::Offset| {
            let offset = FixedOffset::east_opt(offset.seconds())?;
            Some(local.and_local_timezone(offset).single()?.to_utc())
        };
        match self.0.to_ambiguous_timestamp(clock).offset() {
            AmbiguousOffset::Unambiguous { offset } => {
                utc(offset).map_or(LocalResult::None, LocalResult::Single)
            }
            AmbiguousOffset::Gap { .. } => LocalResult::None,
            AmbiguousOffset::Fold { before, after } => match (utc(before), utc(after)) {
                (Some(earlier), Some(later)) => LocalResult::Ambiguous(earlier, later),
                _ => LocalResult::None,
            },
        }
    }
}

fn civil_time(local: NaiveDateTime) -> Option<civil::DateTime> {
    let date = civil::Date::new(
        local.year().try_into().ok()?,
        local.month().try_into().ok()?,
        local.day().try_into().ok()?,
    );
    let time = civil::Time::new(
        local.hour().try_into().ok()?,
        local.minute().try_into().ok()?,
        local.second().try_into().ok()?,
        0,
    );
    Some(date.ok()?.to_datetime(time.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn accepts_only_iana_names() {
        assert_eq!(zone("America/Argentina/Buenos_Aires").name(), "America/Argentina/Buenos_Aires");
        assert_eq!(zone("US/Eastern").name(), "US/Eastern");
        assert_eq!(zone("UTC").name(), "UTC");
        for name in ["", "Berlin", "Europe/Atlantis", "+01:00", "../etc/passwd"] {
            assert!(name.parse::<Zone>().is_err(), "{name}");
        }
    }

    #[test]
    fn applies_past_and_future_rules() {
        let kolkata = zone("Asia/Kolkata").local(utc("2026-01-01T00:00:00Z"));
        assert_eq!(kolkata.to_rfc3339(), "2026-01-01T05:30:00+05:30");
        let new_york = zone("America/New_York");
        assert_eq!(new_york.local(utc("1970-07-01T12:00:00Z")).to_rfc3339(), "1970-07-01T08:00:00-04:00");
        assert_eq!(new_york.local(utc("2090-01-01T12:00:00Z")).to_rfc3339(), "2090-01-01T07:00:00-05:00");
        assert_eq!(new_york.local(utc("2090-07-01T12:00:00Z")).to_rfc3339(), "2090-07-01T08:00:00-04:00");
    }

    #[test]
    fn local_times_know_their_zone() {
        let zoned = zone("America/New_York").zoned(utc("2026-01-01T00:00:00Z"));
        assert_eq!(zoned.to_string(), "2025-12-31T19:00:00-05:00[America/New_York]");
    }

    #[test]
    fn resolves_ambiguous_and_skipped_local_times() {
        let berlin = zone("Europe/Berlin");
        let once = berlin.instant(local("2026-07-01T12:00:00"));
        assert_eq!(once, LocalResult::Single(utc("2026-07-01T10:00:00Z")));
        let twice = berlin.instant(local("2026-10-25T02:30:00"));
        assert_eq!(twice, LocalResult::Ambiguous(utc("2026-10-25T00:30:00Z"), utc("2026-10-25T01:30:00Z")));
        assert_eq!(berlin.instant(local("2026-03-29T02:30:00")), LocalResult::None);
    }
}
