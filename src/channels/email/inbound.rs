//! Handling of inbound e-mail.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tracing::{error, info};

use crate::agent::TurnRequest;
use crate::channels::email::EmailChannel;
use crate::channels::shared::conversations::new_id;
use crate::database::EntryKind;
use crate::email::parse::{AttachmentInfo, InboundEmail};
use crate::email::sender::{OutgoingEmail, reply_to};
use crate::email::threads::{KnownEmail, ThreadEntry};
use crate::error::{Error, Result};
use crate::hex::to_hex;
use crate::inbox::idempotency::{ExecutionGuard, FinalReply, InboundMessage, Reply};
use crate::json;
use crate::tools::runner::replace_nul;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryType};
use crate::types::message::{Channel, Role};
use crate::types::visibility::owner_fields;

/// Maximum time that a webhook waits for the reply, 60 s. The work continues in the background.
const REPLY_TIMEOUT: Duration = Duration::from_secs(60);
const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::hours(24);
/// Maximum length of the model's input, in characters.
const MAX_INPUT_CHARS: usize = 20_000;
/// Maximum length of the stored original text, in characters.
const MAX_ORIGINAL_CHARS: usize = 50_000;
/// Maximum length of instructions for one reply, in characters.
const MAX_INSTRUCTION_CHARS: usize = 10_000;
/// Reply to the customer when the model fails.
const APOLOGY: &str =
    "Thank you for your e-mail. We can't answer it right now; somebody will get back to you.";

/// Options for handling an inbound mail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InboundOptions {
    /// `true` to answer the mail; default `channels.email.autoReply`.
    pub auto_reply: Option<bool>,
    /// Instructions for this reply, at most [`MAX_INSTRUCTION_CHARS`] characters.
    pub instructions: Option<String>,
}

/// The outcome of an inbound mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailReceipt {
    /// The conversation of the mail. Absent while the work takes longer than the webhook waits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation_id: Option<String>,
    /// The id of the mail, without angle brackets.
    pub email_id: String,
    /// `true` if a reply was sent, as far as is known.
    pub auto_replied: bool,
    /// The reason for not replying: `automatic`, `bulk`, `no_reply`, `own_message`, `spam`,
    /// `rate_limited`, `auto_reply_off`, `not_allowlisted`, `rejected`, `pending`; `unknown` if a
    /// reply may have been sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

impl EmailChannel {
    /// Stores a mail and answers it, once. A mail that was delivered before gets the same receipt.
    ///
    /// Fails with the error of the storage or mail provider if nothing was sent, so that the mail
    /// is delivered again.
    pub async fn receive(
        self: &std::sync::Arc<Self>,
        mail: InboundEmail,
        options: InboundOptions,
    ) -> Result<EmailReceipt> {
        let email_id = mail.message_id.clone();
        let wanted = options.auto_reply.unwrap_or(self.settings.auto_reply);
        let instructions = options.instructions.map(replace_nul).filter(|text| !text.trim().is_empty());
        if instructions.as_ref().is_some_and(|text| text.chars().count() > MAX_INSTRUCTION_CHARS) {
            let reason = format!("are longer than {MAX_INSTRUCTION_CHARS} characters");
            return Err(Error::argument("instructions", reason));
        }
        if wanted {
            self.email_sender.transport(None)?;
        }
        let sender = mail.from.key();
        // The key includes the sender, so that a forged mail cannot use up another sender's id.
        let inbound = InboundMessage {
            key: format!("email:{sender}:{email_id}"),
            kind: EntryKind::Email,
            customer: Some(sender.clone()),
        };
        let channel = std::sync::Arc::clone(self);
        let work =
            move |guard| async move { channel.answer(guard, mail, sender, wanted, instructions).await };
        match self.executor.execute(inbound, REPLY_TIMEOUT, work).await? {
            Reply::Answered(receipt) => serde_json::from_str(&receipt)
                .map_err(|error| Error::Internal(format!("a receipt is unreadable: {error}"))),
            Reply::Pending => Ok(EmailReceipt {
                conversation_id: None,
                email_id,
                auto_replied: false,
                reason: Some("pending".to_owned()),
            }),
        }
    }

    /// Answers a mail if `wanted`, following the developer's `instructions`.
    async fn answer(
        &self,
        guard: ExecutionGuard,
        mail: InboundEmail,
        sender: String,
        wanted: bool,
        instructions: Option<String>,
    ) -> Result<FinalReply> {
        let threads = self.email_sender.threads();
        let before = match threads.find_for_customer(&mail.references, &sender).await? {
            Some(known) => Some(known),
            None => self.legacy_conversations.thread(&mail, &sender).await?,
        };
        let entry = ThreadEntry {
            conversation_id: before.as_ref().map_or_else(new_id, |known| known.entry.conversation_id.clone()),
            subject: mail.subject.clone(),
            references: mail.references.clone(),
            is_outbound: false,
        };
        let known = threads.record(&mail.message_id, &sender, entry.clone()).await?;
        let own = known.entry.is_outbound || self.email_sender.is_own(&sender);
        // Another sender's mail has the same id, so this mail is stored without an id.
        let known =
            if known.customer == sender { known } else { KnownEmail { customer: sender.clone(), entry } };
        let conversation = known.entry.conversation_id.clone();
        let metadata = metadata(&mail);
        if before.is_none() {
            self.agent.memory().start_session(&conversation, Channel::Email, Some(metadata.clone())).await?;
        }

        let reason = if own {
            Some("own_message")
        } else if let Some(reason) = mail.auto_reply_block_reason() {
            Some(reason)
        } else if !wanted {
            Some("auto_reply_off")
        } else if !self.allowlist.allows(&sender).await? {
            Some("not_allowlisted")
        } else if !guard
            .is_within_limits(&[(HOUR, self.settings.max_per_hour), (DAY, self.settings.max_per_day)])
            .await?
        {
            Some("rate_limited")
        } else {
            None
        };
        let memory_id = memory_id(&sender, &mail.message_id);
        if let Some(reason) = reason {
            info!(conversation_id = conversation, reason, "E-mail not answered");
            self.keep(&mail, memory_id, metadata, &conversation).await?;
            return receipt(&mail, conversation, false, Some(reason));
        }
        let turn = TurnRequest {
            channel: Channel::Email,
            conversation_id: conversation,
            input: model_input(&mail),
            customer: Customer { email: Some(sender), ..Customer::default() },
            metadata: Some(metadata),
            call_sid: None,
            message_sid: None,
            memory_id: Some(memory_id.clone()),
            instructions,
            tool_options: crate::agent::ToolOptions::default(),
        };
        let conversation_id = turn.conversation_id.clone();
        let text = self.reply_text(&guard, turn, &memory_id).await.inspect_err(|error| {
            if !guard.requester_waits() {
                error!(conversation_id, code = error.code(), %error, "Answer not sent");
            }
        })?;
        self.send_answer(&guard, &mail, &known, text).await
    }

    /// Stores a mail that is not answered.
    async fn keep(
        &self,
        mail: &InboundEmail,
        id: String,
        metadata: Map<String, Value>,
        conversation_id: &str,
    ) -> Result<()> {
        let mut session = session(&metadata);
        session.extend(owner_fields(&Customer { email: Some(mail.from.key()), ..Customer::default() }));
        session.insert("conversationId".to_owned(), json!(conversation_id));
        let memory = Memory {
            id,
            importance: Some(5),
            channel: Some(Channel::Email),
            role: Some(Role::User),
            session_metadata: Some(session.into()),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::Conversation, model_input(mail))
        };
        self.agent.memory().store(memory).await
    }

    /// Returns the agent's reply, or the one stored before a crash.
    async fn reply_text(&self, guard: &ExecutionGuard, turn: TurnRequest, memory_id: &str) -> Result<String> {
        if guard.resumed
            && let Some(text) = self.agent.stored_answer(memory_id).await?
        {
            return Ok(text);
        }
        let conversation_id = turn.conversation_id.clone();
        match self.agent.turn(turn).await {
            Ok(outcome) => Ok(outcome.text),
            Err(error) if error.is_model_failure() => {
                error!(conversation_id, code = error.code(), %error, "A customer read an apology: the model failed");
                Ok(APOLOGY.to_owned())
            }
            Err(error) => Err(error),
        }
    }

    /// Sends the reply, once. After a crash in between, the outcome is unknown and stays so.
    async fn send_answer(
        &self,
        guard: &ExecutionGuard,
        mail: &InboundEmail,
        known: &KnownEmail,
        text: String,
    ) -> Result<FinalReply> {
        let conversation = known.entry.conversation_id.clone();
        // To the sender, never to a `Reply-To`: a forged mail must not redirect a customer's data.
        let outgoing = OutgoingEmail {
            to: vec![mail.from.clone()],
            text,
            automatic: true,
            id_seed: Some(format!("answer to {} {}", mail.from.key(), mail.message_id)),
            ..reply_to(&mail.message_id, known)
        };
        let message_id = self.email_sender.message_id(&outgoing)?;
        guard.mark_sending(&receipt(mail, conversation.clone(), true, Some("unknown"))?.text).await?;
        let delivered = self.email_sender.send(outgoing, message_id, Some(&conversation)).await;
        if let Err(error) = &delivered {
            error!(conversation_id = conversation, code = error.code(), %error, "Answer not sent");
        }
        match delivered {
            Ok(_) => receipt(mail, conversation, true, None),
            Err(error @ (Error::ProviderOutcomeUnknown { .. } | Error::ProviderRejected { .. })) => {
                self.note_failure(mail, &conversation, &error).await;
                let unknown = matches!(error, Error::ProviderOutcomeUnknown { .. });
                receipt(mail, conversation, unknown, Some(if unknown { "unknown" } else { "rejected" }))
            }
            Err(error) => {
                // Nothing was sent, and a retry may succeed, so the provider must deliver the mail
                // again.
                guard.revert_sending().await?;
                Err(error)
            }
        }
    }

    /// Records that a reply was not delivered, or perhaps not.
    async fn note_failure(&self, mail: &InboundEmail, conversation_id: &str, error: &Error) {
        let mut session = session(&metadata(mail));
        session.insert("conversationId".to_owned(), json!(conversation_id));
        let memory = Memory {
            importance: Some(8),
            channel: Some(Channel::Email),
            role: Some(Role::System),
            session_metadata: Some(session.into()),
            metadata: Some(json!({ "code": error.code(), "emailId": mail.message_id }).into()),
            ..Memory::new(
                MemoryType::Error,
                format!("The answer by e-mail was not delivered: {}", error.code()),
            )
        };
        let _ = self.agent.memory().store(memory).await;
    }
}

/// Returns the final receipt of a mail. A mail that was not answered does not count towards a
/// limit.
fn receipt(
    mail: &InboundEmail,
    conversation_id: String,
    auto_replied: bool,
    reason: Option<&str>,
) -> Result<FinalReply> {
    let receipt = EmailReceipt {
        conversation_id: Some(conversation_id),
        email_id: mail.message_id.clone(),
        auto_replied,
        reason: reason.map(str::to_owned),
    };
    let text = json::write(&receipt)?;
    Ok(FinalReply { text, rejected: !auto_replied })
}

/// Returns a memory id of bounded length, because senders choose message ids.
fn memory_id(sender: &str, message_id: &str) -> String {
    format!("email-{}", to_hex(&Sha256::digest(format!("{sender} {message_id}"))[..16]))
}

/// Returns the model's input for a mail: a new subject, the text, and notes on attachments.
fn model_input(mail: &InboundEmail) -> String {
    let mut model_input = String::new();
    if mail.references.is_empty() && !mail.subject.is_empty() {
        model_input.push_str(&format!("Subject: {}\n\n", mail.subject));
    }
    model_input.push_str(&cut(&mail.reply, MAX_INPUT_CHARS));
    for attached in &mail.attached_emails {
        model_input.push_str(&format!("\n\n{attached}"));
    }
    for event in &mail.events {
        model_input.push_str(&format!("\n\n[Calendar: {event}]"));
    }
    if !mail.attachments.is_empty() {
        let notes = mail.attachments.iter().map(describe_attachment);
        model_input.push_str(&format!("\n\n[Attachments: {}]", notes.collect::<Vec<_>>().join(", ")));
    }
    let model_input = model_input.trim();
    if model_input.is_empty() { "[An e-mail without text]".to_owned() } else { model_input.to_owned() }
}

/// Describes an attachment to the model.
fn describe_attachment(file: &AttachmentInfo) -> String {
    // Outlook's own format. It may contain text and files that other programs cannot read.
    let is_tnef = ["application/ms-tnef", "application/vnd.ms-tnef"]
        .contains(&file.content_type.to_lowercase().as_str())
        || file.name.eq_ignore_ascii_case("winmail.dat");
    let name = match file.name.as_str() {
        "" if is_tnef => "winmail.dat",
        "" => "unnamed",
        name => name,
    };
    let more = if is_tnef { "; Outlook's own format, whose content cannot be read here" } else { "" };
    format!("{name} ({}, {} bytes{more})", file.content_type, file.size)
}

fn metadata(mail: &InboundEmail) -> Map<String, Value> {
    let mut metadata = Map::new();
    metadata.insert("emailId".to_owned(), json!(mail.message_id));
    if let Some(id) = mail.references.last() {
        metadata.insert("inReplyTo".to_owned(), json!(id));
    }
    metadata.insert("from".to_owned(), json!(mail.from.address));
    metadata.insert("to".to_owned(), json!(mail.to.join(", ")));
    metadata.insert("subject".to_owned(), json!(mail.subject));
    if let Some(name) = &mail.from.name {
        metadata.insert("fromName".to_owned(), json!(name));
    }
    if !mail.attachments.is_empty() {
        metadata.insert("attachments".to_owned(), json!(mail.attachments));
    }
    if mail.reply != mail.text.trim() {
        metadata.insert("originalText".to_owned(), json!(cut(&mail.text, MAX_ORIGINAL_CHARS)));
    }
    metadata
}

/// Returns the metadata fields that identify a mail.
fn session(metadata: &Map<String, Value>) -> Map<String, Value> {
    let mut session = metadata.clone();
    session.retain(|key, _| ["emailId", "inReplyTo", "from", "to", "subject"].contains(&key.as_str()));
    session
}

/// Returns the first `chars` characters of a text.
fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{} […]", &text[..end]),
        None => text.to_owned(),
    }
}
