//! The e-mail channel: sends the developer's mails, and answers each inbound mail once.

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
use crate::channels::email::attachments::AttachmentRequest;
use crate::channels::shared::allowlist::{Allowlist, AllowlistKind};
use crate::channels::shared::context::ChannelContext;
use crate::channels::shared::conversations::new_id;
use crate::channels::shared::legacy_conversations::LegacyConversations;
use crate::config::{EmailConfig, OneOrMany};
use crate::email::address::is_one_line;
use crate::email::message_id::bare_id;
use crate::email::sender::{EmailSender, OutgoingEmail, reply_to};
use crate::email::{MAX_MAIL_BYTES, MAX_RECIPIENTS, MAX_SUBJECT_CHARS, Mailbox};
use crate::error::{Error, Result};
use crate::inbox::idempotency::IdempotentExecutor;
use crate::tools::runner::replace_nul;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryType, check_id, now};
use crate::types::message::{Channel, Role};
use crate::types::visibility::owner_fields;

/// Concurrent mails of one `sendBulk`.
const BULK_CONCURRENCY: usize = 10;
/// Maximum number of mails in one `sendBulk`.
const MAX_BULK: usize = 10_000;

/// The e-mail channel.
pub struct EmailChannel {
    agent: Arc<Agent>,
    executor: Arc<IdempotentExecutor>,
    email_sender: Arc<EmailSender>,
    allowlist: Allowlist,
    settings: EmailConfig,
    legacy_conversations: Arc<LegacyConversations>,
}

/// The request of `email.send`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendEmail {
    /// The recipients: one address or several. The conversation belongs to the first.
    pub to: OneOrMany,
    /// The subject, one line.
    pub subject: Option<String>,
    /// The plain text.
    pub body: Option<String>,
    /// The HTML version of the text.
    pub html: Option<String>,
    /// The attachments.
    #[serde(default)]
    attachments: Option<Vec<AttachmentRequest>>,
    /// Metadata, stored with the mail in memory and not sent.
    pub metadata: Option<Map<String, Value>>,
    /// The conversation. Default is that of the answered mail, otherwise a new one.
    pub conversation_id: Option<String>,
    /// The id of the mail to answer.
    pub in_reply_to: Option<String>,
    /// The mail provider: `postmark` or `smtp`.
    pub provider: Option<String>,
    /// Tags. The provider groups its statistics by the first.
    pub tags: Option<Vec<String>>,
    /// The tag, as `sendBulk` names it.
    pub tag: Option<String>,
}

/// A mail that was sent or drafted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailSession {
    /// The mail id that replies refer to, without angle brackets.
    pub id: String,
    /// The mail id again; absent for a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The provider's own id, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// The conversation.
    pub conversation_id: String,
    /// The recipients, as given.
    pub to: Value,
    /// The sender.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// Always `email`.
    pub channel: Channel,
    /// Always `outbound`.
    pub direction: &'static str,
    /// `sent` if the provider accepted the mail, `draft` if nothing was sent.
    pub status: &'static str,
    /// The id of the answered mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// The time; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub started_at: DateTime<Utc>,
    /// The metadata of the request, or the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
}

/// The request of `email.sendBulk`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendBulk {
    emails: Vec<Value>,
    chunk_size: Option<usize>,
}

/// The result of one mail of `sendBulk`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkResult {
    /// The recipients, as given.
    pub to: Value,
    /// `true` if the provider accepted the mail.
    pub success: bool,
    /// The mail id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The error message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The error code. With `PROVIDER_OUTCOME_UNKNOWN` the mail may have been sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

impl EmailChannel {
    /// Creates a channel that sends through `email_sender`.
    pub fn new(context: &ChannelContext, email_sender: Arc<EmailSender>, settings: EmailConfig) -> Self {
        let (agent, executor) = (Arc::clone(&context.agent), Arc::clone(&context.executor));
        let inbox = Arc::clone(executor.inbox());
        let allowlist = Allowlist::new(AllowlistKind::Addresses, context.database.clone(), inbox);
        Self {
            agent,
            executor,
            email_sender,
            allowlist,
            settings,
            legacy_conversations: Arc::clone(&context.legacy_conversations),
        }
    }

    /// Returns the allowlist.
    pub fn allowlist(&self) -> &Allowlist {
        &self.allowlist
    }

    /// Returns `true` if a mail provider is configured.
    pub fn is_configured(&self) -> bool {
        self.email_sender.can_send()
    }

    /// Sends a mail and stores it in memory.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if nothing was sent or stored, with `PROVIDER_OUTCOME_UNKNOWN`
    /// if the mail may have been sent, and with another `PROVIDER_…` code if it was not sent.
    pub async fn send(&self, request: SendEmail) -> Result<EmailSession> {
        let to = to_value(&request.to);
        let metadata = request.metadata.clone();
        let given = request.conversation_id.clone();
        if let Some(id) = &given {
            check_id("conversationId", id).map_err(|reason| Error::argument("conversationId", reason))?;
        }
        let (outgoing, thread) = self.outgoing(request).await?;
        let message_id = self.email_sender.message_id(&outgoing)?;
        let from = self.email_sender.transport(outgoing.provider.as_deref())?.sender().from.address.clone();

        let address = outgoing.to.first().map(Mailbox::key);
        let mut session = owner_fields(&Customer { email: address, ..Customer::default() });
        session.insert("emailId".to_owned(), json!(message_id));
        session.insert("from".to_owned(), json!(from));
        session.insert("to".to_owned(), to.clone());
        session.insert("subject".to_owned(), json!(outgoing.subject));
        if let Some(id) = &outgoing.in_reply_to {
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
        let sent = OutboundMemory {
            session,
            metadata: metadata.clone(),
            content: content(&outgoing),
            id: message_id.clone(),
        };
        self.agent.memory().store(sent.memory("sending", None)).await?;

        let (subject, in_reply_to) = (outgoing.subject.clone(), outgoing.in_reply_to.clone());
        let delivered =
            match self.email_sender.send(outgoing, message_id.clone(), Some(&conversation_id)).await {
                Ok(delivered) => delivered,
                Err(error) => {
                    // The caller needs the provider's error, even if the record of it fails.
                    let _ = self.agent.memory().store(sent.failed_memory(&error)).await;
                    return Err(error);
                }
            };
        // The mail is already sent, so an error here must not make the caller send it again.
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

    /// Sends many mails concurrently, each once and in its own conversation. The results are in
    /// request order.
    pub async fn send_bulk(&self, request: SendBulk) -> Result<Vec<BulkResult>> {
        self.email_sender.transport(None)?;
        if request.emails.is_empty() || request.emails.len() > MAX_BULK {
            return Err(Error::argument("emails", format!("must be 1 to {MAX_BULK} e-mails")));
        }
        let at_once = request.chunk_size.unwrap_or(BULK_CONCURRENCY).clamp(1, BULK_CONCURRENCY);
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

    /// Validates a request. Returns the mail, and the conversation of the mail it answers.
    async fn outgoing(&self, request: SendEmail) -> Result<(OutgoingEmail, Option<String>)> {
        let to = recipients(request.to)?;
        let (mut outgoing, thread) = match request.in_reply_to.as_deref().map(bare_id) {
            None => (OutgoingEmail::default(), None),
            Some(id) => {
                let known = self.email_sender.threads().find(&id).await?.ok_or_else(|| {
                    Error::argument("inReplyTo", "is not the id of an e-mail that was sent or received here")
                })?;
                let its_customer = to.first().is_some_and(|to| to.key() == known.customer);
                let conversation = its_customer.then(|| known.entry.conversation_id.clone());
                (reply_to(&id, &known), conversation)
            }
        };
        if let Some(subject) = request.subject {
            outgoing.subject = subject;
        }
        outgoing.subject = subject(&outgoing.subject)?;
        outgoing.text = replace_nul(request.body.unwrap_or_default());
        outgoing.html = request.html.filter(|html| !html.trim().is_empty()).map(replace_nul);
        if outgoing.text.trim().is_empty() {
            if outgoing.html.is_none() {
                return Err(Error::argument("body", "is empty; say something"));
            }
            outgoing.text =
                mail_parser::decoders::html::html_to_text(outgoing.html.as_deref().unwrap_or_default());
        }
        outgoing.attachments = attachments::read(request.attachments.unwrap_or_default()).await?;
        outgoing.tag = request.tag.or_else(|| request.tags.and_then(|tags| tags.into_iter().next()));
        if outgoing.tag.as_ref().is_some_and(|tag| !is_one_line(tag) || tag.len() > 1000) {
            return Err(Error::argument("tags", "must be lines of at most 1000 bytes"));
        }
        outgoing.provider = request.provider;
        outgoing.to = to;
        let files: usize = outgoing.attachments.iter().map(|file| file.content.len()).sum();
        let size = outgoing.text.len() + outgoing.html.as_ref().map_or(0, String::len) + files;
        if size > MAX_MAIL_BYTES {
            return Err(Error::argument("body", "and attachments are larger than 10 MiB together"));
        }
        Ok((outgoing, thread))
    }
}

/// The memory of an outbound mail, for any outcome.
struct OutboundMemory {
    id: String,
    content: String,
    session: Map<String, Value>,
    metadata: Option<Map<String, Value>>,
}

impl OutboundMemory {
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
            session_metadata: Some(self.session.clone().into()),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::Conversation, self.content.clone())
        }
    }

    /// Returns the memory of a mail that was not sent. It replaces the conversation memory, because
    /// nobody received the text.
    fn failed_memory(&self, error: &Error) -> Memory {
        if matches!(error, Error::ProviderOutcomeUnknown { .. }) {
            return self.memory("unknown", None);
        }
        let mut memory = self.memory("failed", None);
        memory.extend_metadata([
            ("code".to_owned(), json!(error.code())),
            ("body".to_owned(), json!(self.content)),
        ]);
        Memory {
            kind: MemoryType::Error,
            role: Some(Role::System),
            importance: Some(8),
            content: format!("The e-mail was not sent: {}", error.code()),
            ..memory
        }
    }
}

/// Returns the memory id of a mail.
fn memory_id(message_id: &str) -> String {
    format!("email-{message_id}")
}

/// Returns the text stored for a mail. A reply repeats the subject, so it is omitted.
fn content(outgoing: &OutgoingEmail) -> String {
    match outgoing.in_reply_to {
        Some(_) => outgoing.text.clone(),
        None => format!("Subject: {}\n\n{}", outgoing.subject, outgoing.text),
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
