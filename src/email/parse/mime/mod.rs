//! Parsing of MIME messages (RFC 5322, RFC 2045 ff.).

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{
    Address, ContentType, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use crate::email::parse::calendar::MAX_CALENDAR_BYTES;
use crate::email::parse::parsed_email::{AttachmentInfo, ParsedEmail, sender};
use crate::email::parse::reply_text::is_blank;
use crate::email::parse::{charset, html, repair};
use crate::error::{Error, Result};

/// Maximum nesting of parts that are read.
const MAX_DEPTH: usize = 20;
/// Maximum number of calendars parsed.
const MAX_CALENDARS: usize = 3;
/// Maximum number of attached e-mails whose text is read.
const MAX_ATTACHED: usize = 3;

/// Parses a message.
pub(super) fn read(bytes: &[u8]) -> Result<ParsedEmail> {
    let repaired = repair::repair(bytes);
    let message = MessageParser::default()
        .parse(repaired.as_ref())
        .ok_or_else(|| Error::webhook("raw", "must be a MIME message"))?;
    let from = message.from().and_then(Address::first);
    let address = from.and_then(|from| from.address()).ok_or_else(|| Error::webhook("From", "is missing"))?;
    let name = from.and_then(|from| from.name()).unwrap_or_default();
    let to = message
        .to()
        .map_or_else(Vec::new, |to| to.iter().filter_map(|to| to.address().map(str::to_owned)).collect());
    let headers = message.headers_raw().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let bodies = Bodies::of(&message, 0);
    let (text, html) = bodies.texts();
    let attached_emails =
        if message.is_content_type("multipart", "report") { Vec::new() } else { bodies.attached_emails };
    Ok(ParsedEmail {
        from: sender(name, address)?,
        to,
        subject: message.subject().unwrap_or_default().to_owned(),
        text,
        html,
        headers,
        attachments: message.attachments().map(describe_attachment).collect(),
        calendars: bodies.calendars,
        attached_emails,
        provider_id: None,
    })
}

/// The contents of a message that are read.
#[derive(Default)]
struct Bodies {
    bodies: Vec<Body>,
    calendars: Vec<String>,
    /// The attached e-mails, with sender and subject.
    attached_emails: Vec<String>,
}

/// A body, as plain text, as HTML, or as both.
#[derive(Default)]
struct Body {
    text: String,
    html: String,
}

impl Bodies {
    fn of(message: &Message<'_>, depth: usize) -> Self {
        let mut bodies = Self::default();
        bodies.read(message, 0, depth);
        bodies
    }

    /// Returns the plain text, and the HTML, if any.
    fn texts(&self) -> (String, Option<String>) {
        let html: Vec<&str> =
            self.bodies.iter().map(|body| body.html.as_str()).filter(|html| !html.is_empty()).collect();
        let html = (!html.is_empty()).then(|| html.join("\n"));
        if self.bodies.iter().all(|body| is_blank(&body.text)) {
            return (String::new(), html);
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let all: Vec<String> = self.bodies.iter().map(|body| words(&body.text)).collect();
        let texts = self.bodies.iter().filter_map(|body| match is_blank(&body.text) {
            false => Some(Cow::Borrowed(body.text.as_str())),
            // Apple Mail continues in HTML below an attachment. Other programs write the same text
            // twice.
            true => {
                let more = html::to_text(&body.html).text;
                let new = words(&more);
                (!all.iter().any(|text| text.contains(&new))).then_some(Cow::Owned(more))
            }
        });
        (texts.collect::<Vec<_>>().join("\n\n"), html)
    }

    /// Reads a part and its children.
    fn read(&mut self, message: &Message<'_>, id: u32, depth: usize) {
        let Some(part) = message.part(id).filter(|_| depth < MAX_DEPTH) else { return };
        let kind = part.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
        match &part.body {
            PartType::Multipart(children) => {
                let alternatives = matches!(kind, Some((_, "alternative")));
                let before = self.bodies.len();
                children.iter().for_each(|child| self.read(message, *child, depth + 1));
                if alternatives {
                    self.join(before);
                }
                return;
            }
            PartType::Message(message) => return self.attach(message, depth),
            _ => {}
        }
        if is_calendar(part.attachment_name().unwrap_or_default(), kind) {
            if self.calendars.len() < MAX_CALENDARS && part.len() <= MAX_CALENDAR_BYTES {
                self.calendars.push(text_of(message, part));
            }
            return;
        }
        // Some programs give the body a file name.
        let is_inline = part.content_disposition().is_some_and(ContentType::is_inline);
        let is_attached = part.content_disposition().is_some_and(ContentType::is_attachment)
            || part.attachment_name().is_some() && !is_inline;
        let is_text = part.is_text() || matches!(kind, Some(("multipart", _)));
        if is_attached && id != 0 || !is_text {
            return;
        }
        let text = text_of(message, part);
        match kind {
            Some(("text", "html" | "enriched" | "richtext")) => {
                self.bodies.push(Body { html: text, ..Body::default() });
            }
            // A part of type multipart without a boundary is text as well.
            None | Some(("text", "plain" | "markdown" | "x-markdown") | ("multipart", _)) => {
                self.bodies.push(Body { text, ..Body::default() });
            }
            _ => {}
        }
    }

    /// Joins alternative bodies into one.
    fn join(&mut self, from: usize) {
        let mut joined = Body::default();
        for body in self.bodies.drain(from..) {
            for (all, one) in [(&mut joined.text, body.text), (&mut joined.html, body.html)] {
                if !all.is_empty() && !one.is_empty() {
                    all.push('\n');
                }
                all.push_str(&one);
            }
        }
        if !joined.text.is_empty() || !joined.html.is_empty() {
            self.bodies.push(joined);
        }
    }

    fn attach(&mut self, message: &Message<'_>, depth: usize) {
        if self.attached_emails.len() >= MAX_ATTACHED {
            return;
        }
        let bodies = Self::of(message, depth + 1);
        let (text, html) = bodies.texts();
        let text = if is_blank(&text) { html.map(|html| html::to_text(&html).text) } else { Some(text) };
        let from =
            message.from().and_then(Address::first).and_then(|from| from.address()).unwrap_or_default();
        let subject = message.subject().unwrap_or_default();
        let text = text.unwrap_or_default();
        self.attached_emails.push(format!("[Attached e-mail from {from}: {subject}]\n{}", text.trim()));
    }
}

/// Returns the text of a part, decoded from its charset.
fn text_of(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let decoded = part.text_contents().unwrap_or_default();
    let from = message.from().and_then(Address::first).and_then(|from| from.address()).unwrap_or_default();
    let host = from.rsplit_once('@').map_or("", |(_, host)| host);
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    if !part.is_text() {
        return charset::decode(part.contents(), label, host);
    }
    if !charset::is_doubtful(label, decoded) {
        return decoded.to_owned();
    }
    let raw =
        message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let bytes = match part.encoding {
        Encoding::None => Some(Cow::Borrowed(raw)),
        Encoding::Base64 => base64_decode(raw).map(Cow::Owned),
        Encoding::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
    };
    let Some(bytes) = bytes else { return decoded.to_owned() };
    let named_inside = if part.is_text_html() { charset::of_html(&bytes) } else { None };
    // Programs that do not name the charset of the text usually name that of the subject or of the
    // sender's name.
    let of_headers = ["Subject", "From"]
        .iter()
        .find_map(|name| message.header_raw(*name).and_then(charset::of_encoded_word));
    let label = label.or(named_inside.as_deref()).or(of_headers);
    charset::decode(&bytes, label, host)
}

/// Returns `true` if a part is a calendar, by its type or its file name.
fn is_calendar(name: &str, kind: Option<(&str, &str)>) -> bool {
    let named = name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("ics"));
    named || kind.is_some_and(|(kind, subtype)| kind == "text" && subtype == "calendar" || subtype == "ics")
}

fn describe_attachment(part: &MessagePart<'_>) -> AttachmentInfo {
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    AttachmentInfo {
        name: part.attachment_name().unwrap_or_default().to_owned(),
        content_type: kind.unwrap_or_else(|| "application/octet-stream".to_owned()),
        size: part.len() as u64,
    }
}
