//! N-grams of a run whose script has no spaces.

use std::ops::Range;

/// The n-grams of a run. A run of bigrams also gives its single characters, after them.
#[derive(Debug)]
pub(super) struct Grams {
    run: Range<usize>,
    at: usize,
    length: usize,
}

impl Grams {
    /// Creates the n-grams of this length of a run, given by its place in the text.
    pub fn new(run: Range<usize>, length: usize) -> Self {
        Self { at: run.start, run, length }
    }

    /// Returns the next n-gram. A run that is shorter than an n-gram gives itself.
    pub fn next<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let rest = text.get(self.at..self.run.end)?;
        let first = rest.chars().next()?.len_utf8();
        let end = rest.char_indices().nth(self.length).map_or(rest.len(), |(end, _)| end);
        self.at += first;
        if end == rest.len() && self.length > 1 {
            let has_characters = self.length == 2 && end > first;
            self.at = if has_characters { self.run.start } else { self.run.end };
            self.length = 1;
        }
        rest.get(..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str, length: usize) -> Vec<&str> {
        let mut grams = Grams::new(0..text.len(), length);
        std::iter::from_fn(|| grams.next(text)).collect()
    }

    #[test]
    fn bigrams_come_before_characters() {
        assert_eq!(grams("東京駅", 2), ["東京", "京駅", "東", "京", "駅"]);
        assert_eq!(grams("東京", 2), ["東京", "東", "京"]);
        assert_eq!(grams("東", 2), ["東"]);
    }

    #[test]
    fn trigrams_come_alone() {
        assert_eq!(grams("ไทยๆ", 3), ["ไทย", "ทยๆ"]);
        assert_eq!(grams("ไทย", 3), ["ไทย"]);
        assert_eq!(grams("ไท", 3), ["ไท"]);
    }
}
