//! E-mail: letters of the developer's own, and answers to what comes in, each once.

mod attachments;
mod compose;
mod inbound;

pub use compose::{EmailDraft, GenerateEmail, ReplyEmail};
pub use inbound::{EmailReceipt, InboundOptions};

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::agent::Agent;
use crate::audience::owner_fields;
use crate::channels::allowlist::{Allowlist, Identifiers};
use crate::channels::claims::Claims;
use crate::channels::common::Common;
use crate::channels::conversations::new_id;
use crate::channels::email::attachments::AttachmentRequest;
use crate::config::{EmailConfig, OneOrMany};
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::mail::address::is_one_line;
use crate::mail::outbox::{Letter, Outbox, answer_to};
use crate::mail::threads::bare_id;
use crate::mail::{MAX_MAIL_BYTES, MAX_RECIPIENTS, MAX_SUBJECT_CHARS, Mailbox};
use crate::memory::{Memory, MemoryType, check_id, now};
use crate::message::{Channel, Role};
use crate::tools::runner::clean_text;

/// Mails of `sendBulk` on their way at once.
const BULK_AT_ONCE: usize = 10;
/// Most mails of one `sendBulk`.
const MAX_BULK: usize = 10_000;

/// Sends and answers e-mail.
pub struct EmailChannel {
    agent: Arc<Agent>,
    claims: Arc<Claims>,
    outbox: Arc<Outbox>,
    allowlist: Allowlist,
    settings: EmailConfig,
}

/// What `email.send` takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendEmail {
    /// To whom: one address or several; the first is whose conversation it belongs to.
    pub to: OneOrMany,
    /// One line.
    pub subject: Option<String>,
    /// The plain text.
    pub body: Option<String>,
    /// The same as HTML.
    pub html: Option<String>,
    /// Files.
    #[serde(default)]
    attachments: Option<Vec<AttachmentRequest>>,
    /// Kept with the mail in memory; nothing of it is sent.
    pub metadata: Option<Map<String, Value>>,
    /// The conversation it belongs to; that of the mail it answers, else a new one.
    pub conversation_id: Option<String>,
    /// The id of the mail it answers.
    pub in_reply_to: Option<String>,
    /// `postmark` or `smtp`.
    pub provider: Option<String>,
    /// The first is what the provider's statistics group it by.
    pub tags: Option<Vec<String>>,
    /// The same, as `sendBulk` calls it.
    pub tag: Option<String>,
}

/// A mail that was sent, or drafted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailSession {
    /// The id of the mail: what answers name, without angle brackets.
    pub id: String,
    /// The same; absent from a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The provider's own id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// The conversation it belongs to.
    pub conversation_id: String,
    /// To whom, as it was given.
    pub to: Value,
    /// From whom.
    pub from: String,
    /// One line.
    pub subject: String,
    /// Always `email`.
    pub channel: Channel,
    /// Always `outbound`.
    pub direction: &'static str,
    /// `sent`: the provider took it. `draft`: nothing was sent.
    pub status: &'static str,
    /// The mail it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// When; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::memory::timestamp::serialize")]
    pub started_at: DateTime<Utc>,
    /// What was given along, or the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
}

/// What `email.sendBulk` takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendBulk {
    emails: Vec<Value>,
    chunk_size: Option<usize>,
}

/// What became of one mail of many.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkResult {
    /// To whom, as it was given.
    pub to: Value,
    /// Whether the provider took it.
    pub success: bool,
    /// The id of the mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Why not, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why not, for programs. `PROVIDER_OUTCOME_UNKNOWN`: it may have gone out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

impl EmailChannel {
    /// A channel that sends through `outbox`.
    pub fn new(common: &Common, outbox: Arc<Outbox>, settings: EmailConfig) -> Self {
        let (agent, claims) = (Arc::clone(&common.agent), Arc::clone(&common.claims));
        let inbox = Arc::clone(claims.inbox());
        let allowlist = Allowlist::new(Identifiers::Addresses, common.database.clone(), inbox);
        Self { agent, claims, outbox, allowlist, settings }
    }

    /// Who is answered.
    pub fn allowlist(&self) -> &Allowlist {
        &self.allowlist
    }

    /// Whether there is somebody who carries answers.
    pub fn is_configured(&self) -> bool {
        self.outbox.can_send()
    }

    /// Sends a mail and remembers it.
    ///
    /// Fails with `INVALID_ARGUMENT`, and then nothing was sent or kept; with `PROVIDER_OUTCOME_UNKNOWN` when it may have gone
    /// out; with another `PROVIDER_…` when it has not.
    pub async fn send(&self, request: SendEmail) -> Result<EmailSession> {
        let to = to_value(&request.to);
        let metadata = request.metadata.clone();
        let given = request.conversation_id.clone();
        if let Some(id) = &given {
            check_id("conversationId", id).map_err(|reason| Error::argument("conversationId", reason))?;
        }
        let (letter, thread) = self.letter(request).await?;
        let message_id = self.outbox.message_id(&letter)?;
        let from = self.outbox.mailer(letter.provider.as_deref())?.sender().from.address.clone();

        let email = letter.to.first().map(Mailbox::key);
        let mut session = owner_fields(&Customer { email, ..Customer::default() });
        session.insert("emailId".to_owned(), json!(message_id));
        session.insert("from".to_owned(), json!(from));
        session.insert("to".to_owned(), to.clone());
        session.insert("subject".to_owned(), json!(letter.subject));
        if let Some(id) = &letter.in_reply_to {
            session.insert("inReplyTo".to_owned(), json!(id));
        }
        let conversation_id = match given.or(thread) {
            Some(id) => id,
            None => {
                let id = new_id();
                self.agent.memory().start_session(&id, Channel::Email, Some(session.clone())).await?;
                id
            }
        };
        session.insert("conversationId".to_owned(), json!(conversation_id));
        let sent =
            Sent { session, metadata: metadata.clone(), content: content(&letter), id: message_id.clone() };
        self.agent.memory().store(sent.memory("sending", None)).await?;

        let (subject, in_reply_to) = (letter.subject.clone(), letter.in_reply_to.clone());
        let delivered = match self.outbox.deliver(letter, message_id.clone(), Some(&conversation_id)).await {
            Ok(delivered) => delivered,
            Err(error) => {
                // What the provider did is what the caller must know, whatever becomes of the note.
                let _ = self.agent.memory().store(sent.failure(&error)).await;
                return Err(error);
            }
        };
        // The mail is out: that this cannot be noted is no reason to make the caller send it again.
        let _ = self.agent.memory().store(sent.memory("sent", delivered.provider_id.as_deref())).await;
        Ok(EmailSession {
            id: message_id.clone(),
            message_id: Some(message_id),
            provider_id: delivered.provider_id,
            conversation_id,
            to,
            from,
            subject,
            channel: Channel::Email,
            direction: "outbound",
            status: "sent",
            in_reply_to,
            started_at: now(),
            metadata,
        })
    }

    /// Sends many mails, some at a time, each once and in a conversation of its own; the results are in their order.
    pub async fn send_bulk(&self, request: SendBulk) -> Result<Vec<BulkResult>> {
        self.outbox.mailer(None)?;
        if request.emails.is_empty() || request.emails.len() > MAX_BULK {
            return Err(Error::argument("emails", format!("must be 1 to {MAX_BULK} e-mails")));
        }
        let at_once = request.chunk_size.unwrap_or(BULK_AT_ONCE).clamp(1, BULK_AT_ONCE);
        let sending = request.emails.into_iter().map(|email| async move {
            let to = email.get("to").cloned().unwrap_or_default();
            let read = serde_json::from_value(email)
                .map_err(|_| Error::argument("emails", "must be { to, subject, body } each"));
            let outcome = match read {
                Ok(email) => self.send(email).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(sent) => {
                    BulkResult { to, success: true, message_id: sent.message_id, error: None, code: None }
                }
                Err(error) => BulkResult {
                    to,
                    success: false,
                    message_id: None,
                    error: Some(error.to_string()),
                    code: Some(error.code()),
                },
            }
        });
        Ok(futures::stream::iter(sending).buffered(at_once).collect().await)
    }

    /// Checks a request; the letter, and the conversation of the mail it answers.
    async fn letter(&self, request: SendEmail) -> Result<(Letter, Option<String>)> {
        let to = recipients(request.to)?;
        let (mut letter, thread) = match request.in_reply_to.as_deref().map(bare_id) {
            None => (Letter::default(), None),
            Some(id) => {
                let known = self.outbox.threads().find(&id).await?.ok_or_else(|| {
                    Error::argument("inReplyTo", "is the id of no e-mail that was sent or received here")
                })?;
                let its_customer = to.first().is_some_and(|to| to.key() == known.customer);
                let conversation = its_customer.then(|| known.place.conversation_id.clone());
                (answer_to(&id, &known), conversation)
            }
        };
        if let Some(subject) = request.subject {
            letter.subject = subject;
        }
        letter.subject = subject(&letter.subject)?;
        letter.text = clean_text(request.body.unwrap_or_default());
        letter.html = request.html.filter(|html| !html.trim().is_empty()).map(clean_text);
        if letter.text.trim().is_empty() {
            if letter.html.is_none() {
                return Err(Error::argument("body", "is empty; say something"));
            }
            letter.text =
                mail_parser::decoders::html::html_to_text(letter.html.as_deref().unwrap_or_default());
        }
        letter.attachments = attachments::read(request.attachments.unwrap_or_default()).await?;
        letter.tag = request.tag.or_else(|| request.tags.and_then(|tags| tags.into_iter().next()));
        if letter.tag.as_ref().is_some_and(|tag| !is_one_line(tag) || tag.len() > 1000) {
            return Err(Error::argument("tags", "must be lines of at most 1000 bytes"));
        }
        letter.provider = request.provider;
        letter.to = to;
        let files: usize = letter.attachments.iter().map(|file| file.content.len()).sum();
        let size = letter.text.len() + letter.html.as_ref().map_or(0, String::len) + files;
        if size > MAX_MAIL_BYTES {
            return Err(Error::argument("body", "and attachments are larger than 10 MiB together"));
        }
        Ok((letter, thread))
    }
}

/// A mail of ours in memory, whatever becomes of it.
struct Sent {
    id: String,
    content: String,
    session: Map<String, Value>,
    metadata: Option<Map<String, Value>>,
}

impl Sent {
    fn memory(&self, status: &str, provider_id: Option<&str>) -> Memory {
        let mut metadata = self.metadata.clone().unwrap_or_default();
        metadata.insert("status".to_owned(), json!(status));
        if let Some(id) = provider_id {
            metadata.insert("providerId".to_owned(), json!(id));
        }
        Memory {
            id: memory_id(&self.id),
            importance: Some(5),
            channel: Some(Channel::Email),
            role: Some(Role::Assistant),
            session_metadata: Some(self.session.clone()),
            metadata: Some(Value::Object(metadata)),
            ..Memory::new(MemoryType::Conversation, self.content.clone())
        }
    }

    /// In the place of a mail that was not sent: nobody was told what it says.
    fn failure(&self, error: &Error) -> Memory {
        if matches!(error, Error::ProviderOutcomeUnknown { .. }) {
            return self.memory("unknown", None);
        }
        let memory = self.memory("failed", None);
        let mut metadata = memory.metadata.clone().unwrap_or_default();
        metadata["code"] = json!(error.code());
        metadata["body"] = json!(self.content);
        Memory {
            kind: MemoryType::Error,
            role: Some(Role::System),
            importance: Some(8),
            content: format!("The e-mail was not sent: {}", error.code()),
            metadata: Some(metadata),
            ..memory
        }
    }
}

/// The id of a mail's memory.
fn memory_id(message_id: &str) -> String {
    format!("email-{message_id}")
}

/// What the model and people read of a mail: an answer's subject says nothing new.
fn content(letter: &Letter) -> String {
    match letter.in_reply_to {
        Some(_) => letter.text.clone(),
        None => format!("Subject: {}\n\n{}", letter.subject, letter.text),
    }
}

fn to_value(to: &OneOrMany) -> Value {
    match to {
        OneOrMany::One(to) => json!(to),
        OneOrMany::Many(to) => json!(to),
    }
}

fn recipients(to: OneOrMany) -> Result<Vec<Mailbox>> {
    let to = to.into_vec();
    if to.is_empty() || to.len() > MAX_RECIPIENTS {
        return Err(Error::argument("to", format!("must be 1 to {MAX_RECIPIENTS} e-mail addresses")));
    }
    let read = |to: &String| {
        Mailbox::parse(to).ok_or_else(|| {
            Error::argument("to", "must be an e-mail address like ann@example.com, or an array of them")
        })
    };
    to.iter().map(read).collect()
}

fn subject(subject: &str) -> Result<String> {
    let subject = subject.trim();
    if subject.is_empty() {
        return Err(Error::argument("subject", "is empty"));
    }
    if !is_one_line(subject) || subject.chars().count() > MAX_SUBJECT_CHARS {
        return Err(Error::argument(
            "subject",
            format!("must be one line of at most {MAX_SUBJECT_CHARS} characters"),
        ));
    }
    Ok(subject.to_owned())
}
