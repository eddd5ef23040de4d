//! Semantic memory: memories are embedded in the background and found by nearest-neighbour search.

mod indexer;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;
use tokio::sync::Notify;

pub use indexer::{Indexer, ReindexReport};

use crate::error::{Error, Result};
use crate::memory::retrieval::options::RetrieveOptions;
use crate::memory::session_events::CONVERSATION_ENDED;
use crate::memory::storage::Storage;
use crate::memory::vector_store::embedding_space::EmbeddingSpace;
use crate::memory::vector_store::{Embedder, VectorStore};
use crate::types::memory::{Memory, MemoryType};
use crate::types::vector::{VectorFilter, VectorQuery};

/// Callback for warnings about things that work, but not as well as they could.
pub type WarningHandler = Arc<dyn Fn(String) + Send + Sync>;

/// Maximum number of characters embedded per memory, from its start; below every model's token
/// limit.
const MAX_EMBEDDED_CHARS: usize = 4_000;
/// Maximum length of the embedding queue. Further memories are found in the storage later.
const MAX_QUEUED: usize = 1_000;
/// Minimum cosine similarity of a relevant memory. With any model, unrelated texts score lower.
pub(super) const MIN_SIMILARITY: f32 = 0.2;
/// Duration from which a failure counts as slow; a slow failure opens the circuit.
const SLOW_FAILURE: Duration = Duration::from_secs(1);
/// Duration for which the circuit stays open after a slow failure.
const OPEN_FOR: Duration = Duration::from_secs(30);

/// A semantic index over the memories of a storage.
pub struct SemanticIndex {
    embedder: Arc<dyn Embedder>,
    store: Arc<dyn VectorStore>,
    storage: Arc<dyn Storage>,
    space: EmbeddingSpace,
    warn: WarningHandler,
    waiting: Mutex<EmbedQueue>,
    /// `true` if the storage may hold memories without a vector.
    backfill_needed: AtomicBool,
    /// `true` once a warning about vectors of other embedders has been given, if there are any.
    warned_of_other_spaces: AtomicBool,
    wake: Notify,
    /// Lock for one batch at a time.
    batch_lock: tokio::sync::Mutex<()>,
    embedded: AtomicU64,
    skipped: AtomicU64,
    breaker: Mutex<CircuitBreaker>,
}

/// A memory that a semantic search found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NearMemory {
    /// Id of the memory.
    pub id: String,
    /// Cosine similarity.
    pub score: f32,
}

#[derive(Default)]
struct EmbedQueue {
    memories: VecDeque<Memory>,
    /// Memories removed while their vectors may have been in progress.
    removed: Vec<String>,
}

#[derive(Default)]
struct CircuitBreaker {
    /// Error codes that the developer has been warned about.
    warned: HashSet<&'static str>,
    /// The last error, until an operation succeeds.
    last_error: Option<Error>,
    /// Time until which searches fail at once with the last error.
    open_until: Option<Instant>,
}

/// Statistics of the semantic index.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VectorStats {
    /// Model of the embedder.
    pub model: String,
    /// Dimensions of a vector; absent until the embedder has responded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<usize>,
    /// Memories embedded since startup.
    pub embedded: u64,
    /// Memories in the embedding queue.
    pub waiting: usize,
    /// `true` while the storage is searched for memories without a vector.
    pub catching_up: bool,
    /// Memories that the embedder rejected.
    pub skipped: u64,
    /// Code of the current error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
}

impl SemanticIndex {
    /// Creates an index of the memories in `storage`; vectors are kept in `store`.
    pub fn new(
        embedder: Arc<dyn Embedder>,
        store: Arc<dyn VectorStore>,
        storage: Arc<dyn Storage>,
        warn: WarningHandler,
    ) -> Self {
        Self {
            embedder,
            store,
            storage,
            space: EmbeddingSpace::default(),
            warn,
            waiting: Mutex::default(),
            backfill_needed: AtomicBool::new(true),
            warned_of_other_spaces: AtomicBool::new(false),
            wake: Notify::new(),
            batch_lock: tokio::sync::Mutex::default(),
            embedded: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            breaker: Mutex::default(),
        }
    }

    /// Queues a saved memory for embedding.
    pub(super) fn add(&self, memory: &Memory) {
        if !is_searchable(memory) {
            return;
        }
        let mut waiting = self.waiting();
        waiting.memories.retain(|other| other.id != memory.id);
        if waiting.memories.len() < MAX_QUEUED {
            waiting.memories.push_back(memory.clone());
        } else {
            self.backfill_needed.store(true, Ordering::Relaxed);
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Removes the vector of a memory.
    pub(super) async fn remove(&self, id: &str) -> Result<()> {
        {
            let mut waiting = self.waiting();
            waiting.memories.retain(|memory| memory.id != id);
            if self.batch_lock.try_lock().is_err() {
                waiting.removed.push(id.to_owned());
            }
        }
        self.store.delete(&[id.to_owned()]).await
    }

    /// Returns the memories most similar to a text, nearest first. The store applies the options as
    /// far as it can, and callers check the memories.
    pub(super) async fn nearest(
        &self,
        text: &str,
        options: &RetrieveOptions,
        limit: usize,
    ) -> Result<Vec<NearMemory>> {
        if let Some(error) = self.open_circuit_error() {
            return Err(error);
        }
        let started = Instant::now();
        let found = self.search(text, options, limit).await;
        self.record_outcome(&found, started.elapsed());
        found
    }

    async fn search(&self, text: &str, options: &RetrieveOptions, limit: usize) -> Result<Vec<NearMemory>> {
        let mut vectors = self.space.embed(&*self.embedder, &[truncated(text)]).await?;
        let (Some(vector), Some(space)) = (vectors.pop(), self.space.name(&*self.embedder)) else {
            return Ok(Vec::new());
        };
        let RetrieveOptions { conversation_id, channel, viewer, .. } = options;
        let filter = VectorFilter::new(&space, conversation_id.as_deref(), channel.as_ref(), viewer.as_ref());
        let query = VectorQuery { vector, limit, filter };
        let matches = self.store.search(&query).await?.into_iter().take(limit);
        let near = matches.filter(|found| found.score >= MIN_SIMILARITY);
        Ok(near.map(|found| NearMemory { id: found.id, score: found.score }).collect())
    }

    /// Deletes the vectors of memories that are no longer in the storage.
    pub(super) async fn forget(&self, ids: &[String]) -> Result<()> {
        self.store.delete(ids).await
    }

    /// Returns the current statistics.
    pub fn stats(&self) -> VectorStats {
        VectorStats {
            model: self.embedder.model().to_owned(),
            dimensions: self.space.dimensions(),
            embedded: self.embedded.load(Ordering::Relaxed),
            waiting: self.waiting().memories.len(),
            catching_up: self.backfill_needed.load(Ordering::Relaxed),
            skipped: self.skipped.load(Ordering::Relaxed),
            problem: self.breaker().last_error.as_ref().map(Error::code),
        }
    }

    /// Records that a search timed out, and returns the error code.
    pub(super) fn record_timeout(&self, timeout: Duration) -> &'static str {
        let error = Error::EmbeddingFailed {
            what: "The semantic search".to_owned(),
            reason: format!("no result within {} ms, the limit for a reply", timeout.as_millis()),
            advice: "Use a faster embedder or vector store",
            rejected: false,
            cause: None,
        };
        let code = error.code();
        self.record_outcome::<()>(&Err(error), timeout);
        code
    }

    /// Records the outcome of an operation. Each kind of failure is reported to the developer once.
    fn record_outcome<T>(&self, outcome: &Result<T>, took: Duration) {
        let mut breaker = self.breaker();
        let Err(error) = outcome else {
            breaker.last_error = None;
            breaker.open_until = None;
            return;
        };
        breaker.open_until = (took > SLOW_FAILURE).then(|| Instant::now() + OPEN_FOR);
        breaker.last_error = Some(error.clone());
        if breaker.warned.insert(error.code()) {
            let (code, words) = (error.code(), error.to_string());
            (self.warn)(format!(
                "Semantic search failed, so memories are found by words only ({code}): {}. Missing embeddings are created \
                 automatically later.",
                words.trim_end_matches('.')
            ));
        }
    }

    fn open_circuit_error(&self) -> Option<Error> {
        let breaker = self.breaker();
        breaker.open_until.filter(|open_until| Instant::now() < *open_until)?;
        breaker.last_error.clone()
    }

    fn waiting(&self) -> MutexGuard<'_, EmbedQueue> {
        self.waiting.lock()
    }

    fn breaker(&self) -> MutexGuard<'_, CircuitBreaker> {
        self.breaker.lock()
    }
}

/// Returns `true` if a memory is worth a semantic search: messages, decisions and summaries.
/// Records of tools and errors are for programs, and a session start has no content.
fn is_searchable(memory: &Memory) -> bool {
    let is_bare_event = memory.id.starts_with("session-start-") || memory.content == CONVERSATION_ENDED;
    let is_said = matches!(memory.kind, MemoryType::Conversation | MemoryType::Decision);
    !memory.content.trim().is_empty() && (is_said || memory.kind == MemoryType::System && !is_bare_event)
}

fn truncated(text: &str) -> String {
    text.chars().take(MAX_EMBEDDED_CHARS).collect()
}
