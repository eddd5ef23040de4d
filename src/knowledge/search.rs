//! Search of passages.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::knowledge::options::check_tags;
use crate::knowledge::passage::Passage;
use crate::memory::RetrieveOptions;
use crate::types::memory::check_text;
use crate::types::visibility::Viewer;

/// Default number of passages.
const DEFAULT_LIMIT: u32 = 5;
const MAX_LIMIT: u32 = 100;
/// Candidates per passage asked for, because other shared memories and documents are among them.
const CANDIDATES_PER_PASSAGE: u32 = 4;
/// Minimum number of candidates.
const MIN_CANDIDATES: u32 = 50;
/// Candidates of a search by tags.
const CANDIDATES_BY_TAGS: u32 = 1_000;

/// Filters of a search.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PassageQuery {
    /// Maximum number of passages, 1 to 100, default 5.
    pub limit: Option<f64>,
    /// Only documents that have all these tags.
    pub tags: Vec<String>,
}

/// A passage that a search has found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundPassage {
    /// The passage.
    #[serde(flatten)]
    pub passage: Passage,
    /// The score, higher is better: at most 1, or 3 for a passage of a time that the text names.
    pub score: f64,
}

impl Knowledge {
    /// Searches the passages of all documents that apply now, best match first.
    pub async fn search(&self, text: &str, query: PassageQuery) -> Result<Vec<FoundPassage>> {
        check_text("text", text)?;
        check_tags(&query.tags)?;
        let limit = match query.limit {
            None => DEFAULT_LIMIT,
            Some(limit) if limit.fract() == 0.0 && (1.0..=f64::from(MAX_LIMIT)).contains(&limit) => {
                limit as u32
            }
            Some(_) => {
                return Err(Error::argument(
                    "limit",
                    format!("must be a whole number from 1 to {MAX_LIMIT}"),
                ));
            }
        };
        let candidates = match query.tags.is_empty() {
            true => (limit * CANDIDATES_PER_PASSAGE).max(MIN_CANDIDATES),
            false => CANDIDATES_BY_TAGS,
        };
        // A viewer without a customer and a conversation sees what is shared with all.
        let options = RetrieveOptions {
            viewer: Some(Viewer::default()),
            limit: Some(candidates),
            ..RetrieveOptions::default()
        };
        let found = self.memory.retrieve(text, &options).await?;
        let current = found.iter().filter_map(|found| {
            Some(FoundPassage { passage: Passage::of(&found.memory)?, score: found.score })
        });
        let tagged = current.filter(|found| query.tags.iter().all(|tag| found.passage.tags.contains(tag)));
        Ok(tagged.take(limit as usize).collect())
    }
}
