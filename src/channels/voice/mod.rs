//! The voice channel. Each turn of a call is answered once. If the reply is not ready in time,
//! Twilio is told to ask again.

mod call_status;
mod callback_url;
mod greeting;
pub mod live;
mod outbound;
mod outbound_context;
pub mod phrases;
mod prompts;
pub mod relay;
mod relay_prompts;

pub use greeting::{Greeting, GreetingProvider, GreetingRequest};
pub use outbound::{CallQuery, CallRequest, CallSession};

use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tracing::{error, info, warn};

use crate::agent::{Agent, TurnOutcome, TurnRequest, answer_id};
use crate::channels::shared::call_screening::CallScreening;
use crate::channels::shared::context::ChannelContext;
use crate::channels::shared::remote_party::RemoteParty;
use crate::channels::shared::tool_names::END_CALL;
use crate::channels::shared::twilio_endpoint::TwilioEndpoint;
use crate::channels::voice::callback_url::CallbackUrl;
use crate::channels::voice::live::calls::LiveCalls;
use crate::channels::voice::live::ticket::{Opening, RELAY};
use crate::channels::voice::outbound_context::OutboundContext;
use crate::channels::voice::prompts::VoicePrompts;
use crate::channels::voice::relay::options::SessionOptions;
use crate::channels::voice::relay::speech_text;
use crate::channels::voice::relay_prompts::RelayPrompts;
use crate::config::Config;
use crate::consolidation::Consolidator;
use crate::database::{Database, Entry, EntryKind};
use crate::error::Result;
use crate::extraction::Extractor;
use crate::inbox::idempotency::{
    ExecutionGuard, FinalReply, HOUR, IdempotentExecutor, InboundMessage, REPLY_TIMEOUT, Reply,
};
use crate::providers::twilio::TwilioClient;
use crate::providers::twilio::twiml::{Verb, voice_response};
use crate::providers::twilio::webhook::{CallEvent, VoiceWebhook};
use crate::types::memory::{Memory, MemoryType};
use crate::types::message::{Channel, Role};

/// Maximum retries of a turn whose reply is not ready: about one minute.
const MAX_RETRIES: u32 = 5;

/// The voice channel.
pub struct VoiceChannel {
    agent: Arc<Agent>,
    consolidator: Arc<Consolidator>,
    extractor: Option<Arc<Extractor>>,
    executor: Arc<IdempotentExecutor>,
    database: Option<Arc<Database>>,
    twilio: Option<Arc<TwilioClient>>,
    twilio_endpoint: Arc<TwilioEndpoint>,
    screening: CallScreening,
    prompts: VoicePrompts,
    relay: RelayPrompts,
    lines: LiveCalls,
    greeting: Greeting,
    max_per_hour: u32,
    country: String,
}

impl VoiceChannel {
    /// Creates a channel from the configuration.
    pub fn new(context: &ChannelContext, config: &Config, greeting: Greeting) -> Self {
        let settings = &config.channels.voice;
        let account = config.providers.communication.twilio.as_ref();
        let voice = account.and_then(|twilio| twilio.voice.as_ref()).and_then(|voice| voice.say_voice());
        Self {
            agent: Arc::clone(&context.agent),
            consolidator: Arc::clone(&context.consolidator),
            extractor: context.extractor.clone(),
            executor: Arc::clone(&context.executor),
            database: context.database.clone(),
            twilio: context.twilio.clone(),
            twilio_endpoint: Arc::clone(&context.twilio_endpoint),
            screening: CallScreening::new(&config.channels),
            prompts: VoicePrompts::new(settings, voice),
            relay: RelayPrompts::new(config, Arc::clone(&context.accepts_lines)),
            lines: LiveCalls::default(),
            greeting,
            max_per_hour: settings.max_per_hour,
            country: context.country.clone(),
        }
    }

    /// Handles a webhook of a call and returns TwiML. `url` is the public URL that Twilio posted
    /// to, with its query.
    ///
    /// A call that waits for a turn always gets one: errors become an apology. Callbacks after a
    /// call fail with errors of the storage, so that Twilio retries.
    pub async fn receive(self: &Arc<Self>, call: VoiceWebhook, url: Option<&str>) -> Result<String> {
        match call.event.clone() {
            CallEvent::SessionEnd { handoff_data, error_code } => {
                self.after_line(call, handoff_data, error_code, url).await
            }
            CallEvent::Turn => {
                let call_sid = call.call_sid.clone();
                Ok(self.turn(call, CallbackUrl::read(url)).await.unwrap_or_else(|error| {
                    error!(call_sid, code = error.code(), %error, "A caller heard an apology: the conversation cannot be stored");
                    self.prompts.apologize_and_hang_up()
                }))
            }
            CallEvent::Status if !call.is_over() => Ok(empty_response()),
            CallEvent::Status => self.log_call_end(call).await.map(|()| empty_response()),
            CallEvent::Recording | CallEvent::Transcription { .. } => {
                self.store_recording(call).await.map(|()| empty_response())
            }
        }
    }

    /// Returns the remote party of a call.
    fn party(&self, call: &VoiceWebhook) -> RemoteParty {
        RemoteParty::from_call(if call.outbound { &call.to } else { &call.from }, &self.country)
    }

    async fn turn(self: &Arc<Self>, call: VoiceWebhook, callback: CallbackUrl) -> Result<String> {
        let party = self.party(&call);
        if !call.outbound && self.screening.rejects_call(&call, &party) {
            info!(call_sid = call.call_sid, "Call rejected: the number is blocked, hidden or false");
            return Ok(voice_response(&[Verb::Reject]));
        }
        let label = self.label(&call, &callback).await?;
        let inbound = InboundMessage {
            key: format!("call:{}:{label}", call.call_sid),
            kind: if label == FIRST_TURN { EntryKind::Call } else { EntryKind::Turn },
            customer: party.key(),
        };
        let (channel, asked, call_sid) = (Arc::clone(self), callback.clone(), call.call_sid.clone());
        let reply = self.executor.execute(inbound, REPLY_TIMEOUT, move |guard| async move {
            if label == FIRST_TURN {
                channel.answer_call(&guard, &call, &party, &callback).await
            } else {
                channel.answer_turn(&guard, &call, &party, &callback, &label).await
            }
        });
        Ok(match reply.await? {
            Reply::Answered(twiml) => twiml,
            Reply::Pending if asked.retries < MAX_RETRIES => {
                self.prompts.ask_to_wait(asked.retry_url(), asked.retries == 0)
            }
            Reply::Pending => {
                error!(call_sid, "A caller heard an apology: the answer took too long");
                self.prompts.apologize(asked.next_url())
            }
        })
    }

    /// Returns the label of a turn within its call. If the URL is unknown, the label is a hash of
    /// the speech. A request without speech then asks for the reply to the last turn.
    async fn label(&self, call: &VoiceWebhook, callback: &CallbackUrl) -> Result<String> {
        if callback.is_known() {
            return Ok(callback.turn.to_string());
        }
        let last = format!("turn:{}", call.call_sid);
        let Some(speech) = &call.speech_result else {
            let noted = self.executor.inbox().get(&last).await?;
            return Ok(noted.and_then(|entry| entry.answer).unwrap_or_else(|| FIRST_TURN.to_owned()));
        };
        let heard = format!("{speech}\n{:?}", call.confidence);
        let hash: String = Sha256::digest(heard).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        self.executor.inbox().put(Entry::recorded(EntryKind::Turn, last, hash.clone())).await?;
        Ok(hash)
    }

    /// Answers the phone with the greeting.
    async fn answer_call(
        &self,
        guard: &ExecutionGuard,
        call: &VoiceWebhook,
        party: &RemoteParty,
        callback: &CallbackUrl,
    ) -> Result<FinalReply> {
        if !call.outbound && !guard.is_within_limits(&[(HOUR, self.max_per_hour)]).await? {
            info!(call_sid = call.call_sid, "Call refused: rate limit reached");
            return Ok(FinalReply { text: self.prompts.say_rate_limited(), rejected: true });
        }
        let outbound = match &callback.outbound {
            Some(key) => self.outbound_context(key).await?,
            None => OutboundContext::default(),
        };
        self.start_session(call, party, outbound.metadata).await?;
        let greeting = match outbound.greeting {
            Some(greeting) => greeting,
            None => Box::pin(self.greeting.of_call(call, party)).await,
        };
        self.agent.memory().store(greeting_memory(call, greeting.clone())).await?;
        let memory_id = greeting_id(call);
        let text = match self.connect_line(call, &greeting, memory_id, callback).await? {
            Some(twiml) => twiml,
            None => self.prompts.say_and_listen(&greeting, callback.next_url()),
        };
        Ok(FinalReply { text, rejected: false })
    }

    /// Returns the TwiML that makes a call live and says a first text, whose memory has the id
    /// `memory_id`. Returns `None` if calls are answered turn by turn.
    async fn connect_line(
        &self,
        call: &VoiceWebhook,
        text: &str,
        memory_id: String,
        callback: &CallbackUrl,
    ) -> Result<Option<String>> {
        if !self.relay.is_used() || self.lines.is_draining() || callback.lines >= MAX_LINES {
            return Ok(None);
        }
        let opening = Opening { text: speech_text::spoken(text), memory_id };
        let greeting = opening.text.clone();
        let url = self.issue_line_url(call, opening, callback.public_url()).await?;
        if url.is_none() {
            warn!(call_sid = call.call_sid, "Call answered turn by turn: the public URL is not known");
        }
        let action = || callback.line_end_url(RELAY).or_else(|| self.twilio_endpoint.voice_url(RELAY));
        Ok(url.map(|url| self.relay.connect(url, greeting, action())))
    }

    /// Says an answer and listens: on a new line, if the last one was lost, or turn by turn.
    async fn go_on(
        &self,
        call: &VoiceWebhook,
        text: &str,
        memory_id: &str,
        callback: &CallbackUrl,
    ) -> Result<String> {
        if callback.lines > 0
            && let Some(twiml) = self.connect_line(call, text, answer_id(memory_id), callback).await?
        {
            return Ok(twiml);
        }
        Ok(self.prompts.say_and_listen(text, callback.next_url()))
    }

    /// Returns the live calls.
    pub fn lines(&self) -> &LiveCalls {
        &self.lines
    }

    /// Returns the options of the session of a live call, which begins with a text.
    fn session_options(&self, greeting: String) -> SessionOptions {
        self.relay.session_options(greeting)
    }

    /// Starts the session of a call.
    async fn start_session(
        &self,
        call: &VoiceWebhook,
        party: &RemoteParty,
        metadata: Option<Map<String, Value>>,
    ) -> Result<()> {
        let mut known = metadata.unwrap_or_default();
        known.extend(session(call, party));
        self.agent.memory().start_session(&call.call_sid, Channel::Call, Some(known)).await
    }

    /// Answers what the caller said.
    async fn answer_turn(
        &self,
        guard: &ExecutionGuard,
        call: &VoiceWebhook,
        party: &RemoteParty,
        callback: &CallbackUrl,
        label: &str,
    ) -> Result<FinalReply> {
        let answer = |text| Ok(FinalReply { text, rejected: false });
        let memory_id = memory_id(call, label);
        let said = match &call.speech_result {
            Some(speech) => Some(speech.clone()),
            // A retry does not repeat the speech, so read it from memory.
            None if guard.resumed => self.agent.memory().get(&memory_id).await?.map(|said| said.content),
            None => None,
        };
        let Some(input) = said else { return answer(self.prompts.ask_to_repeat(callback.next_url())) };
        if guard.resumed
            && let Some(text) = self.agent.stored_answer(&memory_id).await?
        {
            return answer(self.go_on(call, &text, &memory_id, callback).await?);
        }
        let mut metadata = Map::new();
        if let Some(confidence) = call.confidence {
            metadata.insert("confidence".to_owned(), json!(confidence));
        }
        let turn = TurnRequest {
            channel: Channel::Call,
            conversation_id: call.call_sid.clone(),
            input,
            customer: party.customer(),
            metadata: Some(metadata),
            call_sid: Some(call.call_sid.clone()),
            message_sid: None,
            memory_id: Some(memory_id.clone()),
            instructions: None,
            tool_options: crate::agent::ToolOptions::default(),
        };
        match self.agent.turn(turn).await {
            Ok(outcome) if hangs_up(&outcome) => answer(self.prompts.say_and_hang_up(&outcome.text)),
            Ok(outcome) => answer(self.go_on(call, &outcome.text, &memory_id, callback).await?),
            Err(error) if error.is_model_failure() => {
                let (call_sid, code) = (&call.call_sid, error.code());
                error!(call_sid, code, %error, "A caller heard an apology: the model failed");
                answer(self.prompts.apologize(callback.next_url()))
            }
            Err(error) => Err(error),
        }
    }
}

/// Maximum number of lines of a call. If the last one is lost, the call goes on turn by turn.
const MAX_LINES: u32 = 3;

/// The label of the first turn, in which the phone is answered.
const FIRST_TURN: &str = "0";

/// Returns `true` if the agent ended the call.
fn hangs_up(outcome: &TurnOutcome) -> bool {
    outcome.tool_executions.iter().any(|ran| ran.call.name == END_CALL && ran.result.success)
}

/// Returns the id of the memory of the greeting.
fn greeting_id(call: &VoiceWebhook) -> String {
    answer_id(&memory_id(call, FIRST_TURN))
}

/// Returns the memory of the greeting.
fn greeting_memory(call: &VoiceWebhook, greeting: String) -> Memory {
    Memory {
        id: greeting_id(call),
        role: Some(Role::Assistant),
        importance: Some(5),
        channel: Some(Channel::Call),
        session_metadata: Some(conversation_fields(call).into()),
        ..Memory::new(MemoryType::Conversation, greeting)
    }
}

fn empty_response() -> String {
    voice_response(&[])
}

fn memory_id(call: &VoiceWebhook, label: &str) -> String {
    format!("call-{}-{label}", call.call_sid)
}

/// Returns the `sessionMetadata` of memories of a call.
fn conversation_fields(call: &VoiceWebhook) -> Map<String, Value> {
    ["conversationId", "callSid"].into_iter().map(|key| (key.to_owned(), json!(call.call_sid))).collect()
}

/// Returns the session metadata of a new call.
fn session(call: &VoiceWebhook, party: &RemoteParty) -> Map<String, Value> {
    let mut session = Map::new();
    session.insert("callSid".to_owned(), json!(call.call_sid));
    session.insert("from".to_owned(), json!(call.from));
    session.insert("to".to_owned(), json!(call.to));
    session.insert("direction".to_owned(), json!(if call.outbound { "outbound" } else { "inbound" }));
    if let Some(key) = party.key() {
        session.insert("participants".to_owned(), json!([key]));
    }
    session
}
