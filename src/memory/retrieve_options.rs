//! Filters of a retrieval.

use crate::types::memory::Memory;
use crate::types::message::Channel;
use crate::types::visibility::Viewer;

/// Default number of memories returned.
pub const DEFAULT_RETRIEVED: u32 = 10;

/// Filters of a retrieval.
#[derive(Debug, Clone, Default)]
pub struct RetrieveOptions {
    /// Only this conversation.
    pub conversation_id: Option<String>,
    /// Only this channel.
    pub channel: Option<Channel>,
    /// Only memories visible to this viewer; all memories unless given.
    pub viewer: Option<Viewer>,
    /// Maximum number of memories, default 10.
    pub limit: Option<u32>,
}

impl RetrieveOptions {
    /// Returns `true` if a memory matches the filters.
    pub(super) fn matches(&self, memory: &Memory) -> bool {
        self.conversation_id.as_deref().is_none_or(|id| memory.conversation_id() == Some(id))
            && (self.channel.is_none() || self.channel == memory.channel)
            && self.viewer.as_ref().is_none_or(|viewer| viewer.can_see(memory))
    }
}
