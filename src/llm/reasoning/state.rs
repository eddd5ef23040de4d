//! The state of the filter.

use super::markers::Tag;

/// The part of an answer that is being read.
#[derive(Debug)]
pub(super) enum State {
    Text,
    /// The header of a message in the harmony format, up to `<|message|>`.
    Header(String),
    Reasoning(ReasoningBlock),
}

/// A reasoning block that has begun.
#[derive(Debug)]
pub(super) struct ReasoningBlock {
    pub(super) tag: &'static Tag,
    /// Text of the block, including its opening marker. It is sent if it turns out not to be
    /// reasoning.
    pub(super) text: String,
    /// Number of markers that are open.
    pub(super) depth: usize,
    /// Position in `text` after the last closing marker.
    pub(super) after: Option<usize>,
    /// `true` if the block begins where reasoning is expected, at the beginning of a line.
    pub(super) placed: bool,
}
