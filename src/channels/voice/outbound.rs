//! Calls that the developer or the agent makes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::channels::line::{RECORDING, STATUS};
use crate::channels::party::Party;
use crate::channels::voice::place::outbound_address;
use crate::channels::voice::{FIRST, VoiceChannel, greeting_memory};
use crate::channels::webhook::{VoiceWebhook, is_over};
use crate::customer::normalize_phone;
use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::http::twilio::{Call, CallDestination, CallFilter, CallUpdate, NewCall, Twilio};
use crate::memory::now;
use crate::output;
use crate::tools::runner::{clean_text, storable};

/// Calls of a list when nobody says otherwise, and at most.
const LIST: (usize, usize) = (50, 1_000);

/// What `calls.make` takes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallRequest {
    /// Whom to call.
    pub to: String,
    /// What is said first; the configured greeting unless given.
    pub greeting: Option<String>,
    /// Kept with the conversation.
    pub metadata: Option<Map<String, Value>>,
    /// Whether Twilio records the call.
    pub record: bool,
    /// Seconds to let it ring, 5 to 600; Twilio's default is 60.
    pub timeout: Option<u16>,
}

/// Which calls `calls.list` gives.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallQuery {
    /// Who was called.
    pub to: Option<String>,
    /// Who called.
    pub from: Option<String>,
    /// Twilio's word for the state.
    pub status: Option<String>,
    /// 1 to 1,000; 50 unless given.
    pub limit: Option<u16>,
}

/// A call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSession {
    /// `CA…`.
    pub id: String,
    /// The same: a call is its own conversation.
    pub conversation_id: String,
    /// Who is called.
    pub to: Option<String>,
    /// Who calls.
    pub from: Option<String>,
    /// `initiated`, `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `canceled` or `failed`.
    pub status: String,
    /// `inbound` or `outbound`.
    pub direction: &'static str,
    /// Milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::memory::timestamp::serialize")]
    pub started_at: DateTime<Utc>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// Seconds, once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
}

/// What a call of ours is for, noted before it rings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Purpose {
    pub greeting: Option<String>,
    pub metadata: Option<Map<String, Value>>,
}

impl VoiceChannel {
    /// Calls somebody. With `webhookBaseUrl` it becomes a conversation; without, the greeting is said and the call ends.
    ///
    /// Fails with `INVALID_ARGUMENT` or `PROVIDER_NOT_CONFIGURED` when nobody was called, with what the storage fails with,
    /// and with what Twilio answers.
    pub async fn make(&self, request: CallRequest) -> Result<CallSession> {
        let to = self.phone("to", &request.to)?;
        if request.timeout.is_some_and(|seconds| !(5..=600).contains(&seconds)) {
            return Err(Error::argument("timeout", "must be from 5 to 600 seconds"));
        }
        let (twilio, from) = self.caller()?;
        let greeting = request.greeting.map(clean_text).filter(|greeting| !greeting.trim().is_empty());
        let metadata = request.metadata.map(|metadata| storable(Value::Object(metadata), 1));
        let metadata = metadata.and_then(|metadata| metadata.as_object().cloned());
        let said = greeting.clone().unwrap_or_else(|| self.greeting.clone());
        let destination = match self.line.voice_url("") {
            Some(webhook) => {
                let purpose = Purpose { greeting, metadata: metadata.clone() };
                CallDestination::Url(outbound_address(&webhook, &self.note_purpose(&purpose).await?))
            }
            None => CallDestination::Twiml(self.speech.end(&said)),
        };
        let call = NewCall {
            status_callback: self.line.voice_url(STATUS),
            timeout: request.timeout,
            record: request.record,
            recording_status_callback: self.line.voice_url(RECORDING).filter(|_| request.record),
            ..NewCall::new(&to, &from, destination)
        };
        let one_way = call.status_callback.is_none();
        let call = twilio.create_call(&call).await?;
        // The phone rings: that it could not be noted here is no reason to call again. The first turn notes it too.
        let webhook = VoiceWebhook::outbound(&call.sid, &from, &to, "initiated");
        let _ = self.open(&webhook, &Party::Phone(to.clone()), metadata).await;
        if one_way {
            let _ = self.agent.memory().store(greeting_memory(&webhook, FIRST, said)).await;
        }
        Ok(CallSession { to: Some(to), from: Some(from), ..session(call) })
    }

    /// A call as it is now. One that nobody reports on is logged when this finds that it is over.
    ///
    /// Fails with `INVALID_ARGUMENT`, `PROVIDER_NOT_CONFIGURED`, and with what Twilio answers.
    pub async fn get(self: &std::sync::Arc<Self>, id: &str) -> Result<CallSession> {
        let (twilio, _) = self.caller()?;
        let call = twilio.call(id).await?;
        let outbound = is_outbound(&call);
        if outbound && is_over(&call.status) && self.line.voice_url(STATUS).is_none() {
            let (from, to) =
                (call.from.as_deref().unwrap_or_default(), call.to.as_deref().unwrap_or_default());
            let mut ended = VoiceWebhook::outbound(&call.sid, from, to, &call.status);
            ended.call_duration = call.duration;
            ended.answered_by = call.answered_by.clone();
            self.ended(ended).await?;
        }
        Ok(session(call))
    }

    /// The newest calls of the account that match.
    pub async fn list(&self, query: CallQuery) -> Result<Vec<CallSession>> {
        let number =
            |argument, given: Option<String>| given.map(|given| self.phone(argument, &given)).transpose();
        let filter = CallFilter {
            to: number("to", query.to)?,
            from: number("from", query.from)?,
            status: query.status,
        };
        let limit = query.limit.map_or(LIST.0, usize::from);
        if !(1..=LIST.1).contains(&limit) {
            return Err(Error::argument("limit", "must be from 1 to 1,000"));
        }
        let (twilio, _) = self.caller()?;
        Ok(twilio.calls(&filter, limit).await?.into_iter().map(session).collect())
    }

    /// Hangs up.
    pub async fn hang_up(&self, id: &str) -> Result<CallSession> {
        let (twilio, _) = self.caller()?;
        Ok(session(twilio.update_call(id, &CallUpdate::End).await?))
    }

    /// What the call of ours that is named by `key` is for.
    pub(super) async fn purpose(&self, key: &str) -> Result<Purpose> {
        let noted = self.claims.inbox().get(&purpose_key(key)).await?.and_then(|entry| entry.answer);
        Ok(noted.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    async fn note_purpose(&self, purpose: &Purpose) -> Result<String> {
        let key = uuid::Uuid::new_v4().simple().to_string();
        let json = output::write(purpose)?;
        let note = Entry {
            key: purpose_key(&key),
            kind: EntryKind::Event,
            customer: None,
            state: EntryState::Noted,
            owner: String::new(),
            answer: Some(json),
            touched_at: now(),
        };
        self.claims.inbox().note(note).await?;
        Ok(key)
    }

    /// The account and the number that calls come from.
    fn caller(&self) -> Result<(&Twilio, String)> {
        self.line.sender(self.twilio.as_deref(), &self.country)
    }

    fn phone(&self, argument: &str, given: &str) -> Result<String> {
        normalize_phone(given, &self.country).ok_or_else(|| Error::phone(argument))
    }
}

fn purpose_key(key: &str) -> String {
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
