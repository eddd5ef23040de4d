//! Scores and their parts.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::types::memory::Memory;

/// A memory and its score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankedMemory {
    /// The memory.
    pub memory: Memory,
    /// The score, higher is better: at most 1, or 3 for a memory of a time that the question names.
    pub score: f64,
    /// The parts of the score.
    pub explanation: Explanation,
}

/// The parts of a score.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Score by words, 0 to 1. The best memory has 1.
    pub lexical: f64,
    /// Score by meaning, 0 to 1. The nearest memory has 1. Absent without vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semantic: Option<f64>,
    /// Factor of a memory that is a question itself, else 1.
    pub question: f64,
    /// Factor of a memory of a time that the question names, else 1.
    pub time: f64,
    /// Factor of a further memory of a conversation, else 1.
    pub repeated: f64,
    /// Weight of each of the question's terms that was found in the memory or around it.
    pub terms: Map<String, Value>,
}
