//! The agent: what happens between something said and its answer.

pub mod guard;
pub mod profile;
pub mod prompt;
pub mod reminder;
mod summary;
pub mod transcript;
pub mod turns;

use std::sync::Arc;

use futures::future::join_all;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::{Instrument, debug, error, error_span};

use crate::agent::profile::Profile;
use crate::agent::reminder::Reminder;
use crate::agent::transcript::{History, Limits, result_content};
use crate::audience::Audience;
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::llm::text_sink::TextSink;
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ModelName, ToolDefinition};
use crate::memory::MemoryType;
use crate::message::{Channel, Message, Role, ToolCall, ToolResult};
use crate::recall::MemoryManager;
use crate::stopwatch::Stopwatch;
use crate::tools::ToolContext;
use crate::tools::runner::{ToolRunner, clean_text, storable};

/// Times a model may ask for tools before it has to answer.
pub const MAX_ROUNDS: usize = 8;
/// Said when a model has no words even then.
pub const FALLBACK: &str =
    "I'm sorry, I could not finish that just now. Could you tell me again what you need?";

/// Answers what is said, with tools, and remembers all of it.
pub struct Agent {
    profile: Arc<Profile>,
    limits: Limits,
    model: Arc<dyn ChatModel>,
    memory: Arc<MemoryManager>,
    tools: Arc<ToolRunner>,
    turns: turns::Turns,
}

/// Something said to the agent.
#[derive(Debug, Clone)]
pub struct TurnRequest {
    /// The line.
    pub channel: Channel,
    /// The conversation; 1 to 512 characters.
    pub conversation_id: String,
    /// What was said; without NUL.
    pub input: String,
    /// Who said it.
    pub customer: Customer,
    /// Kept with the message, and handed to tools.
    pub metadata: Option<Map<String, Value>>,
    /// Twilio's id of the call.
    pub call_sid: Option<String>,
    /// Twilio's id of the message.
    pub message_sid: Option<String>,
    /// Id of the memory of what was said, so that a turn which is repeated after a crash writes the same rows; the
    /// answer's is derived from it. New ones unless given.
    pub memory_id: Option<String>,
    /// What the developer wants of this answer, beside the agent's own instructions.
    pub instructions: Option<String>,
}

/// What the agent said and did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnOutcome {
    /// The answer, never empty.
    pub text: String,
    /// The tools that ran, in the order the model asked for them.
    pub tool_executions: Vec<ToolExecution>,
    /// Which model gave the answer.
    pub model: ModelName,
    /// What it was reminded of, with vectors.
    pub recalled: Option<Reminder>,
}

/// A tool that ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolExecution {
    /// What the model asked for.
    pub call: ToolCall,
    /// What came of it.
    pub result: ToolResult,
}

impl Agent {
    /// An agent with these settings. `context_tokens` is what it sends a model at most.
    pub fn new(
        profile: Arc<Profile>,
        context_tokens: usize,
        model: Arc<dyn ChatModel>,
        memory: Arc<MemoryManager>,
        tools: Arc<ToolRunner>,
    ) -> Self {
        let limits = Limits { tokens: context_tokens, messages: profile.get().memory.context_window };
        Self { profile, limits, model, memory, tools, turns: turns::Turns::default() }
    }

    /// What it remembers.
    pub fn memory(&self) -> &Arc<MemoryManager> {
        &self.memory
    }

    /// What it thinks with.
    pub fn model(&self) -> &dyn ChatModel {
        &*self.model
    }

    /// What it can do.
    pub fn tools(&self) -> &Arc<ToolRunner> {
        &self.tools
    }

    /// The instructions it works by: on a channel, or without what is said of channels.
    pub fn system_prompt(&self, channel: Option<&Channel>) -> String {
        prompt::system_prompt(&self.profile.get(), channel, &self.offered(channel))
    }

    /// Whether it is answering somebody.
    pub fn is_busy(&self) -> bool {
        self.turns.any()
    }

    /// Answers. Turns of one conversation wait for each other; one that would wait for code which waits for it fails with
    /// `TURN_REENTERED`.
    ///
    /// What was said is saved first, then every message and tool run as it happens. When the model
    /// fails, a memory of type `error` marks the turn and the model's error (`MODEL_…`) is returned; when
    /// something cannot be saved, the storage's.
    pub async fn turn(&self, request: TurnRequest) -> Result<TurnOutcome> {
        self.logged_turn(request, None).await
    }

    /// Answers like [`Self::turn`], and hands out the text as it arrives, also what the model says before it uses tools.
    ///
    /// When the answer breaks off, or `text` is left (`STREAM_LEFT`), what there was of it is kept too, with
    /// `interrupted` and the code in its metadata.
    pub async fn turn_aloud(&self, request: TurnRequest, text: &TextSink) -> Result<TurnOutcome> {
        self.logged_turn(request, Some(text)).await
    }

    async fn logged_turn(&self, request: TurnRequest, text: Option<&TextSink>) -> Result<TurnOutcome> {
        let TurnRequest { conversation_id, channel, .. } = &request;
        let span = error_span!("turn", conversation_id, channel = channel.as_str());
        let watch = Stopwatch::start();
        async {
            let outcome = self.answer(request, text).await;
            match &outcome {
                Ok(outcome) => {
                    debug!(duration_ms = watch.ms(), tools = outcome.tool_executions.len(), "Turn answered");
                }
                Err(Error::StreamLeft) => debug!(duration_ms = watch.ms(), "Turn left by its reader"),
                Err(error) => {
                    error!(duration_ms = watch.ms(), code = error.code(), %error, "Turn failed");
                }
            }
            outcome
        }
        .instrument(span)
        .await
    }

    async fn answer(&self, request: TurnRequest, text: Option<&TextSink>) -> Result<TurnOutcome> {
        let watch = Stopwatch::start();
        let conversation_id = request.conversation_id.clone();
        let turn = self.turns.begin(&conversation_id).await?;
        debug!(waited_ms = watch.ms(), "Turn begun");
        turn.run(self.answer_alone(request, text)).await
    }

    /// Answers while no other turn of the conversation runs.
    async fn answer_alone(&self, request: TurnRequest, text: Option<&TextSink>) -> Result<TurnOutcome> {
        let context = ToolContext {
            channel: request.channel,
            conversation_id: request.conversation_id.clone(),
            call_sid: request.call_sid,
            message_sid: request.message_sid,
            metadata: request.metadata.clone().unwrap_or_default(),
            customer: request.customer,
            agent_id: None,
        };
        let begins = self.memory.is_heard(EventKind::ConversationStart)
            && self.memory.is_new(&context.conversation_id).await?;
        let said = request.memory_id.clone();
        let said = self.remember(&context, Role::User, said, &request.input, request.metadata).await?;
        if begins {
            let metadata = Some(&context.metadata).filter(|metadata| !metadata.is_empty());
            self.memory.begins(&context.conversation_id, &context.channel, metadata).await;
        }
        let answer_id = request.memory_id.as_deref().map(answer_id);
        let watch = Stopwatch::start();
        let audience =
            Audience { conversation_id: context.conversation_id.clone(), customer: context.customer.clone() };
        let (history, recalled) = tokio::join!(
            History::read(&self.memory, &context.conversation_id, &said, self.limits),
            self.memory.recall(&request.input, audience),
        );
        let history = history?;
        debug!(duration_ms = watch.ms(), "History read");

        let tools = self.offered(Some(&context.channel));
        let mut system = prompt::system_prompt(&self.profile.get(), Some(&context.channel), &tools);
        if let Some(instructions) = &request.instructions {
            prompt::instruct(&mut system, instructions);
        }
        let mut turn = vec![Message::User(request.input)];
        let reminder = recalled.map(|recalled| {
            let sent = history.transcript(&system, &tools, &turn, self.limits.tokens);
            reminder::remind(&mut system, recalled, &sent, self.limits.tokens)
        });
        let mut tool_executions = Vec::new();
        for _ in 0..MAX_ROUNDS {
            let answer = self.ask(&context, &history, &system, &tools, &turn, text).await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => return Err(self.failed(&context, &said, error, text).await),
            };
            if answer.tool_calls.is_empty() {
                return self.finish(&context, answer_id, answer, tool_executions, text, reminder).await;
            }
            let ran = self.run(&context, &answer).await?;
            turn.push(Message::Assistant { content: answer.content, tool_calls: answer.tool_calls });
            turn.extend(ran.iter().map(result_message));
            tool_executions.extend(ran);
        }
        let answer = match self.ask(&context, &history, &system, &[], &turn, text).await {
            Ok(answer) => answer,
            Err(Error::ModelResponseInvalid(_)) => ChatResponse::default(),
            Err(error) => return Err(self.failed(&context, &said, error, text).await),
        };
        self.finish(&context, answer_id, answer, tool_executions, text, reminder).await
    }

    /// The answer to what was remembered under that id, if the turn got so far.
    pub async fn answered(&self, memory_id: &str) -> Result<Option<String>> {
        Ok(self.memory.get(&answer_id(memory_id)).await?.map(|memory| memory.content))
    }

    fn offered(&self, channel: Option<&Channel>) -> Vec<ToolDefinition> {
        let tools = self.tools.registry().list(channel);
        tools.iter().map(|tool| tool.definition().clone()).collect()
    }

    async fn ask(
        &self,
        context: &ToolContext,
        history: &History,
        system: &str,
        tools: &[ToolDefinition],
        turn: &[Message],
        text: Option<&TextSink>,
    ) -> Result<ChatResponse> {
        let messages = history.transcript(system, tools, turn, self.limits.tokens);
        let request = ChatRequest { messages: &messages, tools, conversation_id: &context.conversation_id };
        let watch = Stopwatch::start();
        let answer = match text {
            None => self.model.chat(request).await?,
            Some(text) => self.aloud(request, text).await?,
        };
        let (duration_ms, tool_calls) = (watch.ms(), answer.tool_calls.len());
        let ModelName { provider, model } = &answer.model;
        debug!(provider, model, duration_ms, messages = messages.len(), tool_calls, "Model answered");
        let tool_calls = answer.tool_calls.into_iter().map(|call| ToolCall {
            id: clean_text(call.id),
            name: clean_text(call.name),
            parameters: storable(call.parameters, 2),
            signature: call.signature,
        });
        let content = clean_text(answer.content);
        Ok(ChatResponse { tool_calls: tool_calls.collect(), content, model: answer.model })
    }

    async fn aloud(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        text.begin();
        if text.is_left() {
            return Err(Error::StreamLeft);
        }
        tokio::select! {
            biased;
            answer = self.model.stream(request, text) => answer,
            () = text.left() => Err(Error::StreamLeft),
        }
    }

    /// Runs the tools of one answer at once; the results are in the order of the calls.
    async fn run(&self, context: &ToolContext, answer: &ChatResponse) -> Result<Vec<ToolExecution>> {
        let request_id = uuid::Uuid::now_v7().to_string();
        if !answer.content.trim().is_empty() {
            self.remember(context, Role::Assistant, Some(request_id.clone()), &answer.content, None).await?;
        }
        let running = answer.tool_calls.iter().map(|call| self.tools.answer(call, context, &request_id));
        let results = join_all(running).await.into_iter().collect::<Result<Vec<_>>>()?;
        let calls = answer.tool_calls.iter().cloned();
        Ok(calls.zip(results).map(|(call, result)| ToolExecution { call, result }).collect())
    }

    async fn finish(
        &self,
        context: &ToolContext,
        id: Option<String>,
        answer: ChatResponse,
        tool_executions: Vec<ToolExecution>,
        aloud: Option<&TextSink>,
        recalled: Option<Reminder>,
    ) -> Result<TurnOutcome> {
        let ChatResponse { content: mut text, model, .. } = answer;
        if text.trim().is_empty() {
            FALLBACK.clone_into(&mut text);
            if let Some(aloud) = aloud {
                aloud.send(&text).await;
            }
        }
        self.remember(context, Role::Assistant, id, &text, None).await?;
        Ok(TurnOutcome { text, tool_executions, model, recalled })
    }

    /// Saves a message; returns its id.
    async fn remember(
        &self,
        context: &ToolContext,
        role: Role,
        id: Option<String>,
        content: &str,
        metadata: Option<Map<String, Value>>,
    ) -> Result<String> {
        let mut memory = context.memory(MemoryType::Conversation, content, 5);
        memory.role = Some(role);
        memory.metadata = metadata.map(Value::Object);
        memory.id = id.unwrap_or(memory.id);
        let id = memory.id.clone();
        self.memory.store(memory).await?;
        Ok(id)
    }

    /// Marks a turn that the model could not answer, and keeps what was handed out of it. The model's error is what the caller
    /// must see, also when the mark cannot be saved.
    async fn failed(
        &self,
        context: &ToolContext,
        said: &str,
        error: Error,
        text: Option<&TextSink>,
    ) -> Error {
        let code = error.code();
        let partial = clean_text(text.map(TextSink::said).unwrap_or_default());
        let happened = if partial.trim().is_empty() {
            "The model did not answer"
        } else {
            let marks = json!({ "interrupted": true, "code": code }).as_object().cloned();
            let _ = self.remember(context, Role::Assistant, None, &partial, marks).await;
            "The answer broke off"
        };
        let mut memory = context.memory(MemoryType::Error, format!("{happened}: {code}"), 8);
        memory.role = Some(Role::System);
        memory.metadata = Some(json!({ "code": code, "messageId": said }));
        let _ = self.memory.store(memory).await;
        error
    }
}

fn answer_id(memory_id: &str) -> String {
    format!("{memory_id}-answer")
}

fn result_message(ran: &ToolExecution) -> Message {
    let result = serde_json::to_value(&ran.result).unwrap_or_default();
    Message::Tool { call_id: ran.call.id.clone(), content: result_content(&result) }
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod aloud_tests;
