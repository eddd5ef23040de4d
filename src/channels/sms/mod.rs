//! The SMS channel. Each message is answered once: with TwiML in time, otherwise with a separate
//! message.

mod address;
mod consent;
mod content;
mod keywords;
mod legacy_consent;
mod send;
mod template;

pub use consent::Consent;
pub use legacy_consent::{LegacyConsent, LegacyConsents};
pub use send::{SmsRequest, SmsSession};

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use tracing::{error, info};

use crate::agent::{Agent, TurnRequest};
use crate::channels::shared::allowlist::{Allowlist, AllowlistKind};
use crate::channels::shared::call_screening::CallScreening;
use crate::channels::shared::context::ChannelContext;
use crate::channels::shared::conversations::Conversations;
use crate::channels::shared::remote_party::RemoteParty;
use crate::channels::shared::twilio_endpoint::TwilioEndpoint;
use crate::channels::sms::content::model_input;
use crate::channels::sms::keywords::keyword;
use crate::config::{Config, SmsConfig};
use crate::database::EntryKind;
use crate::error::Result;
use crate::inbox::idempotency::{
    ExecutionGuard, FinalReply, HOUR, IdempotentExecutor, InboundMessage, REPLY_TIMEOUT, Reply,
};
use crate::providers::twilio::chunk_text;
use crate::providers::twilio::twiml::{MAX_MESSAGE_LENGTH, messaging_response};
use crate::providers::twilio::webhook::{OptOutType, SmsWebhook};
use crate::providers::twilio::{MessageSender, NewMessage, TwilioClient};
use crate::types::memory::{Memory, MemoryType};
use crate::types::message::{Channel, Role};
use crate::types::visibility::owner_fields;

/// Reply to the customer when the model fails.
const APOLOGY: &str = "Sorry, I can't answer right now. Please try again in a little while.";

/// The SMS channel.
pub struct SmsChannel {
    agent: Arc<Agent>,
    executor: Arc<IdempotentExecutor>,
    conversations: Conversations,
    consent: Consent,
    allowlist: Allowlist,
    screening: CallScreening,
    twilio: Option<Arc<TwilioClient>>,
    twilio_endpoint: Arc<TwilioEndpoint>,
    settings: SmsConfig,
    country: String,
}

impl SmsChannel {
    /// Creates a channel from the configuration.
    pub fn new(context: &ChannelContext, config: &Config) -> Self {
        let ChannelContext {
            agent,
            executor,
            database,
            twilio,
            twilio_endpoint,
            country,
            legacy_conversations,
            ..
        } = context;
        let inbox = executor.inbox();
        let numbers = AllowlistKind::Numbers { country: country.clone() };
        Self {
            conversations: Conversations::new(
                Arc::clone(agent.memory()),
                Arc::clone(inbox),
                Arc::clone(legacy_conversations),
            ),
            consent: Consent::new(Arc::clone(inbox)),
            allowlist: Allowlist::new(numbers, database.clone(), Arc::clone(inbox)),
            screening: CallScreening::new(&config.channels),
            settings: config.channels.sms.clone(),
            country: country.clone(),
            agent: Arc::clone(agent),
            executor: Arc::clone(executor),
            twilio: twilio.clone(),
            twilio_endpoint: Arc::clone(twilio_endpoint),
        }
    }

    /// Returns the allowlist.
    pub fn allowlist(&self) -> &Allowlist {
        &self.allowlist
    }

    /// Answers a message with TwiML. A redelivered message gets the same reply.
    ///
    /// Fails with errors of the storage, so that Twilio retries.
    pub async fn receive(self: &Arc<Self>, sms: SmsWebhook) -> Result<String> {
        let party = RemoteParty::read(&sms.from, &self.country);
        let message_sid = sms.message_sid.clone();
        let customer = match self.customer_to_answer(&party) {
            Ok(customer) => customer,
            Err(reason) => {
                info!(message_sid, reason, "SMS not answered: the number is blocked, hidden or our own");
                return Ok(messaging_response(""));
            }
        };
        let inbound = InboundMessage {
            key: format!("sms:{}", sms.message_sid),
            kind: EntryKind::Sms,
            customer: Some(customer.clone()),
        };
        let channel = Arc::clone(self);
        let reply = self.executor.execute(inbound, REPLY_TIMEOUT, move |guard| async move {
            let answer = channel.answer(guard.clone(), sms, party, customer).await;
            answer.inspect_err(|error| {
                // The error would not be reported anywhere else.
                if !guard.requester_waits() {
                    error!(message_sid, code = error.code(), %error, "Answer not sent");
                }
            })
        });
        Ok(match reply.await? {
            Reply::Answered(twiml) => twiml,
            Reply::Pending => messaging_response(""),
        })
    }

    /// Returns the key of the customer to answer, or the reason for not answering.
    fn customer_to_answer(&self, party: &RemoteParty) -> Result<String, &'static str> {
        let number = party.key().ok_or("hidden")?;
        if self.screening.is_blocked(party) {
            return Err("blocked");
        }
        if self.is_own_number(party) { Err("own_number") } else { Ok(number) }
    }

    /// Returns `true` if a message comes from our own number. Answering it would loop forever.
    fn is_own_number(&self, party: &RemoteParty) -> bool {
        party.phone().is_some_and(|number| self.twilio_endpoint.is_own(number, &self.country))
    }

    async fn answer(
        &self,
        guard: ExecutionGuard,
        sms: SmsWebhook,
        party: RemoteParty,
        customer: String,
    ) -> Result<FinalReply> {
        let rejection = |text: Option<&String>| FinalReply {
            text: messaging_response(text.map_or("", String::as_str)),
            rejected: true,
        };
        let opted_out = self.consent.has_opted_out(&customer).await?;
        let keyword = keyword(&sms, opted_out);
        let replies = &self.settings.keyword_replies;
        let reply = match keyword {
            Some(OptOutType::Stop) => {
                self.consent.record(&customer, true).await?;
                self.allowlist.remove(&customer).await?;
                replies.stop.as_ref()
            }
            Some(OptOutType::Start) => {
                self.consent.record(&customer, false).await?;
                self.allowlist.add(&customer, "opt_in").await?;
                replies.start.as_ref()
            }
            Some(OptOutType::Help) => replies.help.as_ref(),
            None => None,
        };
        // Twilio has already replied to keywords that it handled.
        let reply = reply.filter(|_| sms.opt_out_type.is_none());
        let reason = if keyword.is_some() {
            Some("keyword")
        } else if opted_out {
            Some("opted_out")
        } else if !self.settings.auto_reply {
            Some("auto_reply_off")
        } else if !self.allowlist.allows(&customer).await? {
            Some("not_allowlisted")
        } else {
            None
        };
        if let Some(reason) = reason {
            let message_sid = &sms.message_sid;
            info!(
                message_sid,
                reason, "SMS not answered: a keyword, opted out, or automatic replies are off"
            );
            self.keep(&sms, &party, &customer).await?;
            return Ok(rejection(reply));
        }
        if !party.accepts_messages() {
            info!(message_sid = sms.message_sid, "SMS not answered: the sender cannot receive messages");
            self.keep(&sms, &party, &customer).await?;
            return Ok(rejection(None));
        }
        if !guard.is_within_limits(&[(HOUR, self.settings.max_per_hour)]).await? {
            info!(
                message_sid = sms.message_sid,
                reason = "rate_limited",
                "SMS not answered: rate limit reached"
            );
            return Ok(rejection(None));
        }
        let metadata = metadata(&sms);
        let conversation = self.conversation(&sms, &customer, &metadata).await?;
        let text = self.reply_text(&guard, &sms, &party, conversation, metadata).await?;
        if guard.requester_waits() {
            return Ok(FinalReply { text: messaging_response(&text), rejected: false });
        }
        self.reply(&guard, &sms, &text).await
    }

    async fn conversation(
        &self,
        sms: &SmsWebhook,
        customer: &str,
        metadata: &Map<String, Value>,
    ) -> Result<String> {
        self.conversations.current(&Channel::Sms, &sms.to, customer, self.session_timeout(), metadata).await
    }

    /// Returns the silence after which a conversation ends.
    fn session_timeout(&self) -> TimeDelta {
        TimeDelta::milliseconds((self.settings.session_timeout_hours * 3_600_000.0) as i64)
    }

    /// Stores a message that is not answered.
    async fn keep(&self, sms: &SmsWebhook, party: &RemoteParty, customer: &str) -> Result<()> {
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
            session_metadata: Some(session.into()),
            metadata: Some(metadata.into()),
            ..Memory::new(MemoryType::Conversation, model_input(sms))
        };
        self.agent.memory().store(memory).await
    }

    /// Returns the agent's reply, or the one stored before a crash.
    async fn reply_text(
        &self,
        guard: &ExecutionGuard,
        sms: &SmsWebhook,
        party: &RemoteParty,
        conversation_id: String,
        metadata: Map<String, Value>,
    ) -> Result<String> {
        let memory_id = memory_id(sms);
        if guard.resumed
            && let Some(text) = self.agent.stored_answer(&memory_id).await?
        {
            return Ok(text);
        }
        let turn = TurnRequest {
            channel: Channel::Sms,
            conversation_id,
            input: model_input(sms),
            customer: party.customer(),
            metadata: Some(metadata),
            call_sid: None,
            message_sid: Some(sms.message_sid.clone()),
            memory_id: Some(memory_id),
            instructions: None,
            tool_options: crate::agent::ToolOptions::default(),
        };
        match self.agent.turn(turn).await {
            Ok(outcome) => Ok(outcome.text),
            Err(error) if error.is_model_failure() => {
                let (message_sid, code) = (&sms.message_sid, error.code());
                error!(message_sid, code, %error, "A customer read an apology: the model failed");
                Ok(APOLOGY.to_owned())
            }
            Err(error) => Err(error),
        }
    }

    /// Sends the reply as separate messages, once. After a crash in between, the outcome is unknown
    /// and stays so.
    async fn reply(&self, guard: &ExecutionGuard, sms: &SmsWebhook, text: &str) -> Result<FinalReply> {
        let nothing = messaging_response("");
        if self.twilio.is_none() {
            let (code, error) = ("PROVIDER_NOT_CONFIGURED", "`providers.communication.twilio` is missing");
            error!(message_sid = sms.message_sid, code, error, "Answer not sent");
        }
        if let Some(twilio) = &self.twilio {
            guard.mark_sending(&nothing).await?;
            for piece in chunk_text(text, MAX_MESSAGE_LENGTH) {
                let message = NewMessage {
                    to: sms.from.clone(),
                    from: MessageSender::Number(sms.to.clone()),
                    body: piece.to_owned(),
                    media_urls: Vec::new(),
                    template: None,
                    status_callback: None,
                };
                // Stop at the first failure, because later parts make no sense without it. The
                // reply is stored.
                if let Err(error) = twilio.create_message(&message).await {
                    error!(message_sid = sms.message_sid, code = error.code(), %error, "Answer not sent");
                    break;
                }
            }
        }
        Ok(FinalReply { text: nothing, rejected: false })
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
