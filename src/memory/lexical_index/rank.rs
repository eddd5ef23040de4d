//! The ranking of memories by what they have to do with a question.

use rustc_hash::FxHashMap;
use uuid::Uuid;

use super::corpus::Corpus;
use super::entry::Entry;
use super::explain::{Ranked, ScoreParts};
use super::matches::Matches;
use super::question::{Filter, MAX_NEAR, Question};
use super::score::{lexical_score, neighbours, term_scores};
use super::select::{Scored, select};
use crate::text_analysis::{TimeSpan, time_match};

/// Loss of a memory that asks. It is seldom the answer.
const QUESTION: f64 = 0.25;
/// Gain of a memory of the time asked about.
const TIME: f64 = 2.0;

/// A memory of the corpus that is near the question by meaning.
struct Near {
    position: u32,
    semantic: f64,
    /// `false` for the zero of the scale.
    is_candidate: bool,
}

/// A memory that may bear on the question.
struct Candidate {
    position: u32,
    lexical: f64,
}

/// Ranks the memories of a corpus by what they have to do with a question. Returns at most `limit`,
/// best first.
pub fn rank(corpus: &Corpus, question: &Question, filter: &Filter, limit: usize) -> Vec<Ranked> {
    if corpus.is_empty() || limit == 0 {
        return Vec::new();
    }
    let matches = Matches::find(corpus, &question.terms);
    let near = scale(corpus, &question.near);
    let candidates = candidates(corpus, &matches, &near);
    let most = candidates.iter().map(|one| one.lexical).fold(0.0, f64::max);
    let most = if most > 0.0 { most } else { 1.0 };
    let semantic = semantic_scores(&near);
    let is_hybrid = !question.near.is_empty();
    let parts_of = |candidate: &Candidate| {
        let entry = &corpus.entries()[candidate.position as usize];
        ScoreParts {
            lexical: candidate.lexical / most,
            semantic: is_hybrid.then(|| semantic.get(&candidate.position).copied().unwrap_or(0.0)),
            question: if entry.asks { 1.0 - QUESTION } else { 1.0 },
            time: time_factor(entry, &question.asked),
            repeated: 1.0,
            terms: Vec::new(),
        }
    };

    let allows = filter.test(corpus);
    let mut scored = Vec::with_capacity(candidates.len());
    for candidate in &candidates {
        let (position, entry) = (candidate.position, &corpus.entries()[candidate.position as usize]);
        if allows(entry) {
            let score = parts_of(candidate).score();
            scored.push(Scored { score, position, conversation: entry.conversation });
        }
    }
    let selected = select(scored, corpus.conversation_count(), limit);
    let ranked = selected.into_iter().filter_map(|(one, repeated)| {
        let place = candidates.binary_search_by_key(&one.position, |other| other.position).ok()?;
        let shares = term_scores(corpus, &matches, one.position).into_iter().map(|score| score / most);
        let terms = matches.terms().iter().copied().zip(shares).filter(|(_, share)| *share > 0.0);
        let parts = ScoreParts { repeated, terms: terms.collect(), ..parts_of(&candidates[place]) };
        Some(Ranked { row: corpus.row(one.position), score: one.score, parts })
    });
    ranked.collect()
}

/// Scales the similarities of the nearest memories to 0..1. Returns the positions of those in the
/// corpus.
fn scale(corpus: &Corpus, near: &[(Uuid, f32)]) -> Vec<Near> {
    let near = &near[..near.len().min(MAX_NEAR)];
    let (Some((_, top)), Some((_, floor))) = (near.first(), near.last()) else { return Vec::new() };
    let (top, floor) = (f64::from(*top), f64::from(*floor));
    let scaled = near.iter().enumerate().filter_map(|(place, (row, similarity))| {
        let scaled = (f64::from(*similarity) - floor) / (top - floor);
        let semantic = if top > floor { scaled.clamp(0.0, 1.0) } else { 1.0 };
        let (position, is_candidate) = (corpus.position(*row)?, place + 1 < MAX_NEAR);
        semantic.is_finite().then_some(Near { position, semantic, is_candidate })
    });
    scaled.collect()
}

/// Returns the scores by meaning, by position.
fn semantic_scores(near: &[Near]) -> FxHashMap<u32, f64> {
    near.iter().map(|near| (near.position, near.semantic)).collect()
}

/// Returns the memories with a term, the nearest by meaning, and the neighbours of both, in order.
fn candidates(corpus: &Corpus, matches: &Matches, near: &[Near]) -> Vec<Candidate> {
    let entries = corpus.entries();
    let mut is_candidate = vec![false; entries.len()];
    for position in (0..entries.len() as u32).filter(|position| matches.has_term(*position)) {
        mark_around(entries, position, &mut is_candidate);
    }
    for near in near.iter().filter(|near| near.is_candidate) {
        mark_around(entries, near.position, &mut is_candidate);
    }
    let count = is_candidate.iter().filter(|yes| **yes).count();
    let mut candidates = Vec::with_capacity(count);
    for (position, yes) in is_candidate.into_iter().enumerate() {
        if yes {
            let position = position as u32;
            candidates.push(Candidate { position, lexical: lexical_score(corpus, matches, position) });
        }
    }
    candidates
}

/// Marks a memory and its neighbours.
#[inline(always)]
fn mark_around(entries: &[Entry], position: u32, marks: &mut [bool]) {
    marks[position as usize] = true;
    for other in neighbours(entries, position) {
        // There is no mark at `NONE`.
        if let Some(mark) = marks.get_mut(other as usize) {
            *mark = true;
        }
    }
}

fn time_factor(entry: &Entry, asked: &[TimeSpan]) -> f64 {
    if asked.is_empty() { 1.0 } else { 1.0 + TIME * time_match(entry.time, asked) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{conversation, corpus, signature};
    use super::*;
    use crate::types::signature::Signature;

    const DAY: i64 = 86_400_000;

    fn question(terms: &[u32]) -> Question {
        Question { terms: terms.to_vec(), ..Question::default() }
    }

    fn rows(ranked: &[Ranked]) -> Vec<u128> {
        ranked.iter().map(|one| one.row.as_u128()).collect()
    }

    fn answer(signatures: &[Signature], question: &Question, filter: &Filter) -> Vec<u128> {
        rows(&rank(&corpus(signatures), question, filter, 10))
    }

    /// Memories about something else, a conversation each.
    fn others(count: u128) -> impl Iterator<Item = Signature> {
        (0..count).map(|row| signature(1000 + row, row as i64, &[900, 901]))
    }

    #[test]
    fn rare_terms_count_more() {
        let mut signatures: Vec<_> = others(50).collect();
        signatures.extend([signature(1, 0, &[7, 900]), signature(2, 0, &[8, 9])]);
        assert_eq!(answer(&signatures, &question(&[900, 7]), &Filter::default())[0], 1);
        assert_eq!(answer(&signatures, &question(&[8]), &Filter::default()), [2]);
    }

    #[test]
    fn an_answer_may_share_no_term_with_the_question() {
        let mut signatures: Vec<_> = others(50).collect();
        signatures.extend(conversation(5, 1, 0, &[&[20], &[21], &[7], &[22], &[23], &[24]]));
        signatures[52].asks = true;
        // The turn itself, then those that it precedes or follows. The sixth is too far away.
        assert_eq!(answer(&signatures, &question(&[7]), &Filter::default()), [3, 4, 2, 5, 1]);
    }

    #[test]
    fn of_equal_memories_the_newer_comes_first() {
        let signatures = [signature(1, 5, &[7]), signature(3, 4, &[7]), signature(2, 5, &[7])];
        assert_eq!(answer(&signatures, &question(&[7]), &Filter::default()), [2, 1, 3]);
    }

    #[test]
    fn the_time_asked_about_comes_first() {
        let signatures = [0, 40, 100, 200].map(|day| signature(day as u128, day * DAY, &[7]));
        let asked = vec![TimeSpan { from: 38 * DAY, to: 39 * DAY }];
        let asked = Question { asked, ..question(&[7]) };
        let ranked = rank(&corpus(&signatures), &asked, &Filter::default(), 10);
        assert_eq!(rows(&ranked), [40, 200, 100, 0]);
        assert_eq!(ranked.iter().map(|one| one.parts.time).collect::<Vec<_>>(), [3.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn the_nearest_by_meaning_join_in() {
        let signatures: Vec<_> = (0..200).map(|row| signature(row, row as i64, &[row as u32])).collect();
        let near = (0..101).map(|place| (Uuid::from_u128(199 - place), 0.9 - place as f32 / 200.0));
        let near = Question { near: near.collect(), ..question(&[5, 199]) };
        let ranked = rank(&corpus(&signatures), &near, &Filter::default(), 200);
        assert_eq!(rows(&ranked)[..3], [199, 5, 198]);
        assert_eq!(ranked.len(), 101);
        assert_eq!(ranked[0].parts.semantic, Some(1.0));
        assert_eq!(ranked[1].parts.semantic, Some(0.0));
    }

    #[test]
    fn unknown_rows_and_similarities_that_are_no_numbers_are_left_out() {
        let signatures = [signature(1, 1, &[7]), signature(2, 2, &[8])];
        for similarity in [f32::NAN, f32::INFINITY, 0.5] {
            let near = vec![(Uuid::from_u128(9), similarity), (Uuid::from_u128(2), similarity)];
            let near = Question { near, ..question(&[7]) };
            let ranked = rank(&corpus(&signatures), &near, &Filter::default(), 10);
            assert!(ranked.iter().all(|one| one.score.is_finite()), "{similarity}");
            assert_eq!(rows(&ranked)[0], 1);
        }
    }

    #[test]
    fn filters_bound_the_answer() {
        let mut signatures = conversation(5, 1, 0, &[&[7], &[7]]);
        signatures.extend(conversation(6, 11, 30_000, &[&[7], &[7], &[7]]));
        signatures.push(signature(21, 0, &[7]));
        signatures[1].channel = 3;
        let answer = |filter: Filter| {
            let mut rows = answer(&signatures, &question(&[7]), &filter);
            rows.sort_unstable();
            rows
        };
        assert_eq!(answer(Filter::default()), [1, 2, 11, 12, 13, 21]);
        assert_eq!(answer(Filter { conversation: Some(5), ..Filter::default() }), [1, 2]);
        assert_eq!(answer(Filter { conversation: Some(7), ..Filter::default() }), [] as [u128; 0]);
        assert_eq!(answer(Filter { channel: Some(3), ..Filter::default() }), [2]);
        assert_eq!(answer(Filter { since: Some(60_000), ..Filter::default() }), [2, 12, 13]);
        assert_eq!(answer(Filter { until: Some(60_000), ..Filter::default() }), [1, 2, 11, 21]);
    }

    #[test]
    fn filters_leave_the_scores_of_single_memories() {
        let mut signatures: Vec<_> = others(5).collect();
        signatures.extend(conversation(5, 1, 0, &[&[7, 8], &[7]]));
        let corpus = corpus(&signatures);
        let all = rank(&corpus, &question(&[7, 8, 900]), &Filter::default(), 10);
        let filter = Filter { until: Some(0), conversation: Some(5), ..Filter::default() };
        let filtered = rank(&corpus, &question(&[7, 8, 900]), &filter, 10);
        assert_eq!(filtered, all[..1]);
    }

    #[test]
    fn the_parts_make_the_score() {
        let mut signatures: Vec<_> = others(30).collect();
        signatures.extend(conversation(5, 1, 0, &[&[7, 8], &[9, 7], &[8], &[9]]));
        signatures[31].asks = true;
        let near = vec![(Uuid::from_u128(4), 0.8), (Uuid::from_u128(1), 0.5), (Uuid::from_u128(1001), 0.2)];
        let asked = vec![TimeSpan { from: 0, to: 1 }];
        let question = Question { near, asked, ..question(&[7, 7, 9, 555, 900]) };
        let ranked = rank(&corpus(&signatures), &question, &Filter::default(), 100);
        assert_eq!(ranked.len(), 34);
        for one in ranked {
            let parts = &one.parts;
            let fused = 0.7 * parts.lexical + 0.3 * parts.semantic.unwrap_or_default();
            let score = fused * parts.question * parts.time * parts.repeated;
            assert!((score - one.score).abs() < 1e-12, "{one:?}");
            let sum: f64 = parts.terms.iter().map(|(_, share)| share).sum();
            assert!((sum - parts.lexical).abs() < 1e-12, "{one:?}");
        }
    }

    #[test]
    fn deleted_memories_do_not_count() {
        let (kept, gone) = (signature(1, 1, &[7, 8]), signature(2, 2, &[7, 7]));
        let block = super::super::testing::block(&[kept.clone(), gone]);
        let corpora = [Corpus::new(&[block], &[Uuid::from_u128(2)].into()), corpus(&[kept])];
        let [with, without] = corpora.map(|corpus| rank(&corpus, &question(&[7, 8]), &Filter::default(), 9));
        assert_eq!(with, without);
        assert_eq!(rows(&with), [1]);
    }

    #[test]
    fn nothing_is_found_without_terms() {
        let signatures = [signature(1, 1, &[7]), signature(2, 1, &[])];
        assert_eq!(answer(&signatures, &question(&[]), &Filter::default()), []);
        assert_eq!(answer(&signatures, &question(&[8]), &Filter::default()), []);
        assert_eq!(answer(&[], &question(&[7]), &Filter::default()), []);
        assert_eq!(rank(&corpus(&signatures), &question(&[7]), &Filter::default(), 0), []);
    }

    #[test]
    fn at_most_24_terms_are_looked_for() {
        let signatures = [signature(1, 1, &[23]), signature(2, 2, &[24])];
        let terms: Vec<u32> = (0..24).chain(0..40).collect();
        assert_eq!(answer(&signatures, &question(&terms), &Filter::default()), [1]);
    }
}
