//! The lexical score: the terms of a memory, of its neighbours and of its conversation.

use super::corpus::{Corpus, Entry, NONE};
use super::matches::{Matches, Weights};

/// Worth of a term of the memory before, of the one after, of those beyond them, and of any memory of
/// the conversation.
const PREVIOUS: f64 = 0.6;
const NEXT: f64 = 0.4;
const SECOND_PREVIOUS: f64 = 0.35;
const SECOND_NEXT: f64 = 0.15;
const CONVERSATION: f64 = 0.15;

/// A memory and those around it in its conversation, up to two away. [`NONE`] where there is none.
pub(super) struct Neighbourhood {
    /// Position of the memory.
    pub position: u32,
    /// Positions of the memory before, the one after, and those beyond them.
    pub around: [u32; 4],
}

impl Neighbourhood {
    /// Finds the neighbours of a memory.
    pub fn of(entries: &[Entry], position: u32) -> Self {
        let previous_of = |position: u32| entries.get(position as usize).map_or(NONE, |entry| entry.previous);
        let next_of = |position: u32| entries.get(position as usize).map_or(NONE, |entry| entry.next);
        let (previous, next) = (previous_of(position), next_of(position));
        Self { position, around: [previous, next, previous_of(previous), next_of(next)] }
    }
}

/// The terms around a memory.
struct Context<'a> {
    weights: [Weights<'a>; 5],
    maxima: &'a [f64],
    idf: &'a [f64],
    /// Terms of the memory and of its neighbours, as bits.
    mask: u32,
}

impl<'a> Context<'a> {
    fn of(corpus: &Corpus, matches: &'a Matches, position: u32) -> Self {
        let entries = corpus.entries();
        let [a, b, c, d] = Neighbourhood::of(entries, position).around;
        let weights = [position, a, b, c, d].map(|position| matches.weights(position));
        let mask = weights.iter().fold(0, |mask, weights| mask | weights.mask);
        let maxima = matches.maxima(entries[position as usize].conversation);
        Self { weights, maxima, idf: matches.idf(), mask }
    }

    /// Returns the score of each term, in the question's order.
    fn scores(&self) -> impl Iterator<Item = f64> {
        // The order of the factors is part of the contract: equal memories have exactly equal scores.
        let terms = self.idf.iter().zip(self.maxima).enumerate();
        terms.map(|(term, (idf, maximum))| {
            let conversation = 1.0 - CONVERSATION * maximum;
            if self.mask & (1 << term) == 0 {
                return idf * (1.0 - conversation);
            }
            let [own, previous, next, second_previous, second_next] =
                self.weights.map(|weights| weights.weights[term]);
            let missed = (1.0 - own)
                * conversation
                * (1.0 - PREVIOUS * previous)
                * (1.0 - NEXT * next)
                * (1.0 - SECOND_PREVIOUS * second_previous)
                * (1.0 - SECOND_NEXT * second_next);
            idf * (1.0 - missed)
        })
    }
}

/// Returns the lexical score of the memory at a position, not yet scaled.
pub(super) fn lexical_score(corpus: &Corpus, matches: &Matches, position: u32) -> f64 {
    Context::of(corpus, matches, position).scores().sum()
}

/// Returns the scores of the single terms in the memory at a position, in the question's order.
pub(super) fn term_scores(corpus: &Corpus, matches: &Matches, position: u32) -> Vec<f64> {
    Context::of(corpus, matches, position).scores().collect()
}
