//! The content of a message as the model's input: text and notes on attachments. Media URLs are
//! secrets and are left out.

use std::collections::BTreeMap;

use crate::phone::is_invisible;
use crate::providers::twilio::webhook::{Location, SmsWebhook};

/// Maximum length of a place's name or address, in characters.
const MAX_PLACE_CHARS: usize = 300;
/// Maximum length of a MIME type in a note, in bytes.
const MAX_TYPE_BYTES: usize = 60;
/// The placeholder that Apple phones leave in a text for an attachment.
const OBJECT_REPLACEMENT: char = '\u{fffc}';

/// Returns the customer's text, or the label of the chosen button or list entry.
pub(super) fn message_text(sms: &SmsWebhook) -> &str {
    let chosen = sms.choice.as_deref().filter(|_| is_blank(&sms.body));
    chosen.unwrap_or(&sms.body)
}

/// Returns `true` if the text shows nothing.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c) || c == OBJECT_REPLACEMENT)
}

/// Returns the model's input for a message, never empty.
pub(super) fn model_input(sms: &SmsWebhook) -> String {
    let mut notes: Vec<String> = Vec::new();
    notes.extend(media(sms));
    notes.extend(sms.location.as_ref().map(place));
    let words = message_text(sms);
    if is_blank(words) && notes.is_empty() {
        let kind = sms.message_type.as_deref().filter(|kind| *kind != "text").map(readable);
        let kind = kind.filter(|kind| !kind.is_empty());
        notes.push(match kind {
            Some(kind) => format!("[A message of the type \"{kind}\", without text]"),
            None => "[A message without text]".to_owned(),
        });
    }
    let words = (!is_blank(words)).then(|| words.to_owned());
    words.into_iter().chain(notes).collect::<Vec<_>>().join("\n\n")
}

fn media(sms: &SmsWebhook) -> Option<String> {
    let count = sms.media_count.max(sms.media.len());
    if count == 0 {
        return None;
    }
    let mut kinds: BTreeMap<(usize, &'static str, &'static str), (usize, Vec<String>)> = BTreeMap::new();
    for at in 0..count {
        let mime = sms.media.get(at).and_then(|media| media.content_type.as_deref()).unwrap_or_default();
        let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (number, types) = kinds.entry(kind(&mime, sms.message_type.as_deref())).or_default();
        *number += 1;
        if !mime.is_empty() && is_mime(&mime) && !types.contains(&mime) {
            types.push(mime);
        }
    }
    let several: Vec<String> = kinds
        .into_iter()
        .map(|((_, one, many), (number, types))| {
            let name = if number == 1 { one } else { many };
            let types = if types.is_empty() { String::new() } else { format!(" ({})", types.join(", ")) };
            format!("{number} {name}{types}")
        })
        .collect();
    Some(format!("[Attachments that cannot be opened here: {}]", several.join(", ")))
}

/// Returns the rank, singular and plural of a media type, by MIME type and WhatsApp message type.
fn kind(mime: &str, message_type: Option<&str>) -> (usize, &'static str, &'static str) {
    let (main, sub) = mime.split_once('/').unwrap_or((mime, ""));
    match (main, sub, message_type) {
        (_, _, Some("sticker")) => (1, "sticker", "stickers"),
        ("image", ..) => (0, "picture", "pictures"),
        ("audio", ..) => (2, "voice note or audio file", "voice notes or audio files"),
        ("video", ..) => (3, "video", "videos"),
        ("text", "vcard" | "x-vcard" | "directory" | "x-vcf", _) | (_, _, Some("contacts")) => {
            (4, "contact card", "contact cards")
        }
        ("text", "calendar" | "x-vcalendar", _) => (5, "calendar entry", "calendar entries"),
        ("application" | "text", ..) => (6, "document", "documents"),
        _ => (7, "file", "files"),
    }
}

fn is_mime(mime: &str) -> bool {
    mime.len() <= MAX_TYPE_BYTES && mime.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b))
}

fn place(location: &Location) -> String {
    let texts = [&location.label, &location.address].into_iter().flatten().map(|text| readable(text));
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    let named = if texts.is_empty() { String::new() } else { format!(": {}", texts.join(", ")) };
    let point =
        location.point.map(|(latitude, longitude)| format!(" (latitude {latitude}, longitude {longitude})"));
    format!("[A place{named}{}]", point.unwrap_or_default())
}

/// Returns one line of bounded length, without the brackets that enclose notes.
fn readable(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .filter(|c| !"[]".contains(*c))
        .take(MAX_PLACE_CHARS)
        .collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::twilio::Form;

    fn model_input_of(fields: &[(&str, &str)]) -> String {
        let ids = [("MessageSid", "SM1"), ("From", "whatsapp:+15551234567")];
        let form: Form = ids.into_iter().chain(fields.iter().copied()).collect();
        model_input(&SmsWebhook::read(&form).unwrap())
    }

    /// Covers webhook fields as Twilio documents them ("Twilio's request to your incoming message
    /// webhook URL", WhatsApp included; media types from "Accepted MIME types"), with the model's
    /// input.
    #[test]
    fn describes_messages_without_text() {
        let media = |kind: &'static str| {
            [
                ("Body", ""),
                ("NumMedia", "1"),
                ("MediaUrl0", "https://api.twilio.com/secret"),
                ("MediaContentType0", kind),
            ]
        };
        for (mime, name) in [
            ("image/png", "1 picture (image/png)"),
            ("image/jpeg", "1 picture (image/jpeg)"),
            ("image/gif", "1 picture (image/gif)"),
            ("image/heic", "1 picture (image/heic)"),
            ("audio/ogg; codecs=opus", "1 voice note or audio file (audio/ogg)"),
            ("audio/amr", "1 voice note or audio file (audio/amr)"),
            ("video/mp4", "1 video (video/mp4)"),
            ("video/3gpp", "1 video (video/3gpp)"),
            ("text/vcard", "1 contact card (text/vcard)"),
            ("text/x-vcard", "1 contact card (text/x-vcard)"),
            ("text/directory", "1 contact card (text/directory)"),
            ("text/calendar", "1 calendar entry (text/calendar)"),
            ("application/pdf", "1 document (application/pdf)"),
            ("text/csv", "1 document (text/csv)"),
            ("", "1 file"),
            ("bad type\u{0}]", "1 file"),
        ] {
            let told = model_input_of(&media(mime));
            assert_eq!(told, format!("[Attachments that cannot be opened here: {name}]"), "{mime}");
        }
        let sticker = [&media("image/webp")[..], &[("MessageType", "sticker")]].concat();
        assert!(model_input_of(&sticker).contains("1 sticker (image/webp)"));
        assert!(model_input_of(&[("NumMedia", "3")]).contains("3 files"), "media without addresses");
        let two = [
            ("Body", "Look!"),
            ("NumMedia", "3"),
            ("MediaUrl0", "u"),
            ("MediaContentType0", "image/png"),
            ("MediaUrl1", "u"),
            ("MediaContentType1", "image/jpeg"),
            ("MediaUrl2", "u"),
            ("MediaContentType2", "audio/ogg"),
        ];
        assert_eq!(
            model_input_of(&two),
            "Look!\n\n[Attachments that cannot be opened here: 2 pictures (image/png, image/jpeg), 1 voice note or audio file (audio/ogg)]"
        );
    }

    #[test]
    fn describes_places_choices_and_empty_messages() {
        for (fields, expected) in [
            (
                vec![
                    ("Latitude", "48.2082"),
                    ("Longitude", "16.3738"),
                    ("Address", "Stephansplatz 1\n1010 Wien"),
                    ("Label", "Dom]"),
                ],
                "[A place: Dom, Stephansplatz 1 1010 Wien (latitude 48.2082, longitude 16.3738)]",
            ),
            (
                vec![("Latitude", "-33.9"), ("Longitude", "18.4"), ("MessageType", "location")],
                "[A place (latitude -33.9, longitude 18.4)]",
            ),
            (vec![("Latitude", "91"), ("Longitude", "x"), ("Label", "Cafe")], "[A place: Cafe]"),
            (
                vec![("Body", "Here"), ("Latitude", "1"), ("Longitude", "2")],
                "Here\n\n[A place (latitude 1, longitude 2)]",
            ),
            (vec![("Body", ""), ("ButtonText", "Yes, please"), ("ButtonPayload", "confirm")], "Yes, please"),
            (vec![("Body", "Yes"), ("ButtonText", "Yes"), ("ButtonPayload", "y")], "Yes"),
            (vec![("ButtonPayload", "confirm")], "confirm"),
            (vec![("ListTitle", "Tuesday, 10:00"), ("ListId", "slot-7")], "Tuesday, 10:00"),
            (vec![("ListId", "slot-7")], "slot-7"),
            (vec![("Body", " \n")], "[A message without text]"),
            (vec![("Body", "\u{200b}\u{feff}")], "[A message without text]"),
            (vec![("Body", "\u{200b}"), ("ButtonText", "Yes")], "Yes"),
            (
                vec![("Body", "\u{fffc}"), ("Latitude", "1"), ("Longitude", "2")],
                "[A place (latitude 1, longitude 2)]",
            ),
            (vec![("MessageType", "contacts")], "[A message of the type \"contacts\", without text]"),
            (vec![("MessageType", "text")], "[A message without text]"),
        ] {
            assert_eq!(model_input_of(&fields), expected, "{fields:?}");
        }
    }
}
