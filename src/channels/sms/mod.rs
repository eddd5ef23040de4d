//! SMS: every message answered once, by TwiML in time or else by a message of its own.

mod consent;
mod keywords;
mod send;

pub use send::{SmsRequest, SmsSession};

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use tracing::{error, info};

use crate::agent::{Agent, TurnRequest};
use crate::audience::owner_fields;
use crate::channels::allowlist::{Allowlist, Identifiers};
use crate::channels::claims::{Answer, Claims, HOUR, Held, Inbound, PATIENCE, Reply};
use crate::channels::common::Common;
use crate::channels::conversations::Conversations;
use crate::channels::line::Line;
use crate::channels::party::Party;
use crate::channels::sms::consent::Consent;
use crate::channels::sms::keywords::keyword;
use crate::channels::spam::Spam;
use crate::channels::split::split;
use crate::channels::twiml::{MAX_MESSAGE_LENGTH, messaging_response};
use crate::channels::webhook::{OptOutType, SmsWebhook};
use crate::config::{Config, SmsConfig};
use crate::customer::normalize_phone;
use crate::database::EntryKind;
use crate::error::Result;
use crate::http::twilio::{MessageSender, NewMessage, Twilio};
use crate::memory::{Memory, MemoryType};
use crate::message::{Channel, Role};

/// What a customer reads when the model cannot answer.
const APOLOGY: &str = "Sorry, I can't answer right now. Please try again in a little while.";

/// Answers and sends SMS.
pub struct SmsChannel {
    agent: Arc<Agent>,
    claims: Arc<Claims>,
    conversations: Conversations,
    consent: Consent,
    allowlist: Allowlist,
    spam: Spam,
    twilio: Option<Arc<Twilio>>,
    line: Arc<Line>,
    settings: SmsConfig,
    country: String,
}

impl SmsChannel {
    /// A channel with that configuration.
    pub fn new(common: &Common, config: &Config) -> Self {
        let Common { agent, claims, database, twilio, line, country } = common;
        let inbox = claims.inbox();
        let numbers = Identifiers::Numbers { country: country.clone() };
        Self {
            conversations: Conversations::new(Arc::clone(agent.memory()), Arc::clone(inbox)),
            consent: Consent::new(Arc::clone(inbox)),
            allowlist: Allowlist::new(numbers, database.clone(), Arc::clone(inbox)),
            spam: Spam::new(&config.channels),
            settings: config.channels.sms.clone(),
            country: country.clone(),
            agent: Arc::clone(agent),
            claims: Arc::clone(claims),
            twilio: twilio.clone(),
            line: Arc::clone(line),
        }
    }

    /// Who is answered.
    pub fn allowlist(&self) -> &Allowlist {
        &self.allowlist
    }

    /// Answers a message with TwiML; a message that was delivered before, with what it was answered then.
    ///
    /// Fails with what the storage fails with, so that Twilio is told to try again.
    pub async fn receive(self: &Arc<Self>, sms: SmsWebhook) -> Result<String> {
        let party = Party::read(&sms.from, &self.country);
        let Some(customer) = party.key().map(str::to_owned) else { return Ok(messaging_response("")) };
        if self.spam.blocks(&party) || self.is_ours(&party) {
            return Ok(messaging_response(""));
        }
        let inbound = Inbound {
            key: format!("sms:{}", sms.message_sid),
            kind: EntryKind::Sms,
            customer: Some(customer.clone()),
        };
        let channel = Arc::clone(self);
        let reply = self.claims.answer(inbound, PATIENCE, move |held| async move {
            channel.answer(held, sms, party, customer).await
        });
        Ok(match reply.await? {
            Reply::Answered(twiml) => twiml,
            Reply::Pending => messaging_response(""),
        })
    }

    /// Whether a message comes from our own number: answering it would go on for ever.
    fn is_ours(&self, party: &Party) -> bool {
        let ours = self.line.number.as_deref().and_then(|number| normalize_phone(number, &self.country));
        ours.is_some() && party.phone() == ours.as_deref()
    }

    async fn answer(&self, held: Held, sms: SmsWebhook, party: Party, customer: String) -> Result<Answer> {
        let turned_away = |text: Option<&String>| Answer {
            text: messaging_response(text.map_or("", String::as_str)),
            refused: true,
        };
        let opted_out = self.consent.is_refused(&customer).await?;
        let keyword = keyword(&sms, opted_out);
        let replies = &self.settings.keyword_replies;
        let reply = match keyword {
            Some(OptOutType::Stop) => {
                self.consent.note(&customer, true).await?;
                self.allowlist.remove(&customer).await?;
                replies.stop.as_ref()
            }
            Some(OptOutType::Start) => {
                self.consent.note(&customer, false).await?;
                self.allowlist.add(&customer, "opt_in").await?;
                replies.start.as_ref()
            }
            Some(OptOutType::Help) => replies.help.as_ref(),
            None => None,
        };
        // Twilio has answered what it handled itself.
        let reply = reply.filter(|_| sms.opt_out_type.is_none());
        if keyword.is_some()
            || opted_out
            || !self.settings.auto_reply
            || !self.allowlist.welcomes(&customer).await?
        {
            info!(
                message_sid = sms.message_sid,
                "SMS not answered: a keyword, opted out, or automatic replies are off"
            );
            self.keep(&sms, &party, &customer).await?;
            return Ok(turned_away(reply));
        }
        if !held.admit(&[(HOUR, self.settings.max_per_hour)]).await? {
            info!(message_sid = sms.message_sid, "SMS not answered: too many came");
            return Ok(turned_away(None));
        }
        let metadata = metadata(&sms);
        let conversation = self.conversation(&sms, &customer, &metadata).await?;
        let words = self.words(&held, &sms, &party, conversation, metadata).await?;
        if held.asker_waits() {
            return Ok(Answer { text: messaging_response(&words), refused: false });
        }
        self.reply(&held, &sms, &words).await
    }

    async fn conversation(
        &self,
        sms: &SmsWebhook,
        customer: &str,
        metadata: &Map<String, Value>,
    ) -> Result<String> {
        self.conversations.current(&Channel::Sms, &sms.to, customer, self.silence(), metadata).await
    }

    /// After how long a conversation is over.
    fn silence(&self) -> TimeDelta {
        TimeDelta::milliseconds((self.settings.conversation_hours * 3_600_000.0) as i64)
    }

    /// Keeps a message that is not answered.
    async fn keep(&self, sms: &SmsWebhook, party: &Party, customer: &str) -> Result<()> {
        let metadata = metadata(sms);
        let conversation = self.conversation(sms, customer, &metadata).await?;
        let mut session = owner_fields(&party.customer());
        session.insert("conversationId".to_owned(), json!(conversation));
        session.insert("messageSid".to_owned(), json!(sms.message_sid));
        let memory = Memory {
            id: memory_id(sms),
            role: Some(Role::User),
            importance: Some(5),
            channel: Some(Channel::Sms),
            session_metadata: Some(session),
            metadata: Some(Value::Object(metadata)),
            ..Memory::new(MemoryType::Conversation, sms.body.clone())
        };
        self.agent.memory().store(memory).await
    }

    /// What the agent says, or said before a crash.
    async fn words(
        &self,
        held: &Held,
        sms: &SmsWebhook,
        party: &Party,
        conversation_id: String,
        metadata: Map<String, Value>,
    ) -> Result<String> {
        let memory_id = memory_id(sms);
        if held.resumed
            && let Some(words) = self.agent.answered(&memory_id).await?
        {
            return Ok(words);
        }
        let turn = TurnRequest {
            channel: Channel::Sms,
            conversation_id,
            input: sms.body.clone(),
            customer: party.customer(),
            metadata: Some(metadata),
            call_sid: None,
            message_sid: Some(sms.message_sid.clone()),
            memory_id: Some(memory_id),
            instructions: None,
        };
        match self.agent.turn(turn).await {
            Ok(outcome) => Ok(outcome.text),
            Err(error) if error.is_of_model() => Ok(APOLOGY.to_owned()),
            Err(error) => Err(error),
        }
    }

    /// Sends the answer as messages of its own, once: after a crash in between, what was sent is unknown and stays so.
    async fn reply(&self, held: &Held, sms: &SmsWebhook, words: &str) -> Result<Answer> {
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

fn memory_id(sms: &SmsWebhook) -> String {
    format!("sms-{}", sms.message_sid)
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
