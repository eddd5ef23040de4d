//! The calendar that appointments are booked in.

use chrono::NaiveTime;
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::http::Patience;
use crate::http::google::{GoogleCalendar, GoogleCredentials};
use crate::time_zone::Zone;

/// Who keeps the calendar.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CalendarProviders {
    /// Google.
    pub google: Option<GoogleConfig>,
}

/// A calendar of Google's.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GoogleConfig {
    /// Its id: an e-mail address, or `…@group.calendar.google.com`.
    pub calendar_id: Option<String>,
    /// Of a service account, or of a user who has consented.
    pub credentials: Option<CredentialsConfig>,
    /// Another address than `https://www.googleapis.com/calendar/v3`: a test.
    pub base_url: Option<String>,
    /// When appointments can be had.
    #[serde(flatten)]
    pub appointments: AppointmentsConfig,
}

/// The fields of a service account's key file, or of an OAuth client with a refresh token.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CredentialsConfig {
    client_email: Option<String>,
    private_key: Option<SecretString>,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    refresh_token: Option<SecretString>,
    token_uri: Option<String>,
}

/// When appointments can be had.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppointmentsConfig {
    /// The business's zone, an IANA name; the calendar's unless given.
    pub time_zone: Option<String>,
    /// When it is open.
    pub working_hours: Option<WorkingHours>,
    /// Minutes of an appointment when nobody says otherwise; 30 unless given.
    pub slot_minutes: Option<u32>,
    /// Whether customers with an e-mail address are invited; off unless given, for service accounts may not.
    pub invite_customers: Option<bool>,
}

/// Hours of the days on which the business is open.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct WorkingHours {
    /// `09:00` unless given.
    pub start: String,
    /// `17:00` unless given; `24:00` is midnight.
    pub end: String,
    /// 1 (Monday) to 7 (Sunday); Monday to Friday unless given.
    pub days: Vec<u32>,
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self { start: "09:00".to_owned(), end: "17:00".to_owned(), days: vec![1, 2, 3, 4, 5] }
    }
}

/// When the business is open, in minutes since midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    /// The first minute.
    pub start: u32,
    /// The minute after the last.
    pub end: u32,
    /// 1 (Monday) to 7 (Sunday).
    pub days: Vec<u32>,
}

impl GoogleConfig {
    /// The calendar, when it is given whole: a developer without one yet can do everything else.
    ///
    /// Fails with `INVALID_CONFIG` when it cannot be used.
    pub(crate) fn calendar(&self) -> Result<Option<GoogleCalendar>> {
        self.appointments.validate()?;
        let id = self.calendar_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let credentials = self.credentials.as_ref().map(CredentialsConfig::read).transpose()?.flatten();
        let (Some(id), Some(credentials)) = (id, credentials) else { return Ok(None) };
        GoogleCalendar::new(id, &credentials, self.base_url.as_deref(), Patience::default()).map(Some)
    }
}

impl CredentialsConfig {
    fn read(&self) -> Result<Option<GoogleCredentials>> {
        let given = self.clone();
        let token_uri = given.token_uri;
        if let (Some(client_email), Some(private_key)) = (given.client_email, given.private_key) {
            return Ok(Some(GoogleCredentials::ServiceAccount { client_email, private_key, token_uri }));
        }
        match (given.client_id, given.client_secret, given.refresh_token) {
            (Some(client_id), Some(client_secret), Some(refresh_token)) => {
                Ok(Some(GoogleCredentials::User { client_id, client_secret, refresh_token, token_uri }))
            }
            (None, None, None) => Ok(None),
            _ => Err(Error::config(
                "providers.calendar.google.credentials",
                "must have client_email and private_key (a service account), or client_id, client_secret and refresh_token",
            )),
        }
    }
}

impl AppointmentsConfig {
    fn validate(&self) -> Result<()> {
        if self.slot_minutes.is_some_and(|minutes| !(5..=24 * 60).contains(&minutes)) {
            return Err(Error::config("providers.calendar.google.slotMinutes", "must be 5 to 1440 minutes"));
        }
        self.zone()?;
        self.opening_hours().map(drop)
    }

    /// The zone, when it is given.
    pub fn zone(&self) -> Result<Option<Zone>> {
        let parse = |name: &String| {
            let reason = "must be an IANA time zone, like America/New_York";
            name.parse().map_err(|_| Error::config("providers.calendar.google.timeZone", reason))
        };
        self.time_zone.as_ref().map(parse).transpose()
    }

    /// When the business is open.
    pub fn opening_hours(&self) -> Result<OpeningHours> {
        let hours = self.working_hours.clone().unwrap_or_default();
        let (start, end) = (minute(&hours.start), minute(&hours.end));
        let valid = !hours.days.is_empty() && hours.days.iter().all(|day| (1..=7).contains(day));
        match (start, end) {
            (Some(start), Some(end)) if start < end && valid => {
                Ok(OpeningHours { start, end, days: hours.days })
            }
            _ => Err(Error::config(
                "providers.calendar.google.workingHours",
                "must be { start: 'HH:MM', end: 'HH:MM', days: [1 (Monday) to 7 (Sunday)] }",
            )),
        }
    }
}

fn minute(text: &str) -> Option<u32> {
    if text == "24:00" {
        return Some(24 * 60);
    }
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    Some(chrono::Timelike::hour(&time) * 60 + chrono::Timelike::minute(&time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn problem(json: Value) -> String {
        let config: AppointmentsConfig = serde_json::from_value(json).unwrap();
        config.validate().unwrap_err().to_string()
    }

    #[test]
    fn hours_and_zones_that_cannot_be_are_named() {
        assert!(AppointmentsConfig::default().validate().is_ok());
        assert!(problem(json!({ "timeZone": "New York" })).contains("timeZone"));
        assert!(problem(json!({ "slotMinutes": 0 })).contains("slotMinutes"));
        for hours in [
            json!({ "start": "17:00", "end": "9:00" }),
            json!({ "start": "9" }),
            json!({ "days": [0] }),
            json!({ "days": [] }),
        ] {
            assert!(problem(json!({ "workingHours": hours })).contains("workingHours"));
        }
    }

    #[test]
    fn credentials_are_whole_or_refused() {
        let google = |json| serde_json::from_value::<GoogleConfig>(json).unwrap().calendar();
        assert!(google(json!({ "calendarId": "c" })).unwrap().is_none());
        assert!(
            google(
                json!({ "credentials": { "client_id": "1", "client_secret": "2", "refresh_token": "3" } })
            )
            .unwrap()
            .is_none()
        );
        let user = json!({ "client_id": "1", "client_secret": "2", "refresh_token": "3" });
        assert!(google(json!({ "calendarId": "c", "credentials": user })).unwrap().is_some());
        for credentials in [json!({ "client_id": "1" }), json!({ "client_email": "a", "private_key": "b" })] {
            let error = google(json!({ "calendarId": "c", "credentials": credentials })).err().unwrap();
            assert!(error.to_string().contains("providers.calendar.google.credentials"), "{error}");
        }
    }
}
