//! Options of the calendar in which appointments are booked.

use chrono::NaiveTime;
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::types::time_zone::Zone;

/// Calendar providers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CalendarProviders {
    /// Google Calendar.
    pub google: Option<GoogleConfig>,
}

/// A Google calendar.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GoogleConfig {
    /// Id of the calendar: an e-mail address, or `…@group.calendar.google.com`.
    pub calendar_id: Option<String>,
    /// Credentials of a service account, or of a user who has given consent.
    pub credentials: Option<CredentialsConfig>,
    /// Base URL that replaces `https://www.googleapis.com/calendar/v3`, for tests.
    pub base_url: Option<String>,
    /// Times and length of appointments.
    #[serde(flatten)]
    pub appointments: AppointmentsConfig,
}

/// Fields of a service account's key file, or of an OAuth client with a refresh token.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CredentialsConfig {
    #[serde(default, deserialize_with = "super::secrets::text")]
    pub(crate) client_email: Option<String>,
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub(crate) private_key: Option<SecretString>,
    #[serde(default, deserialize_with = "super::secrets::text")]
    pub(crate) client_id: Option<String>,
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub(crate) client_secret: Option<SecretString>,
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) token_uri: Option<String>,
}

/// Times and length of appointments.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppointmentsConfig {
    /// IANA time zone of the business. Default: the calendar's time zone.
    pub time_zone: Option<String>,
    /// Opening hours.
    pub working_hours: Option<WorkingHours>,
    /// Minutes of an appointment without a requested length. Default: 30.
    pub slot_minutes: Option<u32>,
    /// Invites customers with an e-mail address. Off by default, because service accounts may not
    /// invite.
    pub invite_customers: Option<bool>,
}

/// Opening hours, and the weekdays on which they apply.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct WorkingHours {
    /// Opening time. Default: `09:00`.
    pub start: String,
    /// Closing time; `24:00` is midnight. Default: `17:00`.
    pub end: String,
    /// Weekdays from 1 (Monday) to 7 (Sunday). Default: Monday to Friday.
    pub days: Vec<u32>,
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self { start: "09:00".to_owned(), end: "17:00".to_owned(), days: vec![1, 2, 3, 4, 5] }
    }
}

/// Parsed opening hours, in minutes since midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    /// First minute.
    pub start: u32,
    /// Minute after the last one.
    pub end: u32,
    /// Weekdays from 1 (Monday) to 7 (Sunday).
    pub days: Vec<u32>,
}

impl GoogleConfig {
    /// Returns `true` if credentials are given. Their validity is checked elsewhere.
    pub(super) fn has_credentials(&self) -> bool {
        self.credentials.as_ref().is_some_and(CredentialsConfig::is_given)
    }
}

impl CredentialsConfig {
    fn is_given(&self) -> bool {
        let service_account = self.client_email.is_some() && self.private_key.is_some();
        let user = self.client_id.is_some() && self.client_secret.is_some() && self.refresh_token.is_some();
        service_account || user
    }
}

impl AppointmentsConfig {
    /// Rejects invalid options.
    pub(crate) fn validate(&self) -> Result<()> {
        if self.slot_minutes.is_some_and(|minutes| !(5..=24 * 60).contains(&minutes)) {
            return Err(Error::config("providers.calendar.google.slotMinutes", "must be 5 to 1440 minutes"));
        }
        self.zone()?;
        self.opening_hours().map(drop)
    }

    /// Returns the time zone, if given.
    pub fn zone(&self) -> Result<Option<Zone>> {
        let parse = |name: &String| {
            let reason = "must be an IANA time zone, like America/New_York";
            name.parse().map_err(|_| Error::config("providers.calendar.google.timeZone", reason))
        };
        self.time_zone.as_ref().map(parse).transpose()
    }

    /// Parses the opening hours.
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
    fn names_invalid_hours_and_zones() {
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
}
