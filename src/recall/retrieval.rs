//! Memories that bear on a text, found by its words and by its meaning.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::audience::{Audience, owner_fields};
use crate::error::Result;
use crate::keyword::fold_text;
use crate::memory::{Memory, MemoryQuery};
use crate::message::Channel;
use crate::recall::MemoryManager;

/// Shorter words say little.
const MIN_WORD_CHARS: usize = 3;
const MAX_WORDS: usize = 32;
/// Newest matches that are ranked.
const CANDIDATES: u32 = 200;
/// Memories returned when no limit is given.
pub const DEFAULT_RETRIEVED: u32 = 10;
/// Memories that join a prompt at most.
const RECALLED: u32 = 12;
/// How long an answer waits to be reminded.
const PATIENCE: Duration = Duration::from_secs(5);
/// Keeps the first of one list from weighing more than what both lists have.
const RANK_DAMPING: f64 = 60.0;

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct RetrieveOptions {
    /// In this conversation only.
    pub conversation_id: Option<String>,
    /// On this channel only.
    pub channel: Option<Channel>,
    /// Only what may be told there; everything unless given.
    pub audience: Option<Audience>,
    /// At most so many; 10 unless said otherwise.
    pub limit: Option<u32>,
}

impl RetrieveOptions {
    /// Whether a memory is where to look.
    pub(super) fn lets_through(&self, memory: &Memory) -> bool {
        self.conversation_id.as_deref().is_none_or(|id| memory.conversation_id() == Some(id))
            && (self.channel.is_none() || self.channel == memory.channel)
            && self.audience.as_ref().is_none_or(|audience| audience.may_hear(memory))
    }
}

/// What an answer is reminded of.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// The memories, the closest first.
    pub memories: Vec<Memory>,
    /// How they were found.
    pub by: RecalledBy,
    /// Code of why they were not found by their meaning.
    pub problem: Option<&'static str>,
}

/// How memories were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecalledBy {
    /// By vectors.
    Meaning,
    /// By shared words.
    Keywords,
}

impl MemoryManager {
    /// Memories that bear on a text. By words: those sharing most first, newer before older. With vectors also by meaning;
    /// what is near the beginning of both lists comes first.
    pub async fn retrieve(&self, text: &str, options: RetrieveOptions) -> Result<Vec<Memory>> {
        let limit = options.limit.unwrap_or(DEFAULT_RETRIEVED) as usize;
        if limit == 0 {
            return Ok(Vec::new());
        }
        let by_words = self.by_words(text, &options, limit);
        let Some(meaning) = self.meaning() else { return by_words.await };
        let (by_words, by_meaning) = tokio::join!(by_words, meaning.search(text, &options, limit));
        // What is wrong with vectors is told by a warning and the statistics.
        let lists = [by_words?, by_meaning.unwrap_or_default()];
        Ok(fuse(lists).into_iter().take(limit).collect())
    }

    /// What an answer to a text should be reminded of, of what may be told there; `None` without vectors. Never fails and
    /// never takes long: where meaning cannot be had, words have to do.
    pub async fn recall(&self, text: &str, audience: Audience) -> Option<Recalled> {
        let meaning = self.meaning()?;
        let options =
            RetrieveOptions { audience: Some(audience), limit: Some(RECALLED), ..RetrieveOptions::default() };
        let search = meaning.search(text, &options, RECALLED as usize);
        let problem = match tokio::time::timeout(PATIENCE, search).await {
            Ok(Ok(memories)) => return Some(Recalled { memories, by: RecalledBy::Meaning, problem: None }),
            Ok(Err(error)) => error.code(),
            Err(_) => meaning.note_delay(PATIENCE),
        };
        let by_words = self.by_words(text, &options, RECALLED as usize);
        let memories = tokio::time::timeout(PATIENCE, by_words).await.map(Result::unwrap_or_default);
        let memories = memories.unwrap_or_default();
        Some(Recalled { memories, by: RecalledBy::Keywords, problem: Some(problem) })
    }

    async fn by_words(&self, text: &str, options: &RetrieveOptions, limit: usize) -> Result<Vec<Memory>> {
        let words = words(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found: Vec<(usize, Memory)> = Vec::new();
        for fields in scopes(options.audience.as_ref()) {
            let query = MemoryQuery {
                keywords: words.clone(),
                conversation_id: options.conversation_id.clone(),
                channel: options.channel.clone(),
                session_metadata: fields,
                ..MemoryQuery::newest(CANDIDATES.max(limit as u32))
            };
            for memory in self.search(&query).await? {
                if options.lets_through(&memory) && found.iter().all(|(_, known)| known.id != memory.id) {
                    let content = fold_text(&memory.content);
                    found.push((words.iter().filter(|word| content.contains(word.as_str())).count(), memory));
                }
            }
        }
        found.sort_by_key(|(shared, memory)| (Reverse(*shared), Reverse(memory.timestamp)));
        Ok(found.into_iter().take(limit).map(|(_, memory)| memory).collect())
    }
}

/// The `sessionMetadata` of what an audience may be told, each a search of its own.
fn scopes(audience: Option<&Audience>) -> Vec<Map<String, Value>> {
    let Some(audience) = audience else { return vec![Map::new()] };
    let mut fields: Vec<(String, Value)> = owner_fields(&audience.customer).into_iter().collect();
    fields.push(("conversationId".to_owned(), json!(audience.conversation_id)));
    // Among what belongs to no conversation is what is for everyone.
    fields.push(("conversationId".to_owned(), Value::Null));
    fields.into_iter().map(|field| Map::from_iter([field])).collect()
}

/// Lists as one, by reciprocal ranks.
fn fuse(lists: [Vec<Memory>; 2]) -> Vec<Memory> {
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
