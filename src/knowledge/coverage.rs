//! Comparison of questions with passages: the share of a question's terms that one passage has.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text_analysis::terms_iter;

/// Number of passages that are assumed beside the real ones, so that a word of the only document
/// counts little less than a word of none.
const ASSUMED_PASSAGES: usize = 100;

/// Occurrences of the terms of some questions in passages.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// Numbers of the passages with each term.
    passages: FxHashMap<String, Vec<usize>>,
    /// Number of passages.
    count: usize,
}

impl Coverage {
    /// Creates a comparison for questions of these terms. Other terms are not looked for.
    pub(super) fn new<'a>(terms: impl IntoIterator<Item = &'a String>) -> Self {
        let passages = terms.into_iter().map(|term| (term.clone(), Vec::new())).collect();
        Self { passages, count: 0 }
    }

    /// Adds a passage. Passages are numbered from 0.
    pub(super) fn add(&mut self, text: &str) {
        let mut seen = FxHashSet::default();
        for term in terms_iter(text) {
            if let Some(passages) = self.passages.get_mut(&term)
                && seen.insert(term)
            {
                passages.push(self.count);
            }
        }
        self.count += 1;
    }

    /// Returns the passage that has the largest share of a question's terms, and that share, 0 to 1.
    /// Rare terms count more. Of equal passages the first one is returned; `None` if no passage has
    /// any of them.
    pub(super) fn best(&self, question: &[String]) -> Option<(usize, f64)> {
        let mut shares: FxHashMap<usize, f64> = FxHashMap::default();
        let mut whole = 0.0;
        for term in question {
            let passages = self.passages.get(term).map_or(&[][..], Vec::as_slice);
            let weight = self.weight(passages.len());
            whole += weight;
            for passage in passages {
                *shares.entry(*passage).or_default() += weight;
            }
        }
        let best = shares.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map(|(passage, share)| (passage, share / whole))
    }

    /// Returns the weight of a term that this number of passages has: its inverse document frequency.
    fn weight(&self, passages: usize) -> f64 {
        let (all, with) = ((self.count + ASSUMED_PASSAGES) as f64, passages as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_analysis::topic_terms;

    /// Returns the passage that covers a question best, and its share in percent.
    fn best(passages: &[&str], question: &str) -> Option<(usize, u32)> {
        let terms = topic_terms(question);
        let mut coverage = Coverage::new(&terms);
        passages.iter().for_each(|passage| coverage.add(passage));
        coverage.best(&terms).map(|(passage, share)| (passage, (share * 100.0).round() as u32))
    }

    const PASSAGES: [&str; 3] = [
        "Parking\nFree parking is behind the building, entrance in Mill Lane.",
        "Payment\nWe accept cards and cash.",
        "Prices\nA gold crown is 950 euro.",
    ];

    #[test]
    fn the_passage_with_most_terms_is_the_best() {
        assert_eq!(best(&PASSAGES, "Is there parking?"), Some((0, 100)));
        assert_eq!(best(&PASSAGES, "How much is a gold crown?"), Some((2, 100)));
        assert_eq!(best(&PASSAGES, "Do you have bicycles?"), None);
        assert_eq!(best(&[], "Is there parking?"), None);
    }

    #[test]
    fn a_term_of_no_passage_counts_more_than_one_of_some() {
        let (passage, share) = best(&PASSAGES, "Do you accept PayPal?").unwrap();
        assert_eq!(passage, 1);
        assert!((30..50).contains(&share), "{share}");
    }

    #[test]
    fn frequent_terms_count_less() {
        let passages = ["crown a", "crown b", "crown c", "crown implant", "crown d"];
        let (passage, share) = best(&passages, "crown implant").unwrap();
        assert_eq!((passage, share), (3, 100));
        let (_, share) = best(&passages, "crown denture").unwrap();
        assert!(share < 40, "{share}");
    }

    #[test]
    fn of_equal_passages_the_first_is_returned() {
        assert_eq!(best(&["a parking", "b parking"], "parking?"), Some((0, 100)));
        assert_eq!(best(&["parking parking parking", "parking lane"], "parking lane"), Some((1, 100)));
    }
}
