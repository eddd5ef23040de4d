//! The memories that share a term with a question.

use super::corpus::Corpus;
use super::question::MAX_QUESTION_TERMS;

/// Saturation of the frequency of a term.
const K1: f64 = 0.9;
/// Weight of the length.
const B: f64 = 0.3;
/// Number of terms of an average memory.
const AVERAGE_TERMS: f64 = 14.0;
/// Power of the inverse document frequency. Rare terms count more.
const IDF_POWER: f64 = 1.3;
/// Number of buckets of the prefilter, a power of two.
const BUCKETS: usize = 4096;

/// The weights of a question's terms in the memories that have them.
#[derive(Debug)]
pub(super) struct Matches {
    terms: Vec<u32>,
    idf: Vec<f64>,
    /// The terms of each memory.
    found: Vec<Found>,
    /// The weights of the terms that were found, memory by memory.
    weights: Vec<f64>,
    /// Number of each conversation's row of maxima. Row 0 has zeros.
    conversation_rows: Vec<u32>,
    /// Rows of the maximum of each weight in a conversation.
    maxima: Vec<f64>,
}

/// The terms of the question that a memory has.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    /// Terms as bits.
    mask: u32,
    /// Place of the first term's weight.
    first: u32,
}

/// The weights of the terms in a memory, which are read in the question's order.
#[derive(Debug)]
pub(super) struct Weights<'a> {
    /// Terms that the memory has, as bits.
    pub mask: u32,
    weights: &'a [f64],
}

impl Weights<'_> {
    /// Takes the weight of a term. Each term of the mask must be taken, in order.
    #[inline(always)]
    pub fn take(&mut self, term: usize) -> f64 {
        if self.mask & (1 << term) == 0 {
            return 0.0;
        }
        let Some((first, rest)) = self.weights.split_first() else { return 0.0 };
        self.weights = rest;
        *first
    }
}

impl Matches {
    /// Finds the memories that share a term with a question.
    pub fn find(corpus: &Corpus, terms: &[u32]) -> Self {
        let terms = distinct(terms);
        let mut matches = Self {
            idf: Vec::new(),
            found: vec![Found::default(); corpus.len()],
            weights: Vec::new(),
            conversation_rows: vec![0; corpus.conversation_count()],
            maxima: vec![0.0; terms.len()],
            terms,
        };
        if !matches.terms.is_empty() {
            matches.scan(corpus);
        }
        matches
    }

    /// Returns the question's terms.
    pub fn terms(&self) -> &[u32] {
        &self.terms
    }

    /// Returns the inverse document frequencies of the terms.
    #[inline]
    pub fn idf(&self) -> &[f64] {
        &self.idf
    }

    /// Returns `true` if the memory at a position has a term.
    #[inline(always)]
    pub fn has_term(&self, position: u32) -> bool {
        self.found.get(position as usize).is_some_and(|found| found.mask != 0)
    }

    /// Returns the weights of the terms in the memory at a position, none outside of the corpus.
    #[inline(always)]
    pub fn weights(&self, position: u32) -> Weights<'_> {
        let found = self.found.get(position as usize).copied().unwrap_or_default();
        Weights { mask: found.mask, weights: &self.weights[found.first as usize..] }
    }

    /// Returns the maxima of the weights in a conversation.
    #[inline(always)]
    pub fn maxima(&self, conversation: u32) -> &[f64] {
        let width = self.terms.len();
        &self.maxima[self.conversation_rows[conversation as usize] as usize * width..][..width]
    }

    fn scan(&mut self, corpus: &Corpus) {
        // The last term of each bucket, as its number + 1. Most terms of the corpus are in no bucket.
        let mut buckets = [0_u8; BUCKETS];
        for (term, number) in self.terms.iter().zip(1..) {
            buckets[*term as usize % BUCKETS] = number;
        }
        let mut frequencies = [0_u32; MAX_QUESTION_TERMS];
        let mut counts = [0_u32; MAX_QUESTION_TERMS];
        for (position, entry) in corpus.entries().iter().enumerate() {
            let Some(record) = corpus.record(entry) else { continue };
            let mut mask = 0_u32;
            for term in record.terms() {
                if buckets[term as usize % BUCKETS] != 0
                    && let Some(place) = self.place_of(term, buckets[term as usize % BUCKETS])
                {
                    counts[place] += 1;
                    mask |= 1 << place;
                }
            }
            if mask != 0 {
                self.push(position as u32, entry.conversation, mask, &mut counts, record.len());
                bits(mask).for_each(|place| frequencies[place] += 1);
            }
        }
        let total = corpus.len() as f64;
        self.idf =
            frequencies[..self.terms.len()].iter().map(|count| idf(f64::from(*count), total)).collect();
    }

    /// Returns the place of a term among the question's, where `number` is that of its bucket.
    #[inline(always)]
    fn place_of(&self, term: u32, number: u8) -> Option<usize> {
        let place = usize::from(number) - 1;
        if self.terms[place] == term {
            return Some(place);
        }
        self.terms.iter().position(|known| *known == term)
    }

    /// Adds a memory with these counts of the terms in `mask`, and resets the counts.
    fn push(&mut self, position: u32, conversation: u32, mask: u32, counts: &mut [u32], length: usize) {
        let width = self.terms.len();
        self.found[position as usize] = Found { mask, first: self.weights.len() as u32 };
        let row = &mut self.conversation_rows[conversation as usize];
        if *row == 0 {
            *row = (self.maxima.len() / width) as u32;
            self.maxima.resize(self.maxima.len() + width, 0.0);
        }
        let maxima = &mut self.maxima[*row as usize * width..][..width];
        let length = K1 * (1.0 - B + B * length as f64 / AVERAGE_TERMS);
        for place in bits(mask) {
            let count = f64::from(std::mem::take(&mut counts[place]));
            let weight = count / (count + length);
            maxima[place] = maxima[place].max(weight);
            self.weights.push(weight);
        }
    }
}

/// Returns the places of the bits that are set.
#[inline(always)]
fn bits(mut mask: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = mask.trailing_zeros();
        mask &= mask.checked_sub(1)?;
        Some(place as usize)
    })
}

/// Returns the distinct terms of a question, in order.
fn distinct(terms: &[u32]) -> Vec<u32> {
    let mut seen = Vec::new();
    for term in terms {
        if seen.len() < MAX_QUESTION_TERMS && !seen.contains(term) {
            seen.push(*term);
        }
    }
    seen
}

/// Returns the inverse document frequency of a term that `count` of `total` memories have.
fn idf(count: f64, total: f64) -> f64 {
    if count == 0.0 {
        return 0.0;
    }
    (1.0 + (total - count).max(0.0) / (count + 0.5) + 0.5 / (count + 0.5)).ln().powf(IDF_POWER)
}
