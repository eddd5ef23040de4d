//! The parts of an e-mail, independent of its source format.

use serde::Serialize;

use crate::email::Mailbox;
use crate::error::{Error, Result};

/// The parts of an e-mail, independent of its source format.
pub(super) struct ParsedEmail {
    pub(super) from: Mailbox,
    pub(super) to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) attachments: Vec<AttachmentInfo>,
    pub(super) calendars: Vec<String>,
    pub(super) attached_emails: Vec<String>,
    pub(super) provider_id: Option<String>,
}

/// The description of an attachment. Its content is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentInfo {
    /// The file name.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// The size in bytes.
    pub size: u64,
}

/// Returns the sender of an e-mail.
pub(super) fn sender(name: &str, address: &str) -> Result<Mailbox> {
    // A name may be anything. One that cannot stand in a header is dropped.
    Mailbox::named(&one_line(name), address)
        .or_else(|| Mailbox::named("", address))
        .ok_or_else(|| Error::webhook("From", "must be one e-mail address"))
}

/// Returns a text without line breaks and other control characters.
pub(super) fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}
