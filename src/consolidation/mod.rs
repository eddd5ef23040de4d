//! Consolidation: what is kept of a conversation beyond its messages, a summary and facts about the
//! customer.

mod consolidator;
mod digest;
mod facts;
mod silence;

pub use consolidator::{Consolidation, Consolidator, RecordedFact};
