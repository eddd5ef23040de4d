//! Outbound calls by the developer or the agent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::channels::shared::remote_party::RemoteParty;
use crate::channels::shared::twilio_endpoint::{RECORDING, STATUS};
use crate::channels::voice::callback_url::outbound_url;
use crate::channels::voice::outbound_context::OutboundContext;
use crate::channels::voice::{VoiceChannel, greeting_memory};
use crate::database::{Entry, EntryKind};
use crate::error::{Error, Result};
use crate::json;
use crate::phone::PhoneNumber;
use crate::providers::twilio::webhook::{VoiceWebhook, is_over};
use crate::providers::twilio::{Call, CallDestination, CallFilter, CallUpdate, NewCall, TwilioClient};
use crate::tools::runner::{replace_nul, storable};
use crate::types::memory::now;

/// Number of calls in a list: default 50, maximum 1,000.
const LIST_LIMIT: (usize, usize) = (50, 1_000);

/// A pause of two seconds for a switchboard to answer before the extension is dialled. Each `w` is
/// half a second.
const PAUSE_BEFORE_EXTENSION: &str = "wwww";

/// The request of `calls.make`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallRequest {
    /// The number to call.
    pub to: String,
    /// The greeting; default is the configured one.
    pub greeting: Option<String>,
    /// Metadata, stored with the conversation.
    pub metadata: Option<Map<String, Value>>,
    /// `true` to record the call.
    pub record: bool,
    /// Maximum ring time in seconds, 5 to 600; Twilio's default is 60.
    pub timeout: Option<u16>,
}

/// The filter of `calls.list`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallQuery {
    /// The number that was called.
    pub to: Option<String>,
    /// The number that called.
    pub from: Option<String>,
    /// The status, as Twilio names it.
    pub status: Option<String>,
    /// Maximum number of calls, 1 to 1,000; default 50.
    pub limit: Option<u16>,
}

/// A call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSession {
    /// The call id, `CA…`.
    pub id: String,
    /// The conversation id, equal to the call id.
    pub conversation_id: String,
    /// The number called.
    pub to: Option<String>,
    /// The calling number.
    pub from: Option<String>,
    /// `initiated`, `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `canceled` or
    /// `failed`.
    pub status: String,
    /// `inbound` or `outbound`.
    pub direction: &'static str,
    /// The start time; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub started_at: DateTime<Utc>,
    /// The end time, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// The duration in seconds, once the call is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
}

impl VoiceChannel {
    /// Calls a number. With `webhookBaseUrl` the call becomes a conversation. Without it, the
    /// greeting is spoken and the call ends.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` or `PROVIDER_NOT_CONFIGURED` if no call was made, with errors
    /// of the storage, and with errors of Twilio.
    pub async fn make(&self, request: CallRequest) -> Result<CallSession> {
        let PhoneNumber { e164: to, extension, .. } = self.phone("to", &request.to)?;
        if request.timeout.is_some_and(|seconds| !(5..=600).contains(&seconds)) {
            return Err(Error::argument("timeout", "must be from 5 to 600 seconds"));
        }
        let (twilio, from) = self.caller()?;
        let greeting = request.greeting.map(replace_nul).filter(|greeting| !greeting.trim().is_empty());
        let metadata = request.metadata.map(|metadata| storable(Value::Object(metadata), 1));
        let metadata = metadata.and_then(|metadata| metadata.as_object().cloned());
        let said = greeting.clone().unwrap_or_else(|| self.greeting.plain().to_owned());
        let destination = match self.twilio_endpoint.voice_url("") {
            Some(webhook) => {
                let context = OutboundContext { greeting, metadata: metadata.clone() };
                CallDestination::Url(outbound_url(&webhook, &self.save_outbound_context(&context).await?))
            }
            None => CallDestination::Twiml(self.prompts.say_and_hang_up(&said)),
        };
        let call = NewCall {
            status_callback: self.twilio_endpoint.voice_url(STATUS),
            timeout: request.timeout,
            send_digits: extension.map(|digits| format!("{PAUSE_BEFORE_EXTENSION}{digits}")),
            record: request.record,
            recording_status_callback: self.twilio_endpoint.voice_url(RECORDING).filter(|_| request.record),
            ..NewCall::new(&to, &from, destination)
        };
        let one_way = call.status_callback.is_none();
        let call = twilio.create_call(&call).await?;
        // The phone is already ringing, so an error here must not cause a second call. The first
        // turn saves the session again.
        let webhook = VoiceWebhook::outbound(&call.sid, &from, &to, "initiated");
        let _ = self.start_session(&webhook, &RemoteParty::Phone(to.clone()), metadata).await;
        if one_way {
            let _ = self.agent.memory().store(greeting_memory(&webhook, said)).await;
        }
        Ok(CallSession { to: Some(to), from: Some(from), ..session(call) })
    }

    /// Returns the current state of a call. Without a status callback, logs the call if it is over.
    ///
    /// Fails with `INVALID_ARGUMENT`, `PROVIDER_NOT_CONFIGURED`, and with errors of Twilio.
    pub async fn get(self: &std::sync::Arc<Self>, id: &str) -> Result<CallSession> {
        let (twilio, _) = self.caller()?;
        let call = twilio.call(id).await?;
        let outbound = is_outbound(&call);
        if outbound && is_over(&call.status) && self.twilio_endpoint.voice_url(STATUS).is_none() {
            let (from, to) =
                (call.from.as_deref().unwrap_or_default(), call.to.as_deref().unwrap_or_default());
            let mut ended = VoiceWebhook::outbound(&call.sid, from, to, &call.status);
            ended.call_duration = call.duration;
            ended.answered_by = call.answered_by.clone();
            self.log_call_end(ended).await?;
        }
        Ok(session(call))
    }

    /// Returns the newest calls of the account that match.
    pub async fn list(&self, query: CallQuery) -> Result<Vec<CallSession>> {
        let number =
            |argument, given: Option<String>| given.map(|given| self.e164(argument, &given)).transpose();
        let filter = CallFilter {
            to: number("to", query.to)?,
            from: number("from", query.from)?,
            status: query.status,
        };
        let limit = query.limit.map_or(LIST_LIMIT.0, usize::from);
        if !(1..=LIST_LIMIT.1).contains(&limit) {
            return Err(Error::argument("limit", "must be from 1 to 1,000"));
        }
        let (twilio, _) = self.caller()?;
        Ok(twilio.calls(&filter, limit).await?.into_iter().map(session).collect())
    }

    /// Ends a call.
    pub async fn hang_up(&self, id: &str) -> Result<CallSession> {
        let (twilio, _) = self.caller()?;
        Ok(session(twilio.update_call(id, &CallUpdate::End).await?))
    }

    /// Returns the context of the outbound call stored under `key`.
    pub(super) async fn outbound_context(&self, key: &str) -> Result<OutboundContext> {
        let noted =
            self.executor.inbox().get(&outbound_context_key(key)).await?.and_then(|entry| entry.answer);
        Ok(noted.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    async fn save_outbound_context(&self, context: &OutboundContext) -> Result<String> {
        let key = uuid::Uuid::new_v4().simple().to_string();
        let json = json::write(context)?;
        let note = Entry::recorded(EntryKind::Event, outbound_context_key(&key), json);
        self.executor.inbox().put(note).await?;
        Ok(key)
    }

    /// Returns the Twilio client and the number that calls come from.
    fn caller(&self) -> Result<(&TwilioClient, String)> {
        self.twilio_endpoint.sender(self.twilio.as_deref(), &self.country)
    }

    fn phone(&self, argument: &str, given: &str) -> Result<PhoneNumber> {
        PhoneNumber::read(given, &self.country).map_err(|problem| Error::phone(argument, &problem))
    }

    fn e164(&self, argument: &str, given: &str) -> Result<String> {
        self.phone(argument, given).map(|number| number.e164)
    }
}

fn outbound_context_key(key: &str) -> String {
    format!("outbound-call:{key}")
}

fn is_outbound(call: &Call) -> bool {
    call.direction.as_deref().is_none_or(|direction| direction.starts_with("outbound"))
}

fn session(call: Call) -> CallSession {
    let time = |text: Option<&String>| DateTime::parse_from_rfc2822(text?).ok().map(|time| time.to_utc());
    let direction = if is_outbound(&call) { "outbound" } else { "inbound" };
    CallSession {
        conversation_id: call.sid.clone(),
        started_at: time(call.start_time.as_ref()).unwrap_or_else(now),
        ended_at: time(call.end_time.as_ref()).map(|time| time.timestamp_millis()),
        status: if call.status == "queued" { "initiated".to_owned() } else { call.status },
        direction,
        duration: call.duration,
        to: call.to,
        from: call.from,
        id: call.sid,
    }
}
