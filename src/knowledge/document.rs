//! Documents as memories: one head, which is not shared, and passages shared with all customers.

use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::hex::to_hex;
use crate::json::write;
use crate::knowledge::chunks::Chunk;
use crate::knowledge::options::{DocumentOptions, Time};
use crate::types::memory::{Memory, MemoryType, timestamp};
use crate::types::validity::{KNOWLEDGE_FIELD, VALID_FROM, VALID_UNTIL};

/// Start of the ids of all memories of documents.
pub(super) const ID_PREFIX: &str = "knowledge:";
/// Field of `sessionMetadata` with the id of the document.
pub(super) const DOCUMENT_FIELD: &str = "knowledgeId";
/// Field of `sessionMetadata` that marks the heads.
pub(super) const PART_FIELD: &str = "knowledge";
/// Value of [`PART_FIELD`] of a head.
pub(super) const HEAD_PART: &str = "document";
/// Characters of document ids that would be mistaken for parts of a memory's id.
const ESCAPED: &AsciiSet = &CONTROLS.add(b':').add(b'%');
/// Length of the hashes in ids, in bytes.
const HASH_BYTES: usize = 12;

/// A document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentInfo {
    /// Id of the document.
    pub id: String,
    /// Title.
    pub title: String,
    /// Origin, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Time from which on it applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime<Utc>>,
    /// Time at which it no longer applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
    /// Number of passages.
    pub chunks: usize,
    /// Time of the last change.
    #[serde(with = "timestamp")]
    pub updated_at: DateTime<Utc>,
}

/// The head of a document as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    /// The description.
    pub(super) info: DocumentInfo,
    /// Hash of the description and all passages.
    pub(super) hash: String,
    /// Ids of the passages, without their common start.
    pub(super) parts: Vec<String>,
}

/// Returns the id of a document's head.
pub(super) fn head_id(document: &str) -> String {
    format!("{ID_PREFIX}{}", utf8_percent_encode(document, ESCAPED))
}

/// Returns the id of a passage.
pub(super) fn part_id(document: &str, part: &str) -> String {
    format!("{}:{part}", head_id(document))
}

/// Returns the head and the passages of a document.
pub(super) fn memories_of(
    options: &DocumentOptions,
    title: &str,
    chunks: &[Chunk],
    now: DateTime<Utc>,
) -> Result<(Head, Vec<Memory>)> {
    let mut description = Map::from_iter([
        ("document".to_owned(), json!(options.id)),
        ("title".to_owned(), json!(title)),
        ("tags".to_owned(), json!(options.tags)),
    ]);
    let (from, until) = (options.valid_from, options.valid_until);
    let optional = [
        ("source", options.source.as_ref().map(|source| json!(source))),
        (VALID_FROM, from.map(|Time(time)| json!(time.to_rfc3339()))),
        (VALID_UNTIL, until.map(|Time(time)| json!(time.to_rfc3339()))),
    ];
    description.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    let described = write(&description)?;

    let mut parts: Vec<String> = Vec::with_capacity(chunks.len());
    let mut seen = std::collections::HashMap::new();
    let mut memories = Vec::with_capacity(chunks.len());
    for (place, chunk) in chunks.iter().enumerate() {
        let hash = hash_of([described.as_str(), &chunk.content]);
        // Equal passages differ in their number.
        let number = seen.entry(hash.clone()).and_modify(|number| *number += 1).or_insert(0_usize);
        let part = format!("{hash}:{number}");
        let mut knowledge = description.clone();
        knowledge.insert("heading".to_owned(), json!(chunk.heading));
        knowledge.insert("place".to_owned(), json!(place));
        memories.push(Memory {
            id: part_id(&options.id, &part),
            timestamp: now,
            session_metadata: Some(session(&options.id, false).into()),
            metadata: Some(json!({ "shared": true, KNOWLEDGE_FIELD: knowledge }).into()),
            ..Memory::new(MemoryType::System, chunk.content.clone())
        });
        parts.push(part);
    }
    let hash = hash_of(std::iter::once(described.as_str()).chain(parts.iter().map(String::as_str)));
    let info = DocumentInfo {
        id: options.id.clone(),
        title: title.to_owned(),
        source: options.source.clone(),
        tags: options.tags.clone(),
        valid_from: from.map(|Time(time)| time),
        valid_until: until.map(|Time(time)| time),
        chunks: parts.len(),
        updated_at: now,
    };
    Ok((Head { info, hash, parts }, memories))
}

/// Returns the memory that takes the place of a passage until it is deleted. Nobody is told it.
pub(super) fn retired(document: &str, id: String) -> Memory {
    Memory {
        id,
        session_metadata: Some(session(document, false).into()),
        ..Memory::new(MemoryType::System, "")
    }
}

impl Head {
    /// Returns the memory of the head. Its content is empty, so that no search finds it.
    pub(super) fn to_memory(&self) -> Memory {
        let DocumentInfo { id, title, source, tags, valid_from, valid_until, updated_at, .. } = &self.info;
        let knowledge = json!({
            "document": id,
            "title": title,
            "source": source,
            "tags": tags,
            VALID_FROM: valid_from.map(|time| time.to_rfc3339()),
            VALID_UNTIL: valid_until.map(|time| time.to_rfc3339()),
            "hash": self.hash,
            "parts": self.parts,
        });
        Memory {
            id: head_id(id),
            timestamp: *updated_at,
            session_metadata: Some(session(id, true).into()),
            metadata: Some(json!({ KNOWLEDGE_FIELD: knowledge }).into()),
            ..Memory::new(MemoryType::System, "")
        }
    }

    /// Reads the memory of a head. Returns `None` if it is none.
    pub(super) fn of(memory: &Memory) -> Option<Self> {
        let knowledge = memory.meta(KNOWLEDGE_FIELD)?.as_object()?;
        let text = |name: &str| Some(knowledge.get(name)?.as_str()?.to_owned());
        let texts = |name: &str| -> Option<Vec<String>> {
            let values = knowledge.get(name)?.as_array()?;
            Some(values.iter().filter_map(|value| Some(value.as_str()?.to_owned())).collect())
        };
        let time = |name: &str| {
            Some(DateTime::parse_from_rfc3339(knowledge.get(name)?.as_str()?).ok()?.with_timezone(&Utc))
        };
        let parts = texts("parts")?;
        let info = DocumentInfo {
            id: text("document")?,
            title: text("title")?,
            source: text("source"),
            tags: texts("tags").unwrap_or_default(),
            valid_from: time(VALID_FROM),
            valid_until: time(VALID_UNTIL),
            chunks: parts.len(),
            updated_at: memory.timestamp,
        };
        Some(Self { info, hash: text("hash")?, parts })
    }

    /// Returns the ids of the passages.
    pub(super) fn part_ids(&self) -> impl Iterator<Item = String> + '_ {
        self.parts.iter().map(|part| part_id(&self.info.id, part))
    }
}

fn session(document: &str, is_head: bool) -> Map<String, Value> {
    let mut session = Map::from_iter([(DOCUMENT_FIELD.to_owned(), json!(document))]);
    if is_head {
        session.insert(PART_FIELD.to_owned(), json!(HEAD_PART));
    }
    session
}

fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    to_hex(&hasher.finalize()[..HASH_BYTES])
}
