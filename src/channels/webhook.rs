//! What Twilio's webhooks say, read from their forms. Unknown fields are left alone: Twilio adds some without notice.

use crate::channels::form::Form;
use crate::error::{Error, Result};

/// Most pictures of one message.
const MAX_MEDIA: usize = 10;
/// Longest address or number, in bytes.
const MAX_ADDRESS_BYTES: usize = 320;

/// A call rings, somebody spoke, or a call's state changed.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceWebhook {
    /// `CA…`; it names the call for good.
    pub call_sid: String,
    /// The account whose call it is.
    pub account_sid: Option<String>,
    /// Who called: E.164, `client:…`, `sip:…`, or a word such as `anonymous`.
    pub from: String,
    /// Who was called.
    pub to: String,
    /// Whether we called.
    pub outbound: bool,
    /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `failed`, `no-answer` or `canceled`.
    pub call_status: Option<String>,
    /// What a `<Gather>` heard; empty is `None`.
    pub speech_result: Option<String>,
    /// How sure it is, 0 to 1.
    pub confidence: Option<f64>,
    /// The keys that were pressed.
    pub digits: Option<String>,
    /// What a `<Record>` recorded.
    pub recording: Option<Recording>,
    /// Seconds, once the call is over.
    pub call_duration: Option<u64>,
    /// `human`, `machine_start`, …, where it was detected.
    pub answered_by: Option<String>,
    /// Whether the network vouches for the caller's number: `TN-Validation-Passed-A`, `TN-Validation-Failed-C`, …
    pub stir_verstat: Option<String>,
    /// What the webhook is about.
    pub event: CallEvent,
}

/// What a webhook of a call is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    /// The call waits to be told what to do: it was answered, or somebody spoke.
    Turn,
    /// Its state changed.
    Status,
    /// A recording is ready.
    Recording,
    /// A recording was written down.
    Transcription {
        /// `TR…`.
        sid: String,
        /// What was said.
        text: String,
    },
}

/// A recording of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// `RE…`.
    pub sid: String,
    /// Where it is.
    pub url: Option<String>,
    /// Seconds.
    pub duration: Option<u64>,
}

impl VoiceWebhook {
    /// Reads a form.
    ///
    /// Fails with `INVALID_WEBHOOK` when `CallSid` is missing or no id, or `From` and `To` are too long.
    pub fn read(form: &Form) -> Result<Self> {
        let call_status = word(form, "CallStatus");
        let is_over = call_status.as_deref().is_some_and(is_over);
        let event = if let Some(sid) = optional_id(form, "TranscriptionSid")? {
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

    /// A call of ours, as Twilio would report on it.
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

    /// Whether nothing more can be said in this call.
    pub fn is_over(&self) -> bool {
        self.call_status.as_deref().is_some_and(is_over)
    }
}

/// Whether a call in this state is over.
pub fn is_over(status: &str) -> bool {
    ["completed", "busy", "failed", "no-answer", "canceled"].contains(&status)
}

/// A message came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsWebhook {
    /// `SM…` or `MM…`; it names the message for good.
    pub message_sid: String,
    /// The account whose message it is.
    pub account_sid: Option<String>,
    /// Who wrote: E.164, `whatsapp:+…`, or a short code.
    pub from: String,
    /// The number that was written to.
    pub to: String,
    /// What was written; empty when it is only pictures.
    pub body: String,
    /// What came with it.
    pub media: Vec<Media>,
    /// What Twilio made of a STOP, START or HELP, and answered by itself.
    pub opt_out_type: Option<OptOutType>,
    /// `MG…`.
    pub messaging_service_sid: Option<String>,
}

/// A picture or file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Where it is.
    pub url: String,
    /// MIME type.
    pub content_type: Option<String>,
}

/// The keyword that Twilio handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutType {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    /// How to stop.
    Help,
}

impl SmsWebhook {
    /// Reads a form.
    ///
    /// Fails with `INVALID_WEBHOOK` when `MessageSid` or `From` is missing or cannot be one.
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
            // No database holds a NUL.
            body: form.verbatim("Body").unwrap_or_default().replace('\0', "\u{fffd}"),
            media,
            opt_out_type,
            messaging_service_sid: optional_id(form, "MessagingServiceSid")?,
        })
    }
}

/// A message of ours went on its way, arrived, or did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStatusWebhook {
    /// `SM…` or `MM…`.
    pub message_sid: String,
    /// `queued`, `sent`, `delivered`, `undelivered`, `failed`, …
    pub message_status: String,
    /// Why it was not delivered.
    pub error_code: Option<u64>,
}

impl MessageStatusWebhook {
    /// Reads a form.
    ///
    /// Fails with `INVALID_WEBHOOK` when `MessageSid` or `MessageStatus` is missing.
    pub fn read(form: &Form) -> Result<Self> {
        let status = word(form, "MessageStatus").or_else(|| word(form, "SmsStatus"));
        Ok(Self {
            message_sid: message_sid(form)?,
            message_status: status.ok_or_else(|| Error::webhook("MessageStatus", "is missing"))?,
            error_code: number(form, "ErrorCode"),
        })
    }
}

/// Older numbers name it `SmsMessageSid` or `SmsSid`.
fn message_sid(form: &Form) -> Result<String> {
    let name = ["MessageSid", "SmsMessageSid", "SmsSid"].into_iter().find(|name| form.get(name).is_some());
    id(form, name.unwrap_or("MessageSid"))
}

fn id(form: &Form, name: &str) -> Result<String> {
    optional_id(form, name)?.ok_or_else(|| Error::webhook(name, "is missing"))
}

/// An id. Not held to Twilio's notation: the signature vouches for it, and tests make up their own.
fn optional_id(form: &Form, name: &str) -> Result<Option<String>> {
    let Some(id) = form.get(name) else { return Ok(None) };
    if id.len() > 64 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) {
        return Err(Error::webhook(name, "must be an id of at most 64 letters, digits, - and _"));
    }
    Ok(Some(id.to_owned()))
}

/// Callers who hide their number leave it empty, or a word.
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
    fn a_call_that_somebody_speaks_in() {
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
    fn a_call_that_is_over() {
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
    fn what_a_webhook_is_about_shows_in_its_fields() {
        for (payload, event) in [
            ("CallStatus=ringing", CallEvent::Turn),
            ("CallStatus=in-progress&SpeechResult=hi", CallEvent::Turn),
            ("CallStatus=completed&SpeechResult=bye", CallEvent::Turn),
            ("CallStatus=completed&CallDuration=3", CallEvent::Status),
            ("CallStatus=ringing&CallbackSource=call-progress-events", CallEvent::Status),
            ("RecordingSid=RE1&RecordingStatus=completed", CallEvent::Recording),
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
    fn a_message_with_pictures() {
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
    fn what_became_of_a_message() {
        let form = form("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003");
        let status = MessageStatusWebhook::read(&form).unwrap();
        assert_eq!((status.message_status.as_str(), status.error_code), ("undelivered", Some(30003)));
    }

    #[test]
    fn missing_and_impossible_fields_are_named_and_not_quoted() {
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
