//! The text frames of Twilio's ConversationRelay. Telnyx sends the same ones.
//!
//! Unknown types and fields are ignored, because providers add them without notice.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::event::{LineCommand, LineEvent, LineStart};

/// Maximum length of a frame, 64 KiB.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Maximum number of characters of an utterance. A longer one is cut.
const MAX_UTTERANCE_CHARS: usize = 4_000;

/// The fields of all frames.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Frame {
    r#type: Text,
    session_id: Text,
    call_sid: Text,
    account_sid: Text,
    voice_prompt: Text,
    lang: Text,
    last: Option<bool>,
    utterance_until_interrupt: Text,
    duration_until_interrupt_ms: Value,
    digit: Text,
    name: Text,
    value: Text,
}

/// A text. A value of another type counts as absent.
#[derive(Default, Deserialize)]
#[serde(from = "Value")]
struct Text(String);

impl From<Value> for Text {
    fn from(value: Value) -> Self {
        Self(match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        })
    }
}

impl Text {
    /// Returns the text in a form that databases store, at most [`MAX_UTTERANCE_CHARS`] long.
    fn into_utterance(self) -> String {
        let cut = self.0.char_indices().nth(MAX_UTTERANCE_CHARS).map_or(self.0.len(), |(at, _)| at);
        self.0[..cut].replace('\0', "\u{fffd}")
    }
}

/// Reads a frame of a provider. Returns `None` if it is not one.
pub fn read_frame(frame: &str) -> Option<LineEvent> {
    if frame.len() > MAX_FRAME_BYTES {
        return None;
    }
    let frame: Frame = serde_json::from_str(frame).ok()?;
    Some(match frame.r#type.0.as_str() {
        "" => return None,
        "setup" => LineEvent::Started(LineStart {
            call_id: frame.call_sid.0,
            account_id: frame.account_sid.0,
            session_id: frame.session_id.0,
        }),
        "prompt" => LineEvent::Speech {
            text: frame.voice_prompt.into_utterance(),
            language: Some(frame.lang.0).filter(|lang| !lang.is_empty()),
            // Without partial prompts, older versions leave it out.
            is_final: frame.last.unwrap_or(true),
        },
        "interrupt" => LineEvent::Interrupted {
            clause: frame.utterance_until_interrupt.into_utterance(),
            after: milliseconds(&frame.duration_until_interrupt_ms),
        },
        "dtmf" => key(&frame.digit.0).map_or(LineEvent::Other, LineEvent::Key),
        "error" => LineEvent::Rejected,
        "info" => match (frame.name.0.as_str(), frame.value.0.as_str()) {
            ("tokensPlayed", _) => LineEvent::Played(frame.value.into_utterance()),
            ("agentSpeaking", value) => LineEvent::AgentSpeaking(value == "on"),
            ("clientSpeaking", value) => LineEvent::CallerSpeaking(value == "on"),
            _ => LineEvent::Other,
        },
        _ => LineEvent::Other,
    })
}

/// Writes a command as a frame.
pub fn write_frame(command: &LineCommand) -> String {
    let frame = match command {
        LineCommand::Say { text, is_last, is_preemptible: false } => {
            json!({ "type": "text", "token": text, "last": is_last })
        }
        LineCommand::Say { text, is_last, is_preemptible: true } => {
            json!({ "type": "text", "token": text, "last": is_last, "preemptible": true })
        }
        LineCommand::Language { code } => {
            json!({ "type": "language", "ttsLanguage": code, "transcriptionLanguage": code })
        }
        LineCommand::End { reason } => {
            json!({ "type": "end", "handoffData": json!({ "reason": reason }).to_string() })
        }
    };
    frame.to_string()
}

/// Reads a duration: a number, or a text in older versions.
fn milliseconds(value: &Value) -> Duration {
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    Duration::from_millis(number.unwrap_or_default())
}

fn key(digit: &str) -> Option<char> {
    let mut characters = digit.trim().chars();
    let key = characters.next().filter(|key| key.is_ascii_digit() || "*#".contains(*key))?;
    characters.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use super::super::event::EndReason;
    use super::*;

    #[test]
    fn reads_the_frames_of_a_session() {
        let frames = [
            (
                r#"{"type":"setup","sessionId":"VX1","callSid":"CA1","parentCallSid":"","accountSid":"AC1","from":"+1555","to":"+1666","direction":"inbound","callStatus":"RINGING","customParameters":{}}"#,
                LineEvent::Started(LineStart {
                    call_id: "CA1".into(),
                    account_id: "AC1".into(),
                    session_id: "VX1".into(),
                }),
            ),
            (
                r#"{"type":"prompt","voicePrompt":"I need help","lang":"en-US","last":true}"#,
                LineEvent::Speech {
                    text: "I need help".into(),
                    language: Some("en-US".into()),
                    is_final: true,
                },
            ),
            (
                r#"{"type":"prompt","voicePrompt":"I nee","last":false,"lang":null}"#,
                LineEvent::Speech { text: "I nee".into(), language: None, is_final: false },
            ),
            (
                r#"{"type":"interrupt","utteranceUntilInterrupt":"Sentence 2 of","durationUntilInterruptMs":684}"#,
                LineEvent::Interrupted { clause: "Sentence 2 of".into(), after: Duration::from_millis(684) },
            ),
            (
                r#"{"type":"interrupt","utteranceUntilInterrupt":"","durationUntilInterruptMs":"460"}"#,
                LineEvent::Interrupted { clause: String::new(), after: Duration::from_millis(460) },
            ),
            (r#"{"type":"dtmf","digit":"1"}"#, LineEvent::Key('1')),
            (r#"{"type":"dtmf","digit":7}"#, LineEvent::Key('7')),
            (r#"{"type":"dtmf","digit":"12"}"#, LineEvent::Other),
            (r#"{"type":"error","description":"Invalid message received"}"#, LineEvent::Rejected),
            (
                r#"{"type":"info","name":"tokensPlayed","value":"I heard:","ts":1}"#,
                LineEvent::Played("I heard:".into()),
            ),
            (r#"{"type":"info","name":"agentSpeaking","value":"on"}"#, LineEvent::AgentSpeaking(true)),
            (r#"{"type":"info","name":"clientSpeaking","value":"off"}"#, LineEvent::CallerSpeaking(false)),
            (r#"{"type":"info","name":"roundTripDelayMs","value":"148"}"#, LineEvent::Other),
            (r#"{"type":"news","of":["tomorrow"]}"#, LineEvent::Other),
        ];
        for (frame, event) in frames {
            assert_eq!(read_frame(frame), Some(event), "{frame}");
        }
    }

    #[test]
    fn frames_that_are_none_are_not_read() {
        for frame in ["", "hello", "[]", "{}", "{\"type\":5", "{\"type\":null}", "null", "\"prompt\""] {
            assert_eq!(read_frame(frame), None, "{frame}");
        }
        assert_eq!(
            read_frame(&format!("{{\"type\":\"x\",\"y\":\"{}\"}}", "z".repeat(MAX_FRAME_BYTES))),
            None
        );
    }

    #[test]
    fn utterances_can_be_stored() {
        let long = json!({ "type": "prompt", "voicePrompt": "ä\0".repeat(MAX_UTTERANCE_CHARS) }).to_string();
        let Some(LineEvent::Speech { text, .. }) = read_frame(&long) else { panic!("no speech") };
        assert_eq!(text.chars().count(), MAX_UTTERANCE_CHARS);
        assert!(!text.contains('\0'));
    }

    #[test]
    fn writes_commands() {
        let say = |is_preemptible| LineCommand::Say { text: " Hi \"".into(), is_last: false, is_preemptible };
        let frames = [
            (say(false), json!({ "type": "text", "token": " Hi \"", "last": false })),
            (say(true), json!({ "type": "text", "token": " Hi \"", "last": false, "preemptible": true })),
            (
                LineCommand::Language { code: "de-DE".into() },
                json!({ "type": "language", "ttsLanguage": "de-DE", "transcriptionLanguage": "de-DE" }),
            ),
            (
                LineCommand::End { reason: EndReason::Goodbye },
                json!({ "type": "end", "handoffData": "{\"reason\":\"goodbye\"}" }),
            ),
        ];
        for (command, frame) in frames {
            assert_eq!(serde_json::from_str::<Value>(&write_frame(&command)).unwrap(), frame);
        }
    }
}
