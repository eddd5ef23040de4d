//! Mails that come in.

use crate::mail::incoming::IncomingMail;
use crate::mail::reply_text::reply_text;
use crate::mail::threads::MAX_REFERENCES;

/// Whatever a mail is, it is refused, or has one sender, lines that are lines, and text that can be kept.
pub fn mail(bytes: &[u8]) {
    let posted = IncomingMail::read(&String::from_utf8_lossy(bytes));
    for mail in [IncomingMail::from_mime(bytes), posted].into_iter().flatten() {
        let IncomingMail { from, to, subject, text, message_id, references, headers, attachments } = &mail;
        let headers = headers.iter().map(|(_, value)| value);
        let notes = attachments.iter().flat_map(|note| [&note.name, &note.content_type]);
        let lines = [&from.address, subject]
            .into_iter()
            .chain(from.name.as_ref())
            .chain(to)
            .chain(headers)
            .chain(notes);
        for line in lines {
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        assert!(!text.contains('\0') && text.len() <= 4 * 1024 * 1024);
        assert!(!message_id.is_empty() && references.len() <= MAX_REFERENCES);
        assert!(!references.iter().any(String::is_empty));
        let _ = mail.unanswerable();
        reply(text.as_bytes());
    }
}

/// What somebody wrote is a part of the mail, and only of blank mails nothing is left.
pub fn reply(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let written = reply_text(&text);
    assert_eq!(written.is_empty(), text.trim().is_empty(), "{text:?}");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert!(written.lines().all(|line| lines.contains(&line.trim())), "{text:?}");
}
