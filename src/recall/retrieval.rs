//! Memories that bear on a text, found by its words.

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

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct RetrieveOptions {
    /// In this conversation only.
    pub conversation_id: Option<String>,
    /// On this channel only.
    pub channel: Option<Channel>,
    /// At most so many; 10 unless said otherwise.
    pub limit: Option<u32>,
}

impl MemoryManager {
    /// Memories that share words with a text: those sharing most first, newer before older.
    pub async fn retrieve(&self, text: &str, options: RetrieveOptions) -> Result<Vec<Memory>> {
        let words = words(text);
        let limit = options.limit.unwrap_or(DEFAULT_RETRIEVED);
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let query = MemoryQuery {
            keywords: words.clone(),
            conversation_id: options.conversation_id,
            channel: options.channel,
            ..MemoryQuery::newest(CANDIDATES.max(limit))
        };
        let mut found: Vec<(usize, Memory)> = self
            .search(&query)
            .await?
            .into_iter()
            .map(|memory| {
                let content = fold_text(&memory.content);
                (words.iter().filter(|word| content.contains(word.as_str())).count(), memory)
            })
            .collect();
        found.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
        Ok(found.into_iter().take(limit as usize).map(|(_, memory)| memory).collect())
    }
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
