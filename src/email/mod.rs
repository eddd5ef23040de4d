//! E-mail: messages, transports and the parsing of inbound mail.

pub mod address;
pub(crate) mod message_id;
pub mod parse;
pub(crate) mod relay_ids;
pub mod sender;
pub mod threads;

use async_trait::async_trait;

pub use address::Mailbox;

use crate::error::Result;

/// Maximum size of an e-mail in bytes: text, HTML and attachments together. It is Postmark's limit.
pub const MAX_MAIL_BYTES: usize = 10 * 1024 * 1024;
/// Maximum length of a subject, in characters.
pub const MAX_SUBJECT_CHARS: usize = 500;
/// Maximum number of recipients.
pub const MAX_RECIPIENTS: usize = 50;

/// An e-mail ready for a transport.
#[derive(Debug, Clone)]
pub struct EmailMessage {
    /// The recipients.
    pub to: Vec<Mailbox>,
    /// The subject, one line.
    pub subject: String,
    /// The plain text body.
    pub text: String,
    /// The HTML body.
    pub html: Option<String>,
    /// The attachments.
    pub attachments: Vec<Attachment>,
    /// The `Message-ID`, without angle brackets.
    pub message_id: String,
    /// The `Message-ID` of the e-mail that this one answers.
    pub in_reply_to: Option<String>,
    /// The `Message-ID`s of the thread, oldest first.
    pub references: Vec<String>,
    /// The e-mail was generated automatically. Other systems do not auto-reply to it.
    pub automatic: bool,
    /// The tag by which statistics are grouped, for providers that support it.
    pub tag: Option<String>,
}

impl EmailMessage {
    /// Returns the value of the `Auto-Submitted` header (RFC 3834), if it is to be sent.
    pub fn auto_submitted(&self) -> Option<&'static str> {
        let answers = self.in_reply_to.is_some();
        self.automatic.then_some(if answers { "auto-replied" } else { "auto-generated" })
    }
}

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file name.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// The content id by which the HTML refers to the file (`cid:…`), without angle brackets.
    pub content_id: Option<String>,
    /// The bytes of the file.
    pub content: Vec<u8>,
}

/// The provider's acknowledgement of an e-mail that it accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendReceipt {
    /// The provider's id of the e-mail, if it has one.
    pub provider_id: Option<String>,
    /// Other ids, or their local parts, that replies may refer to, because some relays replace the
    /// `Message-ID`.
    pub alternative_ids: Vec<String>,
}

/// The sender identity of a transport.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The `From` address.
    pub from: Mailbox,
    /// The `Reply-To` address, if it differs from `from`.
    pub reply_to: Option<Mailbox>,
    /// Recipients of a copy of every e-mail.
    pub archive_cc: Vec<Mailbox>,
    /// The default tag.
    pub tag: Option<String>,
}

/// A transport that sends e-mails.
#[async_trait]
pub trait EmailTransport: Send + Sync {
    /// Returns the sender identity.
    fn sender(&self) -> &Sender;

    /// Sends an e-mail, without retries if it may have gone out.
    ///
    /// # Errors
    ///
    /// Fails with `PROVIDER_OUTCOME_UNKNOWN` if the e-mail may have gone out, and with other codes
    /// if it has not.
    async fn send(&self, mail: &EmailMessage) -> Result<SendReceipt>;

    /// Checks that the provider responds and accepts the credentials. Sends no e-mail.
    async fn check(&self) -> Result<()>;
}
