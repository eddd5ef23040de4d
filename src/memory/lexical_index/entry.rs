//! A memory of a corpus.

/// No memory, as a position.
pub(super) const NONE: u32 = u32::MAX;

/// A memory of a corpus.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Time, in milliseconds since 1970.
    pub time: i64,
    /// Number of the block.
    pub block: u32,
    /// Position of the record in the block.
    pub offset: u32,
    /// Number of the conversation. A memory without a conversation has one of its own.
    pub conversation: u32,
    /// Position of the memory before this one in the conversation, or [`NONE`].
    pub previous: u32,
    /// Position of the memory after this one in the conversation, or [`NONE`].
    pub next: u32,
    /// `true` if the text ends with a question mark.
    pub asks: bool,
    /// Code of the channel.
    pub channel: u8,
}
