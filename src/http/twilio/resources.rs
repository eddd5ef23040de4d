//! Calls and messages, as Twilio takes and gives them.

use serde::{Deserialize, Deserializer};

/// What a call does once it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallDestination {
    /// Asks this address for TwiML, with POST.
    Url(String),
    /// Follows this TwiML.
    Twiml(String),
}

/// A call to start.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// Whom to call, E.164.
    pub to: String,
    /// A number of the account.
    pub from: String,
    /// What happens then.
    pub destination: CallDestination,
    /// Where Twilio reports what becomes of the call.
    pub status_callback: Option<String>,
    /// `initiated`, `ringing`, `answered`, `completed`; none is `completed`.
    pub status_callback_events: Vec<String>,
    /// Seconds to let it ring; Twilio's default is 60.
    pub timeout: Option<u16>,
    /// Whether the call is recorded.
    pub record: bool,
    /// Where Twilio reports that the recording is ready.
    pub recording_status_callback: Option<String>,
    /// `Enable` or `DetectMessageEnd`.
    pub machine_detection: Option<String>,
}

impl NewCall {
    /// A call that is neither recorded nor reported on.
    pub fn new(to: impl Into<String>, from: impl Into<String>, destination: CallDestination) -> Self {
        Self {
            to: to.into(),
            from: from.into(),
            destination,
            status_callback: None,
            status_callback_events: Vec::new(),
            timeout: None,
            record: false,
            recording_status_callback: None,
            machine_detection: None,
        }
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("To", self.to.clone()), ("From", self.from.clone())];
        match &self.destination {
            CallDestination::Url(url) => fields.extend([("Url", url.clone()), ("Method", "POST".to_owned())]),
            CallDestination::Twiml(twiml) => fields.push(("Twiml", twiml.clone())),
        }
        if let Some(url) = &self.status_callback {
            fields.extend([("StatusCallback", url.clone()), ("StatusCallbackMethod", "POST".to_owned())]);
            fields.extend(
                self.status_callback_events.iter().map(|event| ("StatusCallbackEvent", event.clone())),
            );
        }
        fields.extend(self.timeout.map(|seconds| ("Timeout", seconds.to_string())));
        if self.record {
            fields.push(("Record", "true".to_owned()));
            fields.extend(self.recording_status_callback.clone().map(|url| ("RecordingStatusCallback", url)));
        }
        fields.extend(self.machine_detection.clone().map(|mode| ("MachineDetection", mode)));
        fields
    }
}

/// What is done to a call that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallUpdate {
    /// Hangs up, or stops it from ringing.
    End,
    /// Stops it from ringing; a call in progress goes on.
    Cancel,
    /// Leaves what it is doing for this.
    Instructions(CallDestination),
}

impl CallUpdate {
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::End => vec![("Status", "completed".to_owned())],
            Self::Cancel => vec![("Status", "canceled".to_owned())],
            Self::Instructions(CallDestination::Url(url)) => {
                vec![("Url", url.clone()), ("Method", "POST".to_owned())]
            }
            Self::Instructions(CallDestination::Twiml(twiml)) => vec![("Twiml", twiml.clone())],
        }
    }
}

/// Which calls to list; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// Who was called.
    pub to: Option<String>,
    /// Who called.
    pub from: Option<String>,
    /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer` or `canceled`.
    pub status: Option<String>,
}

impl CallFilter {
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        [("To", &self.to), ("From", &self.from), ("Status", &self.status)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect()
    }
}

/// A call as Twilio has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Call {
    /// `CA…`.
    pub sid: String,
    /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer` or `canceled`.
    pub status: String,
    /// Who was called.
    #[serde(default)]
    pub to: Option<String>,
    /// Who called.
    #[serde(default)]
    pub from: Option<String>,
    /// `inbound`, `outbound-api` or `outbound-dial`.
    #[serde(default)]
    pub direction: Option<String>,
    /// Seconds, once it is over.
    #[serde(default, deserialize_with = "number")]
    pub duration: Option<u64>,
    /// RFC 2822.
    #[serde(default)]
    pub start_time: Option<String>,
    /// RFC 2822.
    #[serde(default)]
    pub end_time: Option<String>,
    /// `human`, `machine_start`, …, where it was detected.
    #[serde(default)]
    pub answered_by: Option<String>,
}

/// Who a message is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageSender {
    /// A number of the account.
    Number(String),
    /// `MG…`: a messaging service, which chooses the number.
    Service(String),
}

/// A message to send.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// To whom, E.164.
    pub to: String,
    /// From whom.
    pub from: MessageSender,
    /// At most 1,600 characters.
    pub body: String,
    /// Public addresses of pictures, at most 10.
    pub media_urls: Vec<String>,
    /// Where Twilio reports what becomes of the message.
    pub status_callback: Option<String>,
}

impl NewMessage {
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("To", self.to.clone())];
        fields.push(match &self.from {
            MessageSender::Number(number) => ("From", number.clone()),
            MessageSender::Service(sid) => ("MessagingServiceSid", sid.clone()),
        });
        if !self.body.is_empty() {
            fields.push(("Body", self.body.clone()));
        }
        fields.extend(self.media_urls.iter().map(|url| ("MediaUrl", url.clone())));
        fields.extend(self.status_callback.clone().map(|url| ("StatusCallback", url)));
        fields
    }
}

/// A message as Twilio has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// `SM…` or `MM…`.
    pub sid: String,
    /// `queued`, `sent`, `delivered`, `failed`, …
    pub status: String,
    /// To whom.
    #[serde(default)]
    pub to: Option<String>,
    /// From whom; a messaging service may not have chosen yet.
    #[serde(default)]
    pub from: Option<String>,
    /// `inbound`, `outbound-api`, `outbound-call` or `outbound-reply`.
    #[serde(default)]
    pub direction: Option<String>,
    /// SMS it was split into.
    #[serde(default, deserialize_with = "number")]
    pub num_segments: Option<u64>,
    /// Why it was not delivered.
    #[serde(default)]
    pub error_code: Option<u32>,
}

/// Twilio writes most numbers as strings.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(u64),
    }
    Ok(match Option::<Written>::deserialize(deserializer)? {
        Some(Written::Text(text)) => text.parse().ok(),
        Some(Written::Number(number)) => Some(number),
        None => None,
    })
}
