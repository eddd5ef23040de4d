//! Sending of e-mails. Each e-mail's id is recorded before it is sent, so that even an immediate
//! reply finds its conversation.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::email::threads::{EmailThreads, KnownEmail, ThreadEntry};
use crate::email::{Attachment, EmailMessage, EmailTransport, Mailbox};
use crate::error::{Error, Result};
use crate::hex::to_hex;
use crate::inbox::Inbox;

/// A sender of e-mails over the configured transports.
pub struct EmailSender {
    transports: Vec<NamedTransport>,
    threads: EmailThreads,
}

/// A transport and its name in options: `postmark`, `smtp`.
pub type NamedTransport = (&'static str, Arc<dyn EmailTransport>);

/// An e-mail to send.
#[derive(Debug, Clone, Default)]
pub struct OutgoingEmail {
    /// The recipients. The first one is the customer whose conversation the e-mail belongs to.
    pub to: Vec<Mailbox>,
    /// The subject, one line.
    pub subject: String,
    /// The plain text body.
    pub text: String,
    /// The HTML body.
    pub html: Option<String>,
    /// The attachments.
    pub attachments: Vec<Attachment>,
    /// The `Message-ID` of the e-mail that this one answers.
    pub in_reply_to: Option<String>,
    /// The `Message-ID`s of the thread, oldest first.
    pub references: Vec<String>,
    /// The e-mail was generated automatically.
    pub automatic: bool,
    /// The tag by which statistics are grouped.
    pub tag: Option<String>,
    /// The seed of the `Message-ID`, for e-mails that must have a stable id. The id is random by
    /// default.
    pub id_seed: Option<String>,
    /// The name of the transport, the first configured one by default.
    pub provider: Option<String>,
}

/// An e-mail that the provider accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentEmail {
    /// The `Message-ID`, without angle brackets.
    pub message_id: String,
    /// The provider's id of the e-mail.
    pub provider_id: Option<String>,
}

impl EmailSender {
    /// Creates a sender over these transports, which records e-mails in `inbox`.
    pub fn new(transports: Vec<NamedTransport>, inbox: Arc<dyn Inbox>) -> Self {
        Self { transports, threads: EmailThreads::new(inbox) }
    }

    /// Returns the known e-mails.
    pub fn threads(&self) -> &EmailThreads {
        &self.threads
    }

    /// Returns `true` if an address is the `From` address of a transport.
    pub fn is_own(&self, address: &str) -> bool {
        self.transports.iter().any(|(_, transport)| transport.sender().from.key() == address)
    }

    /// Returns `true` if a transport is configured.
    pub fn can_send(&self) -> bool {
        !self.transports.is_empty()
    }

    /// Returns the transport of that name, or the first one.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` naming `provider` if no transport has that name, and with
    /// `PROVIDER_NOT_CONFIGURED` if none is configured.
    pub fn transport(&self, name: Option<&str>) -> Result<&Arc<dyn EmailTransport>> {
        let found = match name {
            None => self.transports.first(),
            Some(name) => self.transports.iter().find(|(known, _)| *known == name),
        };
        match (found, name) {
            (Some((_, transport)), _) => Ok(transport),
            (None, Some(_)) if self.can_send() => {
                let names: Vec<&str> = self.transports.iter().map(|(name, _)| *name).collect();
                Err(Error::argument(
                    "provider",
                    format!("must be a configured provider: {}", names.join(", ")),
                ))
            }
            _ => Err(Error::ProviderNotConfigured {
                provider: "E-mail",
                options: vec!["`providers.email.postmark`", "`providers.email.smtp`"],
            }),
        }
    }

    /// Returns the `Message-ID` for an e-mail.
    pub fn message_id(&self, outgoing: &OutgoingEmail) -> Result<String> {
        let domain = self.transport(outgoing.provider.as_deref())?.sender().from.domain().to_lowercase();
        let local = match &outgoing.id_seed {
            Some(id_seed) => to_hex(&Sha256::digest(id_seed)[..16]),
            None => uuid::Uuid::new_v4().simple().to_string(),
        };
        Ok(format!("{local}@{domain}"))
    }

    /// Sends an e-mail with an id of [`EmailSender::message_id`]. If a conversation is given,
    /// replies of the first recipient continue it. The e-mail is never sent again automatically.
    pub async fn send(
        &self,
        outgoing: OutgoingEmail,
        message_id: String,
        conversation_id: Option<&str>,
    ) -> Result<SentEmail> {
        let transport = self.transport(outgoing.provider.as_deref())?;
        let customer = outgoing.to.first().map(Mailbox::key).unwrap_or_default();
        let entry = conversation_id.map(|conversation_id| ThreadEntry {
            conversation_id: conversation_id.to_owned(),
            subject: outgoing.subject.clone(),
            references: outgoing.references.clone(),
            is_outbound: true,
        });
        if let Some(entry) = &entry {
            self.threads.record(&message_id, &customer, entry.clone()).await?;
        }
        let mail = EmailMessage {
            to: outgoing.to,
            subject: outgoing.subject,
            text: outgoing.text,
            html: outgoing.html,
            attachments: outgoing.attachments,
            message_id: message_id.clone(),
            in_reply_to: outgoing.in_reply_to,
            references: outgoing.references,
            automatic: outgoing.automatic,
            tag: outgoing.tag.or_else(|| transport.sender().tag.clone()),
        };
        let accepted = transport.send(&mail).await?;
        if let Some(entry) = entry {
            for id in &accepted.alternative_ids {
                // A failure to record the id does not mean that the e-mail was not sent.
                let _ = self.threads.record(id, &customer, entry.clone()).await;
            }
        }
        Ok(SentEmail { message_id, provider_id: accepted.provider_id })
    }
}

/// Creates the reply to a known e-mail.
pub fn reply_to(message_id: &str, known: &KnownEmail) -> OutgoingEmail {
    OutgoingEmail {
        subject: reply_subject(&known.entry.subject),
        in_reply_to: Some(message_id.to_owned()),
        references: crate::email::threads::references_after(&known.entry.references, message_id),
        ..OutgoingEmail::default()
    }
}

/// Returns the subject of a reply, with a single `Re:`.
pub fn reply_subject(subject: &str) -> String {
    let mut bare = subject.trim();
    while bare.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:")) {
        bare = bare[3..].trim_start();
    }
    if bare.is_empty() { "Re: your message".to_owned() } else { format!("Re: {bare}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_reply_subjects_once() {
        assert_eq!(reply_subject(" RE: re: Hello"), "Re: Hello");
        assert_eq!(reply_subject("Ré: x"), "Re: Ré: x");
        assert_eq!(reply_subject("Re:"), "Re: your message");
    }
}
