//! What becomes of a mail that comes in.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tracing::{error, info};

use crate::agent::TurnRequest;
use crate::audience::owner_fields;
use crate::channels::claims::{Answer, Held, Inbound, Reply};
use crate::channels::conversations::new_id;
use crate::channels::email::EmailChannel;
use crate::customer::Customer;
use crate::database::EntryKind;
use crate::error::{Error, Result};
use crate::mail::incoming::IncomingMail;
use crate::mail::outbox::{Letter, answer_to, hex};
use crate::mail::reply_text::reply_text;
use crate::mail::threads::{Known, Place};
use crate::memory::{Memory, MemoryType};
use crate::message::{Channel, Role};
use crate::output;
use crate::tools::runner::clean_text;

/// How long a webhook waits for the answer; the work goes on without it.
const PATIENCE: Duration = Duration::from_secs(60);
const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::hours(24);
/// Longest text the model is told, in characters.
const MAX_TOLD: usize = 20_000;
/// Longest original text that is kept beside it, in characters.
const MAX_ORIGINAL: usize = 50_000;
/// Longest instructions for one answer, in characters.
const MAX_INSTRUCTIONS: usize = 10_000;
/// What a customer reads when the model cannot answer.
const APOLOGY: &str =
    "Thank you for your e-mail. We can't answer it right now; somebody will get back to you.";

/// How an incoming mail is to be treated.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InboundOptions {
    /// Whether it is answered; `channels.email.autoReply` unless given.
    pub auto_reply: Option<bool>,
    /// What the developer wants of this answer, at most [`MAX_INSTRUCTIONS`] characters.
    pub instructions: Option<String>,
}

/// What became of an incoming mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailReceipt {
    /// The conversation it belongs to; absent while it is worked on for longer than a webhook waits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation_id: Option<String>,
    /// Its id, without angle brackets.
    pub email_id: String,
    /// Whether an answer went out, as far as is known.
    pub auto_replied: bool,
    /// Why none did: `automatic`, `bulk`, `no_reply`, `own_message`, `spam`, `rate_limited`, `auto_reply_off`, `not_allowlisted`,
    /// `rejected`, `pending`;
    /// `unknown` where one may have.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

impl EmailChannel {
    /// Keeps a mail and answers it, once; a mail that was delivered before has the same receipt.
    ///
    /// Fails with what the storage or the mail provider fails with when nothing went out, so that it is delivered again.
    pub async fn receive(
        self: &std::sync::Arc<Self>,
        mail: IncomingMail,
        options: InboundOptions,
    ) -> Result<EmailReceipt> {
        let email_id = mail.message_id.clone();
        let wanted = options.auto_reply.unwrap_or(self.settings.auto_reply);
        let instructions = options.instructions.map(clean_text).filter(|text| !text.trim().is_empty());
        if instructions.as_ref().is_some_and(|text| text.chars().count() > MAX_INSTRUCTIONS) {
            let reason = format!("are longer than {MAX_INSTRUCTIONS} characters");
            return Err(Error::argument("instructions", reason));
        }
        if wanted {
            self.outbox.mailer(None)?;
        }
        let sender = mail.from.key();
        // With the sender, so that nobody can use up the id of somebody else's mail.
        let inbound = Inbound {
            key: format!("email:{sender}:{email_id}"),
            kind: EntryKind::Email,
            customer: Some(sender.clone()),
        };
        let channel = std::sync::Arc::clone(self);
        let work = move |held| async move { channel.answer(held, mail, sender, wanted, instructions).await };
        match self.claims.answer(inbound, PATIENCE, work).await? {
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

    /// Answers, where `wanted`, by the developer's `instructions` for this mail.
    async fn answer(
        &self,
        held: Held,
        mail: IncomingMail,
        sender: String,
        wanted: bool,
        instructions: Option<String>,
    ) -> Result<Answer> {
        let threads = self.outbox.threads();
        let before = threads.of_customer(&mail.references, &sender).await?;
        let place = Place {
            conversation_id: before.as_ref().map_or_else(new_id, |known| known.place.conversation_id.clone()),
            subject: mail.subject.clone(),
            references: mail.references.clone(),
            ours: false,
        };
        let known = threads.note(&mail.message_id, &sender, place.clone()).await?;
        let own = known.place.ours || self.outbox.is_own(&sender);
        // Somebody else's mail has the same id: then this one is known by no id.
        let known = if known.customer == sender { known } else { Known { customer: sender.clone(), place } };
        let conversation = known.place.conversation_id.clone();
        let metadata = metadata(&mail);
        if before.is_none() {
            self.agent.memory().start_session(&conversation, Channel::Email, Some(metadata.clone())).await?;
        }

        let reason = if own {
            Some("own_message")
        } else if let Some(reason) = mail.unanswerable() {
            Some(reason)
        } else if !wanted {
            Some("auto_reply_off")
        } else if !self.allowlist.welcomes(&sender).await? {
            Some("not_allowlisted")
        } else if !held.admit(&[(HOUR, self.settings.max_per_hour), (DAY, self.settings.max_per_day)]).await?
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
            input: told(&mail),
            customer: Customer { email: Some(sender), ..Customer::default() },
            metadata: Some(metadata),
            call_sid: None,
            message_sid: None,
            memory_id: Some(memory_id.clone()),
            instructions,
        };
        let words = self.words(&held, turn, &memory_id).await?;
        self.send_answer(&held, &mail, &known, words).await
    }

    /// Remembers a mail that is not answered.
    async fn keep(
        &self,
        mail: &IncomingMail,
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
            session_metadata: Some(session),
            metadata: Some(Value::Object(metadata)),
            ..Memory::new(MemoryType::Conversation, told(mail))
        };
        self.agent.memory().store(memory).await
    }

    /// What the agent says, or said before a crash.
    async fn words(&self, held: &Held, turn: TurnRequest, memory_id: &str) -> Result<String> {
        if held.resumed
            && let Some(words) = self.agent.answered(memory_id).await?
        {
            return Ok(words);
        }
        match self.agent.turn(turn).await {
            Ok(outcome) => Ok(outcome.text),
            Err(error) if error.is_of_model() => Ok(APOLOGY.to_owned()),
            Err(error) => Err(error),
        }
    }

    /// Sends the answer, once: after a crash in between, whether it went out is unknown and stays so.
    async fn send_answer(
        &self,
        held: &Held,
        mail: &IncomingMail,
        known: &Known,
        words: String,
    ) -> Result<Answer> {
        let conversation = known.place.conversation_id.clone();
        // To the sender, never to a `Reply-To`: a forged mail must not have a customer's data sent elsewhere.
        let letter = Letter {
            to: vec![mail.from.clone()],
            text: words,
            automatic: true,
            seed: Some(format!("answer to {} {}", mail.from.key(), mail.message_id)),
            ..answer_to(&mail.message_id, known)
        };
        let message_id = self.outbox.message_id(&letter)?;
        held.sending(&receipt(mail, conversation.clone(), true, Some("unknown"))?.text).await?;
        let delivered = self.outbox.deliver(letter, message_id, Some(&conversation)).await;
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
                // Nothing went out, and later it may: whoever delivered the mail is told to try again.
                held.not_sent().await?;
                Err(error)
            }
        }
    }

    /// Marks an answer that the customer has not, or perhaps not, got.
    async fn note_failure(&self, mail: &IncomingMail, conversation_id: &str, error: &Error) {
        let mut session = session(&metadata(mail));
        session.insert("conversationId".to_owned(), json!(conversation_id));
        let memory = Memory {
            importance: Some(8),
            channel: Some(Channel::Email),
            role: Some(Role::System),
            session_metadata: Some(session),
            metadata: Some(json!({ "code": error.code(), "emailId": mail.message_id })),
            ..Memory::new(
                MemoryType::Error,
                format!("The answer by e-mail was not delivered: {}", error.code()),
            )
        };
        let _ = self.agent.memory().store(memory).await;
    }
}

/// The final word on a mail. What was not answered counts towards no limit.
fn receipt(
    mail: &IncomingMail,
    conversation_id: String,
    auto_replied: bool,
    reason: Option<&str>,
) -> Result<Answer> {
    let receipt = EmailReceipt {
        conversation_id: Some(conversation_id),
        email_id: mail.message_id.clone(),
        auto_replied,
        reason: reason.map(str::to_owned),
    };
    let text = output::write(&receipt)?;
    Ok(Answer { text, refused: !auto_replied })
}

/// Of bounded length, whatever a sender calls a mail.
fn memory_id(sender: &str, message_id: &str) -> String {
    format!("email-{}", hex(&Sha256::digest(format!("{sender} {message_id}"))[..16]))
}

/// What the model is told of a mail: the subject where it is new, what was written, what came with it.
fn told(mail: &IncomingMail) -> String {
    let forwarded = ["fwd:", "fw:", "wg:"].iter().any(|start| mail.subject.to_lowercase().starts_with(start));
    let words = if forwarded { mail.text.trim().to_owned() } else { reply_text(&mail.text) };
    let mut told = String::new();
    if mail.references.is_empty() && !mail.subject.is_empty() {
        told.push_str(&format!("Subject: {}\n\n", mail.subject));
    }
    told.push_str(&cut(&words, MAX_TOLD));
    if !mail.attachments.is_empty() {
        let notes = mail
            .attachments
            .iter()
            .map(|file| format!("{} ({}, {} bytes)", file.name, file.content_type, file.size));
        told.push_str(&format!("\n\n[Attachments: {}]", notes.collect::<Vec<_>>().join(", ")));
    }
    let told = told.trim();
    if told.is_empty() { "[An e-mail without text]".to_owned() } else { told.to_owned() }
}

fn metadata(mail: &IncomingMail) -> Map<String, Value> {
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
    if reply_text(&mail.text) != mail.text.trim() {
        metadata.insert("originalText".to_owned(), json!(cut(&mail.text, MAX_ORIGINAL)));
    }
    metadata
}

/// What of the metadata says which mail it is.
fn session(metadata: &Map<String, Value>) -> Map<String, Value> {
    let mut session = metadata.clone();
    session.retain(|key, _| ["emailId", "inReplyTo", "from", "to", "subject"].contains(&key.as_str()));
    session
}

/// The beginning, of at most so many characters.
fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{} […]", &text[..end]),
        None => text.to_owned(),
    }
}
