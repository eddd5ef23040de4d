//! A question in the form in which memories are ranked.

use std::collections::HashMap;

use jiff::ZonedDateTime;
use serde_json::json;
use uuid::Uuid;

use crate::memory::lexical_index::{Corpus, MAX_QUESTION_TERMS, Question, Ranked};
use crate::memory::retrieval::explanation::{Explanation, RankedMemory};
use crate::memory::retrieval::options::RetrieveOptions;
use crate::text_analysis::{TimeSpan, terms_iter, time_spans};
use crate::types::memory::Memory;
use crate::types::signature::hash_term;

/// A question, and its terms as words.
pub(super) struct Asked {
    pub question: Question,
    words: HashMap<u32, String>,
}

impl Asked {
    /// Analyses a text. Terms after the first 24 different ones do not count.
    pub fn new(text: &str, options: &RetrieveOptions, corpus: &Corpus, near: Vec<(Uuid, f32)>) -> Self {
        let (mut words, mut hashes) = (HashMap::new(), Vec::new());
        for term in terms_iter(text) {
            let hash = hash_term(&term);
            if words.insert(hash, term).is_none() {
                hashes.push(hash);
            }
            if hashes.len() == MAX_QUESTION_TERMS {
                break;
            }
        }
        let asked = asked_times(text, options, corpus);
        Self { question: Question { terms: hashes, asked, near }, words }
    }

    /// Returns a memory with its score and the parts of it.
    pub fn explain(&self, memory: Memory, ranked: Ranked) -> RankedMemory {
        let Ranked { score, parts, .. } = ranked;
        let terms = parts
            .terms
            .iter()
            .filter_map(|(term, weight)| Some((self.words.get(term)?.clone(), json!(weight))));
        let explanation = Explanation {
            lexical: parts.lexical,
            semantic: parts.semantic,
            question: parts.question,
            time: parts.time,
            repeated: parts.repeated,
            terms: terms.collect(),
        };
        RankedMemory { memory, score, explanation }
    }
}

/// Returns the times that a question names. A month without a year is the last one, or one of the
/// years of the memories if all of them are older.
fn asked_times(text: &str, options: &RetrieveOptions, corpus: &Corpus) -> Vec<TimeSpan> {
    let now = match &options.zone {
        Some(zone) => ZonedDateTime::now().with_time_zone(zone.clone()),
        None => ZonedDateTime::now(),
    };
    let spans = time_spans(text, &now, &[]);
    match corpus.newest_time() {
        Some(newest) if !spans.is_empty() && spans.iter().all(|span| newest < span.from) => {
            time_spans(text, &now, &corpus.years())
        }
        _ => spans,
    }
}
