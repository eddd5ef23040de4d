//! The consolidator of conversations.

use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::Map;
use tracing::warn;

use super::digest;
use super::facts::KnownFacts;
use crate::agent::Agent;
use crate::agent::conversation_locks::ConversationLocks;
use crate::agent::spoken_lines::{self, Line};
use crate::background_tasks::BackgroundTasks;
use crate::config::Summaries;
use crate::error::Result;
use crate::extraction::Extractor;
use crate::inbox::idempotency::IdempotentExecutor;
use crate::llm::ChatRequest;
use crate::memory::{ConversationOwner, RollingSummary, rolling_summary_memory};
use crate::tools::runner::replace_nul;
use crate::types::fact::Fact;
use crate::types::memory::{Memory, MemoryType};
use crate::types::message::Message;

/// Maximum number of memories of a conversation that are read, newest first.
const MAX_MEMORIES: u32 = 400;
/// Maximum characters of a conversation that the model reads, newest first.
const MAX_CHARACTERS: usize = 12_000;
/// Maximum number of conversations that are consolidated at once in the background.
const MAX_CONCURRENT: usize = 2;

/// Summarizes conversations and records facts about customers.
pub struct Consolidator {
    pub(super) agent: Arc<Agent>,
    pub(super) executor: Arc<IdempotentExecutor>,
    /// Time without a message after which a conversation has ended. `None` turns the background task
    /// off.
    pub(super) silence: Option<Duration>,
    /// `true` if conversations are summarized and facts recorded without being asked for.
    pub(super) records: bool,
    pub(super) extractor: Option<Arc<Extractor>>,
    /// One consolidation of a conversation at a time, so that each builds on the one before.
    locks: ConversationLocks,
    pub(super) background: BackgroundTasks,
}

/// The summary and the facts of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Consolidation {
    /// Summary of the conversation.
    #[serde(rename = "summary", serialize_with = "text_of")]
    pub rolling: RollingSummary,
    /// Owner of the conversation, unless nothing was said since the last summary.
    #[serde(skip)]
    owner: Option<ConversationOwner>,
    /// Facts that were recorded now.
    pub facts: Vec<RecordedFact>,
}

/// A fact that was recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordedFact {
    /// Subject, in lower case.
    pub key: String,
    /// Value.
    pub value: String,
    /// Id of the memory in which it was said.
    pub source: String,
}

fn text_of<S: Serializer>(summary: &RollingSummary, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&summary.text)
}

impl From<Fact> for RecordedFact {
    fn from(fact: Fact) -> Self {
        Self { key: fact.key, value: fact.value, source: fact.source }
    }
}

impl Consolidator {
    /// Creates a consolidator of the agent's conversations. With `summaries` off, nothing is summarized
    /// unless callers ask for it. Conversations end by silence if there are summaries or an extractor.
    pub fn new(
        agent: Arc<Agent>,
        executor: Arc<IdempotentExecutor>,
        summaries: &Summaries,
        extractor: Option<Arc<Extractor>>,
    ) -> Self {
        let has_storage = agent.memory().has_storage();
        let records = has_storage && summaries.silence().is_some();
        let of_extractor = || extractor.is_some().then(|| Summaries::default().silence()).flatten();
        let silence = summaries.silence().or_else(of_extractor).filter(|_| has_storage);
        let (locks, background) = (ConversationLocks::default(), BackgroundTasks::new(MAX_CONCURRENT));
        Self { agent, executor, silence, records, extractor, locks, background }
    }

    /// Does what is to be done about every conversation that has ended: by a hung-up call, by silence,
    /// or because the developer ended it. Returns `None` if the customer wrote nothing. With
    /// `agent.memory.summaries: false`, no facts are recorded.
    ///
    /// # Errors
    ///
    /// Those of the storage, and `CONVERSATION_DEADLOCK` within a turn of the conversation.
    pub async fn conversation_ended(&self, conversation_id: &str) -> Result<Option<Consolidation>> {
        self.consolidate(conversation_id, self.records).await
    }

    /// Summarizes a conversation and records what the customer said about themselves. Keeps the
    /// summary for the prompt of later turns and for the next one. Without a storage, nothing is
    /// recorded. Returns `None` if the customer wrote nothing.
    ///
    /// # Errors
    ///
    /// Those of the storage, and `CONVERSATION_DEADLOCK` within a turn of the conversation.
    pub async fn summarize(&self, conversation_id: &str) -> Result<Option<Consolidation>> {
        let memory = self.agent.memory();
        let consolidation = self.consolidate(conversation_id, memory.has_storage()).await?;
        if let Some(Consolidation { rolling, owner: Some(owner), .. }) = &consolidation
            && memory.has_storage()
        {
            let summary = rolling_summary_memory(conversation_id, rolling.clone(), owner.clone())?;
            memory.save_lasting(vec![summary]).await?;
        }
        Ok(consolidation)
    }

    /// Summarizes a conversation once its running turn has ended, and records what the customer said
    /// about themselves if `records`. Only messages since the last summary are read. Returns `None` if
    /// the customer wrote nothing.
    ///
    /// If the model fails, the summary is the customer's first and last message.
    ///
    /// # Errors
    ///
    /// Those of the storage, and `CONVERSATION_DEADLOCK` within a turn of the conversation.
    async fn consolidate(&self, conversation_id: &str, records: bool) -> Result<Option<Consolidation>> {
        self.agent.wait_for_turn(conversation_id).await?;
        let one = self.locks.acquire(conversation_id).await?;
        one.run(Box::pin(self.consolidate_locked(conversation_id, records))).await
    }

    /// Consolidates while no other consolidation of the conversation runs.
    async fn consolidate_locked(
        &self,
        conversation_id: &str,
        records: bool,
    ) -> Result<Option<Consolidation>> {
        let memory = self.agent.memory();
        let (before, memories) = tokio::try_join!(
            memory.rolling_summary(conversation_id),
            memory.recent(conversation_id, MAX_MEMORIES),
        )?;
        let new = since(&memories, before.as_ref());
        let lines = spoken_lines::lines(new, MAX_CHARACTERS);
        let newest = new.iter().rfind(|memory| memory.kind == MemoryType::Conversation);
        let Some(until) = newest.filter(|_| !lines.is_empty()).map(|newest| newest.id.clone()) else {
            return Ok(before.map(|rolling| Consolidation { rolling, owner: None, facts: Vec::new() }));
        };
        if before.is_none() && !lines.iter().any(|line| line.by_customer) {
            return Ok(None);
        }
        let owner = memory.owner_of_conversation(conversation_id).await?;
        let known = KnownFacts::read(memory, &owner).await?;
        let before = before.map(|before| before.text);
        let digest = self.digest(conversation_id, &lines, &known, before.as_deref()).await?;
        let summary = digest.summary.or_else(|| digest::join(before.as_deref(), digest::extract(&lines)));
        let summary = summary.unwrap_or_default();
        // The person may have been erased while the model wrote.
        if memory.get(&until).await?.is_none() {
            return Ok(None);
        }
        let (memories, facts) = match records {
            true => known.record(digest.facts, conversation_id, &owner),
            false => Default::default(),
        };
        if !memories.is_empty() {
            memory.save_lasting(memories).await?;
        }
        let rolling = RollingSummary { text: summary, until };
        let facts = facts.into_iter().map(RecordedFact::from).collect();
        Ok(Some(Consolidation { rolling, owner: Some(owner), facts }))
    }

    /// Asks the model for a summary and facts. A failing model gives neither.
    async fn digest(
        &self,
        conversation_id: &str,
        lines: &[Line<'_>],
        known: &KnownFacts,
        before: Option<&str>,
    ) -> Result<digest::Digest> {
        let question = digest::question(&spoken_lines::numbered(lines), &known.pairs(), before);
        let messages = [Message::System(digest::INSTRUCTIONS.to_owned()), Message::User(question)];
        let request = ChatRequest { conversation_id, messages: &messages, tools: &[] };
        match self.agent.model().chat(request).await {
            Ok(answer) => Ok(digest::read(&replace_nul(answer.content), lines)),
            Err(error) if error.is_model_failure() => {
                warn!(conversation_id, code = error.code(), %error, "Conversation not summarized by the model");
                Ok(digest::Digest::default())
            }
            Err(error) => Err(error),
        }
    }

    /// Records the end of a conversation. Without a summary, the conversation is summarized in the
    /// background, and the summary is added.
    ///
    /// # Errors
    ///
    /// Those of the storage, and `INVALID_ARGUMENT` for an id that is too long.
    pub async fn end_session(self: &Arc<Self>, conversation_id: &str, summary: Option<&str>) -> Result<()> {
        self.agent.memory().end_session(conversation_id, summary, None, Map::new()).await?;
        if self.records && summary.is_none_or(str::is_empty) {
            self.summarize_end(conversation_id.to_owned());
        }
        Ok(())
    }
}

/// Returns the memories after those that a summary covers.
fn since<'a>(memories: &'a [Memory], summary: Option<&RollingSummary>) -> &'a [Memory] {
    let covered = summary.and_then(|summary| memories.iter().position(|memory| memory.id == summary.until));
    covered.map_or(memories, |last| &memories[last + 1..])
}
