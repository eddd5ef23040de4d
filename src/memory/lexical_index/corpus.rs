//! The memories among which a question is answered.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Time, date};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::conversations::link_neighbours;
use super::entry::{Entry, NONE};
use super::row_table::{RowTable, hash_row};
use crate::types::signature::SignatureRef;

/// The size of an average record, for the first allocation.
const AVERAGE_RECORD_BYTES: usize = 80;

/// Number of rows that are looked up together.
const CHUNK: usize = 64;

/// Buckets of the hashes of deleted rows.
const BUCKETS: usize = 4096;

/// The signatures of some scopes, oldest memory first. They stay in the blocks they were read from.
#[derive(Debug, Default)]
pub struct Corpus {
    blocks: Vec<Arc<[u8]>>,
    entries: Vec<Entry>,
    rows: RowTable,
    /// Hashes of the conversations' ids by number, 0 for a memory without a conversation.
    conversations: Vec<u32>,
}

impl Corpus {
    /// Creates a corpus from blocks, each a concatenation of records. A row that is read several times
    /// counts once, as it was read last. A block is read up to its first broken record.
    pub fn new(blocks: &[Arc<[u8]>], deleted: &HashSet<Uuid>) -> Self {
        let mut corpus = Self { blocks: blocks.to_vec(), ..Self::default() };
        let hashes = corpus.read_entries(deleted);
        corpus.keep_last_versions(&hashes);
        if corpus.sort() {
            corpus.rows = RowTable::with_capacity(corpus.entries.len());
            for position in 0..corpus.entries.len() {
                let row = corpus.row(position as u32);
                corpus.rows.find_or_insert(hash_row(row), position as u32, |_| false);
            }
        }
        corpus.conversations = link_neighbours(&mut corpus.entries);
        corpus
    }

    /// Returns the number of memories.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns `true` if the corpus is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the time of the newest memory, in milliseconds since 1970.
    pub fn newest_time(&self) -> Option<i64> {
        self.entries.last().map(|entry| entry.time)
    }

    /// Returns the years (UTC) in which there are memories, in order.
    pub fn years(&self) -> Vec<i16> {
        let mut years = Vec::new();
        let mut rest = self.entries.as_slice();
        while let Some(first) = rest.first() {
            let Some((year, end)) = year_of(first.time) else { break };
            years.push(year);
            rest = &rest[rest.partition_point(|entry| entry.time < end)..];
        }
        years
    }

    /// Returns the memories, oldest first.
    #[inline]
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the number of conversations.
    pub(super) fn conversation_count(&self) -> usize {
        self.conversations.len()
    }

    /// Returns the number of the conversation with this hash of its id.
    pub(super) fn conversation(&self, hash: u32) -> Option<u32> {
        self.conversations.iter().position(|known| *known == hash).map(|number| number as u32)
    }

    /// Returns the signature of a memory.
    pub(super) fn record(&self, entry: &Entry) -> Option<SignatureRef<'_>> {
        let mut rest = self.blocks.get(entry.block as usize)?.get(entry.offset as usize..)?;
        SignatureRef::split_first(&mut rest)
    }

    /// Returns the id of the row of the memory at a position.
    pub(super) fn row(&self, position: u32) -> Uuid {
        let record = self.entries.get(position as usize).and_then(|entry| self.record(entry));
        record.map(|record| record.row()).unwrap_or_default()
    }

    /// Returns the position of the memory with this row.
    pub fn position(&self, row: Uuid) -> Option<u32> {
        self.rows.find(hash_row(row), |position| self.row(position) == row)
    }

    /// Reads the blocks without the deleted rows. Returns the hashes of the rows.
    fn read_entries(&mut self, deleted: &HashSet<Uuid>) -> Vec<u32> {
        let bytes: usize = self.blocks.iter().map(|block| block.len()).sum();
        let mut hashes = Vec::with_capacity(bytes / AVERAGE_RECORD_BYTES + 1);
        self.entries.reserve_exact(bytes / AVERAGE_RECORD_BYTES + 1);
        // Few rows are deleted. Most of the others are told apart by their hashes.
        let mut may_be_deleted = [false; BUCKETS];
        deleted.iter().for_each(|row| may_be_deleted[hash_row(*row) as usize % BUCKETS] = true);
        for (number, block) in self.blocks.iter().enumerate() {
            let mut rest: &[u8] = block;
            loop {
                let offset = block.len() - rest.len();
                let Some(record) = SignatureRef::split_first(&mut rest) else { break };
                let (Ok(block), Ok(offset)) = (u32::try_from(number), u32::try_from(offset)) else { break };
                let hash = hash_row(record.row());
                if may_be_deleted[hash as usize % BUCKETS] && deleted.contains(&record.row()) {
                    continue;
                }
                hashes.push(hash);
                self.entries.push(Entry {
                    time: record.time(),
                    block,
                    offset,
                    conversation: record.conversation(),
                    previous: NONE,
                    next: NONE,
                    asks: record.asks(),
                    channel: record.channel(),
                });
            }
        }
        hashes
    }

    /// Replaces earlier records of a row by the last one.
    fn keep_last_versions(&mut self, hashes: &[u32]) {
        let mut rows = RowTable::with_capacity(hashes.len());
        let mut kept = 0;
        for (chunk, first) in hashes.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
            rows.load(chunk);
            for (hash, read) in chunk.iter().zip(first..) {
                let same = |position| self.row(position) == self.row(read);
                let place = rows.find_or_insert(*hash, kept, same).unwrap_or(kept);
                self.entries[place as usize] = self.entries[read as usize];
                kept = kept.max(place + 1);
            }
        }
        self.entries.truncate(kept as usize);
        self.rows = rows;
    }

    /// Sorts the memories by time and row. Returns `true` if they were out of order.
    fn sort(&mut self) -> bool {
        let mut entries = std::mem::take(&mut self.entries);
        let row = |entry: &Entry| self.record(entry).map(|record| record.row());
        let order = |a: &Entry, b: &Entry| a.time.cmp(&b.time).then_with(|| row(a).cmp(&row(b)));
        let unsorted = !entries.is_sorted_by(|a, b| order(a, b) != Ordering::Greater);
        if unsorted {
            // Merges the scopes, each of which is in order already.
            entries.sort_by(order);
        }
        self.entries = entries;
        unsorted
    }
}

/// Returns the year of a time and the end of that year.
fn year_of(time: i64) -> Option<(i16, i64)> {
    let year = TimeZone::UTC.to_datetime(Timestamp::from_millisecond(time).ok()?).year();
    let end = date(year.checked_add(1)?, 1, 1).to_datetime(Time::midnight());
    Some((year, TimeZone::UTC.to_timestamp(end).ok()?.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{block, conversation, corpus, signature};
    use super::*;
    use crate::types::signature::Signature;

    fn rows(corpus: &Corpus) -> Vec<u128> {
        (0..corpus.len() as u32).map(|position| corpus.row(position).as_u128()).collect()
    }

    fn corpus_of(blocks: &[&[Signature]], deleted: &[u128]) -> Corpus {
        let blocks: Vec<_> = blocks.iter().map(|signatures| block(signatures)).collect();
        Corpus::new(&blocks, &deleted.iter().map(|row| Uuid::from_u128(*row)).collect())
    }

    #[test]
    fn memories_are_sorted_by_time_and_row() {
        let corpus = corpus_of(
            &[
                &[signature(9, 50, &[]), signature(3, 70, &[])],
                &[signature(8, 10, &[]), signature(2, 50, &[])],
            ],
            &[],
        );
        assert_eq!(rows(&corpus), [8, 2, 9, 3]);
        assert_eq!(corpus.newest_time(), Some(70));
        for (position, row) in [8, 2, 9, 3].into_iter().enumerate() {
            assert_eq!(corpus.position(Uuid::from_u128(row)), Some(position as u32));
        }
        assert_eq!(corpus.position(Uuid::from_u128(4)), None);
    }

    #[test]
    fn a_row_in_two_scopes_counts_once() {
        let (a, b, c) = (signature(1, 1, &[7]), signature(2, 2, &[7]), signature(3, 3, &[7]));
        let corpus = corpus_of(&[&[a.clone(), b.clone()], &[a, c.clone()], &[b, c]], &[]);
        assert_eq!(rows(&corpus), [1, 2, 3]);
    }

    #[test]
    fn the_last_version_of_a_row_wins() {
        let corpus = corpus_of(
            &[
                &[signature(1, 1, &[7]), signature(2, 2, &[7])],
                &[signature(1, 9, &[7, 8])],
                &[signature(1, 5, &[9, 9])],
            ],
            &[],
        );
        assert_eq!(rows(&corpus), [2, 1]);
        let terms = |position: usize| {
            corpus.record(&corpus.entries()[position]).map(|one| one.terms().collect::<Vec<_>>())
        };
        assert_eq!((terms(0), terms(1)), (Some(vec![7]), Some(vec![9, 9])));
    }

    #[test]
    fn deleted_rows_are_gone() {
        let turns = conversation(5, 1, 0, &[&[1], &[2], &[3]]);
        let corpus = corpus_of(&[&turns], &[2, 77]);
        assert_eq!(rows(&corpus), [1, 3]);
        assert_eq!((corpus.entries()[0].next, corpus.entries()[1].previous), (1, 0));
        assert_eq!(corpus.position(Uuid::from_u128(2)), None);
        assert_eq!(corpus.position(Uuid::from_u128(3)), Some(1));
    }

    #[test]
    fn blocks_are_read_up_to_a_broken_record() {
        let whole = block(&[signature(1, 1, &[7]), signature(2, 2, &[7, 8])]);
        let other = block(&[signature(3, 3, &[9])]);
        let first = block(&[signature(1, 1, &[7])]).len();
        for end in 0..whole.len() {
            let corpus = Corpus::new(&[whole[..end].into(), other.clone()], &HashSet::new());
            let expected: &[u128] = if end < first { &[3] } else { &[1, 3] };
            assert_eq!(rows(&corpus), expected, "{end}");
        }
        assert!(Corpus::new(&[[0xff_u8; 500].into()], &HashSet::new()).is_empty());
    }

    #[test]
    fn conversations_are_linked() {
        let a = conversation(5, 1, 0, &[&[], &[], &[]]);
        let b = conversation(6, 11, 30_000, &[&[], &[]]);
        let alone = [signature(21, 20_000, &[]), signature(22, 80_000, &[])];
        let corpus = corpus_of(&[&a, &b, &alone], &[]);
        assert_eq!(rows(&corpus), [1, 21, 11, 2, 22, 12, 3]);
        let links: Vec<_> = corpus.entries().iter().map(|entry| (entry.previous, entry.next)).collect();
        let none = NONE;
        let expected = [(none, 3), (none, none), (none, 5), (0, 6), (none, none), (2, none), (3, none)];
        assert_eq!(links, expected);
        let numbers: Vec<_> = corpus.entries().iter().map(|entry| entry.conversation).collect();
        assert_eq!(numbers, [0, 1, 2, 0, 3, 2, 0]);
        assert_eq!((corpus.conversation(6), corpus.conversation(7)), (Some(2), None));
        assert_eq!(corpus.conversation_count(), 4);
    }

    #[test]
    fn years_are_those_of_the_memories() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        let times = [
            "1969-12-31T23:59:59.999Z",
            "1970-01-01T00:00:00Z",
            "2024-02-29T12:00:00Z",
            "2024-12-31T23:59:59.999Z",
            "2026-01-01T00:00:00Z",
        ];
        let signatures: Vec<_> =
            times.iter().enumerate().map(|(row, time)| signature(row as u128, at(time), &[])).collect();
        assert_eq!(corpus(&signatures).years(), [1969, 1970, 2024, 2026]);
    }

    #[test]
    fn a_corpus_may_be_empty() {
        for corpus in [
            Corpus::default(),
            corpus_of(&[], &[]),
            corpus_of(&[&[]], &[1]),
            corpus_of(&[&[signature(1, 1, &[])]], &[1]),
        ] {
            assert_eq!((corpus.len(), corpus.is_empty(), corpus.newest_time()), (0, true, None));
            assert!(corpus.years().is_empty());
            assert_eq!(corpus.position(Uuid::from_u128(1)), None);
        }
    }
}
