//! Twilio's webhooks, parsed from their forms. Unknown fields are ignored, because Twilio adds
//! fields without notice.

use crate::error::{Error, Result};
use crate::providers::twilio::form::Form;

/// Maximum number of media in a message.
const MAX_MEDIA: usize = 10;
/// Maximum length of an address or number, in bytes.
const MAX_ADDRESS_BYTES: usize = 320;

/// A webhook of a call: it rings, the caller spoke, or its state changed.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceWebhook {
    /// The permanent id of the call, `CA…`.
    pub call_sid: String,
    /// The account of the call.
    pub account_sid: Option<String>,
    /// The caller: E.164, `client:…`, `sip:…`, or a word such as `anonymous`.
    pub from: String,
    /// The number or address called.
    pub to: String,
    /// `true` for an outbound call.
    pub outbound: bool,
    /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer` or
    /// `canceled`.
    pub call_status: Option<String>,
    /// The transcript of a `<Gather>`; `None` if empty.
    pub speech_result: Option<String>,
    /// The confidence of the transcript, 0 to 1.
    pub confidence: Option<f64>,
    /// The pressed keys.
    pub digits: Option<String>,
    /// The recording of a `<Record>`.
    pub recording: Option<Recording>,
    /// The duration in seconds, once the call is over.
    pub call_duration: Option<u64>,
    /// The kind of answer, if detected: `human`, `machine_start`, …
    pub answered_by: Option<String>,
    /// The STIR/SHAKEN verification of the caller's number: `TN-Validation-Passed-A`,
    /// `TN-Validation-Failed-C`, …
    pub stir_verstat: Option<String>,
    /// The event that the webhook reports.
    pub event: CallEvent,
}

/// The event that a webhook of a call reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    /// The call waits for instructions: it was answered, or the caller spoke.
    Turn,
    /// The state of the call changed.
    Status,
    /// The session of a live call has ended.
    SessionEnd {
        /// The data that the session passed on when it ended.
        handoff_data: Option<String>,
        /// The error code, if the session failed.
        error_code: Option<String>,
    },
    /// A recording is ready.
    Recording,
    /// A transcription is ready.
    Transcription {
        /// The transcription id, `TR…`.
        sid: String,
        /// The transcript.
        text: String,
    },
}

/// A recording of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The recording id, `RE…`.
    pub sid: String,
    /// The URL of the recording.
    pub url: Option<String>,
    /// The duration in seconds.
    pub duration: Option<u64>,
}

impl VoiceWebhook {
    /// Parses a form.
    ///
    /// Fails with `INVALID_WEBHOOK` if `CallSid` is missing or not an id, or if `From` or `To` is
    /// too long.
    pub fn read(form: &Form) -> Result<Self> {
        let call_status = word(form, "CallStatus");
        let is_over = call_status.as_deref().is_some_and(is_over);
        let event = if form.get("SessionId").is_some() && form.get("SessionStatus").is_some() {
            CallEvent::SessionEnd {
                handoff_data: owned(form, "HandoffData"),
                error_code: word(form, "ErrorCode"),
            }
        } else if let Some(sid) = optional_id(form, "TranscriptionSid")? {
            CallEvent::Transcription { sid, text: owned(form, "TranscriptionText").unwrap_or_default() }
        } else if form.get("RecordingStatus").is_some() {
            CallEvent::Recording
        } else if ["CallbackSource", "SequenceNumber"].into_iter().any(|name| form.get(name).is_some())
            || is_over && form.get("SpeechResult").is_none()
        {
            CallEvent::Status
        } else {
            CallEvent::Turn
        };
        let recording = optional_id(form, "RecordingSid")?.map(|sid| Recording {
            sid,
            url: owned(form, "RecordingUrl"),
            duration: number(form, "RecordingDuration"),
        });
        let direction = form.get("Direction").unwrap_or_default();
        Ok(Self {
            call_sid: id(form, "CallSid")?,
            account_sid: optional_id(form, "AccountSid")?,
            from: address(form, "From")?,
            to: address(form, "To")?,
            outbound: direction.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("outbound")),
            call_status,
            speech_result: owned(form, "SpeechResult"),
            confidence: form
                .get("Confidence")
                .and_then(|text| text.parse().ok())
                .filter(|sure| (0.0..=1.0).contains(sure)),
            digits: owned(form, "Digits"),
            recording,
            call_duration: number(form, "CallDuration"),
            answered_by: word(form, "AnsweredBy"),
            stir_verstat: word(form, "StirVerstat"),
            event,
        })
    }

    /// Creates the status webhook that Twilio would send for an outbound call.
    pub fn outbound(call_sid: &str, from: &str, to: &str, status: &str) -> Self {
        Self {
            call_sid: call_sid.to_owned(),
            account_sid: None,
            from: from.to_owned(),
            to: to.to_owned(),
            outbound: true,
            call_status: Some(status.to_owned()),
            speech_result: None,
            confidence: None,
            digits: None,
            recording: None,
            call_duration: None,
            answered_by: None,
            stir_verstat: None,
            event: CallEvent::Status,
        }
    }

    /// Returns `true` if the call is over.
    pub fn is_over(&self) -> bool {
        self.call_status.as_deref().is_some_and(is_over)
    }
}

/// Returns `true` if a call with this status is over.
pub fn is_over(status: &str) -> bool {
    ["completed", "busy", "failed", "no-answer", "canceled"].contains(&status)
}

/// A webhook of an inbound message.
#[derive(Debug, Clone, PartialEq)]
pub struct SmsWebhook {
    /// The permanent id of the message, `SM…` or `MM…`.
    pub message_sid: String,
    /// The account of the message.
    pub account_sid: Option<String>,
    /// The sender: E.164, `whatsapp:+…`, or a short code.
    pub from: String,
    /// The number that the message was sent to.
    pub to: String,
    /// The text; empty if the message has only media.
    pub body: String,
    /// The media.
    pub media: Vec<Media>,
    /// The number of media as reported by Twilio.
    pub media_count: usize,
    /// A shared location, on WhatsApp.
    pub location: Option<Location>,
    /// The chosen button or list entry, on WhatsApp and RCS: its text, otherwise its id.
    pub choice: Option<String>,
    /// WhatsApp's message type: `text`, `image`, `sticker`, `location`, `contacts`, …
    pub message_type: Option<String>,
    /// The opt-out keyword that Twilio handled and replied to.
    pub opt_out_type: Option<OptOutType>,
    /// The Messaging Service, `MG…`.
    pub messaging_service_sid: Option<String>,
}

/// A media file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The URL of the file.
    pub url: String,
    /// The MIME type.
    pub content_type: Option<String>,
}

/// A shared location.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Latitude and longitude in degrees.
    pub point: Option<(f64, f64)>,
    /// The postal address.
    pub address: Option<String>,
    /// The name.
    pub label: Option<String>,
}

impl Location {
    fn read(form: &Form) -> Option<Self> {
        let degrees = |name: &str, most: f64| {
            form.get(name)?.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most)
        };
        let point = degrees("Latitude", 90.0).zip(degrees("Longitude", 180.0));
        let is_place = point.is_some() || form.get("Latitude").is_some() || form.get("Longitude").is_some();
        let is_of_type = word(form, "MessageType").as_deref() == Some("location");
        let (address, label) = (owned(form, "Address"), owned(form, "Label"));
        (is_place || is_of_type && (address.is_some() || label.is_some())).then_some(Self {
            point,
            address,
            label,
        })
    }
}

/// An opt-out keyword that Twilio handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutType {
    /// Opt out.
    Stop,
    /// Opt in again.
    Start,
    /// Help on opting out.
    Help,
}

impl SmsWebhook {
    /// Parses a form.
    ///
    /// Fails with `INVALID_WEBHOOK` if `MessageSid` or `From` is missing or invalid.
    pub fn read(form: &Form) -> Result<Self> {
        let count = number(form, "NumMedia").unwrap_or(0).min(MAX_MEDIA as u64);
        let media = (0..count)
            .filter_map(|n| {
                let url = owned(form, &format!("MediaUrl{n}"))?;
                Some(Media { url, content_type: owned(form, &format!("MediaContentType{n}")) })
            })
            .collect();
        let opt_out_type = match word(form, "OptOutType").as_deref() {
            Some("stop") => Some(OptOutType::Stop),
            Some("start") => Some(OptOutType::Start),
            Some("help") => Some(OptOutType::Help),
            _ => None,
        };
        let from = address(form, "From")?;
        if from.is_empty() {
            return Err(Error::webhook("From", "is missing"));
        }
        Ok(Self {
            message_sid: message_sid(form)?,
            account_sid: optional_id(form, "AccountSid")?,
            from,
            to: address(form, "To")?,
            // Databases cannot store a NUL.
            body: form.get_raw("Body").unwrap_or_default().replace('\0', "\u{fffd}"),
            media,
            media_count: count as usize,
            location: Location::read(form),
            choice: ["ButtonText", "ListTitle", "ButtonPayload", "ListId"]
                .into_iter()
                .find_map(|name| owned(form, name)),
            message_type: word(form, "MessageType"),
            opt_out_type,
            messaging_service_sid: optional_id(form, "MessagingServiceSid")?,
        })
    }
}

/// A webhook about the delivery status of an outbound message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStatusWebhook {
    /// The message id, `SM…` or `MM…`.
    pub message_sid: String,
    /// `queued`, `sent`, `delivered`, `undelivered`, `failed`, …
    pub message_status: String,
    /// The error code of an undelivered message.
    pub error_code: Option<u64>,
}

impl MessageStatusWebhook {
    /// Parses a form.
    ///
    /// Fails with `INVALID_WEBHOOK` if `MessageSid` or `MessageStatus` is missing.
    pub fn read(form: &Form) -> Result<Self> {
        let status = word(form, "MessageStatus").or_else(|| word(form, "SmsStatus"));
        Ok(Self {
            message_sid: message_sid(form)?,
            message_status: status.ok_or_else(|| Error::webhook("MessageStatus", "is missing"))?,
            error_code: number(form, "ErrorCode"),
        })
    }
}

/// Returns the message id. Older numbers name it `SmsMessageSid` or `SmsSid`.
fn message_sid(form: &Form) -> Result<String> {
    let name = ["MessageSid", "SmsMessageSid", "SmsSid"].into_iter().find(|name| form.get(name).is_some());
    id(form, name.unwrap_or("MessageSid"))
}

fn id(form: &Form, name: &str) -> Result<String> {
    optional_id(form, name)?.ok_or_else(|| Error::webhook(name, "is missing"))
}

/// Returns an id, if given. Twilio's exact notation is not required: the signature vouches for the
/// id, and tests use their own.
fn optional_id(form: &Form, name: &str) -> Result<Option<String>> {
    let Some(id) = form.get(name) else { return Ok(None) };
    if id.len() > 64 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) {
        return Err(Error::webhook(name, "must be an id of at most 64 letters, digits, - and _"));
    }
    Ok(Some(id.to_owned()))
}

/// Returns an address. It is empty or a word for withheld numbers.
fn address(form: &Form, name: &str) -> Result<String> {
    let address = form.get(name).unwrap_or_default();
    if address.len() > MAX_ADDRESS_BYTES || address.contains(char::is_control) {
        return Err(Error::webhook(name, "must be a phone number or address"));
    }
    Ok(address.to_owned())
}

fn owned(form: &Form, name: &str) -> Option<String> {
    form.get(name).map(|text| text.replace('\0', "\u{fffd}"))
}

fn word(form: &Form, name: &str) -> Option<String> {
    form.get(name).filter(|word| word.len() <= 64).map(str::to_lowercase)
}

fn number(form: &Form, name: &str) -> Option<u64> {
    form.get(name)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(payload: &str) -> Form {
        Form::from_urlencoded(payload.as_bytes()).unwrap()
    }

    #[test]
    fn reads_a_turn_of_a_call() {
        let call = VoiceWebhook::read(&form(
            "CallSid=CA1&AccountSid=AC1&From=%2B1555&To=%2B1666&Direction=inbound&CallStatus=in-progress\
             &SpeechResult=+hello+there+&Confidence=0.93&Digits=12%23&ToCity=",
        ))
        .unwrap();
        assert_eq!((call.call_sid.as_str(), call.from.as_str(), call.outbound), ("CA1", "+1555", false));
        assert_eq!((call.speech_result.as_deref(), call.confidence), (Some("hello there"), Some(0.93)));
        assert_eq!((call.digits.as_deref(), call.is_over()), (Some("12#"), false));
    }

    #[test]
    fn reads_the_end_of_a_call() {
        let call = VoiceWebhook::read(&form(
            "CallSid=CA1&Direction=outbound-api&CallStatus=no-answer&CallDuration=17&RecordingSid=RE1\
             &RecordingDuration=5&Confidence=NaN&SpeechResult=&SequenceNumber=3",
        ))
        .unwrap();
        assert!(call.is_over() && call.outbound);
        assert_eq!((call.call_duration, &call.event, call.confidence), (Some(17), &CallEvent::Status, None));
        assert_eq!(call.recording.unwrap().duration, Some(5));
        assert_eq!((call.from.as_str(), call.speech_result), ("", None));
    }

    #[test]
    fn derives_the_event_from_the_fields() {
        for (payload, event) in [
            ("CallStatus=ringing", CallEvent::Turn),
            ("CallStatus=in-progress&SpeechResult=hi", CallEvent::Turn),
            ("CallStatus=completed&SpeechResult=bye", CallEvent::Turn),
            ("CallStatus=completed&CallDuration=3", CallEvent::Status),
            ("CallStatus=ringing&CallbackSource=call-progress-events", CallEvent::Status),
            ("RecordingSid=RE1&RecordingStatus=completed", CallEvent::Recording),
            (
                "SessionId=VX1&SessionStatus=failed&ErrorCode=64105&CallStatus=in-progress",
                CallEvent::SessionEnd { handoff_data: None, error_code: Some("64105".into()) },
            ),
            (
                "TranscriptionSid=TR1&TranscriptionText=hi&RecordingSid=RE1",
                CallEvent::Transcription { sid: "TR1".into(), text: "hi".into() },
            ),
        ] {
            let call = VoiceWebhook::read(&form(&format!("CallSid=CA1&{payload}"))).unwrap();
            assert_eq!(call.event, event, "{payload}");
        }
    }

    #[test]
    fn reads_a_message_with_pictures() {
        let sms = SmsWebhook::read(&form(
            "SmsMessageSid=SM1&From=%2B1555&To=%2B1666&Body=+hi%0A&NumMedia=99&MediaUrl0=https://x/1\
             &MediaContentType0=image/png&MediaUrl2=https://x/3&OptOutType=STOP",
        ))
        .unwrap();
        assert_eq!((sms.message_sid.as_str(), sms.body.as_str()), ("SM1", " hi\n"));
        assert_eq!((sms.media.len(), sms.opt_out_type), (2, Some(OptOutType::Stop)));
        assert_eq!(sms.media[0].content_type.as_deref(), Some("image/png"));
    }

    #[test]
    fn reads_a_delivery_status() {
        let form = form("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003");
        let status = MessageStatusWebhook::read(&form).unwrap();
        assert_eq!((status.message_status.as_str(), status.error_code), ("undelivered", Some(30003)));
    }

    #[test]
    fn names_missing_and_invalid_fields_without_quoting_them() {
        let voice = |payload| VoiceWebhook::read(&form(payload)).unwrap_err().to_string();
        let sms = |payload| SmsWebhook::read(&form(payload)).unwrap_err().to_string();
        assert_eq!(voice("From=1"), "Invalid webhook: `CallSid` is missing");
        assert!(voice("CallSid=../x").contains("`CallSid` must be an id"));
        assert!(voice("CallSid=CA1&From=a%0Ab").contains("`From` must be"));
        assert_eq!(sms("From=1"), "Invalid webhook: `MessageSid` is missing");
        assert_eq!(sms("MessageSid=SM1"), "Invalid webhook: `From` is missing");
        assert!(MessageStatusWebhook::read(&form("MessageSid=SM1")).is_err());
    }
}
