//! Calls and messages in Twilio's wire format.

use serde::{Deserialize, Deserializer};

/// The instructions of a call once it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallDestination {
    /// Fetches TwiML from this URL with POST.
    Url(String),
    /// Runs this TwiML.
    Twiml(String),
}

/// A call to start.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// The number to call, E.164.
    pub to: String,
    /// The caller's number, a number of the account.
    pub from: String,
    /// The instructions once the call is answered.
    pub destination: CallDestination,
    /// The URL that receives status reports of the call.
    pub status_callback: Option<String>,
    /// The events to report: `initiated`, `ringing`, `stored_answer`, `completed`. Empty means
    /// `completed`.
    pub status_callback_events: Vec<String>,
    /// The ringing timeout in seconds. Twilio's default is 60.
    pub timeout: Option<u16>,
    /// Keys to press once the call is answered. A `w` waits half a second.
    pub send_digits: Option<String>,
    /// Record the call.
    pub record: bool,
    /// The URL that is notified when the recording is ready.
    pub recording_status_callback: Option<String>,
    /// The answering machine detection: `Enable` or `DetectMessageEnd`.
    pub machine_detection: Option<String>,
}

impl NewCall {
    /// Creates a call without recording and status reports.
    pub fn new(to: impl Into<String>, from: impl Into<String>, destination: CallDestination) -> Self {
        Self {
            to: to.into(),
            from: from.into(),
            destination,
            status_callback: None,
            status_callback_events: Vec::new(),
            timeout: None,
            send_digits: None,
            record: false,
            recording_status_callback: None,
            machine_detection: None,
        }
    }

    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
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
        fields.extend(self.send_digits.clone().map(|digits| ("SendDigits", digits)));
        if self.record {
            fields.push(("Record", "true".to_owned()));
            fields.extend(self.recording_status_callback.clone().map(|url| ("RecordingStatusCallback", url)));
        }
        fields.extend(self.machine_detection.clone().map(|mode| ("MachineDetection", mode)));
        fields
    }
}

/// A change of an existing call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallUpdate {
    /// Hangs up, or stops the ringing.
    End,
    /// Stops the ringing. A call in progress continues.
    Cancel,
    /// Replaces the current instructions.
    Instructions(CallDestination),
}

impl CallUpdate {
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
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

/// A filter of calls. A `None` field matches all calls.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// The number that was called.
    pub to: Option<String>,
    /// The number that called.
    pub from: Option<String>,
    /// The status: `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer`
    /// or `canceled`.
    pub status: Option<String>,
}

impl CallFilter {
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        [("To", &self.to), ("From", &self.from), ("Status", &self.status)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect()
    }
}

/// A call as Twilio returns it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Call {
    /// The SID, `CA…`.
    pub sid: String,
    /// The status: `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer`
    /// or `canceled`.
    pub status: String,
    /// The number that was called.
    #[serde(default)]
    pub to: Option<String>,
    /// The number that called.
    #[serde(default)]
    pub from: Option<String>,
    /// The direction: `inbound`, `outbound-api` or `outbound-dial`.
    #[serde(default)]
    pub direction: Option<String>,
    /// The duration in seconds, once the call has ended.
    #[serde(default, deserialize_with = "number")]
    pub duration: Option<u64>,
    /// The start time, RFC 2822.
    #[serde(default)]
    pub start_time: Option<String>,
    /// The end time, RFC 2822.
    #[serde(default)]
    pub end_time: Option<String>,
    /// The result of answering machine detection: `human`, `machine_start`, …
    #[serde(default)]
    pub answered_by: Option<String>,
}

/// The sender of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageSender {
    /// A number of the account, `whatsapp:+…` or a short code.
    Number(String),
    /// The SID of a messaging service, `MG…`, which chooses the number.
    Service(String),
}

/// A template of Twilio's Content API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The SID, `HX…`.
    pub content_sid: String,
    /// Values of the placeholders, a JSON object of strings. Missing ones have the template's
    /// defaults.
    pub content_variables: Option<String>,
}

/// A message to send.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The recipient: E.164, or `whatsapp:+…`.
    pub to: String,
    /// The sender.
    pub from: MessageSender,
    /// The text, at most 1,600 characters. Empty with a template.
    pub body: String,
    /// Public URLs of pictures, at most 10.
    pub media_urls: Vec<String>,
    /// A template with the values of its placeholders.
    pub template: Option<Template>,
    /// The URL that receives status reports of the message.
    pub status_callback: Option<String>,
}

impl NewMessage {
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("To", self.to.clone())];
        fields.push(match &self.from {
            MessageSender::Number(number) => ("From", number.clone()),
            MessageSender::Service(sid) => ("MessagingServiceSid", sid.clone()),
        });
        if !self.body.is_empty() {
            fields.push(("Body", self.body.clone()));
        }
        fields.extend(self.media_urls.iter().map(|url| ("MediaUrl", url.clone())));
        if let Some(template) = &self.template {
            fields.push(("ContentSid", template.content_sid.clone()));
            fields.extend(template.content_variables.clone().map(|json| ("ContentVariables", json)));
        }
        fields.extend(self.status_callback.clone().map(|url| ("StatusCallback", url)));
        fields
    }
}

/// A message as Twilio returns it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// The SID, `SM…` or `MM…`.
    pub sid: String,
    /// The status: `queued`, `sent`, `delivered`, `failed`, …
    pub status: String,
    /// The recipient.
    #[serde(default)]
    pub to: Option<String>,
    /// The sender. `None` until a messaging service has chosen its number.
    #[serde(default)]
    pub from: Option<String>,
    /// The direction: `inbound`, `outbound-api`, `outbound-call` or `outbound-reply`.
    #[serde(default)]
    pub direction: Option<String>,
    /// The number of SMS that it was split into.
    #[serde(default, deserialize_with = "number")]
    pub num_segments: Option<u64>,
    /// The error code of a message that was not delivered.
    #[serde(default)]
    pub error_code: Option<u32>,
}

/// Deserializes a number, which Twilio mostly writes as a string.
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
