//! Calls: every turn answered once, with words in time or else with a way to come back for them.

mod end;
mod outbound;
mod place;
mod speech;

pub use outbound::{CallQuery, CallRequest, CallSession};

use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tracing::{error, info};

use crate::agent::{Agent, TurnOutcome, TurnRequest};
use crate::channels::claims::{Answer, Claims, HOUR, Held, Inbound, PATIENCE, Reply};
use crate::channels::common::Common;
use crate::channels::line::Line;
use crate::channels::party::Party;
use crate::channels::phone_tools::END_CALL;
use crate::channels::spam::Spam;
use crate::channels::twiml::{Verb, voice_response};
use crate::channels::voice::outbound::Purpose;
use crate::channels::voice::place::Place;
use crate::channels::voice::speech::Speech;
use crate::channels::webhook::{CallEvent, VoiceWebhook};
use crate::config::Config;
use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::error::Result;
use crate::http::twilio::Twilio;
use crate::memory::{Memory, MemoryType, now};
use crate::message::{Channel, Role};

/// Times an answer may be asked for in vain: about a minute.
const MAX_WAITS: u32 = 5;

/// Answers calls.
pub struct VoiceChannel {
    agent: Arc<Agent>,
    claims: Arc<Claims>,
    database: Option<Arc<Database>>,
    twilio: Option<Arc<Twilio>>,
    line: Arc<Line>,
    spam: Spam,
    speech: Speech,
    greeting: String,
    max_per_hour: u32,
    country: String,
}

impl VoiceChannel {
    /// A channel with that configuration.
    pub fn new(common: &Common, config: &Config) -> Self {
        let settings = &config.channels.voice;
        let account = config.providers.communication.twilio.as_ref();
        let voice = account.and_then(|twilio| twilio.voice.as_ref()).and_then(|voice| voice.for_say());
        Self {
            agent: Arc::clone(&common.agent),
            claims: Arc::clone(&common.claims),
            database: common.database.clone(),
            twilio: common.twilio.clone(),
            line: Arc::clone(&common.line),
            spam: Spam::new(&config.channels),
            speech: Speech::new(settings, voice),
            greeting: settings.greeting.clone().unwrap_or_else(|| default_greeting(config)),
            max_per_hour: settings.max_per_hour,
            country: common.country.clone(),
        }
    }

    /// Handles whatever Twilio posts about a call, and tells what to do as TwiML; `url` is the public address it posted to, with
    /// its query.
    ///
    /// A call that waits for words always gets some. What comes after a call fails with what the storage fails with, so that
    /// Twilio is told to try again.
    pub async fn receive(self: &Arc<Self>, call: VoiceWebhook, url: Option<&str>) -> Result<String> {
        match &call.event {
            CallEvent::Turn => {
                let call_sid = call.call_sid.clone();
                Ok(self.turn(call, Place::read(url)).await.unwrap_or_else(|error| {
                    error!(call_sid, code = error.code(), %error, "A caller heard an apology: nothing can be kept");
                    self.speech.give_up()
                }))
            }
            CallEvent::Status if !call.is_over() => Ok(silence()),
            CallEvent::Status => self.ended(call).await.map(|()| silence()),
            CallEvent::Recording | CallEvent::Transcription { .. } => {
                self.recorded(call).await.map(|()| silence())
            }
        }
    }

    /// The other end of a call.
    fn party(&self, call: &VoiceWebhook) -> Party {
        Party::read(if call.outbound { &call.to } else { &call.from }, &self.country)
    }

    async fn turn(self: &Arc<Self>, call: VoiceWebhook, place: Place) -> Result<String> {
        let party = self.party(&call);
        if !call.outbound && self.spam.rejects(&call, &party) {
            info!(call_sid = call.call_sid, "Call rejected: the number is blocked, hidden or false");
            return Ok(voice_response(&[Verb::Reject]));
        }
        let label = self.label(&call, &place).await?;
        let inbound = Inbound {
            key: format!("call:{}:{label}", call.call_sid),
            kind: if label == FIRST { EntryKind::Call } else { EntryKind::Turn },
            customer: party.key().map(str::to_owned),
        };
        let (channel, asked) = (Arc::clone(self), place.clone());
        let reply = self.claims.answer(inbound, PATIENCE, move |held| async move {
            if label == FIRST {
                channel.begin(&held, &call, &party, &place).await
            } else {
                channel.converse(&held, &call, &party, &place, &label).await
            }
        });
        Ok(match reply.await? {
            Reply::Answered(twiml) => twiml,
            Reply::Pending if asked.waited < MAX_WAITS => self.speech.wait(asked.again(), asked.waited == 0),
            Reply::Pending => self.speech.apologise(asked.next()),
        })
    }

    /// What names a turn within its call. Where the address is not known, what was heard does; a request in which nothing
    /// was heard then asks for the last turn's answer.
    async fn label(&self, call: &VoiceWebhook, place: &Place) -> Result<String> {
        if place.is_known() {
            return Ok(place.turn.to_string());
        }
        let last = format!("turn:{}", call.call_sid);
        let Some(speech) = &call.speech_result else {
            let noted = self.claims.inbox().get(&last).await?;
            return Ok(noted.and_then(|entry| entry.answer).unwrap_or_else(|| FIRST.to_owned()));
        };
        let heard = format!("{speech}\n{:?}", call.confidence);
        let hash: String = Sha256::digest(heard).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let note = Entry {
            key: last,
            kind: EntryKind::Turn,
            customer: None,
            state: EntryState::Noted,
            owner: String::new(),
            answer: Some(hash.clone()),
            touched_at: now(),
        };
        self.claims.inbox().note(note).await?;
        Ok(hash)
    }

    /// Answers the phone.
    async fn begin(&self, held: &Held, call: &VoiceWebhook, party: &Party, place: &Place) -> Result<Answer> {
        if !call.outbound && !held.admit(&[(HOUR, self.max_per_hour)]).await? {
            info!(call_sid = call.call_sid, "Call refused: too many came");
            return Ok(Answer { text: self.speech.refuse(), refused: true });
        }
        let purpose = match &place.outbound {
            Some(key) => self.purpose(key).await?,
            None => Purpose::default(),
        };
        self.open(call, party, purpose.metadata).await?;
        let greeting = purpose.greeting.unwrap_or_else(|| self.greeting.clone());
        self.agent.memory().store(greeting_memory(call, FIRST, greeting.clone())).await?;
        Ok(Answer { text: self.speech.listen(&greeting, place.next()), refused: false })
    }

    /// Opens the conversation of a call.
    async fn open(
        &self,
        call: &VoiceWebhook,
        party: &Party,
        metadata: Option<Map<String, Value>>,
    ) -> Result<()> {
        let mut known = metadata.unwrap_or_default();
        known.extend(session(call, party));
        self.agent.memory().start_session(&call.call_sid, Channel::Call, Some(known)).await
    }

    /// Answers what was said.
    async fn converse(
        &self,
        held: &Held,
        call: &VoiceWebhook,
        party: &Party,
        place: &Place,
        label: &str,
    ) -> Result<Answer> {
        let answer = |text| Ok(Answer { text, refused: false });
        let memory_id = memory_id(call, label);
        let said = match &call.speech_result {
            Some(speech) => Some(speech.clone()),
            // Whoever asks for an answer again has not heard what it was to.
            None if held.resumed => self.agent.memory().get(&memory_id).await?.map(|said| said.content),
            None => None,
        };
        let Some(input) = said else { return answer(self.speech.repeat(place.next())) };
        if held.resumed
            && let Some(words) = self.agent.answered(&memory_id).await?
        {
            return answer(self.speech.listen(&words, place.next()));
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
            memory_id: Some(memory_id),
            instructions: None,
        };
        match self.agent.turn(turn).await {
            Ok(outcome) if hangs_up(&outcome) => answer(self.speech.end(&outcome.text)),
            Ok(outcome) => answer(self.speech.listen(&outcome.text, place.next())),
            Err(error) if error.is_of_model() => answer(self.speech.apologise(place.next())),
            Err(error) => Err(error),
        }
    }
}

/// The turn in which the phone is answered.
const FIRST: &str = "0";

/// Whether the agent said its last words.
fn hangs_up(outcome: &TurnOutcome) -> bool {
    outcome.tool_executions.iter().any(|ran| ran.call.name == END_CALL && ran.result.success)
}

/// What was said first, as it is remembered.
fn greeting_memory(call: &VoiceWebhook, label: &str, greeting: String) -> Memory {
    Memory {
        id: format!("{}-answer", memory_id(call, label)),
        role: Some(Role::Assistant),
        importance: Some(5),
        channel: Some(Channel::Call),
        session_metadata: Some(conversation(call)),
        ..Memory::new(MemoryType::Conversation, greeting)
    }
}

fn silence() -> String {
    voice_response(&[])
}

fn memory_id(call: &VoiceWebhook, label: &str) -> String {
    format!("call-{}-{label}", call.call_sid)
}

/// The `sessionMetadata` of what belongs to a call.
fn conversation(call: &VoiceWebhook) -> Map<String, Value> {
    ["conversationId", "callSid"].into_iter().map(|key| (key.to_owned(), json!(call.call_sid))).collect()
}

/// What is known of a call when it begins.
fn session(call: &VoiceWebhook, party: &Party) -> Map<String, Value> {
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

/// Who answers, and for whom.
fn default_greeting(config: &Config) -> String {
    let identity = config.agent.as_ref().and_then(|agent| agent.identity.as_ref());
    let Some(identity) = identity else { return "Hello! How can I help you?".to_owned() };
    let company = identity.company.as_deref().map(|company| format!(" from {company}")).unwrap_or_default();
    format!("Hello, this is {}{company}. How can I help you?", identity.name)
}
