//! Options of the e-mail providers and of the e-mail channel.

use secrecy::SecretString;
use serde::Deserialize;

/// E-mail providers. If both are given, Postmark is used unless a message names the other.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EmailProviders {
    /// Postmark.
    pub postmark: Option<PostmarkConfig>,
    /// An SMTP server.
    pub smtp: Option<SmtpConfig>,
}

/// A Postmark server.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostmarkConfig {
    /// API token of the server.
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub api_key: Option<SecretString>,
    /// Sender of outgoing e-mail.
    #[serde(flatten)]
    pub sender: SenderConfig,
    /// Secret of inbound webhooks: the password in their URL, or `user:password`.
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub webhook_secret: Option<SecretString>,
    /// Message stream. Default: Postmark's default, `outbound`.
    pub message_stream: Option<String>,
    /// Base URL that replaces `https://api.postmarkapp.com`, for tests.
    pub base_url: Option<String>,
}

/// An SMTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SmtpConfig {
    /// Host name.
    pub host: Option<String>,
    /// Port. Default: 465 with `secure`, else 587.
    pub port: Option<u16>,
    /// Encryption. `true` is implicit TLS, as on port 465; `false` is STARTTLS; `"none"` disables
    /// encryption. Default: by port.
    pub secure: Option<SmtpSecurity>,
    /// User name.
    #[serde(default, deserialize_with = "super::secrets::text")]
    pub user: Option<String>,
    /// Password.
    #[serde(default, deserialize_with = "super::secrets::password")]
    pub password: Option<SecretString>,
    /// Additional trusted certificate authority beside the system's, in PEM format.
    pub ca: Option<String>,
    /// Sender of outgoing e-mail.
    #[serde(flatten)]
    pub sender: SenderConfig,
}

/// Encryption of an SMTP connection.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "must be true, false or \"none\"")]
pub enum SmtpSecurity {
    /// Implicit TLS (`true`) or STARTTLS (`false`).
    Implicit(bool),
    /// A word; only `none` is valid.
    Word(String),
}

/// Sender of outgoing e-mail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SenderConfig {
    /// Address of the sender.
    pub from_email: Option<String>,
    /// Display name of the sender.
    pub from_name: Option<String>,
    /// Address for replies, if it differs from the sender's.
    pub reply_to: Option<String>,
    /// Tags for statistics. The first one is used where only one is supported.
    pub tags: Option<Vec<String>>,
    /// Addresses that get a copy of every e-mail.
    pub archive_cc: Option<OneOrMany>,
}

/// One text or a list of texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "must be an e-mail address like ann@example.com, or an array of them")]
pub enum OneOrMany {
    /// One text.
    One(String),
    /// A list of texts.
    Many(Vec<String>),
}

impl OneOrMany {
    /// Returns the texts as a list.
    pub fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// Options of inbound e-mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EmailConfig {
    /// Maximum e-mails per customer and hour. Default: 10.
    pub max_per_hour: u32,
    /// Maximum e-mails per customer and day. Default: 40.
    pub max_per_day: u32,
    /// Answers e-mails automatically. Default: on.
    pub auto_reply: bool,
}

impl Default for EmailConfig {
    fn default() -> Self {
        Self { max_per_hour: 10, max_per_day: 40, auto_reply: true }
    }
}
