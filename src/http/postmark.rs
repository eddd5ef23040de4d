//! Postmark's REST API: sends mails.

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::http::provider::{Action, Provider};
use crate::http::{Body, HttpClient, HttpRequest, Patience, Repeat};
use crate::mail::{Mail, Mailbox, Mailer, Sender};

const BASE_URL: &str = "https://api.postmarkapp.com";
const SEND: Action = Action { name: "send an e-mail", repeat: Repeat::Harmful };
const LOOK: Action = Action { name: "look up the server", repeat: Repeat::Harmless };

const PROVIDER: Provider = Provider {
    name: "Postmark",
    credentials: "`providers.email.postmark.apiKey`",
    base_url_option: "providers.email.postmark.baseUrl",
    advice,
    code_field: "ErrorCode",
};

/// A server of Postmark's, and how to get in.
#[derive(Debug, Clone)]
pub struct PostmarkServer {
    /// The server's API token.
    pub api_key: SecretString,
    /// In whose name it sends.
    pub sender: Sender,
    /// The message stream; Postmark's default is `outbound`.
    pub message_stream: Option<String>,
    /// Another address than `https://api.postmarkapp.com`: a test.
    pub base_url: Option<String>,
}

/// A client of one server. No mail is sent twice: see [`Repeat`].
pub struct Postmark {
    client: HttpClient,
    /// Where mails are sent.
    url: Url,
    /// What says what the token is for.
    server: Url,
    headers: HeaderMap,
    sender: Sender,
    message_stream: Option<String>,
}

impl Postmark {
    /// Checks the settings; nothing is sent yet.
    ///
    /// Fails with `INVALID_CONFIG` when one cannot be used.
    pub fn new(server: PostmarkServer, patience: Patience) -> Result<Self> {
        let mut token = Some(server.api_key.expose_secret().trim())
            .filter(|token| !token.is_empty())
            .and_then(|token| HeaderValue::from_str(token).ok())
            .ok_or_else(|| {
                Error::config("providers.email.postmark.apiKey", "must be the token of a Postmark server")
            })?;
        token.set_sensitive(true);
        let base = PROVIDER.base_url(server.base_url.as_deref(), BASE_URL)?;
        let beneath = |path| {
            let mut url = base.clone();
            url.path_segments_mut()
                .map_err(|()| Error::config(PROVIDER.base_url_option, "must be a URL like https://host"))?
                .pop_if_empty()
                .push(path);
            Ok::<_, Error>(url)
        };
        let (url, its_server) = (beneath("email")?, beneath("server")?);
        let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        headers.insert("x-postmark-server-token", token);
        let (sender, message_stream) = (server.sender, server.message_stream);
        let client = HttpClient::for_deliveries(patience);
        Ok(Self { client, url, server: its_server, headers, sender, message_stream })
    }
}

#[async_trait]
impl Mailer for Postmark {
    fn sender(&self) -> &Sender {
        &self.sender
    }

    async fn send(&self, mail: &Mail) -> Result<Option<String>> {
        let email = Email::new(mail, &self.sender, self.message_stream.as_deref());
        let json = serde_json::to_vec(&email).map_err(|error| Error::Internal(error.to_string()))?;
        let request = HttpRequest {
            method: Method::POST,
            url: &self.url,
            headers: &self.headers,
            body: Body::Json(&json),
            repeat: SEND.repeat,
        };
        let outcome = self.client.send(request).await;
        let sent: Accepted = PROVIDER.answer(&self.client, &self.url, SEND, outcome)?;
        Ok(Some(sent.message_id))
    }

    async fn check(&self) -> Result<()> {
        let request = HttpRequest {
            method: Method::GET,
            url: &self.server,
            headers: &self.headers,
            body: Body::Empty,
            repeat: LOOK.repeat,
        };
        let outcome = self.client.send_once(request).await;
        PROVIDER.answer::<serde::de::IgnoredAny>(&self.client, &self.server, LOOK, outcome).map(drop)
    }
}

/// A mail, as Postmark takes it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Email<'a> {
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
    attachments: Vec<File<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct File<'a> {
    name: &'a str,
    content: String,
    content_type: &'a str,
    #[serde(rename = "ContentID", skip_serializing_if = "Option::is_none")]
    content_id: Option<String>,
}

#[derive(Deserialize)]
struct Accepted {
    #[serde(rename = "MessageID")]
    message_id: String,
}

impl<'a> Email<'a> {
    fn new(mail: &'a Mail, sender: &Sender, message_stream: Option<&'a str>) -> Self {
        let mut headers = vec![
            Header { name: "Message-ID", value: format!("<{}>", mail.message_id) },
            // Without it Postmark gives the mail another id, by which its answers are not known.
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
        let attachments = mail.attachments.iter().map(|file| File {
            name: &file.name,
            content: BASE64_STANDARD.encode(&file.content),
            content_type: &file.content_type,
            content_id: file.content_id.as_ref().map(|id| format!("cid:{id}")),
        });
        Self {
            from: written(&sender.from),
            to: list(&mail.to),
            cc: Some(list(&sender.archive_cc)).filter(|cc| !cc.is_empty()),
            reply_to: sender.reply_to.as_ref().map(written),
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

fn list(mailboxes: &[Mailbox]) -> String {
    mailboxes.iter().map(written).collect::<Vec<_>>().join(", ")
}

fn written(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => {
            let name = name.replace(['"', '\\'], "'");
            format!("\"{name}\" <{}>", mailbox.address)
        }
        None => mailbox.address.clone(),
    }
}

/// What Postmark's error numbers mean.
fn advice(code: Option<u32>) -> &'static str {
    match code {
        Some(10) => {
            "check `providers.email.postmark.apiKey`; it is the token of a server, not of the account"
        }
        Some(300) => "an address or a field of the mail is not what Postmark accepts",
        Some(400) => {
            "`providers.email.postmark.fromEmail` is no sender signature of the account: add it at Postmark"
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
    use crate::http::testing::{Answer, Server, reply};
    use serde_json::json;
    use std::time::Duration;

    fn client(url: &str) -> Postmark {
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
        let patience = Patience {
            timeout: Duration::from_millis(300),
            retries: 2,
            first_delay: Duration::from_millis(1),
        };
        Postmark::new(server, patience).unwrap()
    }

    fn mail() -> Mail {
        Mail {
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
    async fn a_mail_is_posted_with_its_thread() {
        let server = Server::start(vec![reply(200, json!({ "MessageID": "pm-1", "ErrorCode": 0 }))]).await;
        assert_eq!(client(&server.url).send(&mail()).await.unwrap().as_deref(), Some("pm-1"));
        let asked = server.asked();
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
    async fn what_may_have_gone_out_is_not_sent_again() {
        for answer in [reply(500, "{}"), Answer::HangUp, Answer::Silence, reply(200, "<html>")] {
            let server = Server::start(vec![answer]).await;
            let error = client(&server.url).send(&mail()).await.unwrap_err();
            assert_eq!((error.code(), server.asked().len()), ("PROVIDER_OUTCOME_UNKNOWN", 1));
        }
    }

    #[tokio::test]
    async fn refusals_say_what_to_do_and_nothing_of_the_mail() {
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
