//! Retrieval of the memories that bear on a text: words by the lexical index, meaning by vectors.

mod explanation;
mod keyword_candidates;
pub mod options;
mod pool;
mod question;

pub use explanation::{Explanation, RankedMemory};

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;
use tracing::warn;
use uuid::Uuid;

use crate::compute::compute;
use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::memory::lexical_index::{MAX_NEAR, Ranked, rank};
use crate::memory::retrieval::options::{DEFAULT_RETRIEVED, RetrieveOptions};
use crate::memory::retrieval::pool::Pool;
use crate::memory::retrieval::question::Asked;
use crate::memory::semantic_index::{MIN_SIMILARITY, NearMemory};
use crate::text_analysis::without_names;

/// Maximum time that a reply waits for semantic search.
const SEMANTIC_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum time that a reply waits for a whole retrieval.
const RETRIEVAL_TIMEOUT: Duration = Duration::from_secs(6);
/// Number of memories read beyond the limit, because some may be gone or not visible.
const OVERFETCH: usize = 8;
/// Growth of the number of memories read where too few of them count.
const OVERFETCH_GROWTH: usize = 4;

/// Retrieved context for a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct RetrievedMemories {
    /// The memories, best match first.
    pub memories: Vec<RankedMemory>,
    /// The retrieval mode used.
    pub mode: RetrievalMode,
    /// Code of the error that made the result worse, if any.
    pub problem: Option<&'static str>,
}

/// Retrieval mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RetrievalMode {
    /// By words.
    Lexical,
    /// By words and vectors.
    Hybrid,
}

impl MemoryManager {
    /// Returns the memories that bear on a text, best match first.
    ///
    /// # Errors
    ///
    /// Those of the storage. An error of the vectors is reported by a warning and in the statistics,
    /// and words alone decide.
    pub async fn retrieve(&self, text: &str, options: &RetrieveOptions) -> Result<Vec<RankedMemory>> {
        if options.limit == Some(0) {
            return Ok(Vec::new());
        }
        let (pool, near) = tokio::join!(Pool::read(self, text, options), self.near(text, options));
        let near = near.and_then(Result::ok).unwrap_or_default();
        self.rank(text, options, pool?, near).await
    }

    /// Returns the memories that bear on a message, as context for the reply. Never fails and is
    /// bounded in time.
    pub async fn retrieve_context(&self, text: &str, options: &RetrieveOptions) -> RetrievedMemories {
        let semantic = async {
            match timeout(SEMANTIC_TIMEOUT, self.near(text, options)).await {
                Ok(found) => found.map(|found| found.map_err(|error| error.code())),
                Err(_) => self.semantic_index().map(|index| Err(index.record_timeout(SEMANTIC_TIMEOUT))),
            }
        };
        let (mut mode, mut problem) = (RetrievalMode::Lexical, None);
        let retrieval = async {
            let (pool, near) = tokio::join!(Pool::read(self, text, options), semantic);
            let near = match near {
                Some(Ok(near)) => {
                    mode = RetrievalMode::Hybrid;
                    near
                }
                Some(Err(code)) => {
                    problem = Some(code);
                    Vec::new()
                }
                None => Vec::new(),
            };
            self.rank(text, options, pool?, near).await
        };
        let timed_out = |_| Err(Error::RetrievalTimeout { seconds: RETRIEVAL_TIMEOUT.as_secs() });
        let memories = timeout(RETRIEVAL_TIMEOUT, retrieval).await.unwrap_or_else(timed_out);
        let memories = memories.unwrap_or_else(|error| {
            let (code, stack) = (error.code(), error.stack());
            warn!(code, %error, stack, "Memories could not be retrieved");
            problem = Some(code);
            Vec::new()
        });
        RetrievedMemories { memories, mode, problem }
    }

    /// Returns the nearest memories, nearest first. Returns `None` without vectors.
    async fn near(&self, text: &str, options: &RetrieveOptions) -> Option<Result<Vec<NearMemory>>> {
        let question = without_names(text, &options.names);
        let near = self.semantic_index()?.nearest(&question, options, MAX_NEAR).await;
        Some(near.map(|mut near| {
            // The question itself may have a vector already. Nothing is as near, so it would set the scale.
            near.retain(|near| options.except.as_ref() != Some(&near.id));
            near
        }))
    }

    /// Deletes the vectors of memories that another program has deleted.
    async fn forget_vectors(&self, ids: Vec<String>) -> Result<()> {
        match self.semantic_index().filter(|_| !ids.is_empty()) {
            Some(semantic_index) => semantic_index.forget(&ids).await,
            None => Ok(()),
        }
    }

    /// Ranks a pool and reads the best memories of it.
    async fn rank(
        &self,
        text: &str,
        options: &RetrieveOptions,
        mut pool: Pool,
        near: Vec<NearMemory>,
    ) -> Result<Vec<RankedMemory>> {
        let limit = options.limit.unwrap_or(DEFAULT_RETRIEVED) as usize;
        let mut corpus = pool.corpus().await?;
        if pool.add_missing(self, options, &corpus, &near).await? {
            corpus = pool.corpus().await?;
        }
        let near: Vec<(Uuid, NearMemory)> =
            near.into_iter().map(|near| (pool.row(self, &near.id), near)).collect();
        let mut scored: Vec<(Uuid, f32)> = near.iter().map(|(row, near)| (*row, near.score)).collect();
        if !scored.is_empty() && scored.len() < MAX_NEAR {
            // The zero of the scale, where there is no last one of many.
            scored.push((Uuid::nil(), MIN_SIMILARITY));
        }
        let asked = Arc::new(Asked::new(text, options, &corpus, scored));
        let mut wanted = limit.saturating_add(OVERFETCH);
        loop {
            let (corpus_of_task, asked_of_task, filter) =
                (Arc::clone(&corpus), Arc::clone(&asked), options.filter());
            let ranked =
                compute(move || rank(&corpus_of_task, &asked_of_task.question, &filter, wanted)).await?;
            let is_all = ranked.len() < wanted;
            let found = self.read_ranked(options, &mut pool, &asked, &near, ranked).await?;
            if found.len() >= limit || is_all {
                return Ok(found.into_iter().take(limit).collect());
            }
            wanted = wanted.saturating_mul(OVERFETCH_GROWTH).min(corpus.len().max(wanted + 1));
        }
    }

    /// Returns the ranked memories that exist and match the options.
    async fn read_ranked(
        &self,
        options: &RetrieveOptions,
        pool: &mut Pool,
        asked: &Asked,
        near: &[(Uuid, NearMemory)],
        ranked: Vec<Ranked>,
    ) -> Result<Vec<RankedMemory>> {
        let rows: Vec<Uuid> = ranked.iter().map(|one| one.row).collect();
        let gone = pool.add_rows(self, &rows).await?;
        let is_gone = |(row, near): &(Uuid, NearMemory)| gone.contains(row).then(|| near.id.clone());
        self.forget_vectors(near.iter().filter_map(is_gone).collect()).await?;
        let mut ids = HashSet::new();
        let read = ranked.into_iter().filter_map(|one| {
            let memory = pool.memory(one.row).filter(|memory| options.matches(memory))?.clone();
            ids.insert(memory.id.clone()).then(|| asked.explain(memory, one))
        });
        Ok(read.collect())
    }
}
