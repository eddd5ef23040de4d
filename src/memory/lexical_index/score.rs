//! The lexical score: the terms of a memory, of its neighbours and of its conversation.

use super::corpus::{Corpus, Entry, NONE};
use super::matches::Matches;
use super::question::MAX_QUESTION_TERMS;

/// Worth of a term of the memory before, of the one after, of those beyond them, and of any memory of
/// the conversation.
const PREVIOUS: f64 = 0.6;
const NEXT: f64 = 0.4;
const SECOND_PREVIOUS: f64 = 0.35;
const SECOND_NEXT: f64 = 0.15;
const CONVERSATION: f64 = 0.15;

/// Scores of single terms, in the question's order.
pub(super) type TermScores = [f64; MAX_QUESTION_TERMS];

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

/// Returns the scores of the terms in the memory at a position.
pub(super) fn term_scores(corpus: &Corpus, matches: &Matches, position: u32) -> TermScores {
    // The order of the factors is part of the contract: equal memories have exactly equal scores.
    const WORTHS: [f64; 4] = [PREVIOUS, NEXT, SECOND_PREVIOUS, SECOND_NEXT];
    let mut missed = [1.0; MAX_QUESTION_TERMS];
    let mut join = |worth: f64, weights: Option<&[f64]>| {
        let weights = weights.unwrap_or_default();
        missed.iter_mut().zip(weights).for_each(|(missed, weight)| *missed *= 1.0 - worth * weight);
    };
    let entries = corpus.entries();
    join(1.0, matches.weights(position));
    join(CONVERSATION, matches.maxima(entries[position as usize].conversation));
    let neighbours = Neighbourhood::of(entries, position).around;
    WORTHS.into_iter().zip(neighbours).for_each(|(worth, position)| join(worth, matches.weights(position)));
    let mut scores = [0.0; MAX_QUESTION_TERMS];
    for ((score, idf), missed) in scores.iter_mut().zip(matches.idf()).zip(missed) {
        *score = idf * (1.0 - missed);
    }
    scores
}
