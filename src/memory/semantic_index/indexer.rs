//! Background indexer. It embeds saved memories and backfills memories without a vector: after a
//! crash, after an outage of the embedder, or after a change of the embedder.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{SemanticIndex, is_searchable, truncated};
use crate::error::{Error, Result};
use crate::task;
use crate::types::memory::{Memory, MemoryQuery, MemoryType};
use crate::types::vector::{VectorEntry, metadata};

/// Texts per embedding request.
const BATCH: usize = 64;
/// Memories read per page of the storage.
const PAGE: u32 = 256;
/// Maximum delay after a failure.
const MAX_BACKOFF: Duration = Duration::from_secs(300);
/// Delays after failures: 1 s, doubled up to [`MAX_BACKOFF`].
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_secs(1))
    .with_max_delay(MAX_BACKOFF)
    .without_max_times();
/// Failures after which the texts of a batch are embedded one by one, because one of them may be
/// the cause.
const BATCH_FAILURES_BEFORE_SPLIT: u32 = 3;
/// Maximum time that shutdown waits for the queue to be embedded.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
/// Text embedded first, to learn the dimensions.
const PROBE_TEXT: &str = "What is remembered";

/// Cursor of a walk through the storage, newest first.
#[derive(Debug, Default)]
pub(super) struct BackfillCursor {
    /// Position: the time, and the number of memories of that time already seen.
    next: Option<(DateTime<Utc>, u32)>,
    /// `true` to embed memories again that already have a vector.
    force: bool,
    /// `true` to embed everything if the store cannot tell which vectors it has.
    assume_missing: bool,
}

/// Result of a reindex.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReindexReport {
    /// Number of memories in the lexical index.
    pub indexed: u64,
    /// Number of memories embedded.
    pub embedded: u64,
    /// Number of memories that the embedder rejected.
    pub skipped: u64,
}

/// A background task that embeds memories until it is closed.
pub struct Indexer {
    semantic_index: Arc<SemanticIndex>,
    task: Mutex<Option<JoinHandle<()>>>,
    closing: watch::Sender<bool>,
}

impl Indexer {
    /// Starts the task.
    pub fn start(semantic_index: Arc<SemanticIndex>) -> Self {
        let (closing, closed) = watch::channel(false);
        let task = task::spawn(run(Arc::clone(&semantic_index), closed));
        Self { semantic_index, task: Mutex::new(Some(task)), closing }
    }

    /// Stops after the current batch and a last attempt at the queue. The next start backfills
    /// anything missed.
    pub async fn close(&self) {
        self.closing.send_replace(true);
        let task = self.task.lock().take();
        let Some(mut task) = task else { return };
        let rest = async {
            let _ = (&mut task).await;
            while let Ok(true) = self.semantic_index.embed_queued(0).await {}
        };
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, rest).await.is_err() {
            task.abort();
        }
    }
}

async fn run(semantic_index: Arc<SemanticIndex>, mut closing: watch::Receiver<bool>) {
    let (mut cursor, mut failures) = (BackfillCursor::default(), 0);
    let mut delays = BACKOFF.build();
    while !*closing.borrow() {
        let started = Instant::now();
        let done = semantic_index.step(&mut cursor, failures).await;
        if !matches!(done, Ok(false)) {
            semantic_index.record_outcome(&done, started.elapsed());
        }
        let pause = async {
            match done {
                Ok(true) => (failures, delays) = (0, BACKOFF.build()),
                Ok(false) => semantic_index.wake.notified().await,
                Err(_) => {
                    failures += 1;
                    tokio::time::sleep(delays.next().unwrap_or(MAX_BACKOFF)).await;
                }
            }
        };
        tokio::select! {
            () = pause => {}
            // Closed, or the indexer was dropped.
            _ = closing.changed() => return,
        }
    }
}

impl SemanticIndex {
    /// Embeds all memories that have no vector of this embedder, or with `force` all memories.
    /// Then removes the vectors of other embedders. Returns errors of the embedder and of the
    /// stores.
    pub async fn reindex(&self, force: bool) -> Result<ReindexReport> {
        let before = (self.embedded.load(Ordering::Relaxed), self.skipped.load(Ordering::Relaxed));
        while self.embed_queued(BATCH_FAILURES_BEFORE_SPLIT).await? {}
        let mut cursor = BackfillCursor { force, assume_missing: true, ..BackfillCursor::default() };
        while self.backfill_page(&mut cursor, BATCH_FAILURES_BEFORE_SPLIT).await? {}
        self.with_batch_lock(async { self.store.retain_space(&self.resolve_space().await?).await }).await?;
        self.record_outcome(&Ok(()), Duration::ZERO);
        Ok(ReindexReport {
            indexed: 0,
            embedded: self.embedded.load(Ordering::Relaxed) - before.0,
            skipped: self.skipped.load(Ordering::Relaxed) - before.1,
        })
    }

    /// Performs one unit of work. Returns `false` if there is nothing to do.
    async fn step(&self, cursor: &mut BackfillCursor, failures: u32) -> Result<bool> {
        if self.embed_queued(failures).await? {
            return Ok(true);
        }
        if !self.backfill_needed.load(Ordering::Relaxed) {
            return Ok(false);
        }
        if !self.backfill_page(cursor, failures).await? {
            *cursor = BackfillCursor::default();
            self.backfill_needed.store(false, Ordering::Relaxed);
        }
        Ok(true)
    }

    /// Embeds one batch of the queue. Returns `false` if the queue is empty.
    async fn embed_queued(&self, failures: u32) -> Result<bool> {
        self.with_batch_lock(async {
            let memories: Vec<Memory> = self.waiting().memories.iter().take(BATCH).cloned().collect();
            if memories.is_empty() {
                return Ok(false);
            }
            self.resolve_space().await?;
            self.embed(&memories, failures).await?;
            // A memory that was saved again in the meantime stays queued.
            self.waiting().memories.retain(|waiting| !memories.contains(waiting));
            Ok(true)
        })
        .await
    }

    /// Embeds the memories without a vector on the next page of the storage. Returns `false` after
    /// the last page.
    async fn backfill_page(&self, cursor: &mut BackfillCursor, failures: u32) -> Result<bool> {
        self.with_batch_lock(async {
            let space = self.resolve_space().await?;
            let (end, offset) = cursor.next.map_or((None, 0), |(time, seen)| (Some(time), seen));
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

            let mut memories: Vec<Memory> = page.into_iter().filter(is_searchable).collect();
            if !cursor.force && !memories.is_empty() {
                let ids: Vec<String> = memories.iter().map(|memory| memory.id.clone()).collect();
                match self.store.has(&ids, &space).await? {
                    Some(known) => memories.retain(|memory| !known.contains(&memory.id)),
                    None if cursor.assume_missing => {}
                    None => return Ok(false),
                }
            }
            for batch in memories.chunks(BATCH) {
                self.embed(batch, failures).await?;
            }
            cursor.next = Some((oldest, next));
            Ok(!is_last)
        })
        .await
    }

    /// Runs `work` under the batch lock. Afterwards deletes the vectors of memories removed in the
    /// meantime.
    async fn with_batch_lock<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let _guard = self.batch_lock.lock().await;
        let done = work.await;
        let removed = std::mem::take(&mut self.waiting().removed);
        if !removed.is_empty() {
            self.store.delete(&removed).await?;
        }
        done
    }

    /// Returns the name of the embedding space; the embedder must have responded once. Warns about
    /// vectors of other embedders.
    async fn resolve_space(&self) -> Result<String> {
        if self.space.name(&*self.embedder).is_none() {
            self.probe().await?;
        }
        let unknown = || Error::Internal("an embedder has no dimensions".into());
        let space = self.space.name(&*self.embedder).ok_or_else(unknown)?;
        if self.warned_of_other_spaces.load(Ordering::Relaxed) {
            return Ok(space);
        }
        if let Err(error) = self.store.prepare(self.space.dimensions().unwrap_or_default()).await {
            // Everything still works, only more slowly.
            (self.warn)(format!("Vector searches across all customers may be slow: {error}"));
        }
        let others = self.store.other_spaces(&space).await?;
        self.warned_of_other_spaces.store(true, Ordering::Relaxed);
        if !others.is_empty() {
            (self.warn)(format!(
                "The embedder changed: there are vectors of {}, and now it is {space} (model/dimensions). Vectors of \
                 different models cannot be compared, so memories are embedded again in the background; until then they are \
                 found by words alone. `await agent.memory.reindex()` waits for it and removes the old vectors.",
                others.join(", ")
            ));
        }
        Ok(space)
    }

    async fn probe(&self) -> Result<()> {
        self.space.embed(&*self.embedder, &[PROBE_TEXT.to_owned()]).await.map(drop)
    }

    /// Embeds memories and saves the vectors. Skips single texts that the embedder rejects.
    async fn embed(&self, memories: &[Memory], failures: u32) -> Result<()> {
        let error = match self.embed_entries(memories).await {
            Ok(entries) => return self.store_entries(entries).await,
            Err(error) => error,
        };
        let is_refusal = matches!(error, Error::EmbeddingFailed { rejected: true, .. });
        if !is_refusal && failures < BATCH_FAILURES_BEFORE_SPLIT || self.probe().await.is_err() {
            return Err(error);
        }
        let mut refused = 0;
        for memory in memories {
            match self.embed_entries(std::slice::from_ref(memory)).await {
                Ok(entries) => self.store_entries(entries).await?,
                Err(_) => refused += 1,
            }
        }
        if refused > 1 && refused == memories.len() {
            return Err(error);
        }
        if refused > 0 {
            self.record_outcome::<()>(&Err(error), Duration::ZERO);
            self.skipped.fetch_add(refused as u64, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn embed_entries(&self, memories: &[Memory]) -> Result<Vec<VectorEntry>> {
        let texts: Vec<String> = memories.iter().map(|memory| truncated(&memory.content)).collect();
        let vectors = self.space.embed(&*self.embedder, &texts).await?;
        let space = self.space.name(&*self.embedder).unwrap_or_default();
        let entry = |(memory, vector): (&Memory, Vec<f32>)| VectorEntry {
            id: memory.id.clone(),
            vector,
            metadata: metadata(memory, &space),
        };
        Ok(memories.iter().zip(vectors).map(entry).collect())
    }

    async fn store_entries(&self, entries: Vec<VectorEntry>) -> Result<()> {
        let count = entries.len() as u64;
        if count > 0 {
            self.store.upsert(entries).await?;
            self.embedded.fetch_add(count, Ordering::Relaxed);
        }
        Ok(())
    }
}
