//! SMS: every message answered once, by TwiML in time or else by a message of its own.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use tracing::{error, info};

use crate::agent::{Agent, TurnRequest};
use crate::channels::claims::{Answer, Claims, Held, Inbound, Reply};
use crate::channels::conversations::Conversations;
use crate::channels::split::split;
use crate::channels::twiml::{MAX_MESSAGE_LENGTH, messaging_response};
use crate::channels::webhook::SmsWebhook;
use crate::config::SmsConfig;
use crate::customer::{Customer, normalize_phone};
use crate::database::EntryKind;
use crate::error::Result;
use crate::http::twilio::{MessageSender, NewMessage, Twilio};
use crate::message::Channel;
use crate::tools::DEFAULT_COUNTRY;

/// Twilio waits 15 s for an answer to a webhook.
const PATIENCE: Duration = Duration::from_secs(12);
/// What a limit counts in.
const HOUR: TimeDelta = TimeDelta::hours(1);
/// What a customer reads when the model cannot answer.
const APOLOGY: &str = "Sorry, I can't answer right now. Please try again in a little while.";

/// Answers SMS.
pub struct SmsChannel {
    agent: Arc<Agent>,
    claims: Arc<Claims>,
    conversations: Conversations,
    twilio: Option<Arc<Twilio>>,
    settings: SmsConfig,
    country: String,
}

impl SmsChannel {
    /// A channel on which `agent` answers. Without `twilio`, an answer that takes longer than Twilio waits is only kept.
    pub fn new(
        agent: Arc<Agent>,
        claims: Arc<Claims>,
        twilio: Option<Arc<Twilio>>,
        settings: SmsConfig,
        default_country: Option<String>,
    ) -> Self {
        let conversations = Conversations::new(Arc::clone(agent.memory()), Arc::clone(claims.inbox()));
        let country = default_country.unwrap_or_else(|| DEFAULT_COUNTRY.to_owned());
        Self { agent, claims, conversations, twilio, settings, country }
    }

    /// Answers a message with TwiML; a message that was delivered before, with what it was answered then.
    ///
    /// Fails with what the storage fails with, so that Twilio is told to try again.
    pub async fn receive(self: &Arc<Self>, sms: SmsWebhook) -> Result<String> {
        let customer = normalize_phone(&sms.from, &self.country).unwrap_or_else(|| sms.from.clone());
        let inbound = Inbound {
            key: format!("sms:{}", sms.message_sid),
            kind: EntryKind::Sms,
            customer: Some(customer.clone()),
        };
        let channel = Arc::clone(self);
        let reply = self
            .claims
            .answer(inbound, PATIENCE, move |held| async move { channel.answer(held, sms, customer).await });
        Ok(match reply.await? {
            Reply::Answered(twiml) => twiml,
            Reply::Pending => messaging_response(""),
        })
    }

    async fn answer(&self, held: Held, sms: SmsWebhook, customer: String) -> Result<Answer> {
        if !self.settings.auto_reply
            || held.count_before(HOUR).await? >= u64::from(self.settings.max_per_hour)
        {
            info!(
                message_sid = sms.message_sid,
                "SMS not answered: automatic replies are off, or too many came"
            );
            return Ok(Answer { text: messaging_response(""), refused: true });
        }
        let metadata = metadata(&sms);
        let silence = TimeDelta::milliseconds((self.settings.conversation_hours * 3_600_000.0) as i64);
        let conversation =
            self.conversations.current(&Channel::Sms, &sms.to, &customer, silence, &metadata).await?;
        let words = self.words(&held, &sms, &customer, conversation, metadata).await?;
        if held.asker_waits() {
            return Ok(Answer { text: messaging_response(&words), refused: false });
        }
        self.send(&held, &sms, &words).await
    }

    /// What the agent says, or said before a crash.
    async fn words(
        &self,
        held: &Held,
        sms: &SmsWebhook,
        customer: &str,
        conversation_id: String,
        metadata: Map<String, Value>,
    ) -> Result<String> {
        let memory_id = format!("sms-{}", sms.message_sid);
        if held.resumed
            && let Some(words) = self.agent.answered(&memory_id).await?
        {
            return Ok(words);
        }
        let turn = TurnRequest {
            channel: Channel::Sms,
            conversation_id,
            input: sms.body.clone(),
            customer: Customer { phone: Some(customer.to_owned()), ..Customer::default() },
            metadata: Some(metadata),
            call_sid: None,
            message_sid: Some(sms.message_sid.clone()),
            memory_id: Some(memory_id),
        };
        match self.agent.turn(turn).await {
            Ok(outcome) => Ok(outcome.text),
            Err(error) if error.is_of_model() => Ok(APOLOGY.to_owned()),
            Err(error) => Err(error),
        }
    }

    /// Sends the answer as messages of its own, once: after a crash in between, what was sent is unknown and stays so.
    async fn send(&self, held: &Held, sms: &SmsWebhook, words: &str) -> Result<Answer> {
        let nothing = messaging_response("");
        if let Some(twilio) = &self.twilio {
            held.sending(&nothing).await?;
            for piece in split(words, MAX_MESSAGE_LENGTH) {
                let message = NewMessage {
                    to: sms.from.clone(),
                    from: MessageSender::Number(sms.to.clone()),
                    body: piece.to_owned(),
                    media_urls: Vec::new(),
                    status_callback: None,
                };
                // Without its beginning, an answer had better not go on. What was said is kept.
                if let Err(error) = twilio.create_message(&message).await {
                    error!(message_sid = sms.message_sid, code = error.code(), %error, "Answer not sent");
                    break;
                }
            }
        }
        Ok(Answer { text: nothing, refused: false })
    }
}

fn metadata(sms: &SmsWebhook) -> Map<String, Value> {
    let mut metadata = Map::new();
    metadata.insert("from".to_owned(), json!(sms.from));
    metadata.insert("to".to_owned(), json!(sms.to));
    if !sms.media.is_empty() {
        let media =
            sms.media.iter().map(|media| json!({ "url": media.url, "contentType": media.content_type }));
        metadata.insert("media".to_owned(), media.collect());
    }
    metadata
}
