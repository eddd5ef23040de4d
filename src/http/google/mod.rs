//! Google Calendar's REST API, version 3. Everything asked of it may arrive twice: events have ids of ours.

mod events;
mod token;

pub use events::{Event, EventTime, NewEvent, Span};
pub use token::GoogleCredentials;

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::http::google::token::Tokens;
use crate::http::provider::{Action, Provider};
use crate::http::{Body, FailureKind, HttpClient, HttpFailure, HttpRequest, HttpResponse, Patience, Repeat};

const BASE_URL: &str = "https://www.googleapis.com/calendar/v3";
/// Events of one list.
const MAX_EVENTS: usize = 250;
/// The private property of an event that says whose it is.
const CUSTOMER: &str = "receptionistCustomer";

const PROVIDER: Provider = Provider {
    name: "Google Calendar",
    credentials: "`providers.calendar.google.credentials`, and that the calendar is shared with that account (\"make changes to events\")",
    base_url_option: "providers.calendar.google.baseUrl",
    advice,
    code_field: "code",
};

const LOOK: Action = Action { name: "look into the calendar", repeat: Repeat::Harmless };
const BOOK: Action = Action { name: "book an event", repeat: Repeat::Harmless };
const CHANGE: Action = Action { name: "change an event", repeat: Repeat::Harmless };
const CANCEL: Action = Action { name: "cancel an event", repeat: Repeat::Harmless };

/// One calendar.
pub struct GoogleCalendar {
    client: HttpClient,
    tokens: Tokens,
    base: Url,
    id: String,
}

impl GoogleCalendar {
    /// Checks the settings; nothing is asked yet.
    ///
    /// Fails with `INVALID_CONFIG` when one cannot be used.
    pub fn new(
        calendar_id: &str,
        credentials: &GoogleCredentials,
        base_url: Option<&str>,
        patience: Patience,
    ) -> Result<Self> {
        let base = PROVIDER.base_url(base_url, BASE_URL)?;
        let tokens = Tokens::new(credentials)?;
        Ok(Self { client: HttpClient::for_deliveries(patience), tokens, base, id: calendar_id.to_owned() })
    }

    /// The calendar's own time zone, an IANA name.
    pub async fn time_zone(&self) -> Result<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Calendar {
            time_zone: String,
        }
        let calendar: Calendar = self.ask(LOOK, Method::GET, &["calendars", &self.id], &[], None).await?;
        Ok(calendar.time_zone)
    }

    /// When it is taken.
    pub async fn busy(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Span>> {
        #[derive(Deserialize)]
        struct Answer {
            calendars: serde_json::Map<String, Value>,
        }
        let question =
            json!({ "timeMin": written(from), "timeMax": written(to), "items": [{ "id": self.id }] });
        let answer: Answer = self.ask(LOOK, Method::POST, &["freeBusy"], &[], Some(question)).await?;
        let busy = answer.calendars.get(&self.id).and_then(|calendar| calendar.get("busy")).cloned();
        busy.and_then(|busy| serde_json::from_value(busy).ok()).ok_or_else(|| {
            PROVIDER.unusable(LOOK, "it does not say when the calendar is busy; check `calendarId`")
        })
    }

    /// The events in a time, cancelled ones left out.
    pub async fn events(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Event>> {
        self.list(&[("timeMin", written(from)), ("timeMax", written(to))]).await
    }

    /// The events of a customer that end after that time, the next one first.
    pub async fn events_of(&self, customer: &str, after: DateTime<Utc>) -> Result<Vec<Event>> {
        let property = format!("{CUSTOMER}={customer}");
        self.list(&[("timeMin", written(after)), ("privateExtendedProperty", property)]).await
    }

    /// The event of that id; cancelled ones are found too.
    pub async fn event(&self, id: &str) -> Result<Option<Event>> {
        let found = self.ask(LOOK, Method::GET, &["calendars", &self.id, "events", id], &[], None).await;
        absent_as_none(found)
    }

    /// Books an event; `None` when there already is, or was, one of its id.
    pub async fn insert(&self, event: &NewEvent) -> Result<Option<Event>> {
        let path = ["calendars", &self.id, "events"];
        let booked = self.ask(BOOK, Method::POST, &path, &updates(), Some(event.to_json(CUSTOMER))).await;
        match booked {
            Ok(event) => Ok(Some(event)),
            Err(Error::ProviderRejected { status: 409, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Moves an event.
    pub async fn move_to(&self, id: &str, span: &Span) -> Result<Event> {
        let times =
            json!({ "start": { "dateTime": written(span.start) }, "end": { "dateTime": written(span.end) } });
        let path = ["calendars", &self.id, "events", id];
        self.ask(CHANGE, Method::PATCH, &path, &updates(), Some(times)).await
    }

    /// Cancels an event; one that is gone counts as cancelled.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let url = self.url(&["calendars", &self.id, "events", id], &updates());
        let outcome = self.send(CANCEL, Method::DELETE, &url, None).await?;
        absent_as_none(PROVIDER.done(&self.client, &url, CANCEL, outcome)).map(|_| ())
    }

    async fn list(&self, query: &[(&str, String)]) -> Result<Vec<Event>> {
        #[derive(Deserialize)]
        struct Page {
            items: Vec<Event>,
        }
        let mut all = vec![
            ("singleEvents", "true".to_owned()),
            ("orderBy", "startTime".to_owned()),
            ("maxResults", MAX_EVENTS.to_string()),
        ];
        all.extend(query.iter().cloned());
        let page: Page = self.ask(LOOK, Method::GET, &["calendars", &self.id, "events"], &all, None).await?;
        Ok(page.items)
    }

    async fn ask<Answer: DeserializeOwned>(
        &self,
        action: Action,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<Value>,
    ) -> Result<Answer> {
        let url = self.url(path, query);
        let outcome = self.send(action, method, &url, body).await?;
        PROVIDER.answer(&self.client, &url, action, outcome)
    }

    /// Sends a request, with a new token when the one at hand is refused.
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
                repeat: action.repeat,
            };
            match self.client.send(request).await {
                Err(HttpFailure { kind: FailureKind::Status { status: 401, .. }, .. }) if !last => {
                    self.tokens.forget(&authorization).await;
                }
                Err(HttpFailure { kind: FailureKind::Status { status: 403, body, .. }, attempts })
                    if is_rate_limit(&body) =>
                {
                    return Err(Error::ProviderRateLimited { provider: PROVIDER.name, attempts });
                }
                outcome => return Ok(outcome),
            }
        }
        Err(Error::Internal("a request was neither sent nor refused".into()))
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

/// Whoever is invited is told.
fn updates() -> [(&'static str, String); 1] {
    [("sendUpdates", "all".to_owned())]
}

/// RFC 3339, in UTC.
fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn absent_as_none<Found>(found: Result<Found>) -> Result<Option<Found>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::ProviderRejected { status: 404 | 410, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Google says 403 where others say 429.
fn is_rate_limit(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"].iter().any(|reason| text.contains(reason))
}

fn advice(_code: Option<u32>) -> &'static str {
    "check `providers.calendar.google.calendarId`, and that the calendar is shared with the account"
}
