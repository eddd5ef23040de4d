//! Questions and filters.

use uuid::Uuid;

use super::corpus::Corpus;
use super::entry::Entry;
use crate::text_analysis::TimeSpan;

/// Maximum number of terms of a question. The terms after it are not looked for.
pub const MAX_QUESTION_TERMS: usize = 24;
/// Maximum number of nearest memories of a question. The last of them is only the zero of the scale.
pub const MAX_NEAR: usize = 101;

/// A question.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Hashes of the terms, in order. Repeated terms count once.
    pub terms: Vec<u32>,
    /// Times that the question names.
    pub asked: Vec<TimeSpan>,
    /// Rows and similarities of the memories nearest by meaning, nearest first; empty without vectors.
    pub near: Vec<(Uuid, f32)>,
}

/// Conditions on the memories that are returned. The other memories of the corpus count for document
/// frequencies and as neighbours all the same.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only the conversation with this hash of its id.
    pub conversation: Option<u32>,
    /// Only the channel with this code.
    pub channel: Option<u8>,
    /// Only memories of this time or later, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Only memories of this time or earlier, in milliseconds since 1970.
    pub until: Option<i64>,
}

impl Filter {
    /// Returns the test of a memory of this corpus.
    pub(super) fn test(&self, corpus: &Corpus) -> impl Fn(&Entry) -> bool + use<'_> {
        let conversation = self.conversation.map(|hash| corpus.conversation(hash));
        move |entry| {
            conversation.is_none_or(|number| number == Some(entry.conversation))
                && self.channel.is_none_or(|channel| channel == entry.channel)
                && self.since.is_none_or(|since| entry.time >= since)
                && self.until.is_none_or(|until| entry.time <= until)
        }
    }
}
