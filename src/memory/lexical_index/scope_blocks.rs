//! The blocks of a scope, as an index in the process keeps them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use crate::types::signature::{Signature, SignatureRef};

/// Records of a full block.
const BLOCK_RECORDS: usize = 500;

/// The blocks of a scope by number. Only the last one grows.
#[derive(Debug, Default)]
pub(super) struct ScopeBlocks {
    blocks: BTreeMap<u64, Block>,
    last: u64,
}

/// A sequence of records.
#[derive(Debug, Default)]
struct Block {
    /// The records. Empty if they are in `shared` only.
    bytes: Vec<u8>,
    /// The records, once they were read.
    shared: Option<Arc<[u8]>>,
    records: usize,
    /// Number of records of a row, from the first on, that do not count.
    stale: HashMap<Uuid, usize>,
    stale_records: usize,
}

impl ScopeBlocks {
    /// Appends a record. Returns the number of its block.
    pub fn push(&mut self, signature: &Signature) -> u64 {
        if let Some(block) = self.blocks.get_mut(&self.last)
            && block.records >= BLOCK_RECORDS
        {
            block.share();
            block.bytes = Vec::new();
            self.last += 1;
        }
        self.blocks.entry(self.last).or_default().push(signature);
        self.last
    }

    /// Removes the first record of a row that counts in the block with this number.
    pub fn remove(&mut self, number: u64, row: Uuid) {
        let Some(block) = self.blocks.get_mut(&number) else { return };
        block.remove(row);
        if block.records == 0 {
            self.blocks.remove(&number);
        }
    }

    /// Returns the records that count. Blocks without changes are the same as before.
    pub fn read(&mut self) -> impl Iterator<Item = Arc<[u8]>> {
        self.blocks.values_mut().map(Block::share)
    }

    /// Returns `true` if it has no record.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

impl Block {
    fn push(&mut self, signature: &Signature) {
        if let Some(shared) = self.shared.take()
            && self.bytes.is_empty()
        {
            self.bytes = shared.to_vec();
        }
        signature.encode(&mut self.bytes);
        self.records += 1;
    }

    fn remove(&mut self, row: Uuid) {
        *self.stale.entry(row).or_default() += 1;
        self.stale_records += 1;
        if self.stale_records * 4 >= self.records {
            self.compact();
        }
    }

    fn share(&mut self) -> Arc<[u8]> {
        if self.stale_records > 0 {
            self.compact();
        }
        self.shared.get_or_insert_with(|| self.bytes.as_slice().into()).clone()
    }

    /// Leaves out the records that do not count.
    fn compact(&mut self) {
        let mut rest = self.shared.as_deref().unwrap_or(&self.bytes);
        let mut kept = Vec::with_capacity(rest.len());
        loop {
            let before = rest;
            let Some(record) = SignatureRef::split_first(&mut rest) else { break };
            match self.stale.get_mut(&record.row()) {
                Some(left) if *left > 0 => *left -= 1,
                _ => kept.extend_from_slice(&before[..before.len() - rest.len()]),
            }
        }
        self.records -= self.stale_records;
        self.stale_records = 0;
        self.stale = HashMap::new();
        self.shared = Some(kept.into());
        self.bytes = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::signature;
    use super::*;

    fn rows(blocks: &[Arc<[u8]>]) -> Vec<u128> {
        let rows = blocks.iter().flat_map(|block| {
            let mut rest: &[u8] = block;
            std::iter::from_fn(move || Some(SignatureRef::split_first(&mut rest)?.row().as_u128()))
        });
        rows.collect()
    }

    fn read(blocks: &mut ScopeBlocks) -> Vec<Arc<[u8]>> {
        blocks.read().collect()
    }

    #[test]
    fn full_blocks_stay_as_they_are() {
        let mut blocks = ScopeBlocks::default();
        let numbers: Vec<u64> = (0..1200).map(|row| blocks.push(&signature(row, 0, &[1]))).collect();
        assert_eq!((numbers[0], numbers[499], numbers[500], numbers[1199]), (0, 0, 1, 2));
        let before = read(&mut blocks);
        assert_eq!(rows(&before), (0..1200).collect::<Vec<_>>());
        blocks.push(&signature(1200, 0, &[1]));
        let after = read(&mut blocks);
        let same = before.iter().zip(&after).map(|(before, after)| Arc::ptr_eq(before, after));
        assert_eq!(same.collect::<Vec<_>>(), [true, true, false]);
        assert!(read(&mut blocks).iter().zip(&after).all(|(a, b)| Arc::ptr_eq(a, b)));
    }

    #[test]
    fn removed_records_are_not_read() {
        let mut blocks = ScopeBlocks::default();
        for row in 0..1200 {
            blocks.push(&signature(row, 0, &[1]));
        }
        let before = read(&mut blocks);
        blocks.remove(1, Uuid::from_u128(700));
        blocks.remove(9, Uuid::from_u128(1));
        let after = read(&mut blocks);
        assert_eq!(rows(&after), (0..700).chain(701..1200).collect::<Vec<_>>());
        assert!(Arc::ptr_eq(&before[0], &after[0]));
    }

    #[test]
    fn blocks_are_compacted_when_a_quarter_is_gone() {
        let mut blocks = ScopeBlocks::default();
        for row in 0..500 {
            blocks.push(&signature(row, 0, &[1]));
        }
        for row in 0..124 {
            blocks.remove(0, Uuid::from_u128(row));
        }
        assert_eq!(blocks.blocks[&0].records, 500);
        blocks.remove(0, Uuid::from_u128(124));
        assert_eq!(blocks.blocks[&0].records, 375);
        blocks.push(&signature(900, 0, &[1]));
        assert_eq!(rows(&read(&mut blocks)), (125..500).chain([900]).collect::<Vec<_>>());
    }

    #[test]
    fn a_row_may_be_removed_and_added_again() {
        let mut blocks = ScopeBlocks::default();
        for row in 0..8 {
            blocks.push(&signature(row, 0, &[1]));
        }
        for _ in 0..50 {
            blocks.remove(0, Uuid::from_u128(3));
            blocks.push(&signature(3, 0, &[1]));
        }
        assert!(blocks.blocks[&0].records < 12);
        assert_eq!(rows(&read(&mut blocks)), [0, 1, 2, 4, 5, 6, 7, 3]);
    }

    #[test]
    fn empty_blocks_are_dropped() {
        let mut blocks = ScopeBlocks::default();
        for row in 0..1000 {
            blocks.push(&signature(row, 0, &[1]));
        }
        (0..500).for_each(|row| blocks.remove(0, Uuid::from_u128(row)));
        assert_eq!(rows(&read(&mut blocks)), (500..1000).collect::<Vec<_>>());
        assert_eq!(blocks.blocks.len(), 1);
        (500..1000).for_each(|row| blocks.remove(1, Uuid::from_u128(row)));
        assert!(blocks.is_empty());
        assert_eq!(blocks.push(&signature(1, 0, &[])), 1);
        assert_eq!(rows(&read(&mut blocks)), [1]);
    }
}
