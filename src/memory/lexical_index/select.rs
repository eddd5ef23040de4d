//! The order of an answer.

use std::cmp::Ordering;

use super::entry::NONE;

/// Loss of a further memory of a conversation that has a better one.
const AGAIN: f64 = 0.15;

/// A memory and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    /// Score.
    pub score: f64,
    /// Position of the memory.
    pub position: u32,
    /// Number of its conversation.
    pub conversation: u32,
}

/// Selects the best memories, best first, from memories in the order of their positions. Of equal scores
/// the newer comes first. Returns each with the factor for a further memory of a conversation, else 1,
/// which its score includes.
pub(super) fn select(mut scored: Vec<Scored>, conversations: usize, limit: usize) -> Vec<(Scored, f64)> {
    scored.retain(|one| one.score > 0.0);
    let mut best = vec![(0.0, NONE); conversations];
    for one in &scored {
        let best = &mut best[one.conversation as usize];
        if one.score >= best.0 {
            *best = (one.score, one.position);
        }
    }
    let factor = |one: &Scored| {
        let is_best = best[one.conversation as usize].1 == one.position;
        if is_best { 1.0 } else { 1.0 - AGAIN }
    };
    scored.iter_mut().for_each(|one| one.score *= factor(one));
    if limit < scored.len() {
        scored.select_nth_unstable_by(limit, by_rank);
        scored.truncate(limit);
    }
    scored.sort_unstable_by(by_rank);
    scored.into_iter().map(|one| (one, factor(&one))).collect()
}

fn by_rank(a: &Scored, b: &Scored) -> Ordering {
    b.score.total_cmp(&a.score).then(b.position.cmp(&a.position))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(scores: &[(f64, u32)], limit: usize) -> Vec<(u32, f64)> {
        let scored = scores.iter().zip(0..);
        let scored = scored.map(|((score, conversation), position)| Scored {
            score: *score,
            position,
            conversation: *conversation,
        });
        let selected = select(scored.collect(), 9, limit);
        selected.into_iter().map(|(one, _)| (one.position, one.score)).collect()
    }

    #[test]
    fn of_equal_scores_the_newer_comes_first() {
        assert_eq!(selected(&[(0.5, 0), (0.5, 1), (0.7, 2)], 9), [(2, 0.7), (1, 0.5), (0, 0.5)]);
    }

    #[test]
    fn further_memories_of_a_conversation_are_damped() {
        assert_eq!(
            selected(&[(1.0, 3), (0.9, 3), (0.86, 4), (1.0, 3)], 9),
            [(3, 1.0), (2, 0.86), (0, 0.85), (1, 0.9 * 0.85)]
        );
    }

    #[test]
    fn nothing_without_a_score_is_selected() {
        assert_eq!(selected(&[(0.0, 0), (0.1, 0), (f64::NAN, 1)], 9), [(1, 0.1)]);
        assert_eq!(selected(&[], 9), []);
    }

    #[test]
    fn the_limit_keeps_the_best() {
        let scores = [(0.1, 0), (0.4, 1), (0.4, 2), (0.3, 1), (0.9, 4)];
        let all = selected(&scores, 9);
        for limit in 0..=5 {
            assert_eq!(selected(&scores, limit), all[..limit]);
        }
    }
}
