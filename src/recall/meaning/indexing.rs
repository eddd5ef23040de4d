//! Embeds what was saved, and looks through the storage for what was not embedded: after a crash, while the embedder was
//! down, with another one before.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::{Meaning, beginning, is_worth_it};
use crate::error::{Error, Result};
use crate::memory::{Memory, MemoryQuery, MemoryType};
use crate::vectors::{VectorEntry, metadata};

/// Texts of one request to the embedder.
const BATCH: usize = 64;
/// Memories of one look into the storage.
const PAGE: u32 = 256;
/// Wait after a failure, doubled each time up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_secs(300);
/// Failures after which the texts of a batch are tried one by one: one of them may be the reason.
const PATIENCE: u32 = 3;
/// How long closing waits for what was saved last to be embedded.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Embedded first, to learn how long the vectors are.
const PROBE: &str = "What is remembered";

/// A walk through the storage, newest first.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// Where it goes on: at this time, after so many memories of it.
    next: Option<(DateTime<Utc>, u32)>,
    /// Whether memories that have a vector get a new one.
    everything: bool,
    /// Whether a store that cannot tell what it has is given everything.
    thorough: bool,
}

/// What a walk through the storage came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reindexed {
    /// Memories embedded.
    pub embedded: u64,
    /// Memories that the embedder refused.
    pub skipped: u64,
}

/// Embeds in the background until it is closed.
pub struct Indexer {
    meaning: Arc<Meaning>,
    task: Mutex<Option<JoinHandle<()>>>,
    closing: watch::Sender<bool>,
}

impl Indexer {
    /// Starts.
    pub fn start(meaning: Arc<Meaning>) -> Self {
        let (closing, closed) = watch::channel(false);
        // What it logs is the receptionist's.
        let task = tokio::spawn(work(Arc::clone(&meaning), closed).in_current_span());
        Self { meaning, task: Mutex::new(Some(task)), closing }
    }

    /// Stops when what it is doing is done, after a last attempt at what was saved just now. What it misses is caught up at the
    /// next start.
    pub async fn close(&self) {
        self.closing.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut task) = task else { return };
        let rest = async {
            let _ = (&mut task).await;
            while let Ok(true) = self.meaning.embed_waiting(0).await {}
        };
        if tokio::time::timeout(LAST_WORDS, rest).await.is_err() {
            task.abort();
        }
    }
}

async fn work(meaning: Arc<Meaning>, mut closing: watch::Receiver<bool>) {
    let (mut pass, mut failures) = (Pass::default(), 0);
    while !*closing.borrow() {
        let started = Instant::now();
        let done = meaning.step(&mut pass, failures).await;
        if !matches!(done, Ok(false)) {
            meaning.note(&done, started.elapsed());
        }
        let pause = async {
            match done {
                Ok(true) => failures = 0,
                Ok(false) => meaning.wake.notified().await,
                Err(_) => {
                    let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(failures));
                    failures += 1;
                    tokio::time::sleep(wait.min(LAST_WAIT)).await;
                }
            }
        };
        tokio::select! {
            () = pause => {}
            // Closed, or let go of.
            _ = closing.changed() => return,
        }
    }
}

impl Meaning {
    /// Embeds everything that has no vector of this embedder, or with `everything` all anew, and removes what other
    /// embedders left. Fails with what the embedder or a store fails with.
    pub async fn reindex(&self, everything: bool) -> Result<Reindexed> {
        let before = (self.embedded.load(Ordering::Relaxed), self.skipped.load(Ordering::Relaxed));
        while self.embed_waiting(PATIENCE).await? {}
        let mut pass = Pass { everything, thorough: true, ..Pass::default() };
        while self.catch_up(&mut pass, PATIENCE).await? {}
        self.alone(async { self.store.keep_only(&self.learn_space().await?).await }).await?;
        self.note(&Ok(()), Duration::ZERO);
        Ok(Reindexed {
            embedded: self.embedded.load(Ordering::Relaxed) - before.0,
            skipped: self.skipped.load(Ordering::Relaxed) - before.1,
        })
    }

    /// Does a little of what is to be done; false when nothing is.
    async fn step(&self, pass: &mut Pass, failures: u32) -> Result<bool> {
        if self.embed_waiting(failures).await? {
            return Ok(true);
        }
        if !self.behind.load(Ordering::Relaxed) {
            return Ok(false);
        }
        if !self.catch_up(pass, failures).await? {
            *pass = Pass::default();
            self.behind.store(false, Ordering::Relaxed);
        }
        Ok(true)
    }

    /// Embeds a batch of what was saved last; false when nothing waits.
    async fn embed_waiting(&self, failures: u32) -> Result<bool> {
        self.alone(async {
            let memories: Vec<Memory> = self.waiting().memories.iter().take(BATCH).cloned().collect();
            if memories.is_empty() {
                return Ok(false);
            }
            self.learn_space().await?;
            self.embed(&memories, failures).await?;
            // What was saved again meanwhile waits on.
            self.waiting().memories.retain(|waiting| !memories.contains(waiting));
            Ok(true)
        })
        .await
    }

    /// Embeds what has no vector on the next page of the storage; false behind the last.
    async fn catch_up(&self, pass: &mut Pass, failures: u32) -> Result<bool> {
        self.alone(async {
            let space = self.learn_space().await?;
            let (end, offset) = pass.next.map_or((None, 0), |(time, seen)| (Some(time), seen));
            let query = MemoryQuery {
                kinds: vec![MemoryType::Conversation, MemoryType::Decision, MemoryType::System],
                end,
                offset,
                ..MemoryQuery::newest(PAGE)
            };
            let page = self.storage.search(&query).await?;
            let Some(oldest) = page.last().map(|memory| memory.timestamp) else { return Ok(false) };
            let seen = page.iter().filter(|memory| memory.timestamp == oldest).count() as u32;
            let next = if end == Some(oldest) { offset + seen } else { seen };
            let is_last = page.len() < PAGE as usize;

            let mut memories: Vec<Memory> = page.into_iter().filter(is_worth_it).collect();
            if !pass.everything && !memories.is_empty() {
                let ids: Vec<String> = memories.iter().map(|memory| memory.id.clone()).collect();
                match self.store.has(&ids, &space).await? {
                    Some(known) => memories.retain(|memory| !known.contains(&memory.id)),
                    None if pass.thorough => {}
                    None => return Ok(false),
                }
            }
            for batch in memories.chunks(BATCH) {
                self.embed(batch, failures).await?;
            }
            pass.next = Some((oldest, next));
            Ok(!is_last)
        })
        .await
    }

    /// Waits for its turn. What is removed from memory meanwhile loses its vector at the end.
    async fn alone<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let _turn = self.turn.lock().await;
        let done = work.await;
        let removed = std::mem::take(&mut self.waiting().removed);
        if !removed.is_empty() {
            self.store.delete(&removed).await?;
        }
        done
    }

    /// The name of the space, for which the embedder has to have answered once. Tells of vectors of other embedders.
    async fn learn_space(&self) -> Result<String> {
        if self.space.name(&*self.embedder).is_none() {
            self.probe().await?;
        }
        let unknown = || Error::Internal("an embedder has no dimensions".into());
        let space = self.space.name(&*self.embedder).ok_or_else(unknown)?;
        if self.told_of_others.load(Ordering::Relaxed) {
            return Ok(space);
        }
        if let Err(error) = self.store.prepare(self.space.dimensions().unwrap_or_default()).await {
            // Everything works without it, but for the time it takes.
            (self.warn)(format!("Searches among the vectors of all customers may be slow: {error}"));
        }
        let others = self.store.other_spaces(&space).await?;
        self.told_of_others.store(true, Ordering::Relaxed);
        if !others.is_empty() {
            (self.warn)(format!(
                "The embedder changed: there are vectors of {}, and now it is {space} (model/dimensions). Vectors of \
                 different models cannot be compared, so memories are embedded anew in the background; until then they are \
                 found by keywords. `await agent.memory.reindex()` waits for it and removes the old vectors.",
                others.join(", ")
            ));
        }
        Ok(space)
    }

    async fn probe(&self) -> Result<()> {
        self.space.embed(&*self.embedder, &[PROBE.to_owned()]).await.map(drop)
    }

    /// Embeds memories and keeps the vectors. Where single texts are refused, they are skipped.
    async fn embed(&self, memories: &[Memory], failures: u32) -> Result<()> {
        let error = match self.vectors_of(memories).await {
            Ok(entries) => return self.keep(entries).await,
            Err(error) => error,
        };
        let is_refusal = matches!(error, Error::EmbeddingFailed { rejected: true, .. });
        if !is_refusal && failures < PATIENCE || self.probe().await.is_err() {
            return Err(error);
        }
        let mut refused = 0;
        for memory in memories {
            match self.vectors_of(std::slice::from_ref(memory)).await {
                Ok(entries) => self.keep(entries).await?,
                Err(_) => refused += 1,
            }
        }
        if refused > 1 && refused == memories.len() {
            return Err(error);
        }
        if refused > 0 {
            self.note::<()>(&Err(error), Duration::ZERO);
            self.skipped.fetch_add(refused as u64, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn vectors_of(&self, memories: &[Memory]) -> Result<Vec<VectorEntry>> {
        let texts: Vec<String> = memories.iter().map(|memory| beginning(&memory.content)).collect();
        let vectors = self.space.embed(&*self.embedder, &texts).await?;
        let space = self.space.name(&*self.embedder).unwrap_or_default();
        let entry = |(memory, vector): (&Memory, Vec<f32>)| VectorEntry {
            id: memory.id.clone(),
            vector,
            metadata: metadata(memory, &space),
        };
        Ok(memories.iter().zip(vectors).map(entry).collect())
    }

    async fn keep(&self, entries: Vec<VectorEntry>) -> Result<()> {
        let count = entries.len() as u64;
        if count > 0 {
            self.store.upsert(entries).await?;
            self.embedded.fetch_add(count, Ordering::Relaxed);
        }
        Ok(())
    }
}
