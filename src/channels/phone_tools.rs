//! The phone tools of the agent. Here are initiate_call, send_sms and end_call.
//!
//! A model can be manipulated by a caller, so three limits apply. The tools reach only the customer
//! on the line and the developer's allowed numbers. The same text goes to the same number once per
//! conversation. A number receives no more per hour than it may send.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::channels::keypad_tool::CollectDigits;
use crate::channels::language_tool::SwitchLanguage;
use crate::channels::shared::context::default_country;
use crate::channels::shared::tool_names::{END_CALL, INITIATE_CALL, SEND_SMS};
use crate::channels::sms::{SmsChannel, SmsRequest};
use crate::channels::voice::{CallRequest, VoiceChannel};
use crate::config::{Config, PhoneNumberPatterns};
use crate::database::{Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::inbox::idempotency::HOUR;
use crate::inbox::rate_limit::RateLimiter;
use crate::llm::ToolDefinition;
use crate::phone::{is_same_phone, normalize_phone, phone_identity, phone_spellings};
use crate::tools::{Tool, ToolContext, argument, done, failed};
use crate::types::message::{Channel, ToolResult};

/// Reply to the customer when a tool is not permitted.
const CANNOT_DO_THAT: &str = "I'm sorry, I can't do that from here.";

/// Returns the phone tools. They hold the channels weakly, because the channels hold the
/// agent, and the agent its tools.
pub fn phone_tools(
    voice: &Arc<VoiceChannel>,
    sms: &Arc<SmsChannel>,
    inbox: &Arc<dyn Inbox>,
    config: &Config,
) -> Vec<Arc<dyn Tool>> {
    let policy = Arc::new(OutboundPolicy {
        inbox: Arc::clone(inbox),
        allowed: config.tools.allowed_numbers.clone(),
        country: default_country(config),
    });
    let mut tools: Vec<Arc<dyn Tool>> = vec![
        Arc::new(InitiateCall::new(
            Arc::downgrade(voice),
            Arc::clone(&policy),
            config.channels.voice.max_per_hour,
        )),
        Arc::new(SendSms::new(Arc::downgrade(sms), policy, config)),
        Arc::new(EndCall::new()),
        Arc::new(CollectDigits::new(voice)),
    ];
    if let Some(tool) = SwitchLanguage::new(voice, &config.channels.voice) {
        tools.push(Arc::new(tool));
    }
    tools
}

/// The policy of outbound calls and messages: allowed recipients and rate limits.
struct OutboundPolicy {
    inbox: Arc<dyn Inbox>,
    allowed: PhoneNumberPatterns,
    country: String,
}

/// A call or message about to be sent.
struct OutboundRequest<'a> {
    kind: EntryKind,
    /// The recipient's number, in the canonical spelling that is counted.
    customer: String,
    content: &'a str,
    max_per_hour: u32,
}

impl OutboundRequest<'_> {
    fn rate_limiter(&self) -> RateLimiter<'_> {
        RateLimiter { kind: &self.kind, customer: &self.customer }
    }
}

/// The decision on an outbound call or message.
enum Permission {
    /// Permitted. The outcome is recorded under this key and owner.
    Granted(String, String),
    /// A duplicate: the same text was already sent to this number.
    Duplicate,
    /// The number has reached its hourly limit.
    RateLimited,
}

impl OutboundPolicy {
    /// Returns the number to reach: the customer's own, or an allowed one.
    fn number(&self, arguments: &Value, context: &ToolContext) -> Option<String> {
        let customer = context.customer.phone.as_deref();
        let Some(given) = argument(arguments, "to") else { return customer.map(str::to_owned) };
        let number = normalize_phone(given, &self.country)?;
        let is_customer = customer.is_some_and(|customer| is_same_phone(customer, &number));
        (is_customer || self.allowed.matches_any(&phone_spellings(&number))).then_some(number)
    }

    /// Requests permission, once for the same text to the same number in a conversation.
    async fn authorize(&self, request: &OutboundRequest<'_>, context: &ToolContext) -> Result<Permission> {
        let hash: String =
            Sha256::digest(request.content).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let kind = request.kind.as_str();
        let key = format!("{kind}:{}:{}:{hash}", context.conversation_id, request.customer);
        let entry =
            Entry::in_progress(request.kind.clone(), key.clone()).for_customer(request.customer.clone());
        let owner = entry.owner.clone();
        let found = self.inbox.insert_if_absent(entry).await?;
        // A rejected message may be requested again.
        let is_mine = found.owner == owner
            || found.state == EntryState::Rejected && self.inbox.reclaim(&key, &found.owner, &owner).await?;
        if !is_mine {
            return Ok(Permission::Duplicate);
        }
        let limit = (HOUR, request.max_per_hour);
        if !request.rate_limiter().try_acquire(self.inbox.as_ref(), &key, &[limit]).await? {
            self.inbox.update_if_owner(&key, &owner, EntryState::Rejected, None).await?;
            return Ok(Permission::RateLimited);
        }
        Ok(Permission::Granted(key, owner))
    }

    /// Records the outcome. A message that may have been sent counts as sent.
    async fn record_outcome<T>(
        &self,
        request: &OutboundRequest<'_>,
        key: &str,
        owner: &str,
        outcome: &Result<T>,
    ) -> Result<()> {
        let state = match outcome {
            Ok(_) | Err(Error::ProviderOutcomeUnknown { .. }) => EntryState::Completed,
            Err(_) => {
                request.rate_limiter().refund(self.inbox.as_ref(), key).await?;
                EntryState::Rejected
            }
        };
        self.inbox.update_if_owner(key, owner, state, None).await.map(drop)
    }
}

fn not_allowed() -> ToolResult {
    let error = "Only the customer on the line and the numbers in `tools.allowedNumbers` can be reached. \
                 Without `to`, it is the customer on the line, when their number is known.";
    failed(error, CANNOT_DO_THAT)
}

fn duplicate() -> ToolResult {
    done(json!({ "repeated": true }), "That has been sent already.")
}

fn rate_limited() -> ToolResult {
    failed("This number was reached too often in the last hour.", CANNOT_DO_THAT)
}

/// Turns an error into a tool result for the model. The registry reports other errors, without
/// details.
fn to_tool_result(error: Error) -> Result<ToolResult> {
    match error {
        Error::RecipientOptedOut => Ok(failed(error.to_string(), "This number wants no messages.")),
        Error::MessagingWindowClosed { .. } => Ok(failed(
            "The customer has not written on WhatsApp for 24 hours. Send it as an SMS.",
            CANNOT_DO_THAT,
        )),
        Error::InvalidArgument { .. } => Ok(failed(error.to_string(), CANNOT_DO_THAT)),
        other => Err(other),
    }
}

/// The tool that sends an SMS.
struct SendSms {
    definition: ToolDefinition,
    sms: Weak<SmsChannel>,
    policy: Arc<OutboundPolicy>,
    max_per_hour: u32,
}

impl SendSms {
    fn new(sms: Weak<SmsChannel>, policy: Arc<OutboundPolicy>, config: &Config) -> Self {
        let mut properties = json!({
            "message": { "type": "string", "maxLength": 1600, "description": "What to write" },
            "to": { "type": "string", "maxLength": 40,
                "description": "Phone number in E.164; the customer's unless given" },
        });
        let twilio = config.providers.communication.twilio.as_ref();
        if twilio.is_some_and(|twilio| twilio.whatsapp_number.is_some()) {
            properties["channel"] = json!({ "type": "string", "enum": ["sms", "whatsapp"],
                "description": "`whatsapp` only if the customer wrote on WhatsApp within 24 hours; `sms` unless given" });
        }
        let definition = ToolDefinition {
            name: SEND_SMS.to_owned(),
            description: "Send a text message (SMS), to the customer on the line unless told otherwise."
                .to_owned(),
            parameters: json!({ "type": "object", "properties": properties, "required": ["message"] }),
        };
        Self { definition, sms, policy, max_per_hour: config.channels.sms.max_per_hour }
    }
}

#[async_trait]
impl Tool for SendSms {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Returns `false` in an SMS conversation, where the reply itself is the message, unless other
    /// numbers are allowed.
    fn available_on(&self, channel: &Channel) -> bool {
        *channel != Channel::Sms || !self.policy.allowed.is_empty()
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let Some(content) = argument(&arguments, "message") else {
            return Ok(failed("`message` is empty.", "I could not send that."));
        };
        let Some(to) = self.policy.number(&arguments, context) else { return Ok(not_allowed()) };
        let sms = self.sms.upgrade().ok_or(Error::Disposed("AIReceptionist"))?;
        let request = OutboundRequest {
            kind: EntryKind::OutboundSms,
            customer: phone_identity(&to),
            content,
            max_per_hour: self.max_per_hour,
        };
        let (key, owner) = match self.policy.authorize(&request, context).await? {
            Permission::Granted(key, owner) => (key, owner),
            Permission::Duplicate => return Ok(duplicate()),
            Permission::RateLimited => return Ok(rate_limited()),
        };
        let is_on_whatsapp = argument(&arguments, "channel") == Some("whatsapp")
            || argument(&arguments, "to").is_some_and(|given| given.to_lowercase().starts_with("whatsapp:"));
        let address = if is_on_whatsapp { format!("whatsapp:{to}") } else { to.clone() };
        let message = SmsRequest { to: address, body: content.to_owned(), ..SmsRequest::default() };
        let outcome = sms.send(message).await;
        self.policy.record_outcome(&request, &key, &owner, &outcome).await?;
        match outcome {
            Ok(sent) => Ok(done(
                json!({ "messageSid": sent.message_sid, "to": sent.to, "status": sent.status }),
                "I've sent you a text message.",
            )),
            Err(error) => to_tool_result(error),
        }
    }
}

/// The tool that makes a call.
struct InitiateCall {
    definition: ToolDefinition,
    voice: Weak<VoiceChannel>,
    policy: Arc<OutboundPolicy>,
    max_per_hour: u32,
}

impl InitiateCall {
    fn new(voice: Weak<VoiceChannel>, policy: Arc<OutboundPolicy>, max_per_hour: u32) -> Self {
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
        Self { definition, voice, policy, max_per_hour }
    }
}

#[async_trait]
impl Tool for InitiateCall {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Returns `false` in a call, where the customer is already on the line, unless other numbers
    /// are allowed.
    fn available_on(&self, channel: &Channel) -> bool {
        *channel != Channel::Call || !self.policy.allowed.is_empty()
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let Some(to) = self.policy.number(&arguments, context) else { return Ok(not_allowed()) };
        let voice = self.voice.upgrade().ok_or(Error::Disposed("AIReceptionist"))?;
        let greeting = argument(&arguments, "greeting");
        let request = OutboundRequest {
            kind: EntryKind::OutboundCall,
            customer: phone_identity(&to),
            content: greeting.unwrap_or_default(),
            max_per_hour: self.max_per_hour,
        };
        let (key, owner) = match self.policy.authorize(&request, context).await? {
            Permission::Granted(key, owner) => (key, owner),
            Permission::Duplicate => return Ok(duplicate()),
            Permission::RateLimited => return Ok(rate_limited()),
        };
        let metadata = json!({ "requestedIn": context.conversation_id });
        let call = CallRequest {
            to: to.clone(),
            greeting: greeting.map(str::to_owned),
            metadata: metadata.as_object().cloned(),
            ..CallRequest::default()
        };
        let outcome = voice.make(call).await;
        self.policy.record_outcome(&request, &key, &owner, &outcome).await?;
        match outcome {
            Ok(call) => Ok(done(
                json!({ "callSid": call.id, "to": call.to, "status": call.status }),
                "The phone is ringing.",
            )),
            Err(error) => to_tool_result(error),
        }
    }
}

/// The tool that ends the current call. The channel hangs up after the agent's last sentence.
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
            return Ok(failed("There is no call to end.", CANNOT_DO_THAT));
        }
        Ok(done(json!({ "callSid": context.call_sid }), "Goodbye."))
    }
}
