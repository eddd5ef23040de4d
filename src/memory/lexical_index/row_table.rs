//! The positions of rows.

use uuid::Uuid;

/// A hash table from rows to positions. It keeps no rows: the caller compares them.
#[derive(Debug, Default)]
pub(super) struct RowTable {
    /// Hash and position + 1 of each row; the position is 0 in a free slot.
    slots: Vec<(u32, u32)>,
    shift: u32,
}

impl RowTable {
    /// Creates a table for this number of rows.
    pub fn with_capacity(rows: usize) -> Self {
        let slots = (rows * 2).next_power_of_two().max(2);
        Self { slots: vec![(0, 0); slots], shift: u32::BITS.saturating_sub(slots.trailing_zeros()) }
    }

    /// Returns the position of a row, where `is_row` compares the row at a position with it.
    pub fn find(&self, hash: u32, is_row: impl Fn(u32) -> bool) -> Option<u32> {
        let mut slot = self.first_slot(hash);
        loop {
            let (known, place) = *self.slots.get(slot)?;
            let position = place.checked_sub(1)?;
            if known == hash && is_row(position) {
                return Some(position);
            }
            slot = self.next_slot(slot);
        }
    }

    /// Returns the position of a row, or inserts it at `position` and returns `None`. The table must
    /// have been created for as many rows.
    pub fn find_or_insert(&mut self, hash: u32, position: u32, is_row: impl Fn(u32) -> bool) -> Option<u32> {
        let mut slot = self.first_slot(hash);
        loop {
            let entry = self.slots.get_mut(slot)?;
            let Some(known) = entry.1.checked_sub(1) else {
                *entry = (hash, position + 1);
                return None;
            };
            if entry.0 == hash && is_row(known) {
                return Some(known);
            }
            slot = self.next_slot(slot);
        }
    }

    /// Loads the slots of these hashes into the processor's cache, all at once instead of one by one.
    pub fn load(&self, hashes: &[u32]) {
        let slots = hashes.iter().filter_map(|hash| self.slots.get(self.first_slot(*hash)));
        std::hint::black_box(slots.fold(0, |sum, slot| sum ^ slot.1));
    }

    fn first_slot(&self, hash: u32) -> usize {
        hash.checked_shr(self.shift).unwrap_or(0) as usize
    }

    fn next_slot(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

/// Returns the hash of a row.
pub(super) fn hash_row(row: Uuid) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (high, low) = row.as_u64_pair();
    ((high.wrapping_mul(FACTOR).rotate_left(31) ^ low).wrapping_mul(FACTOR) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_at_their_positions() {
        for count in [0, 1, 2, 3, 1000] {
            let rows: Vec<Uuid> = (0..count).map(Uuid::from_u128).collect();
            let mut table = RowTable::with_capacity(rows.len());
            for (position, row) in rows.iter().enumerate() {
                let is_row = |other: u32| rows[other as usize] == *row;
                assert_eq!(table.find_or_insert(hash_row(*row), position as u32, is_row), None);
                assert_eq!(table.find_or_insert(hash_row(*row), 7, is_row), Some(position as u32));
            }
            for (position, row) in rows.iter().enumerate() {
                let found = table.find(hash_row(*row), |other| rows[other as usize] == *row);
                assert_eq!(found, Some(position as u32));
            }
            let unknown = Uuid::from_u128(5000);
            assert_eq!(table.find(hash_row(unknown), |other| rows[other as usize] == unknown), None);
        }
    }

    #[test]
    fn rows_of_equal_hashes_are_told_apart() {
        let mut table = RowTable::with_capacity(3);
        for position in 0..3 {
            assert_eq!(table.find_or_insert(u32::MAX, position, |other| other == position), None);
        }
        for position in 0..3 {
            assert_eq!(table.find(u32::MAX, |other| other == position), Some(position));
        }
        assert_eq!(table.find(u32::MAX, |_| false), None);
        assert_eq!(RowTable::default().find(0, |_| true), None);
    }
}
