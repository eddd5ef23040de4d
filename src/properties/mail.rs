//! Properties of inbound e-mail.

use crate::email::parse::InboundEmail;
use crate::email::parse::reply_text::{HistoryMarkers, ReplyContext, reply_text};
use crate::email::threads::MAX_REFERENCES;

/// Checks that an e-mail is rejected, or has one sender, header values without line breaks, and
/// text that can be stored.
pub fn mail(bytes: &[u8]) {
    let posted = InboundEmail::read(&String::from_utf8_lossy(bytes));
    for mail in [InboundEmail::from_mime(bytes), posted].into_iter().flatten() {
        let InboundEmail {
            from,
            to,
            subject,
            text,
            reply: own,
            message_id,
            references,
            headers,
            attachments,
            events,
            attached_emails,
        } = &mail;
        let headers = headers.iter().map(|(_, value)| value);
        let notes = attachments.iter().flat_map(|note| [&note.name, &note.content_type]);
        let lines = [&from.address, subject]
            .into_iter()
            .chain(from.name.as_ref())
            .chain(to)
            .chain(headers)
            .chain(notes)
            .chain(events);
        for line in lines {
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        for text in [text, own].into_iter().chain(attached_emails) {
            assert!(!text.contains('\0') && text.len() <= 4 * 1024 * 1024);
        }
        assert!(!message_id.is_empty() && references.len() <= MAX_REFERENCES);
        assert!(!references.iter().any(String::is_empty));
        let _ = mail.auto_reply_block_reason();
        reply(text.as_bytes());
    }
}

/// Checks that the extracted reply is a part of the e-mail. It is empty only for blank e-mails, and
/// for replies whose content is in attachments. From an e-mail that is not a reply, only signatures
/// and quotations are cut.
pub fn reply(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let marks = HistoryMarkers {
        history: bytes.first().map(|byte| usize::from(*byte)),
        introductions: &[0, 2, 5],
        is_html: true,
    };
    for setting in [
        ReplyContext::default(),
        ReplyContext { is_answer: true, ..ReplyContext::default() },
        ReplyContext { is_answer: true, has_attachments: true, subject: "Re: x", marks },
    ] {
        let written = reply_text(&text, &setting);
        let says_nothing = text.trim().is_empty() || setting.is_answer && setting.has_attachments;
        assert!(if written.is_empty() { says_nothing } else { !text.trim().is_empty() }, "{text:?}");
        assert!(written.lines().all(|line| lines.contains(&line.trim())), "{text:?}");
        if !setting.is_answer && !text.contains("-- ") && !text.contains('>') {
            let kept: Vec<&str> = text.trim().split('\n').map(str::trim_end).collect();
            assert_eq!(written, kept.join("\n"), "{text:?}");
        }
    }
}
