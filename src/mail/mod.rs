//! E-mail: what is sent, through whom, and what comes in.

pub mod address;
mod automatic;
pub mod incoming;
mod mime;
pub mod outbox;
pub mod reply_text;
pub mod smtp;
pub mod threads;

use async_trait::async_trait;

pub use address::Mailbox;

use crate::error::Result;

/// Largest mail, in bytes: text, HTML and attachments together. Postmark takes no more.
pub const MAX_MAIL_BYTES: usize = 10 * 1024 * 1024;
/// Longest subject, in characters.
pub const MAX_SUBJECT_CHARS: usize = 500;
/// Most recipients.
pub const MAX_RECIPIENTS: usize = 50;

/// A mail as it goes out.
#[derive(Debug, Clone)]
pub struct Mail {
    /// To whom.
    pub to: Vec<Mailbox>,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Its own id, without angle brackets.
    pub message_id: String,
    /// The mail it answers.
    pub in_reply_to: Option<String>,
    /// The mails of its thread, oldest first.
    pub references: Vec<String>,
    /// Whether no human wrote it: automatic mail is not answered automatically by others.
    pub automatic: bool,
    /// What statistics group it by, where the provider has them.
    pub tag: Option<String>,
}

impl Mail {
    /// The value of `Auto-Submitted` (RFC 3834).
    pub fn auto_submitted(&self) -> Option<&'static str> {
        let answers = self.in_reply_to.is_some();
        self.automatic.then_some(if answers { "auto-replied" } else { "auto-generated" })
    }
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// MIME type.
    pub content_type: String,
    /// What HTML refers to it by (`cid:…`), without angle brackets.
    pub content_id: Option<String>,
    /// The bytes.
    pub content: Vec<u8>,
}

/// In whose name a provider sends.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The address mails come from.
    pub from: Mailbox,
    /// Where answers are to go, when that is elsewhere.
    pub reply_to: Option<Mailbox>,
    /// Who gets a copy of every mail.
    pub archive_cc: Vec<Mailbox>,
    /// The tag of mails that have none.
    pub tag: Option<String>,
}

/// Carries mails.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// In whose name.
    fn sender(&self) -> &Sender;

    /// Sends a mail, once; the provider's own id of it, where it has one.
    ///
    /// Fails with `PROVIDER_OUTCOME_UNKNOWN` when it may have gone out, with other codes when it has not.
    async fn send(&self, mail: &Mail) -> Result<Option<String>>;

    /// Whether the provider answers and takes the credentials; sends nothing.
    async fn check(&self) -> Result<()>;
}
