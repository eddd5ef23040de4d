//! Google Calendar's REST API, version 3. Every request is idempotent, because new events carry ids
//! that we choose.

mod access_token;
mod api;
mod events;
mod from_config;

pub use access_token::GoogleCredentials;
pub use events::{CalendarEvent, EventTime, NewEvent, TimeRange};

use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::http::{
    Body, FailureKind, HttpClient, HttpFailure, HttpRequest, HttpResponse, Idempotency, RetryConfig,
};
use crate::providers::google_calendar::access_token::AccessTokens;
use crate::providers::google_calendar::api::{API, CUSTOMER, to_rfc3339};
use crate::providers::rest_api::Action;

const BASE_URL: &str = "https://www.googleapis.com/calendar/v3";
/// Maximum number of events in a list.
const MAX_EVENTS: usize = 250;

const READ: Action = Action { name: "look into the calendar", idempotency: Idempotency::Idempotent };
const BOOK: Action = Action { name: "book an event", idempotency: Idempotency::Idempotent };
const CHANGE: Action = Action { name: "change an event", idempotency: Idempotency::Idempotent };
const CANCEL: Action = Action { name: "cancel an event", idempotency: Idempotency::Idempotent };

/// A client for one calendar.
pub struct GoogleCalendar {
    client: HttpClient,
    tokens: AccessTokens,
    base: Url,
    id: String,
}

impl GoogleCalendar {
    /// Creates a client. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_CONFIG` if a setting is invalid.
    pub fn new(
        calendar_id: &str,
        credentials: &GoogleCredentials,
        base_url: Option<&str>,
        retry_config: RetryConfig,
    ) -> Result<Self> {
        let base = API.base_url(base_url, BASE_URL)?;
        let tokens = AccessTokens::new(credentials)?;
        Ok(Self {
            client: HttpClient::for_non_idempotent(retry_config),
            tokens,
            base,
            id: calendar_id.to_owned(),
        })
    }

    /// Returns the calendar's own time zone, an IANA name.
    pub async fn time_zone(&self) -> Result<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Calendar {
            time_zone: String,
        }
        let calendar: Calendar = self.request(READ, Method::GET, &["calendars", &self.id], &[], None).await?;
        Ok(calendar.time_zone)
    }

    /// Returns the busy times between `from` and `to`.
    pub async fn busy_times(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<TimeRange>> {
        #[derive(Deserialize)]
        struct Response {
            calendars: serde_json::Map<String, Value>,
        }
        let question =
            json!({ "timeMin": to_rfc3339(from), "timeMax": to_rfc3339(to), "items": [{ "id": self.id }] });
        let answer: Response = self.request(READ, Method::POST, &["freeBusy"], &[], Some(question)).await?;
        let busy = answer.calendars.get(&self.id).and_then(|calendar| calendar.get("busy")).cloned();
        busy.and_then(|busy| serde_json::from_value(busy).ok()).ok_or_else(|| {
            API.invalid_response(READ, "it does not say when the calendar is busy; check `calendarId`")
        })
    }

    /// Returns the events between `from` and `to`, without cancelled ones.
    pub async fn events(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<CalendarEvent>> {
        self.list(&[("timeMin", to_rfc3339(from)), ("timeMax", to_rfc3339(to))]).await
    }

    /// Returns the events of a customer that end after that time, the next one first.
    pub async fn events_of_customer(
        &self,
        customer: &str,
        after: DateTime<Utc>,
    ) -> Result<Vec<CalendarEvent>> {
        let property = format!("{CUSTOMER}={customer}");
        self.list(&[("timeMin", to_rfc3339(after)), ("privateExtendedProperty", property)]).await
    }

    /// Returns the event of that id, if any, even if it is cancelled.
    pub async fn event(&self, id: &str) -> Result<Option<CalendarEvent>> {
        let found = self.request(READ, Method::GET, &["calendars", &self.id, "events", id], &[], None).await;
        not_found_as_none(found)
    }

    /// Creates an event. Returns `None` if an event of its id exists or existed.
    pub async fn insert(&self, event: &NewEvent) -> Result<Option<CalendarEvent>> {
        let path = ["calendars", &self.id, "events"];
        let booked =
            self.request(BOOK, Method::POST, &path, &notify_attendees(), Some(event.to_json(CUSTOMER))).await;
        match booked {
            Ok(event) => Ok(Some(event)),
            Err(Error::ProviderRejected { status: 409, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Moves an event to another time.
    pub async fn move_to(&self, id: &str, span: &TimeRange) -> Result<CalendarEvent> {
        let times = json!({ "start": { "dateTime": to_rfc3339(span.start) }, "end": { "dateTime": to_rfc3339(span.end) } });
        let path = ["calendars", &self.id, "events", id];
        self.request(CHANGE, Method::PATCH, &path, &notify_attendees(), Some(times)).await
    }

    /// Cancels an event. An event that no longer exists counts as cancelled.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let url = self.url(&["calendars", &self.id, "events", id], &notify_attendees());
        let outcome = self.send(CANCEL, Method::DELETE, &url, None).await?;
        not_found_as_none(API.expect_success(&self.client, &url, CANCEL, outcome)).map(|_| ())
    }

    async fn list(&self, query: &[(&str, String)]) -> Result<Vec<CalendarEvent>> {
        #[derive(Deserialize)]
        struct Page {
            items: Vec<CalendarEvent>,
        }
        let mut all = vec![
            ("singleEvents", "true".to_owned()),
            ("orderBy", "startTime".to_owned()),
            ("maxResults", MAX_EVENTS.to_string()),
        ];
        all.extend(query.iter().cloned());
        let page: Page =
            self.request(READ, Method::GET, &["calendars", &self.id, "events"], &all, None).await?;
        Ok(page.items)
    }

    async fn request<Response: DeserializeOwned>(
        &self,
        action: Action,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<Value>,
    ) -> Result<Response> {
        let url = self.url(path, query);
        let outcome = self.send(action, method, &url, body).await?;
        API.decode(&self.client, &url, action, outcome)
    }

    /// Sends a request, and repeats it with a new access token if the current one is rejected.
    async fn send(
        &self,
        action: Action,
        method: Method,
        url: &Url,
        body: Option<Value>,
    ) -> Result<std::result::Result<HttpResponse, HttpFailure>> {
        let body = body.map(|body| body.to_string().into_bytes());
        for last in [false, true] {
            let authorization = self.tokens.authorization(&self.client).await?;
            let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization.clone())]);
            let request = HttpRequest {
                method: method.clone(),
                url,
                headers: &headers,
                body: body.as_deref().map_or(Body::Empty, Body::Json),
                idempotency: action.idempotency,
            };
            match self.client.send(request).await {
                Err(HttpFailure { kind: FailureKind::Status { status: 401, .. }, .. }) if !last => {
                    self.tokens.invalidate(&authorization).await;
                }
                outcome => return Ok(outcome),
            }
        }
        Err(Error::Internal("no attempt of a request was made".into()))
    }

    fn url(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

/// Returns the query parameter that has Google notify the attendees.
fn notify_attendees() -> [(&'static str, String); 1] {
    [("sendUpdates", "all".to_owned())]
}

fn not_found_as_none<Found>(found: Result<Found>) -> Result<Option<Found>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::ProviderRejected { status: 404 | 410, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
