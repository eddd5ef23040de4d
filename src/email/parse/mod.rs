//! An inbound e-mail, from a Postmark webhook or as a MIME message.

pub(crate) mod auto_submitted;
pub(crate) mod calendar;
pub(crate) mod charset;
pub(crate) mod html;
pub(crate) mod mime;
mod parsed_email;
pub(crate) mod postmark_payload;
pub(crate) mod repair;
pub mod reply_text;
pub(crate) mod subject;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::email::Mailbox;
use crate::email::message_id::bare_id;
pub use crate::email::parse::parsed_email::AttachmentInfo;
use crate::email::parse::parsed_email::{ParsedEmail, one_line};
use crate::email::parse::postmark_payload::PostmarkPayload;
use crate::email::parse::reply_text::{HistoryMarkers, ReplyContext, is_blank, reply_text};
use crate::email::parse::subject::{SubjectKind, kind};
use crate::email::threads::MAX_REFERENCES;
use crate::error::{Error, Result};
use crate::hex::to_hex;
use crate::http::parse_json;

/// Maximum size of a payload in bytes. Postmark accepts e-mails of 35 MB, and attachments grow by a
/// third in JSON.
pub const MAX_PAYLOAD_BYTES: usize = 64 * 1024 * 1024;
/// Maximum size of the text, in bytes. Longer text is truncated.
const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// Maximum size of the text of an attached e-mail, in bytes. Longer text is truncated.
const MAX_ATTACHED_BYTES: usize = 20_000;
/// Maximum number of attachments recorded.
const MAX_ATTACHMENTS: usize = 50;
/// Maximum number of headers read.
const MAX_HEADERS: usize = 500;

/// An inbound e-mail.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundEmail {
    /// The `From` address as stated. Checking SPF and DKIM is up to the receiving server.
    pub from: Mailbox,
    /// The recipients.
    pub to: Vec<String>,
    /// The decoded subject, one line.
    pub subject: String,
    /// The whole text, converted from HTML if plain text is missing.
    pub text: String,
    /// The part of the text that the sender wrote, without quoted e-mails and signature.
    pub reply: String,
    /// The `Message-ID` without angle brackets, or a hash of the e-mail if it has none.
    pub message_id: String,
    /// The ids of the thread, oldest first. The last one is the e-mail that this one answers.
    pub references: Vec<String>,
    /// The headers: names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The attachments.
    pub attachments: Vec<AttachmentInfo>,
    /// One-line summaries of invitations and other events.
    pub events: Vec<String>,
    /// The attached e-mails, each with sender, subject and text.
    pub attached_emails: Vec<String>,
}

impl InboundEmail {
    /// Parses the JSON that Postmark posts, or `{ raw }`: a MIME message, as text or (`{ base64 }`)
    /// bytes.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_WEBHOOK` if the payload has another form, has no sender, or is larger
    /// than 64 MiB.
    pub fn read(payload: &str) -> Result<Self> {
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(Error::webhook("payload", "is larger than 64 MiB"));
        }
        let read = serde_json::from_str(payload)
            .or_else(|_| parse_json(payload.as_bytes()).and_then(serde_json::from_value));
        match read {
            Ok(Payload::Raw { raw }) => Self::from_mime(&raw.bytes()?),
            Ok(Payload::Postmark(posted)) => posted.into_parsed().map(Self::of),
            Err(_) => Err(Error::webhook(
                "payload",
                "must be what Postmark posts for an inbound e-mail, or { raw }",
            )),
        }
    }

    /// Parses a MIME message.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_WEBHOOK` if the bytes are not a MIME message, or if it has no sender.
    pub fn from_mime(bytes: &[u8]) -> Result<Self> {
        mime::read(bytes).map(Self::of)
    }

    /// Returns the values of a header, which may occur several times.
    pub fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the first value of a header, if any.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Creates an e-mail from its parts.
    fn of(parsed: ParsedEmail) -> Self {
        let ParsedEmail {
            from,
            to,
            subject,
            text,
            html,
            headers,
            attachments,
            calendars,
            attached_emails,
            provider_id,
        } = parsed;
        let headers: Vec<(String, String)> = headers
            .into_iter()
            .take(MAX_HEADERS)
            .map(|(name, value)| (name.to_lowercase(), one_line(&value)))
            .collect();
        let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let subject = one_line(&subject);
        let mut references: Vec<String> = Vec::new();
        for id in ["in-reply-to", "references"].into_iter().filter_map(header).flat_map(|ids| newest_ids(ids))
        {
            if !references.contains(&id) {
                references.push(id);
            }
        }
        references.truncate(MAX_REFERENCES);
        references.reverse();
        let context = EmailContext {
            subject: &subject,
            has_references: !references.is_empty(),
            has_attachments: !attachments.is_empty(),
        };
        let (text, reply) = read_text(&text, html.as_deref(), &context);
        let message_id = header("message-id")
            .and_then(|ids| message_ids(ids).next())
            .or_else(|| provider_id.map(|id| bare_id(&id)).filter(|id| !id.is_empty()))
            .unwrap_or_else(|| {
                let whole = format!("{}\0{subject}\0{:?}\0{text}", from.address, header("date"));
                to_hex(&Sha256::digest(whole))
            });
        let to = to.iter().map(|address| one_line(address)).collect();
        let attachments = attachments.into_iter().take(MAX_ATTACHMENTS).map(|note| AttachmentInfo {
            name: one_line(&note.name),
            content_type: one_line(&note.content_type),
            size: note.size,
        });
        let attachments = attachments.collect();
        let events = calendars.iter().filter_map(|calendar| calendar::describe(calendar)).collect();
        let attached_emails =
            attached_emails.iter().map(|mail| text_lines(mail, MAX_ATTACHED_BYTES)).collect();
        Self {
            from,
            to,
            subject,
            text,
            reply,
            message_id,
            references,
            headers,
            attachments,
            events,
            attached_emails,
        }
    }
}

/// The facts about an e-mail that its reply text depends on.
struct EmailContext<'a> {
    subject: &'a str,
    /// The headers name an e-mail that this one answers.
    has_references: bool,
    /// The e-mail has attachments.
    has_attachments: bool,
}

/// Returns the whole text, and the part of it that the sender wrote. HTML is used if plain text is
/// missing, or if only the HTML marks the history.
fn read_text(text: &str, html: Option<&str>, context: &EmailContext<'_>) -> (String, String) {
    let EmailContext { subject, has_references, has_attachments } = *context;
    let read = || html.map(|html| html::to_text(cut(html, MAX_TEXT_BYTES))).unwrap_or_default();
    let is_blank = is_blank(text);
    let marked = if is_blank { Some(read()) } else { None };
    let text = text_lines(marked.as_ref().map_or(text, |html| &html.text), MAX_TEXT_BYTES);
    // `VS:` is the prefix of replies in Finnish and Estonian, and of forwards in Danish and
    // Norwegian.
    let is_finnish =
        || ["Lähettäjä", "kirjoitti", "Saatja", "kirjutas"].iter().any(|word| text.contains(word));
    let is_answer = match kind(subject) {
        SubjectKind::New => has_references,
        SubjectKind::Answer => true,
        SubjectKind::ForwardOrAnswer if is_finnish() => true,
        SubjectKind::Forward | SubjectKind::ForwardOrAnswer => {
            let forwarded = text.trim().to_owned();
            return (text, forwarded);
        }
    };
    let without_history = |text: &str, html: Option<&html::HtmlText>| {
        let marks = html.map(|html| HistoryMarkers {
            history: html.history,
            introductions: &html.introductions,
            is_html: true,
        });
        reply_text(
            text,
            &ReplyContext { is_answer, has_attachments, subject, marks: marks.unwrap_or_default() },
        )
    };
    let reply = without_history(&text, marked.as_ref());
    let is_whole = || reply.lines().count() == text.trim().lines().count();
    if is_answer && !is_blank && html.is_some() && is_whole() {
        let html = read();
        let lines = text_lines(&html.text, MAX_TEXT_BYTES);
        let shorter = without_history(&lines, Some(&html));
        if shorter.lines().count() < lines.trim().lines().count() {
            return (text, shorter);
        }
    }
    (text, reply)
}

/// Returns text with `\n` line breaks, without NUL, and truncated to that many bytes.
fn text_lines(text: &str, bytes: usize) -> String {
    cut(text, bytes).replace("\r\n", "\n").replace('\0', "\u{fffd}")
}

/// Returns the message ids in a header, in order, without angle brackets.
fn message_ids(header: &str) -> impl DoubleEndedIterator<Item = String> {
    let ids = header.split(|c: char| c.is_whitespace() || c == ',' || c == '>');
    ids.map(bare_id).filter(|id| !id.is_empty())
}

/// Returns the last ids in a header, the last one first.
fn newest_ids(header: &str) -> impl Iterator<Item = String> {
    message_ids(header).rev().take(MAX_REFERENCES)
}

/// Truncates text to at most that many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "must be what Postmark posts, or an object with the mail in `raw`")]
enum Payload {
    Raw { raw: Raw },
    Postmark(Box<PostmarkPayload>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "must be a text or a Buffer")]
enum Raw {
    Text(String),
    Bytes { base64: String },
}

impl Raw {
    fn bytes(self) -> Result<Vec<u8>> {
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::Bytes { base64 } => {
                BASE64_STANDARD.decode(base64).map_err(|_| Error::webhook("raw", "is not base64"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(payload: Value) -> InboundEmail {
        InboundEmail::read(&payload.to_string()).unwrap()
    }

    #[test]
    fn parses_a_postmark_payload() {
        let mail = read(json!({
            "FromFull": { "Email": "Ann@Example.com", "Name": "Ann\r\nBcc: x" },
            "From": "other@example.com",
            "ToFull": [{ "Email": "office@acme.example", "Name": "", "MailboxHash": "" }],
            "Subject": "Hello\u{0}",
            "MessageID": "pm-1",
            "TextBody": "Line\r\nnext",
            "Headers": [
                { "Name": "Message-ID", "Value": "<1@example.com>" },
                { "Name": "In-Reply-To", "Value": "<b@acme.example>" },
                { "Name": "References", "Value": "<a@acme.example>\n <b@acme.example> <c@acme.example>" },
            ],
            "Attachments": [{ "Name": "a.pdf", "Content": "AAAA", "ContentType": "application/pdf", "ContentLength": 3 }],
        }));
        assert_eq!(
            (mail.from.key().as_str(), mail.from.name.as_deref()),
            ("ann@example.com", Some("Ann  Bcc: x"))
        );
        assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("Hello", "Line\nnext"));
        assert_eq!(mail.message_id, "1@example.com");
        assert_eq!(mail.references, ["a@acme.example", "c@acme.example", "b@acme.example"]);
        assert_eq!(mail.attachments[0].size, 3);
    }

    #[test]
    fn converts_html_and_derives_a_missing_id() {
        let payload =
            json!({ "From": "ann@example.com", "HtmlBody": "<p>Hello <b>you</b></p><style>x{}</style>" });
        let mail = read(payload.clone());
        assert!(mail.text.contains("Hello you") && !mail.text.contains("x{}"), "{:?}", mail.text);
        assert_eq!(mail.message_id.len(), 64);
        assert_eq!(read(payload).message_id, mail.message_id);
        assert_eq!(read(json!({ "From": "a@x.y", "MessageID": "pm-1" })).message_id, "pm-1");
    }

    #[test]
    fn rejects_payloads_without_an_email() {
        for payload in
            [json!({}), json!([]), json!({ "From": "nobody" }), json!({ "raw": "" }), json!({ "raw": 1 })]
        {
            let error = InboundEmail::read(&payload.to_string()).unwrap_err();
            assert_eq!(error.code(), "INVALID_WEBHOOK", "{payload}");
        }
    }
}
