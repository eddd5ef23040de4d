//! The owner's knowledge: documents cut into passages, which are memories shared with all customers.

mod chunks;
mod coverage;
mod document;
mod folder;
pub(crate) mod formats;
mod gaps;
mod options;
mod passage;
mod search;

pub use document::DocumentInfo;
pub use folder::FolderOptions;
pub use gaps::{Gap, GapQuery, NearestPassage};
pub use options::{DocumentOptions, Time};
pub use passage::Passage;
pub use search::{FoundPassage, PassageQuery};

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, json};

use crate::error::{Error, Result};
use crate::knowledge::document::{
    DOCUMENT_FIELD, HEAD_PART, Head, PART_FIELD, head_id, memories_of, retired,
};
use crate::knowledge::formats::{Block, MAX_FILE_BYTES};
use crate::knowledge::options::{Content, check_document_id};
use crate::memory::MemoryManager;
use crate::task;
use crate::types::memory::{Direction, Memory, MemoryQuery, MemoryType, now};

/// The owner's knowledge.
pub struct Knowledge {
    memory: Arc<MemoryManager>,
    /// Held while documents are written, so that two changes of one document follow each other.
    writes: tokio::sync::Mutex<()>,
}

/// The result of adding a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddedDocument {
    /// Id of the document.
    pub id: String,
    /// Number of passages.
    pub chunks: usize,
    /// `true` if something was written.
    pub changed: bool,
}

/// A document with its passages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// Description of the document.
    #[serde(flatten)]
    pub info: DocumentInfo,
    /// Passages in the order of the document.
    pub passages: Vec<Passage>,
}

impl Knowledge {
    /// Creates the knowledge in a memory.
    pub fn new(memory: Arc<MemoryManager>) -> Self {
        Self { memory, writes: tokio::sync::Mutex::default() }
    }

    /// Adds a document, or replaces the one with the same id. `bytes` is the content unless the
    /// options have it. Writes nothing if the document is the same.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` for unusable options, `DOCUMENT_UNREADABLE` for unusable content. Nothing
    /// is written then.
    pub async fn add(&self, mut options: DocumentOptions, bytes: Option<Vec<u8>>) -> Result<AddedDocument> {
        if !self.memory.has_storage() {
            return Err(Error::config(
                "database",
                "is not configured, so that documents cannot be kept; give `database` or `storage`",
            ));
        }
        let (content, format) = options.take_content(bytes)?;
        let unreadable = |reason: &str| Error::DocumentUnreadable {
            document: options.id.clone(),
            format: format.name(),
            reason: reason.to_owned(),
        };
        let parsed = task::spawn_blocking(move || {
            let bytes = match content {
                Content::Bytes(bytes) => bytes,
                Content::Path(path) => match read_file(&path) {
                    Ok(bytes) => bytes,
                    Err(error) => return Err(error),
                },
            };
            Ok(formats::read(format, &bytes))
        });
        // A panic of a parser is a document that cannot be read, too.
        let parsed =
            parsed.await.map_err(|_| unreadable("it is damaged; save it again, or add its text instead"))?;
        let blocks = parsed?.map_err(|problem| unreadable(problem.0))?;
        let title = options.title.clone().unwrap_or_else(|| title_of(&blocks, &options.id));
        let chunks = chunks::cut(&title, &blocks).map_err(|problem| unreadable(problem.0))?;
        if chunks.is_empty() {
            return Err(unreadable("it has no text; add its text instead"));
        }
        let (head, memories) = memories_of(&options, &title, &chunks, now())?;
        self.replace(head, memories).await
    }

    /// Returns all documents, oldest change first.
    pub async fn list(&self) -> Result<Vec<DocumentInfo>> {
        let heads = self.memory.search(&part_query(PART_FIELD, HEAD_PART)).await?;
        Ok(heads.iter().filter_map(Head::of).map(|head| head.info).collect())
    }

    /// Returns a document with its passages, if it exists.
    pub async fn get(&self, id: &str) -> Result<Option<Document>> {
        check_document_id(id)?;
        let Some(head) = self.head(id).await? else { return Ok(None) };
        let parts: HashSet<String> = head.part_ids().collect();
        let found = self.memory.search(&part_query(DOCUMENT_FIELD, id)).await?;
        let current = found.iter().filter(|memory| parts.contains(&memory.id));
        let mut passages: Vec<Passage> = current.filter_map(Passage::of).collect();
        passages.sort_by_key(Passage::place);
        Ok(Some(Document { info: head.info, passages }))
    }

    /// Removes a document. Returns `false` if it does not exist.
    pub async fn remove(&self, id: &str) -> Result<bool> {
        check_document_id(id)?;
        let _guard = self.writes.lock().await;
        let Some(head) = self.head(id).await? else { return Ok(false) };
        let found = self.memory.search(&part_query(DOCUMENT_FIELD, id)).await?;
        let head_id = head_id(id);
        let parts = found.into_iter().map(|memory| memory.id).filter(|part| *part != head_id);
        let parts: HashSet<String> = parts.chain(head.part_ids()).collect();
        // From here on nothing of it is told. The head goes last, so that an interrupted removal
        // can be repeated.
        self.memory.save_lasting(parts.iter().map(|part| retired(id, part.clone())).collect()).await?;
        self.memory.delete_all(parts.into_iter().collect()).await?;
        self.memory.delete(&head_id).await?;
        Ok(true)
    }

    /// Writes a document in place of its earlier version.
    async fn replace(&self, head: Head, memories: Vec<Memory>) -> Result<AddedDocument> {
        let id = head.info.id.clone();
        let chunks = head.info.chunks;
        let _guard = self.writes.lock().await;
        let known = self.head(&id).await?;
        if known.as_ref().is_some_and(|known| known.hash == head.hash) {
            return Ok(AddedDocument { id, chunks, changed: false });
        }
        let before: HashSet<String> = known.iter().flat_map(Head::part_ids).collect();
        let after: HashSet<String> = head.part_ids().collect();
        // One batch, so that a reader finds the old passages or the new ones, never both.
        let mut batch: Vec<Memory> =
            memories.into_iter().filter(|memory| !before.contains(&memory.id)).collect();
        batch.extend(before.difference(&after).map(|part| retired(&id, part.clone())));
        batch.push(head.to_memory());
        self.memory.save_lasting(batch).await?;
        if known.is_some() {
            self.sweep(&id).await?;
        }
        Ok(AddedDocument { id, chunks, changed: true })
    }

    /// Deletes memories of earlier versions of a document.
    async fn sweep(&self, id: &str) -> Result<()> {
        // The head is read after the passages, so that those of a newer version are kept.
        let found = self.memory.search(&part_query(DOCUMENT_FIELD, id)).await?;
        let Some(head) = self.head(id).await? else { return Ok(()) };
        let current: HashSet<String> = head.part_ids().chain([head_id(id)]).collect();
        let old = found.into_iter().map(|memory| memory.id).filter(|part| !current.contains(part));
        self.memory.delete_all(old.collect()).await
    }

    async fn head(&self, id: &str) -> Result<Option<Head>> {
        Ok(self.memory.get(&head_id(id)).await?.as_ref().and_then(Head::of))
    }
}

/// Returns the passages of a document, for tests of its parser.
#[cfg(any(test, fuzzing))]
pub(crate) fn chunks_of(
    title: &str,
    blocks: &[Block],
) -> std::result::Result<Vec<String>, formats::Unreadable> {
    Ok(chunks::cut(title, blocks)?.into_iter().map(|chunk| chunk.content).collect())
}

/// Returns the query for memories of documents with a value in a field of `sessionMetadata`.
fn part_query(field: &str, value: &str) -> MemoryQuery {
    MemoryQuery {
        kinds: vec![MemoryType::System],
        session_metadata: Map::from_iter([(field.to_owned(), json!(value))]),
        direction: Direction::Asc,
        ..MemoryQuery::default()
    }
}

/// Returns the title of a document without one: its first heading if it begins with one, else its
/// id.
fn title_of(blocks: &[Block], id: &str) -> String {
    match blocks.first() {
        Some(Block::Heading(_, text)) => text.chars().take(200).collect(),
        _ => id.to_owned(),
    }
}

/// Reads a file of at most the maximum size.
fn read_file(path: &str) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::argument("file", format!("cannot be read: {}", error.kind()));
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(Error::argument("file", "is not a file; use `addFolder` for a folder"));
    }
    // One byte more shows that the file is too large, also if it grows meanwhile.
    let limit = MAX_FILE_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(failed)?;
    Ok(bytes)
}
