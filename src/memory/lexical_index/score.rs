//! The lexical score: the terms of a memory, of its neighbours and of its conversation.

use super::corpus::Corpus;
use super::entry::{Entry, NONE};
use super::matches::Matches;

/// Worth of a term of the memory before, of the one after, of those beyond them, and of any memory of
/// the conversation.
const PREVIOUS: f64 = 0.6;
const NEXT: f64 = 0.4;
const SECOND_PREVIOUS: f64 = 0.35;
const SECOND_NEXT: f64 = 0.15;
const CONVERSATION: f64 = 0.15;

/// Returns the positions of the memory before another one in its conversation, of the one after it, and
/// of those beyond them. [`NONE`] where there is none.
#[inline(always)]
pub(super) fn neighbours(entries: &[Entry], position: u32) -> [u32; 4] {
    let previous_of = |position: u32| entries.get(position as usize).map_or(NONE, |entry| entry.previous);
    let next_of = |position: u32| entries.get(position as usize).map_or(NONE, |entry| entry.next);
    let (previous, next) = (previous_of(position), next_of(position));
    [previous, next, previous_of(previous), next_of(next)]
}

/// Adds up the scores of the terms in the memory at a position, in the question's order. Calls `each`
/// with them.
#[inline(always)]
fn add_up(corpus: &Corpus, matches: &Matches, position: u32, mut each: impl FnMut(f64)) -> f64 {
    let entries = corpus.entries();
    let [previous, next, second_previous, second_next] = neighbours(entries, position);
    let (mut own, mut previous, mut next) =
        (matches.weights(position), matches.weights(previous), matches.weights(next));
    let (mut second_previous, mut second_next) =
        (matches.weights(second_previous), matches.weights(second_next));
    let mask = own.mask | previous.mask | next.mask | second_previous.mask | second_next.mask;
    let maxima = matches.maxima(entries[position as usize].conversation);
    let mut sum = 0.0;
    for (term, idf) in matches.idf().iter().enumerate() {
        // The order of the factors is part of the contract: equal memories have exactly equal scores.
        let conversation = 1.0 - CONVERSATION * maxima[term];
        let missed = if mask & (1 << term) == 0 {
            conversation
        } else {
            (1.0 - own.take(term))
                * conversation
                * (1.0 - PREVIOUS * previous.take(term))
                * (1.0 - NEXT * next.take(term))
                * (1.0 - SECOND_PREVIOUS * second_previous.take(term))
                * (1.0 - SECOND_NEXT * second_next.take(term))
        };
        let score = idf * (1.0 - missed);
        each(score);
        sum += score;
    }
    sum
}

/// Returns the lexical score of the memory at a position, not yet scaled.
pub(super) fn lexical_score(corpus: &Corpus, matches: &Matches, position: u32) -> f64 {
    add_up(corpus, matches, position, |_| {})
}

/// Returns the scores of the single terms in the memory at a position, in the question's order.
pub(super) fn term_scores(corpus: &Corpus, matches: &Matches, position: u32) -> Vec<f64> {
    let mut scores = Vec::new();
    add_up(corpus, matches, position, |score| scores.push(score));
    scores
}
