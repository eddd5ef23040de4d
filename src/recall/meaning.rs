//! Memories by what they mean: embedded behind the back of those who talk, found by the nearest vectors.

mod indexing;

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use serde::Serialize;
use tokio::sync::Notify;

pub use indexing::{Indexer, Reindexed};

use crate::error::{Error, Result};
use crate::memory::{Memory, MemoryType};
use crate::recall::CONVERSATION_ENDED;
use crate::recall::retrieval::RetrieveOptions;
use crate::storage::Storage;
use crate::vectors::space::Space;
use crate::vectors::{Embedder, VectorFilter, VectorQuery, VectorStore};

/// Tells the developer of what works, but not as well as it could.
pub type Warn = Arc<dyn Fn(String) + Send + Sync>;

/// What of a memory is embedded, from its beginning: less than any model's limit in tokens.
const MAX_CHARS: usize = 4_000;
/// Memories that wait to be embedded at most; what is more is looked for in the storage later.
const MAX_WAITING: usize = 1_000;
/// Vectors asked for per memory wanted: some may not be told, or be gone.
const SPARE: usize = 3;
/// Cosine from which memories bear on a text: what has nothing to do with it is below, with any model.
const NEAR: f32 = 0.2;
/// A failure that took longer than this is not waited for again soon.
const SLOW: Duration = Duration::from_secs(1);
/// How long a slow failure is taken for granted.
const PAUSE: Duration = Duration::from_secs(30);

/// The meaning of the memories of a storage.
pub struct Meaning {
    embedder: Arc<dyn Embedder>,
    store: Arc<dyn VectorStore>,
    storage: Arc<dyn Storage>,
    space: Space,
    warn: Warn,
    waiting: Mutex<Waiting>,
    /// There may be memories without a vector in the storage.
    behind: AtomicBool,
    /// The developer knows of vectors of other embedders, if there are any.
    told_of_others: AtomicBool,
    wake: Notify,
    /// One batch at a time.
    turn: tokio::sync::Mutex<()>,
    embedded: AtomicU64,
    skipped: AtomicU64,
    trouble: Mutex<Trouble>,
}

#[derive(Default)]
struct Waiting {
    memories: VecDeque<Memory>,
    /// Removed while their vectors were perhaps being made.
    removed: Vec<String>,
}

#[derive(Default)]
struct Trouble {
    /// Codes the developer was told of.
    told: HashSet<&'static str>,
    /// The last failure, until something succeeds.
    last: Option<Error>,
    /// Until when the last failure is taken for granted.
    until: Option<Instant>,
}

/// How the embedding of memories goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VectorStats {
    /// The embedder's model.
    pub model: String,
    /// Numbers of a vector; absent until the embedder has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<usize>,
    /// Memories embedded since the start.
    pub embedded: u64,
    /// Memories that wait for it.
    pub waiting: usize,
    /// Whether the storage is being looked through for memories without a vector.
    pub catching_up: bool,
    /// Memories that the embedder refused.
    pub skipped: u64,
    /// Code of what is wrong now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
}

impl Meaning {
    /// The meaning of what `storage` holds, kept in `store`.
    pub fn new(
        embedder: Arc<dyn Embedder>,
        store: Arc<dyn VectorStore>,
        storage: Arc<dyn Storage>,
        warn: Warn,
    ) -> Self {
        Self {
            embedder,
            store,
            storage,
            space: Space::default(),
            warn,
            waiting: Mutex::default(),
            behind: AtomicBool::new(true),
            told_of_others: AtomicBool::new(false),
            wake: Notify::new(),
            turn: tokio::sync::Mutex::default(),
            embedded: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            trouble: Mutex::default(),
        }
    }

    /// Has a memory embedded that was saved just now.
    pub(super) fn add(&self, memory: &Memory) {
        if !is_worth_it(memory) {
            return;
        }
        let mut waiting = self.waiting();
        waiting.memories.retain(|other| other.id != memory.id);
        if waiting.memories.len() < MAX_WAITING {
            waiting.memories.push_back(memory.clone());
        } else {
            self.behind.store(true, Ordering::Relaxed);
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Forgets what a memory means.
    pub(super) async fn remove(&self, id: &str) -> Result<()> {
        {
            let mut waiting = self.waiting();
            waiting.memories.retain(|memory| memory.id != id);
            if self.turn.try_lock().is_err() {
                waiting.removed.push(id.to_owned());
            }
        }
        self.store.delete(&[id.to_owned()]).await
    }

    /// The memories nearest to a text, the nearest first, among those that `options` let through.
    pub(super) async fn search(
        &self,
        text: &str,
        options: &RetrieveOptions,
        limit: usize,
    ) -> Result<Vec<Memory>> {
        if let Some(error) = self.known_trouble() {
            return Err(error);
        }
        let started = Instant::now();
        let found = self.nearest(text, options, limit).await;
        self.note(&found, started.elapsed());
        found
    }

    async fn nearest(&self, text: &str, options: &RetrieveOptions, limit: usize) -> Result<Vec<Memory>> {
        let mut vectors = self.space.embed(&*self.embedder, &[beginning(text)]).await?;
        let (Some(vector), Some(space)) = (vectors.pop(), self.space.name(&*self.embedder)) else {
            return Ok(Vec::new());
        };
        let RetrieveOptions { conversation_id, channel, audience, .. } = options;
        let filter =
            VectorFilter::new(&space, conversation_id.as_deref(), channel.as_ref(), audience.as_ref());
        let query = VectorQuery { vector, limit: limit.saturating_mul(SPARE), filter };
        let matches = self.store.search(&query).await?;
        let near: Vec<String> = matches
            .into_iter()
            .take(query.limit)
            .filter(|found| found.score >= NEAR)
            .map(|found| found.id)
            .collect();
        let memories = try_join_all(near.iter().map(|id| self.storage.get(id))).await?;
        // Deleted behind our back, by other hands than ours.
        let gone: Vec<String> = near
            .iter()
            .zip(&memories)
            .filter(|(_, memory)| memory.is_none())
            .map(|(id, _)| id.clone())
            .collect();
        if !gone.is_empty() {
            self.store.delete(&gone).await?;
        }
        // A store may let more through than it should; what the memories themselves say decides.
        let mut seen = HashSet::new();
        Ok(memories
            .into_iter()
            .flatten()
            .filter(|memory| options.lets_through(memory) && seen.insert(memory.id.clone()))
            .take(limit)
            .collect())
    }

    /// How it goes.
    pub fn stats(&self) -> VectorStats {
        VectorStats {
            model: self.embedder.model().to_owned(),
            dimensions: self.space.dimensions(),
            embedded: self.embedded.load(Ordering::Relaxed),
            waiting: self.waiting().memories.len(),
            catching_up: self.behind.load(Ordering::Relaxed),
            skipped: self.skipped.load(Ordering::Relaxed),
            problem: self.trouble().last.as_ref().map(Error::code),
        }
    }

    /// Remembers that a search took too long to wait for; the code of that.
    pub(super) fn note_delay(&self, patience: Duration) -> &'static str {
        let error = Error::EmbeddingFailed {
            what: "The search for memories by their meaning".to_owned(),
            reason: format!(
                "no result within {} ms, which is as long as a customer waits",
                patience.as_millis()
            ),
            advice: "Use a faster embedder or vector store",
            rejected: false,
            cause: None,
        };
        let code = error.code();
        self.note::<()>(&Err(error), patience);
        code
    }

    /// Remembers how it went, and tells the developer of each kind of failure once.
    fn note<T>(&self, outcome: &Result<T>, took: Duration) {
        let mut trouble = self.trouble();
        let Err(error) = outcome else {
            trouble.last = None;
            trouble.until = None;
            return;
        };
        trouble.until = (took > SLOW).then(|| Instant::now() + PAUSE);
        trouble.last = Some(error.clone());
        if trouble.told.insert(error.code()) {
            let (code, words) = (error.code(), error.to_string());
            (self.warn)(format!(
                "Memories are not found by their meaning, but by keywords only ({code}): {}. What was not embedded is caught up by \
                 itself.",
                words.trim_end_matches('.')
            ));
        }
    }

    fn known_trouble(&self) -> Option<Error> {
        let trouble = self.trouble();
        trouble.until.filter(|until| Instant::now() < *until)?;
        trouble.last.clone()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a memory says something that somebody may want to find by its meaning: messages, decisions, and what
/// conversations came to. Records of tools and errors are for programs, and that a session began says nothing.
fn is_worth_it(memory: &Memory) -> bool {
    let is_bare_event = memory.id.starts_with("session-start-") || memory.content == CONVERSATION_ENDED;
    let is_said = matches!(memory.kind, MemoryType::Conversation | MemoryType::Decision);
    !memory.content.trim().is_empty() && (is_said || memory.kind == MemoryType::System && !is_bare_event)
}

fn beginning(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}
