//! TwiML, the XML with which a webhook instructs Twilio.
//!
//! Every text becomes well-formed XML. Characters that XML 1.0 cannot represent (NUL, most control
//! characters, U+FFFE, U+FFFF) become U+FFFD. Texts beyond Twilio's limits become several elements.

use std::io;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesStart, BytesText, Event};
use serde::Deserialize;

use crate::providers::twilio::chunk_text::chunk_text;
use crate::providers::twilio::conversation_relay::ConversationRelay;

/// Maximum text length of one `<Say>`, in UTF-16 units.
pub const MAX_SAY_LENGTH: usize = 4096;
/// Maximum text length of one message, in UTF-16 units.
pub const MAX_MESSAGE_LENGTH: usize = 1600;

/// An instruction for a call. Instructions are executed in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "verb", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Verb {
    /// Reads a text aloud.
    Say(Say),
    /// Plays a sound file.
    Play {
        /// The URL of the file.
        url: String,
    },
    /// Waits.
    Pause {
        /// The duration in seconds.
        length: u16,
    },
    /// Listens, and posts the input.
    Gather(Gather),
    /// Records, and posts the URL of the recording.
    Record(Record),
    /// Requests further instructions from another URL, with POST.
    Redirect {
        /// The URL, relative to this webhook or absolute.
        url: String,
    },
    /// Connects the call to a WebSocket. The next verb follows when it is closed, unless there is an
    /// action.
    Connect {
        /// The URL that receives the end of the session, and whose response decides what follows.
        action: Option<String>,
        /// The session.
        relay: ConversationRelay,
    },
    /// Ends the call.
    Hangup,
    /// Rejects the call, which then costs nothing.
    Reject,
}

/// A text to read aloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Say {
    /// The text. A blank text is omitted.
    pub text: String,
    /// The voice, for example `Polly.Joanna-Neural`; default is Twilio's.
    pub voice: Option<String>,
    /// The language, BCP 47, for example `en-US`.
    pub language: Option<String>,
}

/// Options for listening.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Gather {
    /// The kind of input: `speech`, `dtmf` or `dtmf speech`. Twilio's default is `dtmf`.
    pub input: Option<String>,
    /// The URL that receives the result; default is the current webhook.
    pub action: Option<String>,
    /// `true` to post the result of silence too. Otherwise the next verb follows.
    pub action_on_empty_result: Option<bool>,
    /// Seconds of silence before the first word; Twilio's default is 5.
    pub timeout: Option<u16>,
    /// Seconds of silence that end the speech, or `auto`.
    pub speech_timeout: Option<String>,
    /// The speech model: `phone_call`, `experimental_conversations`, …
    pub speech_model: Option<String>,
    /// The language of the speaker, BCP 47.
    pub language: Option<String>,
    /// Likely words, separated by commas.
    pub hints: Option<String>,
    /// Number of keys after which the input ends.
    pub num_digits: Option<u16>,
    /// Interruptible prompts while listening: [`Verb::Say`], [`Verb::Play`], [`Verb::Pause`].
    /// Others are omitted.
    pub prompts: Vec<Verb>,
}

/// Options for recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// The URL that receives the result; default is the current webhook.
    pub action: Option<String>,
    /// Seconds of silence that end the recording.
    pub timeout: Option<u16>,
    /// Maximum duration in seconds.
    pub max_length: Option<u32>,
    /// `true` to play a tone first; Twilio's default is `true`.
    pub play_beep: Option<bool>,
}

/// Returns the response to a voice webhook. Without verbs, the call ends.
pub fn voice_response(verbs: &[Verb]) -> String {
    response(|xml| verbs.iter().try_for_each(|verb| write_verb(xml, verb)))
}

/// Returns the response to an SMS webhook: the reply in as many messages as needed. A blank text
/// sends nothing.
pub fn messaging_response(text: &str) -> String {
    response(|xml| {
        let mut pieces = chunk_text(text, MAX_MESSAGE_LENGTH).into_iter();
        pieces.try_for_each(|piece| Tag::new("Message").write_text(xml, piece))
    })
}

/// A writer into memory, which cannot fail.
type Xml = Writer<Vec<u8>>;

fn response(write_content: impl FnOnce(&mut Xml) -> io::Result<()>) -> String {
    let mut xml = Writer::new(Vec::new());
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    let _cannot_fail = xml
        .write_event(declaration)
        .and_then(|()| xml.create_element("Response").write_inner_content(write_content).map(drop));
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

fn write_verb(xml: &mut Xml, verb: &Verb) -> io::Result<()> {
    match verb {
        Verb::Say(say) => write_say(xml, say),
        Verb::Play { url } => Tag::new("Play").write_text(xml, url),
        Verb::Pause { length } => Tag::new("Pause").with("length", Some(length)).write_empty(xml),
        Verb::Gather(gather) => write_gather(xml, gather),
        Verb::Record(record) => Tag::new("Record")
            .with("action", record.action.as_ref())
            .with("method", record.action.as_ref().map(|_| "POST"))
            .with("timeout", record.timeout)
            .with("maxLength", record.max_length)
            .with("playBeep", record.play_beep)
            .write_empty(xml),
        Verb::Redirect { url } => Tag::new("Redirect").with("method", Some("POST")).write_text(xml, url),
        Verb::Connect { action, relay } => write_connect(xml, action.as_ref(), relay),
        Verb::Hangup => Tag::new("Hangup").write_empty(xml),
        Verb::Reject => Tag::new("Reject").write_empty(xml),
    }
}

fn write_say(xml: &mut Xml, say: &Say) -> io::Result<()> {
    chunk_text(&say.text, MAX_SAY_LENGTH).into_iter().try_for_each(|piece| {
        Tag::new("Say")
            .with("voice", say.voice.as_ref())
            .with("language", say.language.as_ref())
            .write_text(xml, piece)
    })
}

fn write_gather(xml: &mut Xml, gather: &Gather) -> io::Result<()> {
    let Tag(start) = Tag::new("Gather")
        .with("input", gather.input.as_ref())
        .with("action", gather.action.as_ref())
        .with("method", gather.action.as_ref().map(|_| "POST"))
        .with("actionOnEmptyResult", gather.action_on_empty_result)
        .with("timeout", gather.timeout)
        .with("speechTimeout", gather.speech_timeout.as_ref())
        .with("speechModel", gather.speech_model.as_ref())
        .with("language", gather.language.as_ref())
        .with("hints", gather.hints.as_ref())
        .with("numDigits", gather.num_digits);
    xml.write_event(Event::Start(start.borrow()))?;
    for prompt in &gather.prompts {
        if matches!(prompt, Verb::Say(_) | Verb::Play { .. } | Verb::Pause { .. }) {
            write_verb(xml, prompt)?;
        }
    }
    xml.write_event(Event::End(start.to_end()))
}

fn write_connect(xml: &mut Xml, action: Option<&String>, relay: &ConversationRelay) -> io::Result<()> {
    let Tag(start) = Tag::new("Connect").with("action", action).with("method", action.map(|_| "POST"));
    xml.write_event(Event::Start(start.borrow()))?;
    let tag = Tag::new("ConversationRelay").with_all(relay.attributes());
    if relay.languages.is_empty() {
        tag.write_empty(xml)?;
    } else {
        xml.write_event(Event::Start(tag.0.borrow()))?;
        for language in &relay.languages {
            Tag::new("Language").with_all(language.attributes()).write_empty(xml)?;
        }
        xml.write_event(Event::End(tag.0.to_end()))?;
    }
    xml.write_event(Event::End(start.to_end()))
}

/// A start tag with its attributes.
struct Tag(BytesStart<'static>);

impl Tag {
    fn new(name: &'static str) -> Self {
        Self(BytesStart::new(name))
    }

    /// Adds an attribute if it has a value.
    fn with(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            // XML parsers read bare line breaks and tabs of an attribute as spaces.
            let value = escaped(&value.to_string()).replace('\n', "&#xA;").replace('\t', "&#x9;");
            self.0.push_attribute((name.as_bytes(), value.as_bytes()));
        }
        self
    }

    /// Adds attributes.
    fn with_all(self, attributes: Vec<(&'static str, String)>) -> Self {
        attributes.into_iter().fold(self, |tag, (name, value)| tag.with(name, Some(value)))
    }

    fn write_empty(self, xml: &mut Xml) -> io::Result<()> {
        xml.write_event(Event::Empty(self.0))
    }

    fn write_text(self, xml: &mut Xml, text: &str) -> io::Result<()> {
        xml.write_event(Event::Start(self.0.borrow()))?;
        xml.write_event(Event::Text(BytesText::from_escaped(escaped(text))))?;
        xml.write_event(Event::End(self.0.to_end()))
    }
}

/// Returns a text as well-formed XML.
fn escaped(text: &str) -> String {
    // XML parsers read a bare carriage return as a line feed.
    escape(replace_illegal_chars(text)).replace('\r', "&#xD;")
}

/// Replaces the characters that XML 1.0 cannot represent.
pub(crate) fn replace_illegal_chars(text: &str) -> String {
    let illegal = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.replace(illegal, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    fn say(text: impl Into<String>) -> Verb {
        Verb::Say(Say { text: text.into(), ..Say::default() })
    }

    #[test]
    fn writes_a_turn_of_a_call() {
        let gather = Gather {
            input: Some("speech".to_owned()),
            action: Some("https://x.com/voice?a=1&b=\"2\"".to_owned()),
            action_on_empty_result: Some(true),
            speech_timeout: Some("auto".to_owned()),
            prompts: vec![
                Verb::Say(Say {
                    text: "Tom & <Jerry>".to_owned(),
                    voice: Some("alice".to_owned()),
                    language: Some("en-GB".to_owned()),
                }),
                Verb::Hangup,
                Verb::Pause { length: 1 },
            ],
            ..Gather::default()
        };
        let verbs = [Verb::Gather(gather), Verb::Redirect { url: "/again".to_owned() }, Verb::Hangup];
        assert_eq!(
            voice_response(&verbs),
            format!(
                "{HEAD}<Response><Gather input=\"speech\" action=\"https://x.com/voice?a=1&amp;b=&quot;2&quot;\" \
                 method=\"POST\" actionOnEmptyResult=\"true\" speechTimeout=\"auto\">\
                 <Say voice=\"alice\" language=\"en-GB\">Tom &amp; &lt;Jerry&gt;</Say><Pause length=\"1\"/></Gather>\
                 <Redirect method=\"POST\">/again</Redirect><Hangup/></Response>"
            )
        );
    }

    #[test]
    fn replaces_characters_that_xml_lacks() {
        assert!(
            voice_response(&[say("a\0b\u{1b}c\u{fffe}d\te\rf")])
                .contains(">a\u{fffd}b\u{fffd}c\u{fffd}d\te&#xD;f<")
        );
    }

    #[test]
    fn splits_long_texts_into_several_elements() {
        let sentences = "A sentence of some words. ".repeat(400);
        assert_eq!(voice_response(&[say(&sentences)]).matches("<Say>A").count(), 3);
        assert_eq!(messaging_response(&sentences).matches("<Message>A").count(), 7);
    }

    #[test]
    fn an_empty_text_is_an_empty_response() {
        let empty = format!("{HEAD}<Response></Response>");
        assert_eq!(voice_response(&[]), empty);
        assert_eq!(voice_response(&[say(" ")]), empty);
        assert_eq!(messaging_response("\n"), empty);
    }

    #[test]
    fn every_text_survives_a_round_trip() {
        let mut seed = 11_u64;
        for _ in 0..500 {
            let text: String = (0..40)
                .map(|_| {
                    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    let code = (seed >> 40) as u32 % [0x80, 0x3000, 0x11_0000][(seed >> 33) as usize % 3];
                    char::from_u32(code).unwrap_or('x')
                })
                .collect();
            let xml = voice_response(&[say(&text)]);
            let mut reader = quick_xml::Reader::from_str(&xml);
            let mut heard = String::new();
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Text(part) => heard.push_str(&part.decode().unwrap()),
                    quick_xml::events::Event::GeneralRef(name) => {
                        let reference = format!("&{};", name.decode().unwrap());
                        heard.push_str(&quick_xml::escape::unescape(&reference).unwrap());
                    }
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(heard, replace_illegal_chars(text.trim()), "{xml}");
        }
    }
}
