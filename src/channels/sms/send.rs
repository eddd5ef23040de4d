//! Messages that the developer or the agent sends by itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::channels::sms::SmsChannel;
use crate::channels::twiml::MAX_MESSAGE_LENGTH;
use crate::channels::webhook::MessageStatusWebhook;
use crate::customer::normalize_phone;
use crate::error::{Error, Result};
use crate::http::twilio::{MessageSender, NewMessage};
use crate::memory::{MAX_ID_CHARS, Memory, MemoryQuery, MemoryType, now};
use crate::message::{Channel, Role};
use crate::tools::runner::{clean_text, storable};

/// What `sms.send` takes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SmsRequest {
    /// To whom.
    pub to: String,
    /// At most 1,600 characters; may be empty when there are pictures.
    pub body: String,
    /// From which number of the account; the configured one unless given.
    pub from: Option<String>,
    /// Public addresses of pictures.
    pub media_url: Option<Vec<String>>,
    /// Kept with the message.
    pub metadata: Option<Map<String, Value>>,
    /// The conversation it belongs to; the customer's unless given.
    pub conversation_id: Option<String>,
}

/// A message that was sent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SmsSession {
    /// `SM…`.
    pub id: String,
    /// The same.
    pub message_sid: String,
    /// The customer's conversation.
    pub conversation_id: String,
    /// E.164.
    pub to: String,
    /// E.164.
    pub from: String,
    /// What was written.
    pub body: String,
    /// `sms`.
    pub channel: Channel,
    /// `outbound`.
    pub direction: &'static str,
    /// `queued`, `sent`, …
    pub status: String,
    /// Now; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::memory::timestamp::serialize")]
    pub sent_at: DateTime<Utc>,
}

impl SmsChannel {
    /// Sends a message, and remembers it in the customer's conversation: before it goes out, and what became of it after.
    ///
    /// Fails with `INVALID_ARGUMENT`, `PROVIDER_NOT_CONFIGURED` or `RECIPIENT_OPTED_OUT` when nothing was sent, with what the
    /// storage fails with, and with what Twilio answers.
    pub async fn send(&self, request: SmsRequest) -> Result<SmsSession> {
        let to = self.phone("to", &request.to)?;
        let body = clean_text(request.body);
        let media_urls = request.media_url.unwrap_or_default();
        if body.trim().is_empty() && media_urls.is_empty() {
            return Err(Error::argument("body", "is empty; write something"));
        }
        if body.encode_utf16().count() > MAX_MESSAGE_LENGTH {
            return Err(Error::argument("body", "is longer than 1,600 characters; send several messages"));
        }
        let (twilio, number) = self.line.sender(self.twilio.as_deref(), &self.country)?;
        let from = match &request.from {
            Some(from) => self.phone("from", from)?,
            None => number,
        };
        if self.consent.is_refused(&to).await? {
            return Err(Error::RecipientOptedOut);
        }
        let conversation_id = self.conversation_of(request.conversation_id, &from, &to).await?;
        let mut memory = said(&conversation_id, &from, &to, &body, request.metadata);
        self.agent.memory().store(memory.clone()).await?;

        let message = NewMessage {
            to: to.clone(),
            from: MessageSender::Number(from.clone()),
            body: body.clone(),
            media_urls,
            status_callback: self.line.sms_status_url(),
        };
        let sent = match twilio.create_message(&message).await {
            Ok(sent) => sent,
            Err(error) => {
                self.unsent(memory, &error).await;
                return Err(error);
            }
        };
        note(&mut memory, &sent.status);
        let session = memory.session_metadata.get_or_insert_default();
        session.insert("messageSid".to_owned(), json!(sent.sid));
        // It is on its way: that its id could not be noted is no reason to have it sent again.
        let _ = self.agent.memory().store(memory).await;
        Ok(SmsSession {
            id: sent.sid.clone(),
            message_sid: sent.sid,
            conversation_id,
            to,
            from,
            body,
            channel: Channel::Sms,
            direction: "outbound",
            status: sent.status,
            sent_at: now(),
        })
    }

    /// Notes that a message of ours did not arrive. What did arrive needs no note.
    pub async fn delivered(&self, status: MessageStatusWebhook) -> Result<()> {
        if !matches!(status.message_status.as_str(), "failed" | "undelivered") {
            return Ok(());
        }
        let ours = MemoryQuery {
            session_metadata: Map::from_iter([("messageSid".to_owned(), json!(status.message_sid))]),
            role: Some(Role::Assistant),
            ..MemoryQuery::newest(1)
        };
        let Some(ours) = self.agent.memory().search(&ours).await?.into_iter().next() else { return Ok(()) };
        let code = status.error_code.map(|code| format!(" (code {code})")).unwrap_or_default();
        let memory = Memory {
            id: format!("sms-undelivered-{}", status.message_sid),
            role: Some(Role::System),
            importance: Some(8),
            channel: Some(Channel::Sms),
            session_metadata: ours.session_metadata,
            metadata: Some(json!({ "messageId": ours.id, "errorCode": status.error_code })),
            ..Memory::new(MemoryType::Error, format!("The message was not delivered{code}."))
        };
        self.agent.memory().store(memory).await
    }

    /// The customer's conversation on a number of ours, or the one that the developer names: answers then belong to it.
    async fn conversation_of(&self, given: Option<String>, from: &str, to: &str) -> Result<String> {
        match given {
            Some(id) => {
                if id.is_empty() || id.chars().count() > MAX_ID_CHARS || id.contains('\0') {
                    let reason = format!("must have 1 to {MAX_ID_CHARS} characters");
                    return Err(Error::argument("conversationId", reason));
                }
                self.conversations.join(&Channel::Sms, from, to, &id).await?;
                Ok(id)
            }
            None => {
                let metadata =
                    Map::from_iter([("from".to_owned(), json!(from)), ("to".to_owned(), json!(to))]);
                self.conversations.current(&Channel::Sms, from, to, self.silence(), &metadata).await
            }
        }
    }

    /// What was not sent was not said; what may have arrived is kept, and marked.
    async fn unsent(&self, mut memory: Memory, error: &Error) {
        let memories = self.agent.memory();
        let _ = match error {
            Error::ProviderOutcomeUnknown { .. } => {
                note(&mut memory, "unknown");
                memories.store(memory).await
            }
            _ => memories.delete(&memory.id).await,
        };
    }

    fn phone(&self, argument: &str, given: &str) -> Result<String> {
        normalize_phone(given, &self.country).ok_or_else(|| Error::phone(argument))
    }
}

/// The memory of a message that is about to be sent.
fn said(
    conversation_id: &str,
    from: &str,
    to: &str,
    body: &str,
    metadata: Option<Map<String, Value>>,
) -> Memory {
    let session = json!({ "conversationId": conversation_id, "from": from, "to": to });
    let mut metadata = metadata.unwrap_or_default();
    metadata.insert("status".to_owned(), json!("sending"));
    Memory {
        role: Some(Role::Assistant),
        importance: Some(5),
        channel: Some(Channel::Sms),
        session_metadata: session.as_object().cloned(),
        metadata: Some(storable(Value::Object(metadata), 1)),
        ..Memory::new(MemoryType::Conversation, body)
    }
}

fn note(memory: &mut Memory, status: &str) {
    if let Some(Value::Object(metadata)) = &mut memory.metadata {
        metadata.insert("status".to_owned(), json!(status));
    }
}
