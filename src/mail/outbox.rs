//! Sends mails: each known by its id before it goes out, so that its answer finds the conversation however soon it comes.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::mail::threads::{Known, Place, Threads};
use crate::mail::{Attachment, Mail, Mailbox, Mailer};

/// Sends mails through the providers that are configured.
pub struct Outbox {
    mailers: Vec<NamedMailer>,
    threads: Threads,
}

/// A provider and what options call it: `postmark`, `smtp`.
pub type NamedMailer = (&'static str, Arc<dyn Mailer>);

/// What is to be sent.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// To whom; the first is the customer whose conversation it belongs to.
    pub to: Vec<Mailbox>,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// The mail it answers.
    pub in_reply_to: Option<String>,
    /// The mails of its thread, oldest first.
    pub references: Vec<String>,
    /// Whether no human wrote it.
    pub automatic: bool,
    /// What statistics group it by.
    pub tag: Option<String>,
    /// What the id of the mail derives from, where the same mail must have the same id; random unless given.
    pub seed: Option<String>,
    /// Through whom; the first that is configured unless given.
    pub provider: Option<String>,
}

/// A mail that was handed to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its id, without angle brackets.
    pub message_id: String,
    /// The provider's own id.
    pub provider_id: Option<String>,
}

impl Outbox {
    /// An outbox over these providers, which notes mails in that inbox.
    pub fn new(mailers: Vec<NamedMailer>, inbox: Arc<dyn Inbox>) -> Self {
        Self { mailers, threads: Threads::new(inbox) }
    }

    /// The mails that are known.
    pub fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Whether an address is one we send from.
    pub fn is_own(&self, address: &str) -> bool {
        self.mailers.iter().any(|(_, mailer)| mailer.sender().from.key() == address)
    }

    /// Whether there is a provider.
    pub fn can_send(&self) -> bool {
        !self.mailers.is_empty()
    }

    /// The provider of that name, or the first.
    ///
    /// Fails with `INVALID_ARGUMENT` naming `provider`, or `PROVIDER_NOT_CONFIGURED`.
    pub fn mailer(&self, name: Option<&str>) -> Result<&Arc<dyn Mailer>> {
        let found = match name {
            None => self.mailers.first(),
            Some(name) => self.mailers.iter().find(|(known, _)| *known == name),
        };
        match (found, name) {
            (Some((_, mailer)), _) => Ok(mailer),
            (None, Some(_)) if self.can_send() => {
                let names: Vec<&str> = self.mailers.iter().map(|(name, _)| *name).collect();
                Err(Error::argument("provider", format!("must be a configured one: {}", names.join(", "))))
            }
            _ => Err(Error::ProviderNotConfigured {
                provider: "E-mail",
                options: vec!["`providers.email.postmark`", "`providers.email.smtp`"],
            }),
        }
    }

    /// The id that a letter's mail will have.
    pub fn message_id(&self, letter: &Letter) -> Result<String> {
        let domain = self.mailer(letter.provider.as_deref())?.sender().from.domain().to_lowercase();
        let local = match &letter.seed {
            Some(seed) => hex(&Sha256::digest(seed)[..16]),
            None => uuid::Uuid::new_v4().simple().to_string(),
        };
        Ok(format!("{local}@{domain}"))
    }

    /// Sends a mail under an id of [`Outbox::message_id`]; answers of its first recipient continue the conversation, if there is
    /// one. It is never sent again by itself.
    pub async fn deliver(
        &self,
        letter: Letter,
        message_id: String,
        conversation_id: Option<&str>,
    ) -> Result<Delivered> {
        let mailer = self.mailer(letter.provider.as_deref())?;
        let customer = letter.to.first().map(Mailbox::key).unwrap_or_default();
        let place = conversation_id.map(|conversation_id| Place {
            conversation_id: conversation_id.to_owned(),
            subject: letter.subject.clone(),
            references: letter.references.clone(),
            ours: true,
        });
        if let Some(place) = &place {
            self.threads.note(&message_id, &customer, place.clone()).await?;
        }
        let mail = Mail {
            to: letter.to,
            subject: letter.subject,
            text: letter.text,
            html: letter.html,
            attachments: letter.attachments,
            message_id: message_id.clone(),
            in_reply_to: letter.in_reply_to,
            references: letter.references,
            automatic: letter.automatic,
            tag: letter.tag.or_else(|| mailer.sender().tag.clone()),
        };
        let provider_id = mailer.send(&mail).await?;
        if let (Some(id), Some(place)) = (&provider_id, place) {
            // Answers name this one where the provider replaced ours. That it is not noted is no reason to say that the mail
            // was not sent.
            let _ = self.threads.note(id, &customer, place).await;
        }
        Ok(Delivered { message_id, provider_id })
    }
}

/// The letter that answers a known mail.
pub fn answer_to(message_id: &str, known: &Known) -> Letter {
    Letter {
        subject: reply_subject(&known.place.subject),
        in_reply_to: Some(message_id.to_owned()),
        references: crate::mail::threads::references_after(&known.place.references, message_id),
        ..Letter::default()
    }
}

/// `Re: …`, once.
pub fn reply_subject(subject: &str) -> String {
    let mut bare = subject.trim();
    while bare.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:")) {
        bare = bare[3..].trim_start();
    }
    if bare.is_empty() { "Re: your message".to_owned() } else { format!("Re: {bare}") }
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_of_answers_say_re_once() {
        assert_eq!(reply_subject(" RE: re: Hello"), "Re: Hello");
        assert_eq!(reply_subject("Ré: x"), "Re: Ré: x");
        assert_eq!(reply_subject("Re:"), "Re: your message");
    }
}
