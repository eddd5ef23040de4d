//! The o200k_base vocabulary and its byte pair encoding.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;

use regex::Regex;
use rustc_hash::FxBuildHasher;

/// The packed vocabulary, created by `scripts/pack-vocabulary.mjs` and compressed with zlib. First
/// the 256 tokens of one byte, in the order of their ranks. Then every further token as the ranks
/// of the two earlier tokens that it joins, 3 bytes each. They are stored in planes: the lowest
/// byte of all first halves, the middle byte, the highest byte, and the same for the second halves.
static PACKED: &[u8] = include_bytes!("o200k_base.bin");
const SINGLE_BYTES: usize = 256;
const PLANES: usize = 6;

/// Pattern of the units that are encoded separately: words, numbers, punctuation, whitespace. The
/// second to last alternative of tiktoken's pattern, `\s+(?!\S)`, is implemented by [`split`],
/// which needs no regex engine with lookahead.
const SPLIT_PATTERN: &str = concat!(
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+",
);

type Rank = u32;

/// The tokens and their merge ranks.
pub(super) struct Bpe {
    split_pattern: Regex,
    ranks: HashMap<&'static [u8], Rank, FxBuildHasher>,
}

impl Bpe {
    /// Unpacks the vocabulary. It takes about 8 MB and is never freed. Returns `None` if it is
    /// damaged.
    pub(super) fn unpack() -> Option<Self> {
        let packed = miniz_oxide::inflate::decompress_to_vec_zlib(PACKED).ok()?;
        let (singles, planes) = packed.split_at_checked(SINGLE_BYTES)?;
        let pairs = planes.len() / PLANES;
        let rank_at = |plane: usize, pair: usize| -> Option<usize> {
            let byte = |n: usize| planes.get((plane + n) * pairs + pair).copied().map(usize::from);
            Some(byte(0)? | byte(1)? << 8 | byte(2)? << 16)
        };
        let mut bytes = singles.to_vec();
        let mut places: Vec<Range<usize>> = (0..SINGLE_BYTES).map(|n| n..n + 1).collect();
        for pair in 0..pairs {
            let start = bytes.len();
            for half in [rank_at(0, pair)?, rank_at(3, pair)?] {
                bytes.extend_from_within(places.get(half)?.clone());
            }
            places.push(start..bytes.len());
        }
        let bytes: &'static [u8] = bytes.leak();
        let tokens = places.into_iter().filter_map(|place| bytes.get(place));
        Some(Self { split_pattern: Regex::new(SPLIT_PATTERN).ok()?, ranks: tokens.zip(0..).collect() })
    }

    /// Counts the tokens of a text.
    pub(super) fn count(&self, text: &str) -> usize {
        let mut start = 0;
        let mut tokens = 0;
        while let Some(found) = self.split_pattern.find_at(text, start) {
            let end = found.start() + split(found.as_str(), found.end() == text.len());
            tokens += self.encode(&text.as_bytes()[found.start()..end]);
            start = end;
        }
        tokens
    }

    /// Counts the tokens of a word. Adjacent parts are merged, lowest rank first, until no two of
    /// them form a token.
    fn encode(&self, word: &[u8]) -> usize {
        if self.ranks.contains_key(word) {
            return 1;
        }
        // A part is identified by its first byte. The vectors hold the end of the part, and the
        // start of the part before.
        let mut ends: Vec<usize> = (1..=word.len()).collect();
        let mut before: Vec<usize> = (0..word.len()).map(|n| n.saturating_sub(1)).collect();
        let mut parts = word.len();
        let mut merges = BinaryHeap::with_capacity(word.len());
        let consider = |merges: &mut BinaryHeap<_>, start: usize, middle: usize, end: usize| {
            if let Some(rank) = self.ranks.get(&word[start..end]) {
                merges.push(Reverse((*rank, start, middle, end)));
            }
        };
        for start in 0..word.len().saturating_sub(1) {
            consider(&mut merges, start, start + 1, start + 2);
        }
        while let Some(Reverse((_, start, middle, end))) = merges.pop() {
            // Skips a merge if one of its parts has been merged in the meantime.
            if ends[start] != middle || ends.get(middle) != Some(&end) {
                continue;
            }
            parts -= 1;
            ends[start] = end;
            ends[middle] = 0;
            if end < word.len() {
                before[end] = start;
                consider(&mut merges, start, end, ends[end]);
            }
            if start > 0 {
                consider(&mut merges, before[start], start, end);
            }
        }
        parts
    }
}

/// Returns the length of a match in bytes that belongs together. The last space before a word
/// belongs to the word.
fn split(found: &str, is_last: bool) -> usize {
    let Some(last) = found.chars().next_back() else { return 0 };
    let is_blank = last.is_whitespace() && !matches!(last, '\r' | '\n');
    let rest = found.len() - last.len_utf8();
    if is_blank && !is_last && rest > 0 { rest } else { found.len() }
}
