//! The neighbours of memories in their conversations.

use rustc_hash::FxHashMap;

use super::entry::Entry;

/// Numbers the conversations of the memories and links each memory with the one before it and the one
/// after it. Takes entries with the hash of the conversation's id as `conversation` and replaces it by
/// the number. Returns the hashes by number.
pub(super) fn link_neighbours(entries: &mut [Entry]) -> Vec<u32> {
    let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
    let (mut hashes, mut newest): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    for position in 0..entries.len() {
        let hash = entries[position].conversation;
        let next_number = hashes.len() as u32;
        let number = match position.checked_sub(1).map(|before| entries[before].conversation) {
            _ if hash == 0 => next_number,
            Some(before) if hashes[before as usize] == hash => before,
            _ => *numbers.entry(hash).or_insert(next_number),
        };
        entries[position].conversation = number;
        if number == next_number {
            hashes.push(hash);
            newest.push(position as u32);
        } else {
            let previous = std::mem::replace(&mut newest[number as usize], position as u32);
            entries[position].previous = previous;
            entries[previous as usize].next = position as u32;
        }
    }
    hashes
}
