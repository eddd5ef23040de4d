//! initiate_call, send_sms, end_call: what the agent can do with the phone.
//!
//! A model can be talked into things. So it reaches the customer on the line and the numbers that the developer allows, nobody
//! else; the same words to the same number go out once a conversation; and a number gets no more an hour than it may ask for itself.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::channels::claims::HOUR;
use crate::channels::common::country;
use crate::channels::sms::{SmsChannel, SmsRequest};
use crate::channels::voice::{CallRequest, VoiceChannel};
use crate::config::{Config, Numbers};
use crate::customer::normalize_phone;
use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::inbox::admissions::Counted;
use crate::llm::ToolDefinition;
use crate::memory::now;
use crate::message::{Channel, ToolResult};
use crate::tools::{Tool, ToolContext, argument, done, failed};

/// The tool that ends a call after the agent's last words.
pub const END_CALL: &str = "end_call";
const INITIATE_CALL: &str = "initiate_call";
const SEND_SMS: &str = "send_sms";
/// Said to the customer when a tool may not do it.
const CANNOT: &str = "I'm sorry, I can't do that from here.";

/// The three tools. They hold the channels weakly: the channels hold the agent, and the agent its tools.
pub fn phone_tools(
    voice: &Arc<VoiceChannel>,
    sms: &Arc<SmsChannel>,
    inbox: &Arc<dyn Inbox>,
    config: &Config,
) -> Vec<Arc<dyn Tool>> {
    let reach = Arc::new(Reach {
        inbox: Arc::clone(inbox),
        allowed: config.tools.allowed_numbers.clone(),
        country: country(config),
    });
    vec![
        Arc::new(InitiateCall::new(
            Arc::downgrade(voice),
            Arc::clone(&reach),
            config.channels.voice.max_per_hour,
        )),
        Arc::new(SendSms::new(Arc::downgrade(sms), reach, config.channels.sms.max_per_hour)),
        Arc::new(EndCall::new()),
    ]
}

/// Whom the agent reaches, and how often.
struct Reach {
    inbox: Arc<dyn Inbox>,
    allowed: Numbers,
    country: String,
}

/// Something that is about to go out.
struct Outgoing<'a> {
    kind: EntryKind,
    to: &'a str,
    words: &'a str,
    max_per_hour: u32,
}

impl Outgoing<'_> {
    fn counted(&self) -> Counted<'_> {
        Counted { kind: &self.kind, customer: self.to }
    }
}

/// Whether it may go out.
enum Permission {
    /// Yes; under this key and owner it is noted what became of it.
    Granted(String, String),
    /// It has gone out already.
    Repeated,
    /// The number got enough this hour.
    Limited,
}

impl Reach {
    /// The number that a tool may reach: the customer's own, or an allowed one.
    fn number(&self, arguments: &Value, context: &ToolContext) -> Option<String> {
        let customer = context.customer.phone.as_deref();
        let Some(given) = argument(arguments, "to") else { return customer.map(str::to_owned) };
        let number = normalize_phone(given, &self.country)?;
        (customer == Some(number.as_str()) || self.allowed.contain(&number)).then_some(number)
    }

    /// Asks for permission, once for the same words to the same number in a conversation.
    async fn permit(&self, outgoing: &Outgoing<'_>, context: &ToolContext) -> Result<Permission> {
        let hash: String =
            Sha256::digest(outgoing.words).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let kind = outgoing.kind.as_str();
        let key = format!("{kind}:{}:{}:{hash}", context.conversation_id, outgoing.to);
        let owner = uuid::Uuid::new_v4().to_string();
        let entry = Entry {
            key: key.clone(),
            kind: outgoing.kind.clone(),
            customer: Some(outgoing.to.to_owned()),
            state: EntryState::Claimed,
            owner: owner.clone(),
            answer: None,
            touched_at: now(),
        };
        let found = self.inbox.claim(entry).await?;
        // What was refused may be asked for again.
        let is_mine = found.owner == owner
            || found.state == EntryState::Refused && self.inbox.take_over(&key, &found.owner, &owner).await?;
        if !is_mine {
            return Ok(Permission::Repeated);
        }
        let limit = (HOUR, outgoing.max_per_hour);
        if !outgoing.counted().admit(self.inbox.as_ref(), &key, &[limit]).await? {
            self.inbox.settle(&key, &owner, EntryState::Refused, None).await?;
            return Ok(Permission::Limited);
        }
        Ok(Permission::Granted(key, owner))
    }

    /// Notes what became of it. What may have gone out counts as gone.
    async fn note<T>(
        &self,
        outgoing: &Outgoing<'_>,
        key: &str,
        owner: &str,
        outcome: &Result<T>,
    ) -> Result<()> {
        let state = match outcome {
            Ok(_) | Err(Error::ProviderOutcomeUnknown { .. }) => EntryState::Answered,
            Err(_) => {
                outgoing.counted().withdraw(self.inbox.as_ref(), key).await?;
                EntryState::Refused
            }
        };
        self.inbox.settle(key, owner, state, None).await.map(drop)
    }
}

fn out_of_reach() -> ToolResult {
    let error = "Only the customer on the line and the numbers in `tools.allowedNumbers` can be reached. \
                 Without `to`, it is the customer on the line, when their number is known.";
    failed(error, CANNOT)
}

fn repeated() -> ToolResult {
    done(json!({ "repeated": true }), "That has been sent already.")
}

fn limited() -> ToolResult {
    failed("This number was reached too often in the last hour.", CANNOT)
}

/// A failure that the model is told; others are told by the registry, without details.
fn told(error: Error) -> Result<ToolResult> {
    match error {
        Error::RecipientOptedOut => Ok(failed(error.to_string(), "This number wants no messages.")),
        Error::InvalidArgument { .. } => Ok(failed(error.to_string(), CANNOT)),
        other => Err(other),
    }
}

/// Sends an SMS.
struct SendSms {
    definition: ToolDefinition,
    sms: Weak<SmsChannel>,
    reach: Arc<Reach>,
    max_per_hour: u32,
}

impl SendSms {
    fn new(sms: Weak<SmsChannel>, reach: Arc<Reach>, max_per_hour: u32) -> Self {
        let definition = ToolDefinition {
            name: SEND_SMS.to_owned(),
            description: "Send a text message (SMS), to the customer on the line unless told otherwise."
                .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "message": { "type": "string", "maxLength": 1600, "description": "What to write" },
                    "to": { "type": "string", "maxLength": 40,
                        "description": "Phone number in E.164; the customer's unless given" },
                },
                "required": ["message"],
            }),
        };
        Self { definition, sms, reach, max_per_hour }
    }
}

#[async_trait]
impl Tool for SendSms {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// In a conversation by SMS the answer itself is the message.
    fn available_on(&self, channel: &Channel) -> bool {
        *channel != Channel::Sms || !self.reach.allowed.is_empty()
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let Some(words) = argument(&arguments, "message") else {
            return Ok(failed("`message` is empty.", "I could not send that."));
        };
        let Some(to) = self.reach.number(&arguments, context) else { return Ok(out_of_reach()) };
        let sms = self.sms.upgrade().ok_or(Error::Disposed("AIReceptionist"))?;
        let outgoing =
            Outgoing { kind: EntryKind::OutboundSms, to: &to, words, max_per_hour: self.max_per_hour };
        let (key, owner) = match self.reach.permit(&outgoing, context).await? {
            Permission::Granted(key, owner) => (key, owner),
            Permission::Repeated => return Ok(repeated()),
            Permission::Limited => return Ok(limited()),
        };
        let request = SmsRequest { to: to.clone(), body: words.to_owned(), ..SmsRequest::default() };
        let outcome = sms.send(request).await;
        self.reach.note(&outgoing, &key, &owner, &outcome).await?;
        match outcome {
            Ok(sent) => Ok(done(
                json!({ "messageSid": sent.message_sid, "to": sent.to, "status": sent.status }),
                "I've sent you a text message.",
            )),
            Err(error) => told(error),
        }
    }
}

/// Calls somebody.
struct InitiateCall {
    definition: ToolDefinition,
    voice: Weak<VoiceChannel>,
    reach: Arc<Reach>,
    max_per_hour: u32,
}

impl InitiateCall {
    fn new(voice: Weak<VoiceChannel>, reach: Arc<Reach>, max_per_hour: u32) -> Self {
        let definition = ToolDefinition {
            name: INITIATE_CALL.to_owned(),
            description: "Call somebody: the customer of this conversation unless told otherwise.".to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "to": { "type": "string", "maxLength": 40,
                        "description": "Phone number in E.164; the customer's unless given" },
                    "greeting": { "type": "string", "maxLength": 500, "description": "What is said first" },
                },
            }),
        };
        Self { definition, voice, reach, max_per_hour }
    }
}

#[async_trait]
impl Tool for InitiateCall {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// In a call the customer is on the line already.
    fn available_on(&self, channel: &Channel) -> bool {
        *channel != Channel::Call || !self.reach.allowed.is_empty()
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let Some(to) = self.reach.number(&arguments, context) else { return Ok(out_of_reach()) };
        let voice = self.voice.upgrade().ok_or(Error::Disposed("AIReceptionist"))?;
        let greeting = argument(&arguments, "greeting");
        let outgoing = Outgoing {
            kind: EntryKind::OutboundCall,
            to: &to,
            words: greeting.unwrap_or_default(),
            max_per_hour: self.max_per_hour,
        };
        let (key, owner) = match self.reach.permit(&outgoing, context).await? {
            Permission::Granted(key, owner) => (key, owner),
            Permission::Repeated => return Ok(repeated()),
            Permission::Limited => return Ok(limited()),
        };
        let metadata = json!({ "requestedIn": context.conversation_id });
        let request = CallRequest {
            to: to.clone(),
            greeting: greeting.map(str::to_owned),
            metadata: metadata.as_object().cloned(),
            ..CallRequest::default()
        };
        let outcome = voice.make(request).await;
        self.reach.note(&outgoing, &key, &owner, &outcome).await?;
        match outcome {
            Ok(call) => Ok(done(
                json!({ "callSid": call.id, "to": call.to, "status": call.status }),
                "The phone is ringing.",
            )),
            Err(error) => told(error),
        }
    }
}

/// Ends the call that the agent is in: the channel hangs up after its last words.
struct EndCall {
    definition: ToolDefinition,
}

impl EndCall {
    fn new() -> Self {
        let definition = ToolDefinition {
            name: END_CALL.to_owned(),
            description: "End this call, once everything is said. Say goodbye in your answer.".to_owned(),
            parameters: json!({ "type": "object", "properties": {} }),
        };
        Self { definition }
    }
}

#[async_trait]
impl Tool for EndCall {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn available_on(&self, channel: &Channel) -> bool {
        *channel == Channel::Call
    }

    async fn call(&self, _arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        if context.channel != Channel::Call {
            return Ok(failed("There is no call to end.", CANNOT));
        }
        Ok(done(json!({ "callSid": context.call_sid }), "Goodbye."))
    }
}
