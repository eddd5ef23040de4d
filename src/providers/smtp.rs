//! An e-mail transport over SMTP, with one connection per e-mail.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Body, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use crate::email::relay_ids::{ids_in_reply, thread_anchor};
use crate::email::{Attachment, EmailMessage, EmailTransport, Mailbox, SendReceipt, Sender};
use crate::error::{Cause, Error, Result};
use crate::tls::extra_authorities;

const PROVIDER: &str = "SMTP";
const ACTION: &str = "send an e-mail";
const CREDENTIALS: &str = "`providers.email.smtp.user` and `password`";
/// Postmark's host. It replaces the `Message-ID` unless a header forbids it.
const POSTMARK_HOST: &str = "postmarkapp.com";
/// Time limit until the server is ready for an e-mail, 60 s. lettre itself waits for each response
/// without a limit.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(60);
/// Time limit for transferring an e-mail, 300 s, including attachments and the server's checks.
const SEND_TIMEOUT: Duration = Duration::from_secs(300);
/// Time limit for closing a connection, 5 s.
const QUIT_TIMEOUT: Duration = Duration::from_secs(5);

/// An SMTP server and its credentials.
#[derive(Debug, Clone)]
pub struct SmtpServer {
    /// The host name. The server's certificate must match it.
    pub host: String,
    /// The port: 465, 587 or 25.
    pub port: u16,
    /// The encryption of the connection.
    pub encryption: Encryption,
    /// User and password.
    pub login: Option<(String, SecretString)>,
    /// A certificate authority as PEM, trusted in addition to those of the system.
    pub ca: Option<String>,
    /// The sender identity.
    pub sender: Sender,
}

/// The encryption of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte, as on port 465.
    Implicit,
    /// STARTTLS, which is required: without it nothing is sent.
    StartTls,
    /// No encryption, for test servers and servers on the same machine.
    None,
}

/// A client for one server.
pub struct SmtpTransport {
    server: SmtpServer,
    ca: Option<Certificate>,
    login_timeout: Duration,
    send_timeout: Duration,
}

impl SmtpTransport {
    /// Creates a client. Does not connect yet.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_CONFIG` if `ca` is not a certificate.
    pub fn new(server: SmtpServer) -> Result<Self> {
        let read = |pem: &String| {
            // `from_pem` accepts text without any certificate as an empty list.
            let first = CertificateDer::from_pem_slice(pem.as_bytes());
            first
                .ok()
                .and_then(|_| Certificate::from_pem(pem.as_bytes()).ok())
                .ok_or_else(|| Error::config("providers.email.smtp.ca", "must be a certificate as PEM text"))
        };
        let ca = server.ca.as_ref().map(read).transpose()?;
        Ok(Self { server, ca, login_timeout: LOGIN_TIMEOUT, send_timeout: SEND_TIMEOUT })
    }

    fn tls(&self) -> Result<TlsParameters> {
        // Fails when the process has chosen a crypto provider already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = TlsParameters::builder(self.server.host.clone());
        let extra = extra_authorities().certificates.iter();
        // Each certificate was parsed before.
        let extra = extra.filter_map(|certificate| Certificate::from_der(certificate.to_vec()).ok());
        let authorities = self.ca.iter().cloned().chain(extra);
        let builder = authorities.fold(builder, TlsParametersBuilder::add_root_certificate);
        builder.build().map_err(|error| self.unavailable("no TLS", error))
    }

    /// Returns a connection that is ready for an e-mail, within the time limit. If it fails,
    /// nothing was sent.
    async fn connect(&self) -> Result<AsyncSmtpConnection> {
        timeout(self.login_timeout, self.log_in())
            .await
            .unwrap_or_else(|_| Err(self.unavailable_because("it did not respond in time", None)))
    }

    async fn log_in(&self) -> Result<AsyncSmtpConnection> {
        let SmtpServer { host, port, encryption, login, sender, .. } = &self.server;
        let hello = ClientId::Domain(sender.from.domain().to_owned());
        let implicit = (*encryption == Encryption::Implicit).then(|| self.tls()).transpose()?;
        let connecting = AsyncSmtpConnection::connect_tokio1(
            (host.as_str(), *port),
            Some(self.login_timeout),
            &hello,
            implicit,
            None,
        );
        let mut connection = connecting.await.map_err(|error| self.unavailable("no connection", error))?;
        if *encryption == Encryption::StartTls {
            connection
                .starttls(self.tls()?, &hello)
                .await
                .map_err(|error| self.unavailable("no encryption by STARTTLS", error))?;
        }
        if let Some((user, password)) = login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let logged_in = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
            logged_in.map_err(|error| match error.status().map(u16::from) {
                Some(status @ 500..) => {
                    let options = CREDENTIALS;
                    Error::ProviderAuthenticationFailed {
                        provider: PROVIDER,
                        status,
                        options,
                        provider_message: None,
                    }
                }
                _ => self.unavailable("no login", error),
            })?;
        }
        Ok(connection)
    }

    fn unavailable(&self, reason: &str, error: lettre::transport::smtp::Error) -> Error {
        // A server's reply may quote addresses.
        let cause: Option<Cause> = if error.status().is_some() { None } else { Some(Arc::new(error)) };
        self.unavailable_because(reason, cause)
    }

    fn unavailable_because(&self, reason: &str, cause: Option<Cause>) -> Error {
        Error::ProviderUnavailable {
            provider: PROVIDER,
            host: format!("{}:{}", self.server.host, self.server.port),
            reason: reason.to_owned(),
            attempts: 1,
            cause,
        }
    }
}

#[async_trait]
impl EmailTransport for SmtpTransport {
    fn sender(&self) -> &Sender {
        &self.server.sender
    }

    async fn check(&self) -> Result<()> {
        quit(self.connect().await?).await;
        Ok(())
    }

    async fn send(&self, mail: &EmailMessage) -> Result<SendReceipt> {
        let (envelope, message) = to_mime(mail, &self.server)?;
        let mut connection = self.connect().await?;
        let Ok(sent) = timeout(self.send_timeout, connection.send(&envelope, &message)).await else {
            return Err(outcome_unknown("the server did not respond in time", None));
        };
        quit(connection).await;
        match sent {
            Ok(reply) => Ok(SendReceipt {
                provider_id: None,
                alternative_ids: ids_in_reply(reply.message(), &mail.message_id),
            }),
            // The server itself reports that it did not accept the e-mail.
            Err(error) => Err(match error.status().map(u16::from) {
                // A temporary failure: the server is busy or greylists.
                Some(status @ ..500) => self.unavailable(&format!("reply {status}"), error),
                Some(status) => Error::ProviderRejected {
                    provider: PROVIDER,
                    action: ACTION,
                    status,
                    provider_code: None,
                    advice: advice(status),
                    // A server's reply may quote addresses.
                    provider_message: None,
                },
                None => outcome_unknown("the connection was lost", Some(Arc::new(error))),
            }),
        }
    }
}

/// Closes a connection. The server's reply does not matter.
async fn quit(mut connection: AsyncSmtpConnection) {
    let _ = timeout(QUIT_TIMEOUT, connection.abort()).await;
}

fn outcome_unknown(reason: &str, cause: Option<Cause>) -> Error {
    Error::ProviderOutcomeUnknown { provider: PROVIDER, action: ACTION, reason: reason.to_owned(), cause }
}

/// Returns the fix for a reply code (RFC 5321).
fn advice(status: u16) -> &'static str {
    match status {
        530 | 535 => "the server wants a login: give `providers.email.smtp.user` and `password`",
        550 | 551 | 553 => "a recipient, or `providers.email.smtp.fromEmail`, is not accepted by the server",
        552 => "the mail is too large for the server",
        554 => "the server classified it as spam, or does not relay for this sender",
        _ => "look the code up in the server's documentation",
    }
}

/// Creates the envelope and the MIME message.
fn to_mime(mail: &EmailMessage, server: &SmtpServer) -> Result<(Envelope, Vec<u8>)> {
    let sender = &server.sender;
    let mut builder = Message::builder()
        .from(mailbox(&sender.from)?)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}>", mail.message_id)));
    let mut recipients = Vec::with_capacity(mail.to.len() + sender.archive_cc.len());
    for to in &mail.to {
        let to = mailbox(to)?;
        recipients.push(to.email.clone());
        builder = builder.to(to);
    }
    for cc in &sender.archive_cc {
        let cc = mailbox(cc)?;
        recipients.push(cc.email.clone());
        builder = builder.cc(cc);
    }
    // lettre does not parse quoted addresses back from the headers.
    let envelope =
        Envelope::new(Some(mailbox(&sender.from)?.email), recipients).map_err(invalid_recipient)?;
    builder = builder.envelope(envelope);
    if let Some(reply_to) = &sender.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    if let Some(id) = &mail.in_reply_to {
        builder = builder.in_reply_to(format!("<{id}>"));
    }
    let ids: Vec<String> = match mail.references.as_slice() {
        // Replies pass it on, even those to an e-mail whose id was replaced by a relay.
        [] => thread_anchor(&mail.message_id).into_iter().collect(),
        references => references.to_vec(),
    };
    if !ids.is_empty() {
        let ids: Vec<String> = ids.iter().map(|id| format!("<{id}>")).collect();
        builder = builder.references(ids.join(" "));
    }
    if server.host.to_lowercase().ends_with(POSTMARK_HOST) {
        let name = HeaderName::new_from_ascii_str("X-PM-KeepID");
        builder = builder.raw_header(HeaderValue::new(name, "true".to_owned()));
    }
    if let Some(value) = mail.auto_submitted() {
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        builder = builder.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    let text = || SinglePart::plain(mail.text.clone());
    let body = match &mail.html {
        Some(html) => Err(MultiPart::alternative_plain_html(mail.text.clone(), html.clone())),
        None => Ok(text()),
    };
    let message = match (body, mail.attachments.is_empty()) {
        (Ok(text), true) => builder.singlepart(text),
        (Err(both), true) => builder.multipart(both),
        (body, false) => {
            let mixed = match body {
                Ok(text) => MultiPart::mixed().singlepart(text),
                Err(both) => MultiPart::mixed().multipart(both),
            };
            let whole = mail
                .attachments
                .iter()
                .try_fold(mixed, |mixed, file| Ok::<_, Error>(mixed.singlepart(part(file)?)))?;
            builder.multipart(whole)
        }
    };
    let message = message.map_err(invalid_recipient)?;
    Ok((message.envelope().clone(), message.formatted()))
}

fn part(file: &Attachment) -> Result<SinglePart> {
    let kind = ContentType::parse(&file.content_type)
        .map_err(|_| Error::argument("attachments", "have a contentType that is not a MIME type"))?;
    let part = match &file.content_id {
        Some(id) => Part::new_inline_with_name(id.clone(), file.name.clone()),
        None => Part::new(file.name.clone()),
    };
    let body = Body::new_with_encoding(file.content.clone(), ContentTransferEncoding::Base64)
        .map_err(|_| Error::Internal("base64 encodes everything".into()))?;
    Ok(part.body(body, kind))
}

fn mailbox(mailbox: &Mailbox) -> Result<lettre::message::Mailbox> {
    let address: Address = mailbox.quoted_address().parse().map_err(invalid_recipient)?;
    Ok(lettre::message::Mailbox::new(mailbox.name.clone(), address))
}

fn invalid_recipient(error: impl std::fmt::Display) -> Error {
    Error::argument("to", format!("cannot be sent to over SMTP: {error}"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// Creates a client of a server that sends that many replies, its greeting included, and then
    /// falls silent.
    async fn silent_after(answers: usize) -> SmtpTransport {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        crate::task::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            let (commands, mut said) = socket.into_split();
            let mut commands = BufReader::new(commands).lines();
            for _ in 0..answers {
                said.write_all(b"250 ok\r\n").await.unwrap();
                commands.next_line().await.unwrap();
            }
            std::future::pending::<()>().await;
        });
        let from = Mailbox { name: None, address: "a@example.com".into() };
        let server = SmtpServer {
            host: "127.0.0.1".into(),
            port,
            encryption: Encryption::None,
            login: None,
            ca: None,
            sender: Sender { from, reply_to: None, archive_cc: Vec::new(), tag: None },
        };
        let limit = Duration::from_millis(200);
        SmtpTransport { login_timeout: limit, send_timeout: limit, ..SmtpTransport::new(server).unwrap() }
    }

    #[tokio::test]
    async fn times_out_when_the_server_falls_silent() {
        let mail = EmailMessage {
            to: vec![Mailbox { name: None, address: "b@example.com".into() }],
            subject: "Hello".into(),
            text: "Hello".into(),
            html: None,
            attachments: Vec::new(),
            message_id: "1@example.com".into(),
            in_reply_to: None,
            references: Vec::new(),
            automatic: false,
            tag: None,
        };
        for (answers, code) in [
            (0, "PROVIDER_UNAVAILABLE"),
            (1, "PROVIDER_UNAVAILABLE"),
            (2, "PROVIDER_OUTCOME_UNKNOWN"),
            (4, "PROVIDER_OUTCOME_UNKNOWN"),
        ] {
            let error = silent_after(answers).await.send(&mail).await.unwrap_err();
            assert_eq!(error.code(), code, "{answers}: {error}");
        }
    }
}
