//! Calendar events in Google's wire format.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::providers::google_calendar::api::{CUSTOMER, to_rfc3339};

/// A range of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct TimeRange {
    /// The start, inclusive.
    pub start: DateTime<Utc>,
    /// The end, exclusive.
    pub end: DateTime<Utc>,
}

impl TimeRange {
    /// Returns `true` if the two ranges overlap.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// An event to create.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The id: 5 to 1024 characters of 0-9 and a-v.
    pub id: String,
    /// The time of the event.
    pub span: TimeRange,
    /// The time zone of its display, an IANA name.
    pub time_zone: String,
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The customer that the event belongs to, by which
    /// [`super::GoogleCalendar::events_of_customer`] finds it.
    pub customer: String,
    /// The e-mail address of the attendee to invite.
    pub guest: Option<String>,
}

impl NewEvent {
    pub(super) fn to_json(&self, customer_property: &str) -> Value {
        let time = |time| json!({ "dateTime": to_rfc3339(time), "timeZone": self.time_zone });
        let owner: Map<String, Value> =
            [(customer_property.to_owned(), json!(self.customer))].into_iter().collect();
        let mut event = json!({
            "id": self.id,
            "summary": self.title,
            "description": self.description,
            "start": time(self.span.start),
            "end": time(self.span.end),
            "extendedProperties": { "private": owner },
        });
        if let Some(guest) = &self.guest {
            event["attendees"] = json!([{ "email": guest }]);
        }
        event
    }
}

/// An event as Google returns it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarEvent {
    /// The id.
    pub id: String,
    /// The status: `confirmed`, `tentative` or `cancelled`.
    #[serde(default)]
    pub status: String,
    /// The title.
    #[serde(default)]
    pub summary: String,
    /// The creation time.
    #[serde(default)]
    pub created: Option<DateTime<Utc>>,
    start: Option<EventTime>,
    end: Option<EventTime>,
    #[serde(default)]
    transparency: Option<String>,
    #[serde(default)]
    extended_properties: Option<Properties>,
}

/// A point in time, or a whole day.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventTime {
    date_time: Option<DateTime<Utc>>,
    date: Option<NaiveDate>,
}

#[derive(Debug, Clone, Deserialize)]
struct Properties {
    #[serde(default)]
    private: Map<String, Value>,
}

impl CalendarEvent {
    /// Returns the time of the event. `None` for all-day events and for cancelled events without
    /// times.
    pub fn span(&self) -> Option<TimeRange> {
        Some(TimeRange { start: self.start.as_ref()?.date_time?, end: self.end.as_ref()?.date_time? })
    }

    /// Returns `true` if the event lasts whole days.
    pub fn is_all_day(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.date.is_some())
    }

    /// Returns `true` if the event blocks its time.
    pub fn is_busy(&self) -> bool {
        self.status != "cancelled" && self.transparency.as_deref() != Some("transparent")
    }

    /// Returns the customer that the event belongs to, if we created it.
    pub fn customer(&self) -> Option<&str> {
        self.extended_properties.as_ref()?.private.get(CUSTOMER)?.as_str()
    }
}
