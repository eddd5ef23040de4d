//! Providers of e-mail, and how e-mail is answered.

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::http::Patience;
use crate::http::postmark::{Postmark, PostmarkServer};
use crate::mail::outbox::NamedMailer;
use crate::mail::smtp::{Encryption, Smtp, SmtpServer};
use crate::mail::{Mailbox, Sender};

/// Who carries e-mail. With both, Postmark does unless a mail says otherwise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EmailProviders {
    /// Postmark.
    pub postmark: Option<PostmarkConfig>,
    /// Any server that speaks SMTP.
    pub smtp: Option<SmtpConfig>,
}

/// A server of Postmark's.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostmarkConfig {
    /// The server's API token.
    pub api_key: Option<SecretString>,
    /// In whose name.
    #[serde(flatten)]
    pub sender: SenderConfig,
    /// What webhooks prove themselves with: the password of their URL, or `user:password`.
    pub webhook_secret: Option<SecretString>,
    /// Postmark's message stream; its default is `outbound`.
    pub message_stream: Option<String>,
    /// Another address than `https://api.postmarkapp.com`: a test.
    pub base_url: Option<String>,
}

/// A server that speaks SMTP.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SmtpConfig {
    /// Its name.
    pub host: Option<String>,
    /// 465 with `secure`, else 587, unless given.
    pub port: Option<u16>,
    /// `true`: encrypted from the first byte, as on port 465; `false`: by STARTTLS; `"none"`: not at all. By port unless given.
    pub secure: Option<Secure>,
    /// Who logs in.
    pub user: Option<String>,
    /// With what.
    pub password: Option<SecretString>,
    /// PEM of an authority that the server's certificate may be signed by, beside those of the system.
    pub ca: Option<String>,
    /// In whose name.
    #[serde(flatten)]
    pub sender: SenderConfig,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Secure {
    /// From the first byte, or by STARTTLS.
    Implicit(bool),
    /// `none`.
    Word(String),
}

/// In whose name mails go out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SenderConfig {
    /// The address.
    pub from_email: Option<String>,
    /// The name with it.
    pub from_name: Option<String>,
    /// Where answers are to go, when that is elsewhere.
    pub reply_to: Option<String>,
    /// What statistics group mails by; the first is used where only one can be.
    pub tags: Option<Vec<String>>,
    /// Who gets a copy of every mail.
    pub archive_cc: Option<OneOrMany>,
}

/// A text, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// How e-mail is answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EmailConfig {
    /// E-mails of one customer answered an hour; 10 unless given.
    pub max_per_hour: u32,
    /// E-mails of one customer answered a day; 40 unless given.
    pub max_per_day: u32,
    /// Whether e-mails are answered at all; on unless given.
    pub auto_reply: bool,
}

impl Default for EmailConfig {
    fn default() -> Self {
        Self { max_per_hour: 10, max_per_day: 40, auto_reply: true }
    }
}

impl EmailProviders {
    /// The providers that are given whole: a developer without one yet can do everything else.
    ///
    /// Fails with `INVALID_CONFIG` when one cannot be used.
    pub(crate) fn mailers(&self) -> Result<Vec<NamedMailer>> {
        let mut mailers: Vec<NamedMailer> = Vec::new();
        if let Some(postmark) = self.postmark.as_ref().map(PostmarkConfig::mailer).transpose()?.flatten() {
            mailers.push(("postmark", Arc::new(postmark)));
        }
        if let Some(smtp) = self.smtp.as_ref().map(SmtpConfig::mailer).transpose()?.flatten() {
            mailers.push(("smtp", Arc::new(smtp)));
        }
        Ok(mailers)
    }
}

impl PostmarkConfig {
    fn mailer(&self) -> Result<Option<Postmark>> {
        let (Some(api_key), Some(sender)) =
            (self.api_key.clone(), self.sender.read("providers.email.postmark")?)
        else {
            return Ok(None);
        };
        let (message_stream, base_url) = (self.message_stream.clone(), self.base_url.clone());
        let server = PostmarkServer { api_key, sender, message_stream, base_url };
        Postmark::new(server, Patience::default()).map(Some)
    }
}

impl SmtpConfig {
    fn mailer(&self) -> Result<Option<Smtp>> {
        let host = self.host.as_deref().map(str::trim).filter(|host| !host.is_empty());
        let (Some(host), Some(sender)) = (host, self.sender.read("providers.email.smtp")?) else {
            return Ok(None);
        };
        let encryption = match &self.secure {
            None if self.port == Some(465) => Encryption::Implicit,
            None | Some(Secure::Implicit(false)) => Encryption::StartTls,
            Some(Secure::Implicit(true)) => Encryption::Implicit,
            Some(Secure::Word(word)) if word == "none" => Encryption::None,
            Some(Secure::Word(_)) => {
                return Err(Error::config("providers.email.smtp.secure", "must be true, false or \"none\""));
            }
        };
        let login = match (&self.user, &self.password) {
            (Some(user), Some(password)) => Some((user.clone(), password.clone())),
            (None, None) => None,
            _ => {
                return Err(Error::config(
                    "providers.email.smtp",
                    "needs both `user` and `password`, or neither",
                ));
            }
        };
        let port = self.port.unwrap_or(if encryption == Encryption::Implicit { 465 } else { 587 });
        let (host, ca) = (host.to_owned(), self.ca.clone());
        Smtp::new(SmtpServer { host, port, encryption, login, ca, sender }).map(Some)
    }
}

impl SenderConfig {
    /// In whose name, when there is an address. `option` is where this stands.
    fn read(&self, option: &str) -> Result<Option<Sender>> {
        let address = |name: &str, text: &str| {
            Mailbox::parse(text)
                .ok_or_else(|| Error::config(format!("{option}.{name}"), "must be one e-mail address"))
        };
        let Some(from) = self.from_email.as_deref().filter(|from| !from.trim().is_empty()) else {
            return Ok(None);
        };
        let mut from = address("fromEmail", from)?;
        if let Some(name) = &self.from_name {
            from = Mailbox::named(name, &from.address)
                .ok_or_else(|| Error::config(format!("{option}.fromName"), "must be one line"))?;
        }
        let copies = self.archive_cc.clone().map(OneOrMany::into_vec).unwrap_or_default();
        Ok(Some(Sender {
            from,
            reply_to: self.reply_to.as_deref().map(|to| address("replyTo", to)).transpose()?,
            archive_cc: copies.iter().map(|to| address("archiveCc", to)).collect::<Result<_>>()?,
            tag: self.tags.as_ref().and_then(|tags| tags.first().cloned()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn mailers(json: Value) -> Result<Vec<&'static str>> {
        let providers: EmailProviders = serde_json::from_value(json).unwrap();
        providers.mailers().map(|mailers| mailers.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn what_is_given_whole_is_used() {
        let smtp = json!({ "host": "mail.acme.example", "fromEmail": "s@acme.example" });
        let postmark = json!({ "apiKey": "k", "fromEmail": "s@acme.example", "priority": 1 });
        assert_eq!(mailers(json!({ "smtp": smtp, "postmark": postmark })).unwrap(), ["postmark", "smtp"]);
        assert!(
            mailers(json!({ "smtp": { "host": "x" }, "postmark": { "apiKey": "k" } })).unwrap().is_empty()
        );
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (json, option) in [
            (json!({ "postmark": { "apiKey": "k", "fromEmail": "nobody" } }), "postmark.fromEmail"),
            (json!({ "postmark": { "apiKey": " ", "fromEmail": "s@x.y" } }), "postmark.apiKey"),
            (
                json!({ "postmark": { "apiKey": "k", "fromEmail": "s@x.y", "archiveCc": ["x"] } }),
                "postmark.archiveCc",
            ),
            (json!({ "smtp": { "host": "h", "fromEmail": "s@x.y", "fromName": "a\nb" } }), "smtp.fromName"),
            (json!({ "smtp": { "host": "h", "fromEmail": "s@x.y", "user": "u" } }), "providers.email.smtp"),
            (json!({ "smtp": { "host": "h", "fromEmail": "s@x.y", "secure": "maybe" } }), "smtp.secure"),
        ] {
            let error = mailers(json).unwrap_err();
            assert_eq!(error.code(), "INVALID_CONFIG");
            assert!(error.to_string().contains(option), "{error}");
        }
    }
}
