//! The memories that share a term with a question.

use super::corpus::{Corpus, NONE};
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
    /// Positions of the memories with a term, in order.
    positions: Vec<u32>,
    /// Number of each memory's row of weights. Row 0 has zeros, for memories without a term.
    rows: Vec<u32>,
    /// Rows of one weight per term.
    weights: Vec<f64>,
    /// Terms of each row as bits.
    masks: Vec<u32>,
    /// Number of each conversation's row of maxima. Row 0 has zeros.
    conversation_rows: Vec<u32>,
    /// Rows of the maximum of each weight in a conversation.
    maxima: Vec<f64>,
}

/// The weights of the terms in a memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights<'a> {
    /// Weights by term.
    pub weights: &'a [f64],
    /// Terms that the memory has, as bits.
    pub mask: u32,
}

impl Matches {
    /// Finds the memories that share a term with a question.
    pub fn find(corpus: &Corpus, terms: &[u32]) -> Self {
        let terms = distinct(terms);
        let width = terms.len();
        let mut matches = Self {
            idf: Vec::new(),
            positions: Vec::new(),
            rows: vec![0; corpus.len()],
            weights: vec![0.0; width],
            masks: vec![0],
            conversation_rows: vec![0; corpus.conversation_count()],
            maxima: vec![0.0; width],
            terms,
        };
        if width > 0 {
            matches.scan(corpus);
        }
        matches
    }

    /// Returns the question's terms.
    pub fn terms(&self) -> &[u32] {
        &self.terms
    }

    /// Returns the inverse document frequencies of the terms.
    pub fn idf(&self) -> &[f64] {
        &self.idf
    }

    /// Returns the positions of the memories with a term, in order.
    pub fn positions(&self) -> &[u32] {
        &self.positions
    }

    /// Returns the weights of the terms in the memory at a position, all 0 where there is none.
    pub fn weights(&self, position: u32) -> Weights<'_> {
        let row = self.rows.get(position as usize).map_or(0, |row| *row as usize);
        Weights { weights: row_of(&self.weights, row, self.terms.len()), mask: self.masks[row] }
    }

    /// Returns the maxima of the weights in a conversation.
    pub fn maxima(&self, conversation: u32) -> &[f64] {
        row_of(&self.maxima, self.conversation_rows[conversation as usize] as usize, self.terms.len())
    }

    fn scan(&mut self, corpus: &Corpus) {
        let mut buckets = [false; BUCKETS];
        self.terms.iter().for_each(|term| buckets[*term as usize % BUCKETS] = true);
        let mut frequencies = [0_u32; MAX_QUESTION_TERMS];
        let mut counts = [0_u32; MAX_QUESTION_TERMS];
        for (position, entry) in corpus.entries().iter().enumerate() {
            let Some(record) = corpus.record(entry) else { continue };
            let mut found = false;
            for term in record.terms() {
                if buckets[term as usize % BUCKETS]
                    && let Some(place) = self.terms.iter().position(|known| *known == term)
                {
                    counts[place] += 1;
                    found = true;
                }
            }
            if found {
                let counts = &mut counts[..self.terms.len()];
                frequencies.iter_mut().zip(&*counts).for_each(|(sum, count)| *sum += u32::from(*count > 0));
                self.push(position as u32, entry.conversation, counts, record.len());
                counts.fill(0);
            }
        }
        let total = corpus.len() as f64;
        self.idf = frequencies[..self.terms.len()].iter().map(|count| idf(f64::from(*count), total)).collect();
    }

    /// Adds a memory with these counts of the terms.
    fn push(&mut self, position: u32, conversation: u32, counts: &[u32], length: usize) {
        let width = counts.len();
        self.positions.push(position);
        self.rows[position as usize] = self.positions.len() as u32;
        let row = &mut self.conversation_rows[conversation as usize];
        if *row == 0 {
            *row = (self.maxima.len() / width) as u32;
            self.maxima.resize(self.maxima.len() + width, 0.0);
        }
        let maxima = &mut self.maxima[*row as usize * width..][..width];
        let length = K1 * (1.0 - B + B * length as f64 / AVERAGE_TERMS);
        let (first, mut mask) = (self.weights.len(), 0);
        self.weights.resize(first + width, 0.0);
        let weights = &mut self.weights[first..];
        for (term, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let count = f64::from(*count);
            weights[term] = count / (count + length);
            maxima[term] = maxima[term].max(weights[term]);
            mask |= 1 << term;
        }
        self.masks.push(mask);
    }
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

fn row_of(rows: &[f64], number: usize, width: usize) -> &[f64] {
    &rows[number * width..][..width]
}
