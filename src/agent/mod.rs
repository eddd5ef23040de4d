//! The agent: processes one message and produces the answer.

pub mod activity;
pub mod conversation_locks;
pub mod profile;
pub mod prompt;
pub mod prompt_injection;
pub mod retrieved_context;
pub(crate) mod spoken_lines;
#[cfg(test)]
mod stream_tests;
pub mod transcript;

use std::sync::Arc;

use futures::future::join_all;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::{Instrument, debug, error, error_span};

use crate::agent::activity::Activity;
use crate::agent::profile::Profile;
use crate::agent::retrieved_context::RetrievedContext;
use crate::agent::transcript::{History, HistoryLimits, result_content};
use crate::config::{Retrieval, RetrievalLimits};
use crate::customers::{KnownCustomers, Person};
use crate::error::{Error, Result};
use crate::llm::text_sink::{StreamTimes, TextSink};
use crate::llm::{ChatModel, ChatRequest, ChatResponse, ModelName, ToolDefinition};
use crate::memory::{MemoryManager, RetrieveOptions, RetrievedMemories, RollingSummary};
use crate::stopwatch::Stopwatch;
use crate::tools::ToolContext;
use crate::tools::runner::{ToolRunner, replace_nul, storable};
use crate::types::customer::Customer;
use crate::types::event::EventKind;
use crate::types::memory::MemoryType;
use crate::types::message::{Channel, Message, Role, ToolCall, ToolResult};
use crate::types::person_links::Identifier;

/// Maximum rounds of tool calls before the model must answer.
pub const MAX_TOOL_ROUNDS: usize = 8;
/// Number of memories retrieved beyond the limit, because some are in the transcript already.
const RETRIEVED_BEYOND_LIMIT: usize = 20;
/// Answer when the model returns no text after the last round.
pub const FALLBACK_ANSWER: &str =
    "I'm sorry, I could not finish that just now. Could you tell me again what you need?";

/// An agent, which answers messages with the help of tools and stores everything as memories.
pub struct Agent {
    profile: Arc<Profile>,
    /// Maximum tokens of one request to the model.
    context_tokens: usize,
    model: Arc<dyn ChatModel>,
    memory: Arc<MemoryManager>,
    tools: Arc<ToolRunner>,
    customers: Option<Arc<KnownCustomers>>,
    turns: conversation_locks::ConversationLocks,
    activity: Activity,
}

/// One message to the agent.
#[derive(Debug, Clone)]
pub struct TurnRequest {
    /// Channel of the message.
    pub channel: Channel,
    /// Id of the conversation, 1 to 512 characters.
    pub conversation_id: String,
    /// Text of the message, without NUL.
    pub input: String,
    /// Sender of the message.
    pub customer: Customer,
    /// Metadata that is stored with the message and passed to tools.
    pub metadata: Option<Map<String, Value>>,
    /// Twilio's SID of the call.
    pub call_sid: Option<String>,
    /// Twilio's SID of the message.
    pub message_sid: Option<String>,
    /// Id of the message's memory. By default, a new id. With a fixed id, a turn that is repeated
    /// after a crash writes the same rows. The id of the answer's memory is derived from it.
    pub memory_id: Option<String>,
    /// Additional instructions of the developer for this answer.
    pub instructions: Option<String>,
    /// Values that the developer passes to tools.
    pub tool_options: ToolOptions,
}

/// Values that the developer passes to the tools of a turn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ToolOptions {
    /// Arguments that replace the model's, for every tool that accepts them.
    pub parameters: Map<String, Value>,
    /// Additional fields of the tool context.
    pub context: Map<String, Value>,
}

/// The result of a turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnOutcome {
    /// Text of the answer, never empty.
    pub text: String,
    /// Executed tools, in the order of the model's calls.
    pub tool_executions: Vec<ToolExecution>,
    /// Model that gave the answer.
    pub model: ModelName,
    /// Memories that were added to the prompt, unless retrieval is off.
    pub retrieved: Option<RetrievedContext>,
}

/// An executed tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolExecution {
    /// Call of the model.
    pub call: ToolCall,
    /// Result of the tool.
    pub result: ToolResult,
}

impl Agent {
    /// Creates an agent. `context_tokens` is the maximum of one request to the model.
    pub fn new(
        profile: Arc<Profile>,
        context_tokens: usize,
        model: Arc<dyn ChatModel>,
        memory: Arc<MemoryManager>,
        tools: Arc<ToolRunner>,
    ) -> Self {
        Self {
            profile,
            context_tokens,
            model,
            memory,
            tools,
            customers: None,
            turns: conversation_locks::ConversationLocks::default(),
            activity: Activity::default(),
        }
    }

    /// Adds the facts about the customer to the prompt of every turn.
    pub fn with_customers(self, customers: Arc<KnownCustomers>) -> Self {
        Self { customers: Some(customers), ..self }
    }

    /// Returns the agent's memory.
    pub fn memory(&self) -> &Arc<MemoryManager> {
        &self.memory
    }

    /// Returns the conversations that had a turn in this process.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Waits until no turn of the conversation runs.
    ///
    /// # Errors
    ///
    /// `CONVERSATION_DEADLOCK` if the running turn waits for the caller.
    pub async fn wait_for_turn(&self, conversation_id: &str) -> Result<()> {
        self.turns.acquire(conversation_id).await.map(drop)
    }

    /// Returns the language model.
    pub fn model(&self) -> &dyn ChatModel {
        &*self.model
    }

    /// Returns the tools.
    pub fn tools(&self) -> &Arc<ToolRunner> {
        &self.tools
    }

    /// Returns the system prompt for a channel, or without a channel section.
    pub fn system_prompt(&self, channel: Option<&Channel>) -> String {
        prompt::system_prompt(&self.profile.get(), channel, &self.offered_tools(channel))
    }

    /// Returns the limits of the history that is sent to the model.
    fn limits(&self) -> HistoryLimits {
        HistoryLimits { tokens: self.context_tokens, messages: self.profile.get().memory.context_window }
    }

    /// Returns the names of those who talk: the agent's, and that of the customer, if known.
    pub fn names_with(&self, customer: Option<String>) -> Vec<String> {
        let agent = self.profile.get().identity.as_ref().map(|identity| identity.name.clone());
        agent.into_iter().chain(customer).collect()
    }

    /// Returns `true` if a turn is running or waiting.
    pub fn is_busy(&self) -> bool {
        self.turns.is_busy()
    }

    /// Waits until all turns have ended.
    pub async fn finish_turns(&self) {
        self.turns.wait_idle().await;
    }

    /// Answers a message. Turns of one conversation run one at a time. A turn that waits for code
    /// which waits for this turn fails with `CONVERSATION_DEADLOCK`.
    ///
    /// The message is stored first, then every further message and tool execution as it happens. If
    /// the model fails, a memory of type `error` is stored and the model's error (`MODEL_…`) is
    /// returned. If a memory cannot be stored, the storage's error is returned.
    pub async fn turn(&self, request: TurnRequest) -> Result<TurnOutcome> {
        self.logged_turn(request, None).await
    }

    /// Answers like [`Self::turn`] and streams the text, including text before tool calls.
    ///
    /// If the answer is interrupted or the reader stops (`STREAM_ABORTED`), the text so far is
    /// stored. Its metadata has `interrupted` and the code.
    pub async fn turn_stream(&self, request: TurnRequest, text: &TextSink) -> Result<TurnOutcome> {
        self.logged_turn(request, Some(text)).await
    }

    async fn logged_turn(&self, request: TurnRequest, text: Option<&TextSink>) -> Result<TurnOutcome> {
        let conversation_id = request.conversation_id.clone();
        let span = error_span!("turn", conversation_id, channel = request.channel.as_str());
        let watch = Stopwatch::start();
        async {
            let outcome = self.answer(request, text).await;
            self.activity.touch(&conversation_id);
            match &outcome {
                Ok(outcome) => {
                    debug!(duration_ms = watch.ms(), tools = outcome.tool_executions.len(), "Turn answered");
                }
                Err(Error::StreamAborted) => debug!(duration_ms = watch.ms(), "Turn aborted by its reader"),
                Err(error) => {
                    let (code, stack) = (error.code(), error.stack());
                    error!(duration_ms = watch.ms(), code, %error, stack, "Turn failed");
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
        let turn = self.turns.acquire(&conversation_id).await?;
        debug!(waited_ms = watch.ms(), "Turn started");
        turn.run(self.answer_locked(request, text)).await
    }

    /// Answers while no other turn of the conversation runs.
    async fn answer_locked(&self, request: TurnRequest, text: Option<&TextSink>) -> Result<TurnOutcome> {
        let line = request.customer;
        let mut context = ToolContext {
            channel: request.channel,
            conversation_id: request.conversation_id.clone(),
            call_sid: request.call_sid,
            message_sid: request.message_sid,
            metadata: request.metadata.clone().unwrap_or_default(),
            customer: self.remembered_person(&line),
            agent_id: None,
            more: request.tool_options.context,
        };
        let chosen = request.tool_options.parameters;
        let is_first = self.memory.has_listener(EventKind::ConversationStart)
            && self.memory.is_new(&context.conversation_id).await?;
        let answer_id = request.memory_id.as_deref().map(answer_id);
        let said = request.memory_id.unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
        let watch = Stopwatch::start();
        // The history and the retrieved context leave the message out, so they need not wait for it.
        let (stored, history, retrieved, (mut about_customer, by_developer), person) = tokio::join!(
            self.remember(&context, Role::User, Some(said.clone()), &request.input, request.metadata),
            Box::pin(self.read_history(&context.conversation_id, &said)),
            // Boxed, because the future of a turn is large already.
            Box::pin(self.retrieve_context(&context, &said, &request.input)),
            Box::pin(self.prompt_sections(&context)),
            Box::pin(self.person(&line)),
        );
        stored?;
        if is_first {
            let metadata = Some(&context.metadata).filter(|metadata| !metadata.is_empty());
            self.memory.emit_conversation_start(&context.conversation_id, &context.channel, metadata).await;
        }
        let ((history, earlier), mut retrieved, person) = (history?, retrieved?, person?);
        if person.customer != context.customer {
            // The person has gained or lost identifiers since the last turn in this process.
            context.customer = person.customer;
            let (again, about) = tokio::join!(
                Box::pin(self.retrieve_context(&context, &said, &request.input)),
                Box::pin(self.section_about_customer(&context)),
            );
            (retrieved, about_customer) = (again?, about);
        }
        if let Some(customers) = self.customers.as_ref().filter(|_| person.is_unlinked) {
            Box::pin(customers.identities().link(&Identifier::all_of(&line))).await?;
        }
        if history.is_cut() {
            self.activity.record_cut(&context.conversation_id, history.message_count());
        }
        debug!(duration_ms = watch.ms(), "History read");

        let tools = self.offered_tools(Some(&context.channel));
        let mut system = prompt::system_prompt(&self.profile.get(), Some(&context.channel), &tools);
        system.push_str(&about_customer);
        system.push_str(&by_developer);
        if let Some(earlier) = earlier {
            prompt::append_summary(&mut system, &earlier.text);
        }
        if let Some(instructions) = &request.instructions {
            prompt::append_instructions(&mut system, instructions);
        }
        let mut turn = vec![Message::User(request.input)];
        let retrieved_context = retrieved.map(|(retrieved, limits)| {
            let sent = history.transcript(&system, &tools, &turn, self.context_tokens);
            retrieved_context::append_memories(&mut system, retrieved, &sent, self.context_tokens, &limits)
        });
        let mut tool_executions = Vec::new();
        for round in 0..MAX_TOOL_ROUNDS {
            let answer = self.ask(&context, &history, &system, &tools, &turn, text).await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => return Err(self.record_failure(&context, &said, error, text).await),
            };
            if answer.tool_calls.is_empty() {
                return self
                    .finish(&context, answer_id, answer, tool_executions, text, retrieved_context)
                    .await;
            }
            if let Some(text) = text {
                text.tools_running(true).await;
            }
            let part = text.filter(|text| text.is_spoken()).map(|_| part_id(&said, round));
            let ran = self.run(&context, &answer, part, &chosen).await?;
            if let Some(text) = text {
                text.tools_running(false).await;
            }
            let ChatResponse { content, tool_calls, reasoning, .. } = answer;
            turn.push(Message::Assistant { content, tool_calls, reasoning });
            turn.extend(ran.iter().map(result_message));
            tool_executions.extend(ran);
        }
        let answer = match self.ask(&context, &history, &system, &[], &turn, text).await {
            Ok(answer) => answer,
            Err(Error::ModelResponseInvalid(_)) => ChatResponse::default(),
            Err(error) => return Err(self.record_failure(&context, &said, error, text).await),
        };
        self.finish(&context, answer_id, answer, tool_executions, text, retrieved_context).await
    }

    /// Returns the history before a message, and the summary of the conversation if messages are left
    /// out.
    async fn read_history(
        &self,
        conversation_id: &str,
        said: &str,
    ) -> Result<(History, Option<RollingSummary>)> {
        let history = History::read(&self.memory, conversation_id, said, self.limits());
        let earlier = self.memory.rolling_summary(conversation_id);
        // Read together, so that only the first turn in this process waits for another round trip.
        if self.activity.is_cut(conversation_id) {
            let (history, earlier) = tokio::try_join!(history, earlier)?;
            let earlier = earlier.filter(|_| history.is_cut());
            return Ok((history, earlier));
        }
        let history = history.await?;
        let earlier = if history.is_cut() { earlier.await? } else { None };
        Ok((history, earlier))
    }

    /// Retrieves the memories that bear on a message. Returns `None` if it is turned off, or if no
    /// memory outlives the process.
    async fn retrieve_context(
        &self,
        context: &ToolContext,
        said: &str,
        input: &str,
    ) -> Result<Option<(RetrievedMemories, RetrievalLimits)>> {
        let profile = self.profile.get();
        let limits = match &profile.memory.retrieval {
            Retrieval::On(limits) if self.memory.has_storage() => limits.clone(),
            _ => return Ok(None),
        };
        let viewer = self.memory.viewer(&context.conversation_id, &context.customer).await?;
        let options = RetrieveOptions {
            viewer: Some(viewer),
            names: self.names_with(
                self.customers.as_ref().and_then(|customers| customers.remembered_name(&context.customer)),
            ),
            except: Some(said.to_owned()),
            limit: Some((limits.limit() + RETRIEVED_BEYOND_LIMIT) as u32),
            ..RetrieveOptions::default()
        };
        Ok(Some((self.memory.retrieve_context(input, &options).await, limits)))
    }

    /// Returns the section of the prompt about the customer, and that of the developer's facts.
    async fn prompt_sections(&self, context: &ToolContext) -> (String, String) {
        let by_developer = async {
            match &self.customers {
                Some(customers) => customers.developer_section(context).await,
                None => String::new(),
            }
        };
        tokio::join!(self.section_about_customer(context), by_developer)
    }

    async fn section_about_customer(&self, context: &ToolContext) -> String {
        match &self.customers {
            Some(customers) => customers.section(&context.customer, &context.conversation_id).await,
            None => String::new(),
        }
    }

    /// Returns the customer with the identifiers that were linked when the person was last read.
    fn remembered_person(&self, line: &Customer) -> Customer {
        match &self.customers {
            Some(customers) => customers.identities().remembered(line),
            None => line.clone(),
        }
    }

    /// Reads the person on the line.
    async fn person(&self, line: &Customer) -> Result<Person> {
        match &self.customers {
            Some(customers) => customers.identities().person(line).await,
            None => Ok(Person { customer: line.clone(), is_unlinked: false }),
        }
    }

    /// Returns the stored answer to the memory with this id, if any.
    pub async fn stored_answer(&self, memory_id: &str) -> Result<Option<String>> {
        Ok(self.memory.get(&answer_id(memory_id)).await?.map(|memory| memory.content))
    }

    fn offered_tools(&self, channel: Option<&Channel>) -> Vec<ToolDefinition> {
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
        let messages = history.transcript(system, tools, turn, self.context_tokens);
        let request = ChatRequest { messages: &messages, tools, conversation_id: &context.conversation_id };
        let watch = Stopwatch::start();
        let answer = match text {
            None => self.model.chat(request).await?,
            Some(text) => self.ask_streaming(request, text).await?,
        };
        let (duration_ms, tool_calls) = (watch.ms(), answer.tool_calls.len());
        let ModelName { provider, model } = &answer.model;
        debug!(provider, model, duration_ms, messages = messages.len(), tool_calls, "Model answered");
        let tool_calls = answer.tool_calls.into_iter().map(|call| ToolCall {
            id: replace_nul(call.id),
            name: replace_nul(call.name),
            parameters: storable(call.parameters, 2),
        });
        let (tool_calls, content) = (tool_calls.collect(), replace_nul(answer.content));
        Ok(ChatResponse { tool_calls, content, ..answer })
    }

    async fn ask_streaming(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        text.begin();
        if text.is_closed() {
            return Err(Error::StreamAborted);
        }
        tokio::select! {
            biased;
            answer = self.model.stream(request, text) => answer,
            () = text.closed() => Err(Error::StreamAborted),
        }
    }

    /// Runs the tools of one answer concurrently. The results are in the order of the calls. `id` is that
    /// of the memory of the text before the calls.
    async fn run(
        &self,
        context: &ToolContext,
        answer: &ChatResponse,
        id: Option<String>,
        chosen: &Map<String, Value>,
    ) -> Result<Vec<ToolExecution>> {
        let request_id = id.unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
        if !answer.content.trim().is_empty() {
            self.remember(context, Role::Assistant, Some(request_id.clone()), &answer.content, None).await?;
        }
        let calls: Vec<ToolCall> =
            answer.tool_calls.iter().map(|call| self.with_fixed_arguments(chosen, call)).collect();
        let running = calls.iter().map(|call| self.tools.answer(call, context, &request_id));
        let results = join_all(running).await.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(calls.into_iter().zip(results).map(|(call, result)| ToolExecution { call, result }).collect())
    }

    /// Returns the call with the developer's arguments, as far as the tool accepts them.
    fn with_fixed_arguments(&self, chosen: &Map<String, Value>, call: &ToolCall) -> ToolCall {
        let mut call = call.clone();
        if chosen.is_empty() {
            return call;
        }
        let tools = self.tools.registry().list(None);
        let Some(tool) = tools.iter().find(|tool| tool.definition().name == call.name) else { return call };
        let schema = &tool.definition().parameters;
        let takes = |name: &str| {
            schema["properties"].get(name).is_some() || schema["additionalProperties"] != Value::Bool(false)
        };
        if let Value::Object(arguments) = &mut call.parameters {
            let taken = chosen.iter().filter(|(name, _)| takes(name));
            arguments.extend(taken.map(|(name, value)| (name.clone(), value.clone())));
        }
        call
    }

    async fn finish(
        &self,
        context: &ToolContext,
        id: Option<String>,
        answer: ChatResponse,
        tool_executions: Vec<ToolExecution>,
        sink: Option<&TextSink>,
        retrieved: Option<RetrievedContext>,
    ) -> Result<TurnOutcome> {
        let ChatResponse { content: mut text, model, .. } = answer;
        if text.trim().is_empty() {
            FALLBACK_ANSWER.clone_into(&mut text);
            if let Some(sink) = sink {
                sink.send(&text).await;
            }
        }
        let latency = sink.filter(|sink| sink.is_spoken()).map(|sink| latency(sink.times()));
        self.remember(context, Role::Assistant, id, &text, latency).await?;
        Ok(TurnOutcome { text, tool_executions, model, retrieved })
    }

    /// Stores a message and returns its id.
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
        memory.metadata = metadata.map(Into::into);
        memory.id = id.unwrap_or(memory.id);
        let id = memory.id.clone();
        self.memory.store(memory).await?;
        Ok(id)
    }

    /// Stores a marker for a turn without an answer, and the text that was already sent. Returns
    /// the model's error, even if the marker cannot be stored, because the caller needs that error.
    async fn record_failure(
        &self,
        context: &ToolContext,
        said: &str,
        error: Error,
        text: Option<&TextSink>,
    ) -> Error {
        let is_interruption = matches!(error, Error::StreamAborted) && text.is_some_and(TextSink::is_spoken);
        if is_interruption {
            // Nothing failed, and the line records what was heard.
            return error;
        }
        let code = error.code();
        let partial = replace_nul(text.map(TextSink::delivered_text).unwrap_or_default());
        let happened = if partial.trim().is_empty() {
            "The model did not answer"
        } else {
            let marks = json!({ "interrupted": true, "code": code }).as_object().cloned();
            let _ = self.remember(context, Role::Assistant, None, &partial, marks).await;
            "The answer broke off"
        };
        let mut memory = context.memory(MemoryType::Error, format!("{happened}: {code}"), 8);
        memory.role = Some(Role::System);
        memory.metadata = Some(json!({ "code": code, "messageId": said }).into());
        let _ = self.memory.store(memory).await;
        error
    }
}

/// Returns the times of a spoken answer as metadata: `{ latency: { requestMs, firstPieceMs } }`.
fn latency(times: StreamTimes) -> Map<String, Value> {
    let times = json!({ "requestMs": times.request_ms, "firstPieceMs": times.first_piece_ms });
    Map::from_iter([("latency".to_owned(), times)])
}

/// Returns the id of the memory of the answer to a message.
pub fn answer_id(memory_id: &str) -> String {
    format!("{memory_id}-answer")
}

/// Returns the id of the memory of the text that a spoken answer to a message has before its tools. The
/// tools were run `round` times before.
pub fn part_id(memory_id: &str, round: usize) -> String {
    format!("{memory_id}-part-{round}")
}

fn result_message(ran: &ToolExecution) -> Message {
    let result = serde_json::to_value(&ran.result).unwrap_or_default();
    Message::Tool { call_id: ran.call.id.clone(), content: result_content(&result) }
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;
