//! Retrieval of relevant memories by keywords and by semantic similarity.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::case_folding::fold_text;
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::memory::retrieve_options::{DEFAULT_RETRIEVED, RetrieveOptions};
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::visibility::{Viewer, owner_field_variants};

/// Minimum length of a keyword; shorter words carry little meaning.
const MIN_WORD_CHARS: usize = 3;
const MAX_WORDS: usize = 32;
/// Number of newest matches that are ranked.
const CANDIDATES: u32 = 200;
/// Maximum number of memories added to a prompt.
const MAX_CONTEXT_MEMORIES: u32 = 12;
/// Maximum time that a reply waits for retrieved context.
const RETRIEVAL_TIMEOUT: Duration = Duration::from_secs(5);
/// Damping constant of rank fusion. It keeps the top of one list from outweighing memories that are
/// in both lists.
const RANK_DAMPING: f64 = 60.0;

/// Retrieved context for a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct RetrievedMemories {
    /// The memories, best match first.
    pub memories: Vec<Memory>,
    /// The retrieval mode used.
    pub mode: RetrievalMode,
    /// Error code of the failed semantic search, if any.
    pub problem: Option<&'static str>,
}

/// Retrieval mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RetrievalMode {
    /// Semantic search by vectors.
    Semantic,
    /// Keyword search.
    Keyword,
}

impl MemoryManager {
    /// Retrieves memories relevant to a text. Keyword search ranks by the number of shared words,
    /// then by time, newest first. With vectors, the results are fused with semantic search by
    /// rank.
    pub async fn retrieve(&self, text: &str, options: RetrieveOptions) -> Result<Vec<Memory>> {
        let limit = options.limit.unwrap_or(DEFAULT_RETRIEVED) as usize;
        if limit == 0 {
            return Ok(Vec::new());
        }
        let keyword_matches = self.keyword_matches(text, &options, limit);
        let Some(semantic_index) = self.semantic_index() else { return keyword_matches.await };
        let (keyword_matches, semantic_matches) =
            tokio::join!(keyword_matches, semantic_index.search(text, &options, limit));
        // Errors of the vector search are reported by a warning and in the statistics.
        let lists = [keyword_matches?, semantic_matches.unwrap_or_default()];
        Ok(fuse_by_reciprocal_rank(lists).into_iter().take(limit).collect())
    }

    /// Retrieves the context for a reply, limited to memories visible to `viewer`; `None` without
    /// vectors. Never fails and is bounded in time: if semantic search fails, keyword search is
    /// used.
    pub async fn retrieve_context(&self, text: &str, viewer: Viewer) -> Option<RetrievedMemories> {
        let semantic_index = self.semantic_index()?;
        let options = RetrieveOptions {
            viewer: Some(viewer),
            limit: Some(MAX_CONTEXT_MEMORIES),
            ..RetrieveOptions::default()
        };
        let search = semantic_index.search(text, &options, MAX_CONTEXT_MEMORIES as usize);
        let problem = match tokio::time::timeout(RETRIEVAL_TIMEOUT, search).await {
            Ok(Ok(memories)) => {
                return Some(RetrievedMemories { memories, mode: RetrievalMode::Semantic, problem: None });
            }
            Ok(Err(error)) => error.code(),
            Err(_) => semantic_index.record_timeout(RETRIEVAL_TIMEOUT),
        };
        let keyword_matches = self.keyword_matches(text, &options, MAX_CONTEXT_MEMORIES as usize);
        let memories =
            tokio::time::timeout(RETRIEVAL_TIMEOUT, keyword_matches).await.map(Result::unwrap_or_default);
        let memories = memories.unwrap_or_default();
        Some(RetrievedMemories { memories, mode: RetrievalMode::Keyword, problem: Some(problem) })
    }

    async fn keyword_matches(
        &self,
        text: &str,
        options: &RetrieveOptions,
        limit: usize,
    ) -> Result<Vec<Memory>> {
        let words = words(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found: Vec<(usize, Memory)> = Vec::new();
        for fields in visible_fields(options.viewer.as_ref()) {
            let query = MemoryQuery {
                keywords: words.clone(),
                conversation_id: options.conversation_id.clone(),
                channel: options.channel.clone(),
                session_metadata: fields,
                ..MemoryQuery::newest(CANDIDATES.max(limit as u32))
            };
            for memory in self.search(&query).await? {
                if options.matches(&memory) && found.iter().all(|(_, known)| known.id != memory.id) {
                    let content = fold_text(&memory.content);
                    found.push((words.iter().filter(|word| content.contains(word.as_str())).count(), memory));
                }
            }
        }
        found.sort_by_key(|(shared, memory)| (Reverse(*shared), Reverse(memory.timestamp)));
        Ok(found.into_iter().take(limit).map(|(_, memory)| memory).collect())
    }
}

/// Returns the `sessionMetadata` filters of memories visible to a viewer. Each is a separate
/// search.
fn visible_fields(viewer: Option<&Viewer>) -> Vec<Map<String, Value>> {
    let Some(viewer) = viewer else { return vec![Map::new()] };
    let mut fields = owner_field_variants(&viewer.customer);
    fields.push(("conversationId".to_owned(), json!(viewer.conversation_id)));
    fields.extend(viewer.sdk_conversations.iter().map(|id| ("conversationId".to_owned(), json!(id))));
    // Shared memories are among those without a conversation.
    fields.push(("conversationId".to_owned(), Value::Null));
    fields.into_iter().map(|field| Map::from_iter([field])).collect()
}

/// Merges ranked lists by reciprocal rank fusion.
fn fuse_by_reciprocal_rank(lists: [Vec<Memory>; 2]) -> Vec<Memory> {
    let mut scores: HashMap<String, f64> = HashMap::new();
    let mut all: Vec<Memory> = Vec::new();
    for list in lists {
        for (rank, memory) in list.into_iter().enumerate() {
            let score = 1.0 / (RANK_DAMPING + rank as f64);
            match scores.get_mut(&memory.id) {
                Some(known) => *known += score,
                None => {
                    scores.insert(memory.id.clone(), score);
                    all.push(memory);
                }
            }
        }
    }
    let score = |memory: &Memory| scores.get(&memory.id).copied().unwrap_or_default();
    all.sort_by(|a, b| score(b).total_cmp(&score(a)));
    all
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = fold_text(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| (MIN_WORD_CHARS..=100).contains(&word.chars().count()))
        .map(str::to_owned)
        .collect();
    words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    words.dedup();
    words.truncate(MAX_WORDS);
    words
}
