//! Memories that are always persisted, regardless of the persistence rules.

use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::types::memory::Memory;

impl MemoryManager {
    /// Saves several memories in the storage, all or none. The persistence rules do not apply, and
    /// short-term memory, which belongs to conversations, is unchanged.
    ///
    /// # Errors
    ///
    /// `INVALID_CONFIG` without a storage.
    pub async fn save_lasting(&self, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        let storage = self.storage.as_ref().ok_or_else(|| {
            Error::config(
                "database",
                "is not configured, so that nothing can be kept; give `database` or `storage`",
            )
        })?;
        storage.save_batch(memories.clone()).await?;
        if let Some(semantic_index) = &self.semantic_index {
            memories.iter().for_each(|memory| semantic_index.add(memory));
        }
        Ok(())
    }
}
