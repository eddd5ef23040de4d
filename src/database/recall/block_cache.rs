//! Cache of blocks. A block of a version never changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;

/// Maximum size of the cached blocks, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// The identity of a block's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BlockKey {
    pub scope: i64,
    pub first: i64,
    pub version: i64,
}

/// A cache of blocks, which forgets those that were not used for longest.
#[derive(Default)]
pub(crate) struct BlockCache {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    blocks: HashMap<BlockKey, (Arc<[u8]>, u64)>,
    /// Blocks by the time of their last use.
    by_use: BTreeMap<u64, BlockKey>,
    bytes: usize,
    uses: u64,
}

impl BlockCache {
    /// Returns a block.
    pub fn get(&self, key: BlockKey) -> Option<Arc<[u8]>> {
        let entries = &mut *self.entries.lock();
        let (block, used) = entries.blocks.get_mut(&key)?;
        entries.uses += 1;
        entries.by_use.remove(used);
        entries.by_use.insert(entries.uses, key);
        *used = entries.uses;
        Some(Arc::clone(block))
    }

    /// Adds a block.
    pub fn insert(&self, key: BlockKey, block: Arc<[u8]>) {
        self.entries.lock().insert(key, block, MAX_BYTES);
    }
}

impl Entries {
    fn insert(&mut self, key: BlockKey, block: Arc<[u8]>, max_bytes: usize) {
        self.uses += 1;
        self.bytes += block.len();
        if let Some((old, used)) = self.blocks.insert(key, (block, self.uses)) {
            self.bytes -= old.len();
            self.by_use.remove(&used);
        }
        self.by_use.insert(self.uses, key);
        while self.bytes > max_bytes
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            if let Some((block, _)) = self.blocks.remove(&oldest) {
                self.bytes -= block.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_out_of_use_make_room() {
        let cache = BlockCache::default();
        let key = |version| BlockKey { scope: 1, first: -1, version };
        for version in 0..3 {
            cache.entries.lock().insert(key(version), vec![0; 40].into(), 100);
            assert!(cache.get(key(0)).is_some());
        }
        assert!(cache.get(key(1)).is_none());
        assert!(cache.get(key(2)).is_some());
        cache.insert(key(2), vec![0; 10].into());
        let entries = cache.entries.lock();
        assert_eq!((entries.bytes, entries.blocks.len(), entries.by_use.len()), (50, 2, 2));
    }
}
