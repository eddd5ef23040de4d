//! Ranked memories and the parts of their scores.

use uuid::Uuid;

/// Weight of the score by meaning.
const SEMANTIC: f64 = 0.3;

/// A memory in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Id of the memory's row.
    pub row: Uuid,
    /// Score, more than 0. The best memory without a time asked about has at most 1.
    pub score: f64,
    /// Parts of the score.
    pub parts: ScoreParts,
}

/// The parts of a score. It is `lexical`, or .7 `lexical` + .3 `semantic`, times the factors.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreParts {
    /// Score by words, from 0 to 1 for the best memory of the corpus.
    pub lexical: f64,
    /// Score by meaning, from 0 to 1; `None` without vectors.
    pub semantic: Option<f64>,
    /// Factor for a memory that asks: .75, else 1.
    pub question: f64,
    /// Factor for the time asked about: from 1 to 3.
    pub time: f64,
    /// Factor for a further memory of a conversation that has a better one: .85, else 1.
    pub repeated: f64,
    /// Hashes of the question's terms with their shares of `lexical`, without those that add nothing.
    pub terms: Vec<(u32, f64)>,
}

impl ScoreParts {
    /// Returns the score.
    pub fn score(&self) -> f64 {
        let fused = match self.semantic {
            Some(semantic) => (1.0 - SEMANTIC) * self.lexical + SEMANTIC * semantic,
            None => self.lexical,
        };
        fused * self.question * self.time * self.repeated
    }
}
