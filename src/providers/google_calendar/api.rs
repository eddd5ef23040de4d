//! Names and notations of the API.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::providers::rest_api::RestApi;

/// The private property of an event that holds its customer.
pub(super) const CUSTOMER: &str = "receptionistCustomer";

/// The API and the options that its errors name.
pub(super) const API: RestApi = RestApi {
    name: "Google Calendar",
    credentials: "`providers.calendar.google.credentials`, and that the calendar is shared with that account (\"make changes to events\")",
    base_url_option: "providers.calendar.google.baseUrl",
    advice,
    code_field: "code",
};

/// Formats a time as RFC 3339 in UTC.
pub(super) fn to_rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn advice(_code: Option<u32>) -> &'static str {
    "check `providers.calendar.google.calendarId`, and that the calendar is shared with the account"
}
