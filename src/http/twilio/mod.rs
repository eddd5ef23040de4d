//! Twilio's REST API, version 2010-04-01: calls and messages.

mod advice;
mod resources;

pub use resources::{
    Call, CallDestination, CallFilter, CallUpdate, Message, MessageSender, NewCall, NewMessage,
};

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::http::provider::{Action, Provider};
use crate::http::{Body, HttpClient, HttpRequest, Patience, Repeat, basic_auth};

const BASE_URL: &str = "https://api.twilio.com";
/// Largest page of a list, in calls.
const MAX_PAGE_SIZE: usize = 1000;

const PROVIDER: Provider = Provider {
    name: "Twilio",
    credentials: "`providers.communication.twilio.accountSid` and `authToken`",
    base_url_option: "providers.communication.twilio.baseUrl",
    advice: advice::advice,
    code_field: "code",
};

const CREATE_CALL: Action = Action { name: "make a call", repeat: Repeat::Harmful };
const REDIRECT_CALL: Action = Action { name: "change a call", repeat: Repeat::Harmful };
const END_CALL: Action = Action { name: "end a call", repeat: Repeat::Harmless };
const READ_CALL: Action = Action { name: "look up a call", repeat: Repeat::Harmless };
const LIST_CALLS: Action = Action { name: "list calls", repeat: Repeat::Harmless };
const SEND_MESSAGE: Action = Action { name: "send a message", repeat: Repeat::Harmful };
const READ_ACCOUNT: Action = Action { name: "look up the account", repeat: Repeat::Harmless };
const READ_MESSAGE: Action = Action { name: "look up a message", repeat: Repeat::Harmless };

/// Whose account, and how to get in.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    /// `AC…`.
    pub account_sid: String,
    /// The account's token, or the secret of `api_key`.
    pub secret: SecretString,
    /// `SK…`: an API key to log in with instead of the account itself.
    pub api_key: Option<String>,
    /// Another address than `https://api.twilio.com`: a region, an edge, a test.
    pub base_url: Option<String>,
}

/// A client of one account. Nothing that calls or writes to somebody is sent twice: see [`Repeat`].
#[derive(Debug)]
pub struct Twilio {
    client: HttpClient,
    /// `…/2010-04-01/Accounts/AC…`.
    account: Url,
    headers: HeaderMap,
}

impl Twilio {
    /// Checks the settings; nothing is sent yet.
    ///
    /// Fails with `INVALID_CONFIG` when one cannot be used.
    pub fn new(account: &TwilioAccount, patience: Patience) -> Result<Self> {
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
        let mut url = PROVIDER.base_url(account.base_url.as_deref(), BASE_URL)?;
        url.path_segments_mut()
            .map_err(|()| Error::config(PROVIDER.base_url_option, "must be a URL like https://host"))?
            .pop_if_empty()
            .extend(["2010-04-01", "Accounts", &account.account_sid]);
        let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization)]);
        Ok(Self { client: HttpClient::for_deliveries(patience), account: url, headers })
    }

    /// Starts a call. `PROVIDER_OUTCOME_UNKNOWN` when it may ring all the same.
    pub async fn create_call(&self, call: &NewCall) -> Result<Call> {
        self.post(CREATE_CALL, &["Calls.json"], &call.fields()).await
    }

    /// Ends a call or gives it other instructions.
    pub async fn update_call(&self, sid: &str, update: &CallUpdate) -> Result<Call> {
        let action = match update {
            CallUpdate::End | CallUpdate::Cancel => END_CALL,
            CallUpdate::Instructions(_) => REDIRECT_CALL,
        };
        self.post(action, &["Calls", &file(sid, &["CA"], "callSid")?], &update.fields()).await
    }

    /// A call as it is now.
    pub async fn call(&self, sid: &str) -> Result<Call> {
        self.get(READ_CALL, &["Calls", &file(sid, &["CA"], "callSid")?], &[]).await
    }

    /// The newest calls that match, at most `limit` of them (up to 1,000).
    pub async fn calls(&self, filter: &CallFilter, limit: usize) -> Result<Vec<Call>> {
        let mut fields = filter.fields();
        fields.push(("PageSize", limit.clamp(1, MAX_PAGE_SIZE).to_string()));
        let page: CallPage = self.get(LIST_CALLS, &["Calls.json"], &fields).await?;
        Ok(page.calls)
    }

    /// Sends a message. `PROVIDER_OUTCOME_UNKNOWN` when it may arrive all the same.
    pub async fn create_message(&self, message: &NewMessage) -> Result<Message> {
        self.post(SEND_MESSAGE, &["Messages.json"], &message.fields()).await
    }

    /// A message as it is now.
    pub async fn message(&self, sid: &str) -> Result<Message> {
        self.get(READ_MESSAGE, &["Messages", &file(sid, &["SM", "MM"], "messageSid")?], &[]).await
    }

    /// Whether Twilio answers and takes the credentials; asked once.
    pub async fn check(&self) -> Result<()> {
        let url = Url::parse(&format!("{}.json", self.account))
            .map_err(|error| Error::Internal(format!("an address of Twilio's is none: {error}")))?;
        let request = HttpRequest {
            method: Method::GET,
            url: &url,
            headers: &self.headers,
            body: Body::Empty,
            repeat: READ_ACCOUNT.repeat,
        };
        let outcome = self.client.send_once(request).await;
        PROVIDER.answer::<serde::de::IgnoredAny>(&self.client, &url, READ_ACCOUNT, outcome).map(drop)
    }

    async fn post<Answer: DeserializeOwned>(
        &self,
        action: Action,
        path: &[&str],
        fields: &[(&str, String)],
    ) -> Result<Answer> {
        self.send(action, Method::POST, self.url(path), Body::Form(fields)).await
    }

    async fn get<Answer: DeserializeOwned>(
        &self,
        action: Action,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Answer> {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.send(action, Method::GET, url, Body::Empty).await
    }

    async fn send<Answer: DeserializeOwned>(
        &self,
        action: Action,
        method: Method,
        url: Url,
        body: Body<'_>,
    ) -> Result<Answer> {
        let request = HttpRequest { method, url: &url, headers: &self.headers, body, repeat: action.repeat };
        let outcome = self.client.send(request).await;
        PROVIDER.answer(&self.client, &url, action, outcome)
    }

    /// An address beneath the account.
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

/// The last part of the path of one resource.
fn file(sid: &str, prefixes: &[&str], argument: &str) -> Result<String> {
    if is_sid(sid, prefixes) {
        Ok(format!("{sid}.json"))
    } else {
        let reason = format!("must be \"{}\" and 32 hexadecimal digits", prefixes.join("\" or \""));
        Err(Error::argument(argument, reason))
    }
}

/// Whether this is an id of Twilio's: two letters and 32 hexadecimal digits.
pub fn is_sid(sid: &str, prefixes: &[&str]) -> bool {
    prefixes
        .iter()
        .filter_map(|prefix| sid.strip_prefix(prefix))
        .any(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests;
