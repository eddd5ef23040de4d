//! Memories that enter and leave the index.

use uuid::Uuid;

/// The signature of a memory, and the hashes of the scopes in which it is found.
#[derive(Debug, Clone)]
pub(crate) struct IndexedMemory {
    pub row: Uuid,
    pub scopes: Vec<i64>,
    pub signature: Vec<u8>,
}

impl IndexedMemory {
    /// Returns the approximate memory size.
    pub fn bytes(&self) -> usize {
        self.signature.len() + self.scopes.len() * size_of::<i64>()
    }
}

/// A memory that leaves the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemovedMemory {
    pub row: Uuid,
    pub scopes: Vec<i64>,
}

impl RemovedMemory {
    /// Returns the content of the tombstone.
    pub fn encode(&self) -> Vec<u8> {
        let scopes = self.scopes.iter().flat_map(|scope| scope.to_le_bytes());
        self.row.as_bytes().iter().copied().chain(scopes).collect()
    }

    /// Reads the content of a tombstone.
    pub fn decode(tombstone: &[u8]) -> Option<Self> {
        let (row, scopes) = tombstone.split_at_checked(16)?;
        let (scopes, _) = scopes.as_chunks();
        Some(Self {
            row: Uuid::from_slice(row).ok()?,
            scopes: scopes.iter().copied().map(i64::from_le_bytes).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tombstones_are_read_as_they_were_written() {
        for scopes in [vec![], vec![1, i64::MIN, -5]] {
            let removed = RemovedMemory { row: Uuid::from_u128(99), scopes };
            assert_eq!(RemovedMemory::decode(&removed.encode()), Some(removed));
        }
        assert_eq!(RemovedMemory::decode(&[0; 15]), None);
    }
}
