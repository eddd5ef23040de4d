//! The background task: ends conversations by silence, and summarizes those that exceed the budget.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Map;
use tokio::time::{Instant, sleep};
use tracing::warn;
use uuid::Uuid;

use super::consolidator::{Consolidation, Consolidator};
use crate::database::EntryKind;
use crate::error::{Error, Result};
use crate::inbox::idempotency::{FinalReply, InboundMessage};
use crate::memory::{covered_until, is_session_end};
use crate::types::memory::{MemoryQuery, MemoryType, now};

/// Maximum interval between two looks for silent conversations.
const MAX_INTERVAL: Duration = Duration::from_secs(60);
/// Time after the start at which conversations are ended that another process has left behind, or the
/// silence if that is shorter.
const CATCH_UP_AFTER: Duration = Duration::from_secs(60);
/// Maximum time to wait for a summary, by this process or another. The requests of the model have
/// their own, shorter ones.
const DIGEST_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Age of the oldest messages of such conversations.
const CATCH_UP_AGE: TimeDelta = TimeDelta::hours(24);
/// Maximum number of messages that are read to find them.
const CATCH_UP_MESSAGES: u32 = 2_000;
/// Namespace of idempotency keys.
const NAMESPACE: Uuid = Uuid::from_u128(0x4bb4_0e0c_7d0c_5a5e_9b61_c1a2_6e0f_3b77);

impl Consolidator {
    /// Starts the background task, if there is anything to do for it.
    pub fn start(self: &Arc<Self>) {
        if let Some(silence) = self.silence {
            self.agent.activity().enable();
            let consolidator = Arc::clone(self);
            self.background.spawn_watcher(async move { consolidator.watch(silence).await });
        }
    }

    /// Stops the background tasks. A conversation that is being summarized is left to the next start.
    pub async fn close(&self) {
        self.background.cancel().await;
    }

    /// Records the facts of a call that has a summary already, in the background.
    pub fn record_facts(self: &Arc<Self>, conversation_id: String) {
        if !self.records {
            return;
        }
        let consolidator = Arc::clone(self);
        self.background.spawn(async move {
            let done = consolidator.conversation_ended(&conversation_id).await.map(drop);
            report(&conversation_id, done);
        });
    }

    /// Summarizes a conversation that the developer has ended, in the background.
    pub(super) fn summarize_end(self: &Arc<Self>, conversation_id: String) {
        let consolidator = Arc::clone(self);
        self.background.spawn(async move {
            let done = consolidator.add_summary(&conversation_id).await;
            report(&conversation_id, done);
        });
    }

    async fn watch(self: Arc<Self>, silence: Duration) {
        let activity = self.agent.activity();
        let mut catch_up = std::pin::pin!(sleep(CATCH_UP_AFTER.min(silence)));
        let mut has_caught_up = false;
        loop {
            tokio::select! {
                () = sleep(MAX_INTERVAL.min(silence / 4)) => {
                    for conversation_id in activity.take_silent(silence) {
                        self.end_in_background(conversation_id, silence);
                    }
                }
                () = activity.exceeds.notified(), if self.records => {
                    for conversation_id in activity.take_exceeding() {
                        self.summarize_in_background(conversation_id);
                    }
                }
                () = &mut catch_up, if !has_caught_up => {
                    let done = self.catch_up(silence).await;
                    has_caught_up = done.is_ok();
                    if let Err(error) = done {
                        let (code, stack) = (error.code(), error.stack());
                        warn!(code, %error, stack, "Conversations of earlier processes not found");
                        catch_up.as_mut().reset(Instant::now() + CATCH_UP_AFTER);
                    }
                }
            }
        }
    }

    fn end_in_background(self: &Arc<Self>, conversation_id: String, silence: Duration) {
        let consolidator = Arc::clone(self);
        self.background.spawn(async move {
            let done = consolidator.end_silent(&conversation_id, silence).await;
            if done.is_err() {
                // Tried again after another silence.
                consolidator.agent.activity().touch(&conversation_id);
            }
            report(&conversation_id, done);
        });
    }

    fn summarize_in_background(self: &Arc<Self>, conversation_id: String) {
        let consolidator = Arc::clone(self);
        self.background.spawn(async move {
            let done = consolidator.summarize(&conversation_id).await.map(drop);
            report(&conversation_id, done);
        });
    }

    /// Ends the conversations that were silent before this process began to watch.
    async fn catch_up(self: &Arc<Self>, silence: Duration) -> Result<()> {
        let end = now() - TimeDelta::from_std(silence).unwrap_or(CATCH_UP_AGE);
        let said = MemoryQuery {
            kinds: vec![MemoryType::Conversation],
            start: Some(end - CATCH_UP_AGE),
            end: Some(end),
            ..MemoryQuery::newest(CATCH_UP_MESSAGES)
        };
        let said = self.agent.memory().search(&said).await?;
        let conversations: HashSet<String> =
            said.iter().filter_map(|memory| memory.conversation_id().map(str::to_owned)).collect();
        for conversation_id in conversations {
            self.end_in_background(conversation_id, silence);
        }
        Ok(())
    }

    /// Ends a conversation whose newest message is older than `silence`. Of several processes, one
    /// does it.
    async fn end_silent(self: &Arc<Self>, conversation_id: &str, silence: Duration) -> Result<()> {
        let memory = self.agent.memory();
        let newest = MemoryQuery {
            conversation_id: Some(conversation_id.to_owned()),
            kinds: vec![MemoryType::Conversation],
            ..MemoryQuery::newest(1)
        };
        let (newest, end) = tokio::try_join!(memory.search(&newest), memory.session_end(conversation_id))?;
        let Some(newest) = newest.into_iter().next() else { return Ok(()) };
        // A message may have come while the summary was written.
        let end = end.filter(|end| match covered_until(end) {
            Some(until) => until == newest.id,
            None => end.timestamp >= newest.timestamp,
        });
        if end.as_ref().is_some_and(|end| is_session_end(end) || !self.records) {
            return Ok(());
        }
        // The developer has ended it, and the process died before there was a summary.
        let has_ended = end.is_some();
        let age = (now() - newest.timestamp).to_std().unwrap_or_default();
        if age < silence {
            // It went on in another process, or its last answer took long.
            self.agent.activity().touch(conversation_id);
            return Ok(());
        }
        let name = format!("{conversation_id}\n{}", newest.id);
        let key = Uuid::new_v5(&NAMESPACE, name.as_bytes());
        let inbound =
            InboundMessage { key: format!("conversation-end:{key}"), kind: EntryKind::Event, customer: None };
        let (consolidator, conversation_id) = (Arc::clone(self), conversation_id.to_owned());
        let ended = self.executor.execute(inbound, DIGEST_TIMEOUT, move |_| async move {
            let work = async {
                match has_ended {
                    true => consolidator.add_summary(&conversation_id).await,
                    false => consolidator.consolidate_and_end(&conversation_id).await,
                }
            };
            let done = consolidator.background.run(work).await;
            done.unwrap_or(Err(Error::Disposed("AIReceptionist")))?;
            Ok(FinalReply { text: String::new(), rejected: false })
        });
        ended.await.map(drop)
    }

    async fn consolidate_and_end(&self, conversation_id: &str) -> Result<()> {
        let consolidation = match self.records {
            true => self.conversation_ended(conversation_id).await?,
            false => None,
        };
        let (text, until) =
            consolidation.map(|Consolidation { rolling, .. }| (rolling.text, rolling.until)).unzip();
        self.agent.memory().end_session(conversation_id, text.as_deref(), until, Map::new()).await?;
        match &self.extractor {
            Some(extractor) => Box::pin(extractor.on_conversation_end(conversation_id)).await,
            None => Ok(()),
        }
    }

    async fn add_summary(&self, conversation_id: &str) -> Result<()> {
        match self.conversation_ended(conversation_id).await? {
            Some(consolidation) => {
                self.agent.memory().add_end_summary(conversation_id, consolidation.rolling).await
            }
            None => Ok(()),
        }
    }
}

/// Logs a failure. Nobody waits for the outcome.
fn report(conversation_id: &str, outcome: Result<()>) {
    match outcome {
        Ok(()) | Err(Error::Disposed(_)) => {}
        Err(error) => {
            let (code, stack) = (error.code(), error.stack());
            warn!(conversation_id, code, %error, stack, "Conversation not consolidated");
        }
    }
}
