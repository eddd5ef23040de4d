//! Options of a retrieval.

use chrono::{DateTime, Utc};
use jiff::tz::TimeZone;

use crate::memory::lexical_index::Filter;
use crate::memory::session_events::is_rolling_summary;
use crate::types::memory::{Memory, now};
use crate::types::message::Channel;
use crate::types::person_links::is_person_links;
use crate::types::signature::{channel_code, hash_conversation};
use crate::types::validity::is_current;
use crate::types::visibility::Viewer;

/// Default number of memories returned.
pub const DEFAULT_RETRIEVED: u32 = 10;

/// Options of a retrieval.
#[derive(Debug, Clone, Default)]
pub struct RetrieveOptions {
    /// Only this conversation.
    pub conversation_id: Option<String>,
    /// Only this channel.
    pub channel: Option<Channel>,
    /// Only memories visible to this viewer; all memories unless given.
    pub viewer: Option<Viewer>,
    /// Only memories from this time on.
    pub since: Option<DateTime<Utc>>,
    /// Only memories before this time.
    pub until: Option<DateTime<Utc>>,
    /// Names of those who talk. They are left out of the question that is embedded.
    pub names: Vec<String>,
    /// Time zone of the days that a question names, default that of the system.
    pub zone: Option<TimeZone>,
    /// Id of a memory that does not count, such as the one that holds the question.
    pub except: Option<String>,
    /// Maximum number of memories, default 10.
    pub limit: Option<u32>,
}

impl RetrieveOptions {
    /// Returns `true` if a memory matches the options and is valid now. Rolling summaries and
    /// links of persons never match.
    pub(super) fn matches(&self, memory: &Memory) -> bool {
        self.conversation_id.as_deref().is_none_or(|id| memory.conversation_id() == Some(id))
            && (self.channel.is_none() || self.channel == memory.channel)
            && self.since.is_none_or(|since| memory.timestamp >= since)
            && self.until.is_none_or(|until| memory.timestamp < until)
            && self.except.as_deref() != Some(memory.id.as_str())
            && self.viewer.as_ref().is_none_or(|viewer| viewer.can_see(memory))
            && is_current(memory, now())
            // The end of the conversation has its last summary.
            && !is_rolling_summary(memory)
            && !is_person_links(memory)
    }

    /// Returns the options that signatures can tell. What they let through is checked again by
    /// [`Self::matches`].
    pub(super) fn filter(&self) -> Filter {
        Filter {
            conversation: self.conversation_id.as_deref().map(hash_conversation),
            channel: self.channel.as_ref().map(|channel| channel_code(Some(channel))),
            since: self.since.map(|since| since.timestamp_millis()),
            until: self.until.map(|until| until.timestamp_millis()),
        }
    }
}
