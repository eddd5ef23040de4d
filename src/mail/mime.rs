//! Mails as they go over the wire (RFC 5322, MIME).

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use crate::error::{Error, Result};
use crate::mail::incoming::{AttachmentNote, IncomingMail, Parts, sender};

/// Reads a message.
pub(super) fn read(bytes: &[u8]) -> Result<IncomingMail> {
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Error::webhook("raw", "must be a MIME message"))?;
    let from = message.from().and_then(Address::first);
    let address = from.and_then(|from| from.address()).ok_or_else(|| Error::webhook("From", "is missing"))?;
    let name = from.and_then(|from| from.name()).unwrap_or_default();
    let to = message
        .to()
        .map_or_else(Vec::new, |to| to.iter().filter_map(|to| to.address().map(str::to_owned)).collect());
    let headers = message.headers_raw().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (text, html) = bodies(&message);
    Ok(IncomingMail::of(Parts {
        from: sender(name, address)?,
        to,
        subject: message.subject().unwrap_or_default().to_owned(),
        text,
        html,
        headers,
        attachments: message.attachments().map(note).collect(),
        provider_id: None,
    }))
}

/// The parts that are text, and those that are HTML only.
fn bodies(message: &Message<'_>) -> (String, Option<String>) {
    let (mut texts, mut html) = (Vec::new(), Vec::new());
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => texts.push(text.as_ref()),
            PartType::Html(text) => html.push(text.as_ref()),
            _ => {}
        }
    }
    (texts.join("\n\n"), (!html.is_empty()).then(|| html.join("\n")))
}

fn note(part: &mail_parser::MessagePart<'_>) -> AttachmentNote {
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    AttachmentNote {
        name: part.attachment_name().unwrap_or_default().to_owned(),
        content_type: kind.unwrap_or_else(|| "application/octet-stream".to_owned()),
        size: part.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_encodings_and_attachments() {
        let mut bytes = b"From: =?iso-8859-1?Q?J=FCrgen?= <jurgen@example.de>\r\nTo: office@acme.example\r\n\
            Subject: =?utf-8?B?8J+Riw==?= =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=\r\nMessage-ID: <1@example.de>\r\n\
            In-Reply-To: <0@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe \x80\r\n"
            .to_vec();
        bytes.extend_from_slice(
            b"--b\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n\xc4\xe3\xba\xc3\r\n--b\r\n\
            Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n",
        );
        let mail = read(&bytes).unwrap();
        assert_eq!(mail.from.name.as_deref(), Some("Jürgen"));
        assert_eq!(mail.subject, "👋こんにちは");
        assert!(mail.text.contains("Grüße €") && mail.text.contains("你好"), "{:?}", mail.text);
        assert_eq!(
            (mail.message_id.as_str(), mail.references.as_slice()),
            ("1@example.de", &["0@acme.example".to_owned()][..])
        );
        let note = &mail.attachments[0];
        assert_eq!(
            (note.name.as_str(), note.content_type.as_str(), note.size),
            ("a.pdf", "application/pdf", 3)
        );
    }

    #[test]
    fn html_alone_becomes_text() {
        let mail = read(b"From: a@x.y\r\nContent-Type: text/html\r\n\r\n<p>Hello<br>you</p>").unwrap();
        assert!(mail.text.contains("Hello") && !mail.text.contains('<'), "{:?}", mail.text);
    }
}
