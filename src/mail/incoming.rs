//! A mail that came in, as Postmark posts it or as it went over the wire.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mail_parser::decoders::html::html_to_text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::http::parse_json;
use crate::mail::outbox::hex;
use crate::mail::threads::{MAX_REFERENCES, bare_id};
use crate::mail::{Mailbox, mime};

/// Largest payload, in bytes: Postmark takes mails of 35 MB, and attachments grow by a third in JSON.
pub const MAX_PAYLOAD_BYTES: usize = 64 * 1024 * 1024;
/// Longest text that is read, in bytes.
const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// Attachments that are noted.
const MAX_ATTACHMENTS: usize = 50;
/// Headers that are looked at.
const MAX_HEADERS: usize = 500;

/// A mail that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct IncomingMail {
    /// Who wrote it, by its own account: SPF and DKIM are for the receiving server to check.
    pub from: Mailbox,
    /// To whom.
    pub to: Vec<String>,
    /// One line, decoded.
    pub subject: String,
    /// The whole text, of HTML if there is no other.
    pub text: String,
    /// Without angle brackets; derived from the mail if it has none.
    pub message_id: String,
    /// The mails of its thread, oldest first, the one it answers last.
    pub references: Vec<String>,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// What came with it.
    pub attachments: Vec<AttachmentNote>,
}

/// That there is an attachment; its bytes are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentNote {
    /// Its file name.
    pub name: String,
    /// MIME type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
}

impl IncomingMail {
    /// Reads the JSON that Postmark posts, or `{ raw }`: a MIME message, as text or (`{ base64 }`) bytes.
    ///
    /// Fails with `INVALID_WEBHOOK` when it is something else, has no sender, or is larger than 64 MiB.
    pub fn read(payload: &str) -> Result<Self> {
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(Error::webhook("payload", "is larger than 64 MiB"));
        }
        let read = serde_json::from_str(payload)
            .or_else(|_| parse_json(payload.as_bytes()).and_then(serde_json::from_value));
        match read {
            Ok(Payload::Raw { raw }) => Self::from_mime(&raw.bytes()?),
            Ok(Payload::Postmark(posted)) => posted.into_mail(),
            Err(_) => Err(Error::webhook(
                "payload",
                "must be what Postmark posts for an inbound e-mail, or { raw }",
            )),
        }
    }

    /// Reads a MIME message.
    ///
    /// Fails with `INVALID_WEBHOOK` when it is none, or has no sender.
    pub fn from_mime(bytes: &[u8]) -> Result<Self> {
        mime::read(bytes)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Puts a mail together from its parts.
    pub(super) fn of(parts: Parts) -> Self {
        let Parts { from, to, subject, text, html, headers, attachments, provider_id } = parts;
        let headers: Vec<(String, String)> = headers
            .into_iter()
            .take(MAX_HEADERS)
            .map(|(name, value)| (name.to_lowercase(), one_line(&value)))
            .collect();
        let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let text = match (text.trim().is_empty(), html) {
            (true, Some(html)) => html_to_text(cut(&html, MAX_TEXT_BYTES)),
            _ => text,
        };
        let text = cut(&text, MAX_TEXT_BYTES).replace("\r\n", "\n").replace('\0', "\u{fffd}");
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
        let message_id = header("message-id")
            .and_then(|ids| message_ids(ids).next())
            .or_else(|| provider_id.map(|id| bare_id(&id)).filter(|id| !id.is_empty()))
            .unwrap_or_else(|| {
                let whole = format!("{}\0{subject}\0{:?}\0{text}", from.address, header("date"));
                hex(&Sha256::digest(whole))
            });
        let to = to.iter().map(|address| one_line(address)).collect();
        let attachments = attachments.into_iter().take(MAX_ATTACHMENTS).map(|note| AttachmentNote {
            name: one_line(&note.name),
            content_type: one_line(&note.content_type),
            size: note.size,
        });
        let attachments = attachments.collect();
        Self { from, to, subject, text, message_id, references, headers, attachments }
    }
}

/// What a mail consists of, however it was written down.
pub(super) struct Parts {
    pub(super) from: Mailbox,
    pub(super) to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) attachments: Vec<AttachmentNote>,
    pub(super) provider_id: Option<String>,
}

/// The sender of a mail.
pub(super) fn sender(name: &str, address: &str) -> Result<Mailbox> {
    // A name may be anything; what cannot stand in a header is of no use.
    Mailbox::named(&one_line(name), address)
        .or_else(|| Mailbox::named("", address))
        .ok_or_else(|| Error::webhook("From", "must be one e-mail address"))
}

/// The ids in a header, in order: words with an `@` or in angle brackets.
fn message_ids(header: &str) -> impl DoubleEndedIterator<Item = String> {
    let ids = header.split(|c: char| c.is_whitespace() || c == ',' || c == '>');
    ids.map(bare_id).filter(|id| !id.is_empty())
}

/// The last ids in a header, the last one first.
fn newest_ids(header: &str) -> impl Iterator<Item = String> {
    message_ids(header).rev().take(MAX_REFERENCES)
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// The beginning, of at most so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Payload {
    Raw { raw: Raw },
    Postmark(Box<Posted>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Text(String),
    Bytes { base64: String },
}

impl Raw {
    fn bytes(self) -> Result<Vec<u8>> {
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::Bytes { base64 } => {
                BASE64_STANDARD.decode(base64).map_err(|_| Error::webhook("raw", "is no base64"))
            }
        }
    }
}

/// An inbound mail as Postmark posts it. The content of attachments is skipped.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Posted {
    from: Option<String>,
    from_full: Option<Full>,
    to: Option<String>,
    to_full: Option<Vec<Full>>,
    subject: Option<String>,
    #[serde(rename = "MessageID")]
    message_id: Option<String>,
    date: Option<String>,
    text_body: Option<String>,
    html_body: Option<String>,
    headers: Option<Vec<Header>>,
    attachments: Option<Vec<File>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Full {
    email: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    name: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    name: Option<String>,
    content_type: Option<String>,
    content_length: Option<u64>,
}

impl Posted {
    fn into_mail(self) -> Result<IncomingMail> {
        let given = |text: &String| !text.trim().is_empty();
        let from = match (self.from_full, self.from) {
            (Some(Full { email: Some(email), name }), _) if given(&email) => {
                sender(&name.unwrap_or_default(), &email)?
            }
            (_, Some(from)) => {
                Mailbox::parse(&from).ok_or_else(|| Error::webhook("From", "must be one e-mail address"))?
            }
            _ => return Err(Error::webhook("From", "is missing")),
        };
        let mut headers: Vec<(String, String)> = self
            .headers
            .unwrap_or_default()
            .into_iter()
            .map(|header| (header.name, header.value.unwrap_or_default()))
            .collect();
        headers.extend(self.date.map(|date| ("Date".to_owned(), date)));
        let to = match self.to_full {
            Some(full) => full.into_iter().filter_map(|to| to.email).collect(),
            None => self.to.into_iter().collect(),
        };
        let attachments = self.attachments.unwrap_or_default().into_iter().map(|file| AttachmentNote {
            name: file.name.unwrap_or_default(),
            content_type: file.content_type.unwrap_or_default(),
            size: file.content_length.unwrap_or_default(),
        });
        Ok(IncomingMail::of(Parts {
            from,
            to,
            subject: self.subject.unwrap_or_default(),
            text: self.text_body.unwrap_or_default(),
            html: self.html_body.filter(given),
            headers,
            attachments: attachments.collect(),
            provider_id: self.message_id,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(payload: Value) -> IncomingMail {
        IncomingMail::read(&payload.to_string()).unwrap()
    }

    #[test]
    fn what_postmark_posts() {
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
    fn html_alone_becomes_text_and_an_id_is_made_up_where_there_is_none() {
        let payload =
            json!({ "From": "ann@example.com", "HtmlBody": "<p>Hello <b>you</b></p><style>x{}</style>" });
        let mail = read(payload.clone());
        assert!(mail.text.contains("Hello you") && !mail.text.contains("x{}"), "{:?}", mail.text);
        assert_eq!(mail.message_id.len(), 64);
        assert_eq!(read(payload).message_id, mail.message_id);
        assert_eq!(read(json!({ "From": "a@x.y", "MessageID": "pm-1" })).message_id, "pm-1");
    }

    #[test]
    fn what_is_no_mail_is_refused() {
        for payload in
            [json!({}), json!([]), json!({ "From": "nobody" }), json!({ "raw": "" }), json!({ "raw": 1 })]
        {
            let error = IncomingMail::read(&payload.to_string()).unwrap_err();
            assert_eq!(error.code(), "INVALID_WEBHOOK", "{payload}");
        }
    }
}
