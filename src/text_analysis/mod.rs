//! Analysis of texts for retrieval: the terms by which a text is found, and the times and names in a
//! question. One analyser serves all languages.
//!
//! A text is folded, cut into runs of one kind of script, and each run gives terms. A change of the
//! terms of any text needs a new [`ANALYSER_VERSION`], which rebuilds the index.

mod characters;
mod fold;
mod grams;
mod irregular_forms;
mod names;
mod phone_numbers;
mod questions;
mod runs;
mod stem;
mod stop_words;
mod terms;
mod time_spans;
mod topics;

pub use names::without_names;
pub use questions::{asks, questions};
pub use terms::{terms, terms_iter};
pub use time_spans::{TimeSpan, time_match, time_spans};
pub use topics::topic_terms;

/// Version of the terms. Terms of another version cannot be compared with those of this one.
pub const ANALYSER_VERSION: u32 = 1;
