//! Twilio's REST API, version 2010-04-01: calls and messages.

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::config::TwilioConfig;
use crate::error::{Error, Result};
use crate::http::{Body, HttpClient, HttpRequest, Idempotency, RetryConfig, basic_auth};
use crate::providers::rest_api::{Action, RestApi};
use crate::providers::twilio::error_codes::{advice, is_outside_window};
use crate::providers::twilio::resources::{Call, CallFilter, CallUpdate, Message, NewCall, NewMessage};

const BASE_URL: &str = "https://api.twilio.com";
/// Maximum page size of a list, in calls.
const MAX_PAGE_SIZE: usize = 1000;

const API: RestApi = RestApi {
    name: "Twilio",
    credentials: "`providers.communication.twilio.accountSid` and `authToken`",
    base_url_option: "providers.communication.twilio.baseUrl",
    advice,
    code_field: "code",
};

const CREATE_CALL: Action = Action { name: "make a call", idempotency: Idempotency::NotIdempotent };
const REDIRECT_CALL: Action = Action { name: "change a call", idempotency: Idempotency::NotIdempotent };
const END_CALL: Action = Action { name: "end a call", idempotency: Idempotency::Idempotent };
const READ_CALL: Action = Action { name: "look up a call", idempotency: Idempotency::Idempotent };
const LIST_CALLS: Action = Action { name: "list calls", idempotency: Idempotency::Idempotent };
const SEND_MESSAGE: Action = Action { name: "send a message", idempotency: Idempotency::NotIdempotent };
const READ_ACCOUNT: Action = Action { name: "look up the account", idempotency: Idempotency::Idempotent };
const READ_MESSAGE: Action = Action { name: "look up a message", idempotency: Idempotency::Idempotent };

/// A Twilio account and its credentials.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    /// The account SID, `AC…`.
    pub account_sid: String,
    /// The account's auth token, or the secret of `api_key`.
    pub secret: SecretString,
    /// The SID of an API key, `SK…`, to authenticate with instead of the auth token.
    pub api_key: Option<String>,
    /// A base URL other than `https://api.twilio.com`: a region, an edge, a test server.
    pub base_url: Option<String>,
}

impl TwilioAccount {
    /// Returns the configured credentials. Returns `None` if they are incomplete, because
    /// everything else works without them.
    pub(crate) fn from_config(config: &TwilioConfig) -> Option<Self> {
        let given = |text: &String| !text.trim().is_empty();
        Some(Self {
            account_sid: config.account_sid.clone().filter(given)?,
            secret: config.auth_token.clone()?,
            api_key: None,
            base_url: config.base_url.clone(),
        })
    }
}

/// A client for one account. Requests that call or write to somebody are never sent twice: see
/// [`Idempotency`].
#[derive(Debug)]
pub struct TwilioClient {
    client: HttpClient,
    /// The URL of the account, `…/2010-04-01/Accounts/AC…`.
    account: Url,
    headers: HeaderMap,
}

impl TwilioClient {
    /// Creates a client. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_CONFIG` if a setting is invalid.
    pub fn new(account: &TwilioAccount, retry_config: RetryConfig) -> Result<Self> {
        if !is_sid(&account.account_sid, &["AC"]) {
            let reason = "must be an account SID: \"AC\" and 32 hexadecimal digits";
            return Err(Error::config("providers.communication.twilio.accountSid", reason));
        }
        let user = account.api_key.as_deref().unwrap_or(&account.account_sid);
        let secret = account.secret.expose_secret().trim();
        let authorization = Some(secret)
            .filter(|secret| !secret.is_empty())
            .and_then(|secret| basic_auth(user, secret))
            .ok_or_else(|| Error::config("providers.communication.twilio.authToken", "is empty"))?;
        let mut url = API.base_url(account.base_url.as_deref(), BASE_URL)?;
        url.path_segments_mut()
            .map_err(|()| Error::config(API.base_url_option, "must be a URL like https://host"))?
            .pop_if_empty()
            .extend(["2010-04-01", "Accounts", &account.account_sid]);
        let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization)]);
        Ok(Self { client: HttpClient::for_non_idempotent(retry_config), account: url, headers })
    }

    /// Starts a call. Fails with `PROVIDER_OUTCOME_UNKNOWN` if the call may ring nevertheless.
    pub async fn create_call(&self, call: &NewCall) -> Result<Call> {
        self.post(CREATE_CALL, &["Calls.json"], &call.fields()).await
    }

    /// Ends a call or replaces its instructions.
    pub async fn update_call(&self, sid: &str, update: &CallUpdate) -> Result<Call> {
        let action = match update {
            CallUpdate::End | CallUpdate::Cancel => END_CALL,
            CallUpdate::Instructions(_) => REDIRECT_CALL,
        };
        self.post(action, &["Calls", &resource_file(sid, &["CA"], "callSid")?], &update.fields()).await
    }

    /// Returns a call in its current state.
    pub async fn call(&self, sid: &str) -> Result<Call> {
        self.get(READ_CALL, &["Calls", &resource_file(sid, &["CA"], "callSid")?], &[]).await
    }

    /// Returns the newest matching calls, at most `limit` (up to 1,000).
    pub async fn calls(&self, filter: &CallFilter, limit: usize) -> Result<Vec<Call>> {
        let mut fields = filter.fields();
        fields.push(("PageSize", limit.clamp(1, MAX_PAGE_SIZE).to_string()));
        let page: CallPage = self.get(LIST_CALLS, &["Calls.json"], &fields).await?;
        Ok(page.calls)
    }

    /// Sends a message.
    ///
    /// # Errors
    ///
    /// Fails with `PROVIDER_OUTCOME_UNKNOWN` if the message may arrive nevertheless, and with
    /// `MESSAGING_WINDOW_CLOSED` if only a template is allowed.
    pub async fn create_message(&self, message: &NewMessage) -> Result<Message> {
        let sent = self.post(SEND_MESSAGE, &["Messages.json"], &message.fields()).await;
        sent.map_err(|error| match error {
            Error::ProviderRejected { provider_code: Some(code), .. } if is_outside_window(code) => {
                Error::MessagingWindowClosed { provider_code: code }
            }
            error => error,
        })
    }

    /// Returns a message in its current state.
    pub async fn message(&self, sid: &str) -> Result<Message> {
        self.get(READ_MESSAGE, &["Messages", &resource_file(sid, &["SM", "MM"], "messageSid")?], &[]).await
    }

    /// Checks that Twilio responds and accepts the credentials, without retries.
    pub async fn check(&self) -> Result<()> {
        let url = Url::parse(&format!("{}.json", self.account))
            .map_err(|error| Error::Internal(format!("an invalid URL of the account: {error}")))?;
        let request = HttpRequest {
            method: Method::GET,
            url: &url,
            headers: &self.headers,
            body: Body::Empty,
            idempotency: READ_ACCOUNT.idempotency,
        };
        let outcome = self.client.send_once(request).await;
        API.decode::<serde::de::IgnoredAny>(&self.client, &url, READ_ACCOUNT, outcome).map(drop)
    }

    async fn post<Response: DeserializeOwned>(
        &self,
        action: Action,
        path: &[&str],
        fields: &[(&str, String)],
    ) -> Result<Response> {
        self.send(action, Method::POST, self.url(path), Body::Form(fields)).await
    }

    async fn get<Response: DeserializeOwned>(
        &self,
        action: Action,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Response> {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.send(action, Method::GET, url, Body::Empty).await
    }

    async fn send<Response: DeserializeOwned>(
        &self,
        action: Action,
        method: Method,
        url: Url,
        body: Body<'_>,
    ) -> Result<Response> {
        let request =
            HttpRequest { method, url: &url, headers: &self.headers, body, idempotency: action.idempotency };
        let outcome = self.client.send(request).await;
        API.decode(&self.client, &url, action, outcome)
    }

    /// Returns a URL below the account's.
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.account.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }
}

#[derive(Deserialize)]
struct CallPage {
    calls: Vec<Call>,
}

/// Returns the last path segment of a resource's URL.
fn resource_file(sid: &str, prefixes: &[&str], argument: &str) -> Result<String> {
    if is_sid(sid, prefixes) {
        Ok(format!("{sid}.json"))
    } else {
        let reason = format!("must be \"{}\" and 32 hexadecimal digits", prefixes.join("\" or \""));
        Err(Error::argument(argument, reason))
    }
}

/// Returns `true` if this is a Twilio SID: one of these two-letter prefixes and 32 hexadecimal
/// digits.
pub fn is_sid(sid: &str, prefixes: &[&str]) -> bool {
    prefixes
        .iter()
        .filter_map(|prefix| sid.strip_prefix(prefix))
        .any(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests;
