//! Properties of Twilio webhooks and TwiML.

use url::form_urlencoded;

use crate::providers::twilio::Form;
use crate::providers::twilio::chunk_text;
use crate::providers::twilio::twiml::{
    Gather, MAX_MESSAGE_LENGTH, MAX_SAY_LENGTH, Say, Verb, messaging_response, replace_illegal_chars,
    voice_response,
};
use crate::providers::twilio::webhook::{MessageStatusWebhook, SmsWebhook, VoiceWebhook};
use crate::providers::twilio::{is_signed_form, twilio_signature};

/// Checks that a form is rejected or parsed. Serialised and parsed again it is equal, also after a
/// body parser.
pub fn form(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for form in [Form::from_urlencoded(bytes), Form::from_json(&text)].into_iter().flatten() {
        let pairs = || form.fields().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        let mut written = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs() {
            written.append_pair(name, value);
        }
        if let Ok(again) = Form::from_urlencoded(written.finish().as_bytes()) {
            assert_eq!(
                again.fields().collect::<Vec<_>>(),
                form.fields().filter(|(_, values)| !values.is_empty()).collect::<Vec<_>>()
            );
        }
        let _ = VoiceWebhook::read(&form);
        let _ = SmsWebhook::read(&form);
        let _ = MessageStatusWebhook::read(&form);
        let address = format!("https://example.com/x?{text}");
        if let Ok(signature) = twilio_signature("token", &address, &form) {
            assert!(is_signed_form("token", &signature, &address, &form));
            assert!(!is_signed_form("other", &signature, &address, &form));
        }
    }
}

/// Checks that any text becomes well-formed XML that decodes to the same text, in pieces within
/// Twilio's limits.
pub fn twiml(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let say = Verb::Say(Say { text: text.clone(), voice: Some(text.clone()), language: None });
    let gather = Gather {
        action: Some(text.clone()),
        hints: Some(text.clone()),
        prompts: vec![say],
        ..Gather::default()
    };
    let said = text_of(&voice_response(&[Verb::Gather(gather), Verb::Redirect { url: text.clone() }]));
    let mut expected: Vec<String> =
        chunk_text(&text, MAX_SAY_LENGTH).into_iter().map(replace_illegal_chars).collect();
    assert!(expected.iter().all(|piece| piece.encode_utf16().count() <= MAX_SAY_LENGTH));
    expected.push(replace_illegal_chars(&text));
    assert_eq!(said, expected.concat());
    let pieces = chunk_text(&text, MAX_MESSAGE_LENGTH);
    assert!(
        pieces.iter().all(|piece| !piece.is_empty() && piece.encode_utf16().count() <= MAX_MESSAGE_LENGTH)
    );
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(letters(&pieces.concat()), letters(&text));
    assert_eq!(text_of(&messaging_response(&text)), replace_illegal_chars(&pieces.concat()));
}

/// Returns the text of an XML document, which must be well-formed.
fn text_of(xml: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut heard = String::new();
    loop {
        let event = reader.read_event();
        assert!(event.is_ok(), "{xml}");
        match event {
            Ok(quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag)) => {
                assert!(
                    tag.attributes().all(|attribute| attribute.is_ok_and(|a| !a.value.contains(&b'<'))),
                    "{xml}"
                );
            }
            Ok(quick_xml::events::Event::Text(part)) => heard.push_str(&part.decode().unwrap_or_default()),
            Ok(quick_xml::events::Event::GeneralRef(name)) => {
                let reference = format!("&{};", name.decode().unwrap_or_default());
                let character = quick_xml::escape::unescape(&reference);
                assert!(character.is_ok(), "{reference}");
                heard.push_str(&character.unwrap_or_default());
            }
            Ok(quick_xml::events::Event::Eof) | Err(_) => return heard,
            _ => {}
        }
    }
}
