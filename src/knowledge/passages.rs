//! Search of passages.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::knowledge::Knowledge;
use crate::knowledge::document::ID_PREFIX;
use crate::knowledge::options::check_tags;
use crate::memory::RetrieveOptions;
use crate::types::memory::{Memory, check_text, now};
use crate::types::validity::{KNOWLEDGE_FIELD, is_current};
use crate::types::visibility::{Viewer, is_shared};

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

/// A passage of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Passage {
    /// Id of the memory.
    pub id: String,
    /// Id of the document.
    pub document_id: String,
    /// Title of the document.
    pub title: String,
    /// Title and headings above the passage.
    pub heading: String,
    /// Text of the passage, below the line of its headings.
    pub content: String,
    /// Origin of the document, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Tags of the document.
    pub tags: Vec<String>,
    #[serde(skip)]
    place: u64,
}

impl Passage {
    /// Reads the memory of a passage. Returns `None` if it is none.
    pub(super) fn of(memory: &Memory) -> Option<Self> {
        if !memory.id.starts_with(ID_PREFIX) || !is_shared(memory) {
            return None;
        }
        let knowledge = memory.meta(KNOWLEDGE_FIELD)?.as_object()?;
        let text = |name: &str| Some(knowledge.get(name)?.as_str()?.to_owned());
        let tags = knowledge.get("tags").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            id: memory.id.clone(),
            document_id: text("document")?,
            title: text("title")?,
            heading: text("heading")?,
            content: memory.content.clone(),
            source: text("source"),
            tags: tags.filter_map(|tag| Some(tag.as_str()?.to_owned())).collect(),
            place: knowledge.get("place").and_then(Value::as_u64).unwrap_or_default(),
        })
    }

    /// Returns the place in the document.
    pub(super) fn place(&self) -> u64 {
        self.place
    }
}

impl Knowledge {
    /// Searches the passages of all documents that apply now, best match first.
    pub async fn search(&self, text: &str, query: PassageQuery) -> Result<Vec<Passage>> {
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
        let found = self.memory.retrieve(text, options).await?;
        let now = now();
        let current = found.iter().filter(|memory| is_current(memory, now)).filter_map(Passage::of);
        let tagged = current.filter(|passage| query.tags.iter().all(|tag| passage.tags.contains(tag)));
        Ok(tagged.take(limit as usize).collect())
    }
}
