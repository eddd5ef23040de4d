//! TwiML: what Twilio is told to do, as XML.
//!
//! Any text becomes well-formed XML: what XML 1.0 has no way to write (NUL, most control characters, U+FFFE, U+FFFF)
//! becomes U+FFFD. Texts beyond Twilio's limits become several elements.

use quick_xml::escape::escape;
use serde::Deserialize;

use crate::channels::split::split;

/// Longest text of one `<Say>`, in UTF-16 units.
pub const MAX_SAY_LENGTH: usize = 4096;
/// Longest text of one message, in UTF-16 units.
pub const MAX_MESSAGE_LENGTH: usize = 1600;

/// What happens in a call, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "verb", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Verb {
    /// Reads a text aloud.
    Say(Say),
    /// Plays a sound file.
    Play {
        /// Where it is.
        url: String,
    },
    /// Waits.
    Pause {
        /// Seconds.
        length: u16,
    },
    /// Listens, and posts what it heard.
    Gather(Gather),
    /// Records, and posts where the recording is.
    Record(Record),
    /// Asks another address what to do, with POST.
    Redirect {
        /// Which one; relative to this webhook, or absolute.
        url: String,
    },
    /// Ends the call.
    Hangup,
    /// Does not take the call, which then costs nothing.
    Reject,
}

/// A text to read aloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Say {
    /// What is said; a blank text is left out.
    pub text: String,
    /// For example `Polly.Joanna-Neural`; Twilio's default otherwise.
    pub voice: Option<String>,
    /// BCP 47, for example `en-US`.
    pub language: Option<String>,
}

/// Listening.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Gather {
    /// What is listened to: `speech`, `dtmf` or `dtmf speech`. Twilio's default is `dtmf`.
    pub input: Option<String>,
    /// Where the result is posted; the current webhook otherwise.
    pub action: Option<String>,
    /// Whether silence is a result too; otherwise the next verb follows.
    pub action_on_empty_result: Option<bool>,
    /// Seconds of silence before the first word; Twilio's default is 5.
    pub timeout: Option<u16>,
    /// Seconds of silence that end the speech, or `auto`.
    pub speech_timeout: Option<String>,
    /// `phone_call`, `experimental_conversations`, …
    pub speech_model: Option<String>,
    /// Of the speaker, BCP 47.
    pub language: Option<String>,
    /// Words that are likely, separated by commas.
    pub hints: Option<String>,
    /// Keys after which the input ends.
    pub num_digits: Option<u16>,
    /// What is heard meanwhile, and may be interrupted: [`Verb::Say`], [`Verb::Play`], [`Verb::Pause`]. Others are left out.
    pub prompts: Vec<Verb>,
}

/// Recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// Where the result is posted; the current webhook otherwise.
    pub action: Option<String>,
    /// Seconds of silence that end it.
    pub timeout: Option<u16>,
    /// Seconds after which it ends.
    pub max_length: Option<u32>,
    /// Whether a tone comes first; Twilio's default is yes.
    pub play_beep: Option<bool>,
}

/// The answer to a voice webhook. Without verbs, the call ends.
pub fn voice_response(verbs: &[Verb]) -> String {
    let mut xml = Xml::new();
    for verb in verbs {
        xml.verb(verb);
    }
    xml.finish()
}

/// The answer to an SMS webhook: what is sent back, in as many messages as it takes. A blank text sends nothing.
pub fn messaging_response(text: &str) -> String {
    let mut xml = Xml::new();
    for piece in split(text, MAX_MESSAGE_LENGTH) {
        xml.text_element("Message", Attributes::default(), piece);
    }
    xml.finish()
}

#[derive(Default)]
struct Attributes(String);

impl Attributes {
    fn with(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            let value = escape(legal(&value.to_string())).replace('\r', "&#xD;");
            let value = value.replace('\n', "&#xA;").replace('\t', "&#x9;");
            self.0.push_str(&format!(" {name}=\"{value}\""));
        }
        self
    }
}

struct Xml(String);

impl Xml {
    fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>".to_owned())
    }

    fn finish(mut self) -> String {
        self.0.push_str("</Response>");
        self.0
    }

    fn verb(&mut self, verb: &Verb) {
        match verb {
            Verb::Say(say) => self.say(say),
            Verb::Play { url } => self.text_element("Play", Attributes::default(), url),
            Verb::Pause { length } => {
                self.empty_element("Pause", Attributes::default().with("length", Some(length)))
            }
            Verb::Gather(gather) => self.gather(gather),
            Verb::Record(record) => {
                let attributes = Attributes::default()
                    .with("action", record.action.as_ref())
                    .with("method", record.action.as_ref().map(|_| "POST"))
                    .with("timeout", record.timeout)
                    .with("maxLength", record.max_length)
                    .with("playBeep", record.play_beep);
                self.empty_element("Record", attributes);
            }
            Verb::Redirect { url } => {
                self.text_element("Redirect", Attributes::default().with("method", Some("POST")), url);
            }
            Verb::Hangup => self.empty_element("Hangup", Attributes::default()),
            Verb::Reject => self.empty_element("Reject", Attributes::default()),
        }
    }

    fn say(&mut self, say: &Say) {
        for piece in split(&say.text, MAX_SAY_LENGTH) {
            let attributes = Attributes::default()
                .with("voice", say.voice.as_ref())
                .with("language", say.language.as_ref());
            self.text_element("Say", attributes, piece);
        }
    }

    fn gather(&mut self, gather: &Gather) {
        let attributes = Attributes::default()
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
        self.0.push_str(&format!("<Gather{}>", attributes.0));
        for prompt in &gather.prompts {
            if matches!(prompt, Verb::Say(_) | Verb::Play { .. } | Verb::Pause { .. }) {
                self.verb(prompt);
            }
        }
        self.0.push_str("</Gather>");
    }

    fn text_element(&mut self, name: &str, attributes: Attributes, text: &str) {
        // A bare carriage return would be read as a line feed.
        let text = escape(legal(text)).replace('\r', "&#xD;");
        self.0.push_str(&format!("<{name}{}>{text}</{name}>", attributes.0));
    }

    fn empty_element(&mut self, name: &str, attributes: Attributes) {
        self.0.push_str(&format!("<{name}{}/>", attributes.0));
    }
}

/// Without the characters that XML 1.0 does not have.
pub(crate) fn legal(text: &str) -> String {
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
    fn a_turn_of_a_call() {
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
    fn characters_that_xml_lacks_are_replaced() {
        assert!(
            voice_response(&[say("a\0b\u{1b}c\u{fffe}d\te\rf")])
                .contains(">a\u{fffd}b\u{fffd}c\u{fffd}d\te&#xD;f<")
        );
    }

    #[test]
    fn long_texts_are_several_elements() {
        let sentences = "A sentence of some words. ".repeat(400);
        assert_eq!(voice_response(&[say(&sentences)]).matches("<Say>A").count(), 3);
        assert_eq!(messaging_response(&sentences).matches("<Message>A").count(), 7);
    }

    #[test]
    fn nothing_to_say_is_an_empty_response() {
        let empty = format!("{HEAD}<Response></Response>");
        assert_eq!(voice_response(&[]), empty);
        assert_eq!(voice_response(&[say(" ")]), empty);
        assert_eq!(messaging_response("\n"), empty);
    }

    #[test]
    fn whatever_is_said_comes_out_again() {
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
            assert_eq!(heard, legal(text.trim()), "{xml}");
        }
    }
}
