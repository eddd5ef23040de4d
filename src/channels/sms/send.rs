//! Outbound messages by the developer or the agent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tracing::warn;

use crate::channels::shared::remote_party::strip_channel_prefix;
use crate::channels::sms::SmsChannel;
use crate::channels::sms::address::{MessageAddress, Sender};
use crate::channels::sms::template::{self, ContentVariables};
use crate::error::{Error, Result};
use crate::phone::{is_same_phone, phone_identity, phone_spellings};
use crate::providers::twilio::advice;
use crate::providers::twilio::twiml::MAX_MESSAGE_LENGTH;
use crate::providers::twilio::webhook::MessageStatusWebhook;
use crate::providers::twilio::{NewMessage, is_outside_window};
use crate::tools::runner::{replace_nul, storable};
use crate::types::memory::{MAX_ID_CHARS, Memory, MemoryQuery, MemoryType, now};
use crate::types::message::{Channel, Role};

/// The option with the WhatsApp sender.
const WHATSAPP_NUMBER: &str = "providers.communication.twilio.whatsappNumber";
/// Number of a customer's newest messages in which to look for the address on a channel.
const RECENT: u32 = 50;

/// Twilio's error codes of channels.
const CHANNEL_ERRORS: std::ops::RangeInclusive<u32> = 63_000..=63_999;

/// The request of `sms.send`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SmsRequest {
    /// The recipient: a phone number, optionally with `whatsapp:` before it.
    pub to: String,
    /// The text, at most 1,600 characters. May be empty with media or a template.
    pub body: String,
    /// The sender: a number, short code or Messaging Service of the account. Default is the
    /// configured number.
    pub from: Option<String>,
    /// A template of Twilio's Content API, `HX…`, instead of `body` and `media_url`.
    pub content_sid: Option<String>,
    /// Values of the template's placeholders.
    pub content_variables: Option<ContentVariables>,
    /// Public URLs of media.
    pub media_url: Option<Vec<String>>,
    /// Metadata, stored with the message.
    pub metadata: Option<Map<String, Value>>,
    /// The conversation; default is the customer's current one.
    pub conversation_id: Option<String>,
}

/// A message that was sent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SmsSession {
    /// The message id, `SM…`.
    pub id: String,
    /// The message id again.
    pub message_sid: String,
    /// The customer's conversation.
    pub conversation_id: String,
    /// The recipient: E.164, or `whatsapp:+…`.
    pub to: String,
    /// The sender: E.164, `whatsapp:+…`, or as requested.
    pub from: String,
    /// The text; empty with a template.
    pub body: String,
    /// Always `sms`.
    pub channel: Channel,
    /// Always `outbound`.
    pub direction: &'static str,
    /// The status: `queued`, `sent`, …
    pub status: String,
    /// The current time; milliseconds since 1970 in JSON.
    #[serde(serialize_with = "crate::types::memory::timestamp::serialize")]
    pub sent_at: DateTime<Utc>,
}

impl SmsChannel {
    /// Sends a message and stores it in the customer's conversation: before it is sent, and with
    /// its outcome after.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT`, `PROVIDER_NOT_CONFIGURED`, `RECIPIENT_OPTED_OUT` or
    /// `MESSAGING_WINDOW_CLOSED` if nothing was sent, with errors of the storage, and with errors
    /// of Twilio.
    pub async fn send(&self, request: SmsRequest) -> Result<SmsSession> {
        let mut recipient = MessageAddress::read(&request.to, &self.country)
            .map_err(|problem| Error::phone("to", &problem))?;
        let body = replace_nul(request.body);
        let media_urls = request.media_url.unwrap_or_default();
        let template = template::read(request.content_sid, request.content_variables, &body, &media_urls)?;
        if body.trim().is_empty() && media_urls.is_empty() && template.is_none() {
            return Err(Error::argument("body", "is empty; write something, or give a `contentSid`"));
        }
        if body.encode_utf16().count() > MAX_MESSAGE_LENGTH {
            return Err(Error::argument("body", "is longer than 1,600 characters; send several messages"));
        }
        let given =
            request.from.as_deref().map(|from| Sender::read("from", from, &self.country)).transpose()?;
        recipient.channel = recipient.channel.or(given.as_ref().and_then(Sender::channel));
        let (twilio, number) = self.twilio_endpoint.sender(self.twilio.as_deref(), &self.country)?;
        let sender = match given {
            Some(sender) => sender,
            None => match self.twilio_endpoint.whatsapp_number.as_deref().filter(|_| recipient.is_whatsapp())
            {
                Some(own) => Sender::read(WHATSAPP_NUMBER, own, &self.country)?,
                None => Sender::read("from", &number, &self.country)?,
            },
        };
        let (sender, from) = sender.on_channel(recipient.channel);
        let customer = phone_identity(&recipient.number.e164);
        if self.consent.has_opted_out(&customer).await? {
            return Err(Error::RecipientOptedOut);
        }
        let to = match self.address_that_wrote(&recipient).await? {
            Some(address) => address,
            None => recipient.to_twilio(),
        };
        let conversation_id = self.conversation_of(request.conversation_id, &from, &to, &customer).await?;
        let content = template.as_ref().map_or_else(|| body.clone(), template::describe);
        let ends = [("from", from.as_str()), ("to", to.as_str())];
        let mut memory = outbound_memory(&conversation_id, ends, &content, request.metadata);
        self.agent.memory().store(memory.clone()).await?;

        let message = NewMessage {
            to: to.clone(),
            from: sender,
            body: body.clone(),
            media_urls,
            template,
            status_callback: self.twilio_endpoint.sms_status_url(),
        };
        let sent = match twilio.create_message(&message).await {
            Ok(sent) => sent,
            Err(error) => {
                self.discard_unsent(memory, &error).await;
                return Err(error);
            }
        };
        set_status(&mut memory, &sent.status);
        memory.extend_session([("messageSid".to_owned(), json!(sent.sid))]);
        // The message is already sent, so an error here must not cause a second one.
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

    /// Records that an outbound message was not delivered. Delivered messages need no record.
    pub async fn record_delivery_status(&self, status: MessageStatusWebhook) -> Result<()> {
        if !matches!(status.message_status.as_str(), "failed" | "undelivered") {
            return Ok(());
        }
        let ours = MemoryQuery {
            session_metadata: Map::from_iter([("messageSid".to_owned(), json!(status.message_sid))]),
            role: Some(Role::Assistant),
            ..MemoryQuery::newest(1)
        };
        let Some(ours) = self.agent.memory().search(&ours).await?.into_iter().next() else { return Ok(()) };
        warn!(message_sid = status.message_sid, error_code = status.error_code, "Message not delivered");
        let number = status.error_code.and_then(|code| u32::try_from(code).ok());
        let code = status.error_code.map(|code| format!(" (code {code})")).unwrap_or_default();
        // Error codes of channels such as WhatsApp have a remedy; those of carriers mostly have
        // none.
        let what_to_do = number.filter(|number| CHANNEL_ERRORS.contains(number));
        let what_to_do = what_to_do.map(|number| format!(": {}", advice(Some(number)))).unwrap_or_default();
        let is_outside_window = number.is_some_and(is_outside_window);
        let reason = is_outside_window.then_some("MESSAGING_WINDOW_CLOSED");
        let memory = Memory {
            id: format!("sms-undelivered-{}", status.message_sid),
            role: Some(Role::System),
            importance: Some(8),
            channel: Some(Channel::Sms),
            session_metadata: ours.session_metadata,
            metadata: Some(
                json!({ "messageId": ours.id, "errorCode": status.error_code, "code": reason }).into(),
            ),
            ..Memory::new(MemoryType::Error, format!("The message was not delivered{code}{what_to_do}."))
        };
        self.agent.memory().store(memory).await
    }

    /// Returns the customer's conversation on one of our numbers, or the one that the developer
    /// names. Replies then belong to it.
    async fn conversation_of(
        &self,
        given: Option<String>,
        from: &str,
        to: &str,
        customer: &str,
    ) -> Result<String> {
        match given {
            Some(id) => {
                if id.is_empty() || id.chars().count() > MAX_ID_CHARS || id.contains('\0') {
                    let reason = format!("must have 1 to {MAX_ID_CHARS} characters");
                    return Err(Error::argument("conversationId", reason));
                }
                self.conversations.set_current(&Channel::Sms, from, customer, &id).await?;
                Ok(id)
            }
            None => {
                let metadata =
                    Map::from_iter([("from".to_owned(), json!(from)), ("to".to_owned(), json!(to))]);
                self.conversations
                    .current(&Channel::Sms, from, customer, self.session_timeout(), &metadata)
                    .await
            }
        }
    }

    /// Returns the address that a customer has written from on a channel, if the number has several
    /// spellings. A channel may know only one of them.
    async fn address_that_wrote(&self, recipient: &MessageAddress) -> Result<Option<String>> {
        let e164 = &recipient.number.e164;
        let spellings = phone_spellings(e164);
        let Some(channel) = recipient.channel.filter(|_| spellings.len() > 1) else { return Ok(None) };
        let mut newest: Option<(DateTime<Utc>, String)> = None;
        for spelling in spellings {
            let query = MemoryQuery {
                session_metadata: Map::from_iter([("customerPhone".to_owned(), json!(spelling))]),
                channel: Some(Channel::Sms),
                role: Some(Role::User),
                ..MemoryQuery::newest(RECENT)
            };
            for memory in self.agent.memory().search(&query).await? {
                let address = memory.meta("from").and_then(Value::as_str).unwrap_or_default();
                let is_theirs = address.starts_with(channel)
                    && strip_channel_prefix(address).is_some_and(|number| is_same_phone(number, e164));
                if is_theirs && newest.as_ref().is_none_or(|(at, _)| *at < memory.timestamp) {
                    newest = Some((memory.timestamp, address.to_owned()));
                }
            }
        }
        Ok(newest.map(|(_, address)| address))
    }

    /// Deletes the memory of a message that was not sent. If it may have arrived, keeps and marks
    /// it.
    async fn discard_unsent(&self, mut memory: Memory, error: &Error) {
        let memories = self.agent.memory();
        let _ = match error {
            Error::ProviderOutcomeUnknown { .. } => {
                set_status(&mut memory, "unknown");
                memories.store(memory).await
            }
            _ => memories.delete(&memory.id).await,
        };
    }
}

/// Returns the memory of a message about to be sent.
fn outbound_memory(
    conversation_id: &str,
    ends: [(&str, &str); 2],
    content: &str,
    metadata: Option<Map<String, Value>>,
) -> Memory {
    let mut session = Map::from_iter([("conversationId".to_owned(), json!(conversation_id))]);
    let mut metadata = metadata.unwrap_or_default();
    for (end, address) in ends {
        // Persons are found by number, on any channel.
        let number = strip_channel_prefix(address);
        session.insert(end.to_owned(), json!(number.unwrap_or(address)));
        if number.is_some() {
            metadata.insert(end.to_owned(), json!(address));
        }
    }
    metadata.insert("status".to_owned(), json!("sending"));
    Memory {
        role: Some(Role::Assistant),
        importance: Some(5),
        channel: Some(Channel::Sms),
        session_metadata: Some(session.into()),
        metadata: Some(storable(Value::Object(metadata), 1).into()),
        ..Memory::new(MemoryType::Conversation, content)
    }
}

fn set_status(memory: &mut Memory, status: &str) {
    memory.extend_metadata([("status".to_owned(), json!(status))]);
}
