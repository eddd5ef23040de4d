//! Passages, as searches return them.

use serde::Serialize;
use serde_json::Value;

use crate::knowledge::document::ID_PREFIX;
use crate::types::memory::Memory;
use crate::types::validity::KNOWLEDGE_FIELD;
use crate::types::visibility::is_shared;

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
