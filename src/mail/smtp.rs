//! Sends mails over SMTP, one connection a mail.

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

use crate::error::{Cause, Error, Result};
use crate::mail::{Attachment, Mail, Mailbox, Mailer, Sender};

const PROVIDER: &str = "SMTP";
const ACTION: &str = "send an e-mail";
const CREDENTIALS: &str = "`providers.email.smtp.user` and `password`";
/// What it may take until the server is ready for a mail. lettre waits for every answer as long as it takes.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(60);
/// What handing over a mail may take, attachments and the server's checks included.
const SEND_TIMEOUT: Duration = Duration::from_secs(300);
/// What saying goodbye may take.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(5);

/// A server that takes mails.
#[derive(Debug, Clone)]
pub struct SmtpServer {
    /// Its name, which its certificate must have.
    pub host: String,
    /// 465, 587, 25.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Who logs in, and with what.
    pub login: Option<(String, SecretString)>,
    /// PEM of an authority that its certificate may be signed by, beside those of the system.
    pub ca: Option<String>,
    /// In whose name it sends.
    pub sender: Sender,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From its first byte on, as on port 465.
    Implicit,
    /// By STARTTLS, without which nothing is sent.
    StartTls,
    /// Not at all: for servers of tests, and of this machine.
    None,
}

/// A client of one server.
pub struct Smtp {
    server: SmtpServer,
    ca: Option<Certificate>,
    login_timeout: Duration,
    send_timeout: Duration,
}

impl Smtp {
    /// A client; nothing is connected yet.
    ///
    /// Fails with `INVALID_CONFIG` when `ca` is no certificate.
    pub fn new(server: SmtpServer) -> Result<Self> {
        let read = |pem: &String| {
            // Text without any certificate passes for a list of none.
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
        // Fails when the process has chosen a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = TlsParameters::builder(self.server.host.clone());
        let builder = self.ca.iter().cloned().fold(builder, TlsParametersBuilder::add_root_certificate);
        builder.build().map_err(|error| self.unavailable("no TLS", error))
    }

    /// A connection on which mails can be sent, in good time. Until then nothing was.
    async fn connect(&self) -> Result<AsyncSmtpConnection> {
        timeout(self.login_timeout, self.log_in())
            .await
            .unwrap_or_else(|_| Err(self.unavailable_because("it is too slow", None)))
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
                    Error::ProviderAuthenticationFailed { provider: PROVIDER, status, options: CREDENTIALS }
                }
                _ => self.unavailable("no login", error),
            })?;
        }
        Ok(connection)
    }

    fn unavailable(&self, reason: &str, error: lettre::transport::smtp::Error) -> Error {
        // What a server says may quote addresses.
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
impl Mailer for Smtp {
    fn sender(&self) -> &Sender {
        &self.server.sender
    }

    async fn check(&self) -> Result<()> {
        goodbye(self.connect().await?).await;
        Ok(())
    }

    async fn send(&self, mail: &Mail) -> Result<Option<String>> {
        let (envelope, message) = written(mail, &self.server.sender)?;
        let mut connection = self.connect().await?;
        let Ok(sent) = timeout(self.send_timeout, connection.send(&envelope, &message)).await else {
            return Err(outcome_unknown("the server is too slow", None));
        };
        goodbye(connection).await;
        match sent {
            Ok(_) => Ok(None),
            // The server's own word that it did not take the mail.
            Err(error) => Err(match error.status().map(u16::from) {
                // For now: busy, or it greylists.
                Some(status @ ..500) => self.unavailable(&format!("reply {status}"), error),
                Some(status) => Error::ProviderRejected {
                    provider: PROVIDER,
                    action: ACTION,
                    status,
                    provider_code: None,
                    advice: advice(status),
                },
                None => outcome_unknown("the connection broke", Some(Arc::new(error))),
            }),
        }
    }
}

/// Ends a connection. What the server says to it changes nothing.
async fn goodbye(mut connection: AsyncSmtpConnection) {
    let _ = timeout(GOODBYE_TIMEOUT, connection.abort()).await;
}

fn outcome_unknown(reason: &str, cause: Option<Cause>) -> Error {
    Error::ProviderOutcomeUnknown { provider: PROVIDER, action: ACTION, reason: reason.to_owned(), cause }
}

/// What reply codes mean (RFC 5321).
fn advice(status: u16) -> &'static str {
    match status {
        530 | 535 => "the server wants a login: give `providers.email.smtp.user` and `password`",
        550 | 551 | 553 => "a recipient, or `providers.email.smtp.fromEmail`, is not accepted by the server",
        552 => "the mail is too large for the server",
        554 => "the server takes it for spam, or does not relay for this sender",
        _ => "look the code up in the server's documentation",
    }
}

/// The envelope and the message, as they go over the line.
fn written(mail: &Mail, sender: &Sender) -> Result<(Envelope, Vec<u8>)> {
    let mut builder = Message::builder()
        .from(mailbox(&sender.from)?)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}>", mail.message_id)));
    for to in &mail.to {
        builder = builder.to(mailbox(to)?);
    }
    for cc in &sender.archive_cc {
        builder = builder.cc(mailbox(cc)?);
    }
    if let Some(reply_to) = &sender.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    if let Some(id) = &mail.in_reply_to {
        builder = builder.in_reply_to(format!("<{id}>"));
    }
    if !mail.references.is_empty() {
        let ids: Vec<String> = mail.references.iter().map(|id| format!("<{id}>")).collect();
        builder = builder.references(ids.join(" "));
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
    let message = message.map_err(unsendable)?;
    Ok((message.envelope().clone(), message.formatted()))
}

fn part(file: &Attachment) -> Result<SinglePart> {
    let kind = ContentType::parse(&file.content_type)
        .map_err(|_| Error::argument("attachments", "have a contentType that is no MIME type"))?;
    let part = match &file.content_id {
        Some(id) => Part::new_inline_with_name(id.clone(), file.name.clone()),
        None => Part::new(file.name.clone()),
    };
    let body = Body::new_with_encoding(file.content.clone(), ContentTransferEncoding::Base64)
        .map_err(|_| Error::Internal("base64 encodes everything".into()))?;
    Ok(part.body(body, kind))
}

fn mailbox(mailbox: &Mailbox) -> Result<lettre::message::Mailbox> {
    let address: Address = mailbox.address.parse().map_err(unsendable)?;
    Ok(lettre::message::Mailbox::new(mailbox.name.clone(), address))
}

fn unsendable(error: impl std::fmt::Display) -> Error {
    Error::argument("to", format!("cannot be sent to over SMTP: {error}"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// A client of a server that says so much, its greeting included, and then nothing more.
    async fn silent_after(answers: usize) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
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
        let patience = Duration::from_millis(200);
        Smtp { login_timeout: patience, send_timeout: patience, ..Smtp::new(server).unwrap() }
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_is_not_waited_for() {
        let mail = Mail {
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
