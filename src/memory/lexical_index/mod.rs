//! The lexical index: finds the memories that bear on a question by their signatures. No I/O.
//!
//! A [`Corpus`] holds the signatures of the memories among which a question is answered, and [`rank`]
//! orders them. Everything is exact: document frequencies, neighbours and scores are those of the
//! whole corpus.

mod conversations;
mod corpus;
mod entry;
mod explain;
mod in_process;
mod matches;
mod question;
mod rank;
mod row_table;
mod scope_blocks;
mod score;
mod select;
#[cfg(test)]
mod testing;

pub use corpus::Corpus;
pub use explain::Ranked;
pub use in_process::InProcessIndex;
pub use question::{Filter, MAX_NEAR, MAX_QUESTION_TERMS, Question};
pub use rank::rank;
