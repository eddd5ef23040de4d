//! An e-mail transport over Postmark's REST API.

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::email::{EmailMessage, EmailTransport, Mailbox, SendReceipt, Sender};
use crate::error::{Error, Result};
use crate::http::{Body, HttpClient, HttpRequest, Idempotency, RetryConfig};
use crate::providers::rest_api::{Action, RestApi};

const BASE_URL: &str = "https://api.postmarkapp.com";
const SEND: Action = Action { name: "send an e-mail", idempotency: Idempotency::NotIdempotent };
const READ: Action = Action { name: "look up the server", idempotency: Idempotency::Idempotent };

const API: RestApi = RestApi {
    name: "Postmark",
    credentials: "`providers.email.postmark.apiKey`",
    base_url_option: "providers.email.postmark.baseUrl",
    advice,
    code_field: "ErrorCode",
};

/// A Postmark server and its credentials.
#[derive(Debug, Clone)]
pub struct PostmarkServer {
    /// The server's API token.
    pub api_key: SecretString,
    /// The sender identity.
    pub sender: Sender,
    /// The message stream, Postmark's default `outbound` if `None`.
    pub message_stream: Option<String>,
    /// A base URL other than `https://api.postmarkapp.com`: a test server.
    pub base_url: Option<String>,
}

/// A client for one server. No e-mail is sent twice: see [`Idempotency`].
pub struct PostmarkTransport {
    client: HttpClient,
    /// The endpoint that sends e-mails.
    url: Url,
    /// The endpoint that describes the server of the token.
    server: Url,
    headers: HeaderMap,
    sender: Sender,
    message_stream: Option<String>,
}

impl PostmarkTransport {
    /// Creates a client. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_CONFIG` if a setting is invalid.
    pub fn new(server: PostmarkServer, retry_config: RetryConfig) -> Result<Self> {
        let mut token = Some(server.api_key.expose_secret().trim())
            .filter(|token| !token.is_empty())
            .and_then(|token| HeaderValue::from_str(token).ok())
            .ok_or_else(|| {
                Error::config("providers.email.postmark.apiKey", "must be the token of a Postmark server")
            })?;
        token.set_sensitive(true);
        let base = API.base_url(server.base_url.as_deref(), BASE_URL)?;
        let endpoint = |path| {
            let mut url = base.clone();
            url.path_segments_mut()
                .map_err(|()| Error::config(API.base_url_option, "must be a URL like https://host"))?
                .pop_if_empty()
                .push(path);
            Ok::<_, Error>(url)
        };
        let (url, server_url) = (endpoint("email")?, endpoint("server")?);
        let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        headers.insert("x-postmark-server-token", token);
        let (sender, message_stream) = (server.sender, server.message_stream);
        let client = HttpClient::for_non_idempotent(retry_config);
        Ok(Self { client, url, server: server_url, headers, sender, message_stream })
    }
}

#[async_trait]
impl EmailTransport for PostmarkTransport {
    fn sender(&self) -> &Sender {
        &self.sender
    }

    async fn send(&self, mail: &EmailMessage) -> Result<SendReceipt> {
        let email = PostmarkEmail::new(mail, &self.sender, self.message_stream.as_deref());
        let json = serde_json::to_vec(&email).map_err(|error| Error::Internal(error.to_string()))?;
        let request = HttpRequest {
            method: Method::POST,
            url: &self.url,
            headers: &self.headers,
            body: Body::Json(&json),
            idempotency: SEND.idempotency,
        };
        let outcome = self.client.send(request).await;
        let sent: SendResponse = API.decode(&self.client, &self.url, SEND, outcome)?;
        let alternative_ids = vec![sent.message_id.clone()];
        Ok(SendReceipt { provider_id: Some(sent.message_id), alternative_ids })
    }

    async fn check(&self) -> Result<()> {
        let request = HttpRequest {
            method: Method::GET,
            url: &self.server,
            headers: &self.headers,
            body: Body::Empty,
            idempotency: READ.idempotency,
        };
        let outcome = self.client.send_once(request).await;
        API.decode::<serde::de::IgnoredAny>(&self.client, &self.server, READ, outcome).map(drop)
    }
}

/// An e-mail in Postmark's wire format.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PostmarkEmail<'a> {
    from: String,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    subject: &'a str,
    text_body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    html_body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_stream: Option<&'a str>,
    headers: Vec<Header>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<PostmarkAttachment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PostmarkAttachment<'a> {
    name: &'a str,
    content: String,
    content_type: &'a str,
    #[serde(rename = "ContentID", skip_serializing_if = "Option::is_none")]
    content_id: Option<String>,
}

#[derive(Deserialize)]
struct SendResponse {
    #[serde(rename = "MessageID")]
    message_id: String,
}

impl<'a> PostmarkEmail<'a> {
    fn new(mail: &'a EmailMessage, sender: &Sender, message_stream: Option<&'a str>) -> Self {
        let mut headers = vec![
            Header { name: "Message-ID", value: format!("<{}>", mail.message_id) },
            // Without this header, Postmark replaces the `Message-ID`, and replies would name an
            // unknown id.
            Header { name: "X-PM-KeepID", value: "true".to_owned() },
        ];
        if let Some(id) = &mail.in_reply_to {
            headers.push(Header { name: "In-Reply-To", value: format!("<{id}>") });
        }
        if !mail.references.is_empty() {
            let ids: Vec<String> = mail.references.iter().map(|id| format!("<{id}>")).collect();
            headers.push(Header { name: "References", value: ids.join(" ") });
        }
        if let Some(value) = mail.auto_submitted() {
            headers.push(Header { name: "Auto-Submitted", value: value.to_owned() });
        }
        let attachments = mail.attachments.iter().map(|file| PostmarkAttachment {
            name: &file.name,
            content: BASE64_STANDARD.encode(&file.content),
            content_type: &file.content_type,
            content_id: file.content_id.as_ref().map(|id| format!("cid:{id}")),
        });
        Self {
            from: format_mailbox(&sender.from),
            to: format_mailboxes(&mail.to),
            cc: Some(format_mailboxes(&sender.archive_cc)).filter(|cc| !cc.is_empty()),
            reply_to: sender.reply_to.as_ref().map(format_mailbox),
            subject: &mail.subject,
            text_body: &mail.text,
            html_body: mail.html.as_deref(),
            tag: mail.tag.as_deref(),
            message_stream,
            headers,
            attachments: attachments.collect(),
        }
    }
}

fn format_mailboxes(mailboxes: &[Mailbox]) -> String {
    mailboxes.iter().map(format_mailbox).collect::<Vec<_>>().join(", ")
}

fn format_mailbox(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => {
            let name = name.replace(['"', '\\'], "'");
            format!("\"{name}\" <{}>", mailbox.address)
        }
        None => mailbox.address.clone(),
    }
}

/// Returns the fix for an error code of Postmark.
fn advice(code: Option<u32>) -> &'static str {
    match code {
        Some(10) => {
            "check `providers.email.postmark.apiKey`; it is the token of a server, not of the account"
        }
        Some(300) => "an address or a field of the mail is not what Postmark accepts",
        Some(400) => {
            "`providers.email.postmark.fromEmail` is not a sender signature of the account: add it at Postmark"
        }
        Some(401) => "`providers.email.postmark.fromEmail` is not confirmed yet: confirm it at Postmark",
        Some(405) => "the account may not send: it is out of credits or not approved",
        Some(406) => "the recipient is inactive at Postmark after a bounce or complaint: reactivate it there",
        Some(412) => "the account is being approved: until then it sends to addresses of its own domain only",
        _ => "look the code up in Postmark's list of API error codes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::{ScriptedReply, Server, reply};
    use serde_json::json;
    use std::time::Duration;

    fn client(url: &str) -> PostmarkTransport {
        let sender = Sender {
            from: Mailbox::parse("Sarah \"S\" <sarah@acme.example>").unwrap(),
            reply_to: Mailbox::parse("office@acme.example"),
            archive_cc: vec![Mailbox::parse("archive@acme.example").unwrap()],
            tag: None,
        };
        let server = PostmarkServer {
            api_key: "token".into(),
            sender,
            message_stream: None,
            base_url: Some(url.to_owned()),
        };
        let retry_config = RetryConfig {
            timeout: Duration::from_millis(300),
            retries: 2,
            initial_backoff: Duration::from_millis(1),
        };
        PostmarkTransport::new(server, retry_config).unwrap()
    }

    fn mail() -> EmailMessage {
        EmailMessage {
            to: vec![Mailbox::parse("Ann <ann@example.com>").unwrap()],
            subject: "Re: Hi 👋".into(),
            text: "Hello".into(),
            html: None,
            attachments: Vec::new(),
            message_id: "2@acme.example".into(),
            in_reply_to: Some("1@example.com".into()),
            references: vec!["0@example.com".into(), "1@example.com".into()],
            automatic: true,
            tag: None,
        }
    }

    #[tokio::test]
    async fn posts_an_email_with_its_thread_headers() {
        let server = Server::start(vec![reply(200, json!({ "MessageID": "pm-1", "ErrorCode": 0 }))]).await;
        assert_eq!(client(&server.url).send(&mail()).await.unwrap().provider_id.as_deref(), Some("pm-1"));
        let asked = server.requests();
        assert!(asked[0].line.starts_with("POST /email HTTP"), "{}", asked[0].line);
        assert_eq!(asked[0].header("x-postmark-server-token"), Some("token"));
        assert_eq!(
            asked[0].body,
            json!({
                "From": "\"Sarah 'S'\" <sarah@acme.example>",
                "To": "\"Ann\" <ann@example.com>",
                "Cc": "archive@acme.example",
                "ReplyTo": "office@acme.example",
                "Subject": "Re: Hi 👋",
                "TextBody": "Hello",
                "Headers": [
                    { "Name": "Message-ID", "Value": "<2@acme.example>" },
                    { "Name": "X-PM-KeepID", "Value": "true" },
                    { "Name": "In-Reply-To", "Value": "<1@example.com>" },
                    { "Name": "References", "Value": "<0@example.com> <1@example.com>" },
                    { "Name": "Auto-Submitted", "Value": "auto-replied" },
                ],
            })
        );
    }

    #[tokio::test]
    async fn never_retries_an_email_with_an_unknown_outcome() {
        for answer in [reply(500, "{}"), ScriptedReply::HangUp, ScriptedReply::Silence, reply(200, "<html>")]
        {
            let server = Server::start(vec![answer]).await;
            let error = client(&server.url).send(&mail()).await.unwrap_err();
            assert_eq!((error.code(), server.requests().len()), ("PROVIDER_OUTCOME_UNKNOWN", 1));
        }
    }

    #[tokio::test]
    async fn explains_rejections_without_quoting_the_email() {
        let inactive = json!({ "ErrorCode": 406, "Message": "ann@example.com is inactive" });
        let server = Server::start(vec![reply(422, inactive)]).await;
        let error = client(&server.url).send(&mail()).await.unwrap_err();
        assert_eq!(error.code(), "PROVIDER_REJECTED");
        assert!(error.to_string().contains("406") && error.to_string().contains("reactivate"), "{error}");
        assert!(!error.to_string().contains("ann@"), "{error}");
        let server = Server::start(vec![reply(401, json!({ "ErrorCode": 10 }))]).await;
        let error = client(&server.url).send(&mail()).await.unwrap_err();
        assert_eq!(error.code(), "PROVIDER_AUTHENTICATION_FAILED");
    }
}
