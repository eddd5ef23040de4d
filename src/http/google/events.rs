//! Events, as Google takes and gives them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Span {
    /// Its first moment.
    pub start: DateTime<Utc>,
    /// The moment after its last.
    pub end: DateTime<Utc>,
}

impl Span {
    /// Whether two share a moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// An event to book.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// 5 to 1024 characters of 0-9 and a-v.
    pub id: String,
    /// When.
    pub span: Span,
    /// The zone it is shown in, an IANA name.
    pub time_zone: String,
    /// Its title.
    pub title: String,
    /// What else there is to know.
    pub description: String,
    /// Whose it is: what [`GoogleCalendar::events_of`](super::GoogleCalendar::events_of) finds it by.
    pub customer: String,
    /// Who is invited.
    pub guest: Option<String>,
}

impl NewEvent {
    pub(super) fn to_json(&self, customer_property: &str) -> Value {
        let time = |time| json!({ "dateTime": super::written(time), "timeZone": self.time_zone });
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

/// An event that was booked.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id.
    pub id: String,
    /// `confirmed`, `tentative` or `cancelled`.
    #[serde(default)]
    pub status: String,
    /// Its title.
    #[serde(default)]
    pub summary: String,
    /// When it was made.
    #[serde(default)]
    pub created: Option<DateTime<Utc>>,
    start: Option<EventTime>,
    end: Option<EventTime>,
    #[serde(default)]
    transparency: Option<String>,
    #[serde(default)]
    extended_properties: Option<Properties>,
}

/// A moment, or a day.
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

impl Event {
    /// When; `None` of a cancelled event without times, and of whole days.
    pub fn span(&self) -> Option<Span> {
        Some(Span { start: self.start.as_ref()?.date_time?, end: self.end.as_ref()?.date_time? })
    }

    /// Whether it lasts whole days.
    pub fn is_all_day(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.date.is_some())
    }

    /// Whether the time is taken by it.
    pub fn is_busy(&self) -> bool {
        self.status != "cancelled" && self.transparency.as_deref() != Some("transparent")
    }

    /// Whose it is, if we booked it.
    pub fn customer(&self) -> Option<&str> {
        self.extended_properties.as_ref()?.private.get(super::CUSTOMER)?.as_str()
    }
}
