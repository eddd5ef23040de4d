//! The memories among which a question is answered.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::future::try_join_all;
use uuid::Uuid;

use crate::compute::compute;
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::memory::lexical_index::Corpus;
use crate::memory::retrieval::keyword_candidates::keyword_candidates;
use crate::memory::retrieval::options::RetrieveOptions;
use crate::memory::semantic_index::NearMemory;
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::signature::{Signatures, row_of, signature_of};

/// Maximum number of near memories that are read because the index does not have them.
const MAX_MISSING: usize = 20;

/// The memories among which a question is answered: those of the lexical index, and some at hand.
#[derive(Default)]
pub(super) struct Pool {
    signatures: Signatures,
    /// Memories that need not be read again.
    known: HashMap<Uuid, Memory>,
    /// Rows of near memories that the index has under no row of its own.
    extra: HashMap<String, Uuid>,
}

impl Pool {
    /// Reads the signatures from the storage, or keyword candidates if it has no index, and adds the
    /// memories that are in short-term memory only.
    pub async fn read(manager: &MemoryManager, text: &str, options: &RetrieveOptions) -> Result<Self> {
        let mut pool = Self::default();
        let all = MemoryQuery::default();
        let unsaved = match &manager.storage {
            Some(storage) => {
                match storage.signatures(options.viewer.as_ref()).await? {
                    Some(signatures) => pool.signatures = signatures,
                    None => pool.add(keyword_candidates(&**storage, text, options).await?),
                }
                manager.short_term.find_unsaved(&all)?
            }
            None => manager.short_term.find(&all)?,
        };
        let is_visible =
            |memory: &Memory| options.viewer.as_ref().is_none_or(|viewer| viewer.can_see(memory));
        pool.add(unsaved.into_iter().filter(is_visible).collect());
        if let Some(id) = &options.except {
            pool.signatures.deleted.extend([stored_row(manager, id), row_of(id)]);
        }
        Ok(pool)
    }

    /// Returns the memories in the form in which they are ranked.
    pub async fn corpus(&self) -> Result<Arc<Corpus>> {
        let Signatures { blocks, deleted } = self.signatures.clone();
        compute(move || Arc::new(Corpus::new(&blocks, &deleted))).await
    }

    /// Reads near memories that are not in the corpus. Returns `true` if there were any.
    pub async fn add_missing(
        &mut self,
        manager: &MemoryManager,
        options: &RetrieveOptions,
        corpus: &Corpus,
        near: &[NearMemory],
    ) -> Result<bool> {
        let Some(storage) = &manager.storage else { return Ok(false) };
        let missing = near.iter().filter(|near| corpus.position(self.row(manager, &near.id)).is_none());
        let missing: Vec<&str> = missing.map(|near| near.id.as_str()).take(MAX_MISSING).collect();
        let read = try_join_all(missing.iter().map(|id| storage.get(id))).await?;
        let gone = missing.iter().zip(&read).filter(|(_, memory)| memory.is_none());
        let gone: Vec<String> = gone.map(|(id, _)| (*id).to_owned()).collect();
        manager.forget_vectors(gone).await?;
        let found: Vec<Memory> =
            read.into_iter().flatten().filter(|memory| options.matches(memory)).collect();
        let has_any = !found.is_empty();
        self.add(found);
        Ok(has_any)
    }

    /// Returns the row under which the corpus has the memory with this id.
    pub fn row(&self, manager: &MemoryManager, id: &str) -> Uuid {
        self.extra.get(id).copied().unwrap_or_else(|| stored_row(manager, id))
    }

    /// Reads the memories of these rows that are not known yet. Returns the rows that are gone.
    pub async fn add_rows(&mut self, manager: &MemoryManager, rows: &[Uuid]) -> Result<HashSet<Uuid>> {
        let Some(storage) = &manager.storage else { return Ok(HashSet::new()) };
        let unread: Vec<Uuid> = rows.iter().filter(|row| !self.known.contains_key(row)).copied().collect();
        if unread.is_empty() {
            return Ok(HashSet::new());
        }
        self.known.extend(storage.memories_by_row(&unread).await?);
        Ok(unread.into_iter().filter(|row| !self.known.contains_key(row)).collect())
    }

    /// Returns the memory of a row that was read.
    pub fn memory(&self, row: Uuid) -> Option<&Memory> {
        self.known.get(&row)
    }

    /// Adds memories that the index does not have.
    fn add(&mut self, memories: Vec<Memory>) {
        if memories.is_empty() {
            return;
        }
        let mut block = Vec::new();
        for memory in memories {
            let row = row_of(&memory.id);
            signature_of(&memory, row).encode(&mut block);
            self.extra.insert(memory.id.clone(), row);
            self.known.insert(row, memory);
        }
        self.signatures.blocks.push(block.into());
    }
}

fn stored_row(manager: &MemoryManager, id: &str) -> Uuid {
    manager.storage.as_ref().map_or_else(|| row_of(id), |storage| storage.row(id))
}
