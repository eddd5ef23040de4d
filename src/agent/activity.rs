//! Conversations that had a turn in this process, and when.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Notify;

/// Maximum number of conversations. The oldest half is forgotten then.
const MAX_CONVERSATIONS: usize = 50_000;
/// Part of the history that has newly been left out when a conversation is summarized again: a
/// quarter.
const NEWLY_LEFT_OUT: usize = 4;
/// Messages that a turn adds at least: that of the customer, and the answer.
const MESSAGES_OF_TURN: usize = 2;

/// The conversations that had a turn, by id. Nothing is recorded before [`Activity::enable`].
#[derive(Debug, Default)]
pub struct Activity {
    enabled: AtomicBool,
    conversations: Mutex<HashMap<String, LastTurn>>,
    exceeding: Mutex<Vec<String>>,
    /// Notified when a conversation is to be summarized because it exceeds the budget.
    pub exceeds: Notify,
}

#[derive(Debug, Clone, Copy)]
struct LastTurn {
    at: Instant,
    /// Messages since a summary was asked for. `None` while the history was not cut.
    since_summary: Option<usize>,
}

impl Activity {
    /// Starts to record, because somebody takes the conversations.
    pub fn enable(&self) {
        self.enabled.store(true, Ordering::Relaxed);
    }

    /// Records that something was said in a conversation just now.
    pub fn touch(&self, conversation_id: &str) {
        if self.enabled.load(Ordering::Relaxed) {
            Self::last_turn(&mut self.conversations.lock(), conversation_id).at = Instant::now();
        }
    }

    /// Records that older messages of a conversation were left out of a turn, which had `kept`
    /// earlier messages.
    pub(super) fn record_cut(&self, conversation_id: &str, kept: usize) {
        if !self.enabled.load(Ordering::Relaxed) {
            return;
        }
        let mut conversations = self.conversations.lock();
        let last = Self::last_turn(&mut conversations, conversation_id);
        let since = last.since_summary.map(|messages| messages + MESSAGES_OF_TURN);
        let is_due = since.is_none_or(|messages| messages >= kept / NEWLY_LEFT_OUT);
        last.since_summary = Some(since.filter(|_| !is_due).unwrap_or_default());
        if is_due {
            self.exceeding.lock().push(conversation_id.to_owned());
            self.exceeds.notify_one();
        }
    }

    /// Returns `true` if older messages of the conversation are known to be left out.
    pub(super) fn is_cut(&self, conversation_id: &str) -> bool {
        self.conversations.lock().get(conversation_id).is_some_and(|last| last.since_summary.is_some())
    }

    /// Takes the conversations without a turn for this long.
    pub fn take_silent(&self, silence: Duration) -> Vec<String> {
        let mut conversations = self.conversations.lock();
        let silent = conversations.iter().filter(|(_, last)| last.at.elapsed() >= silence);
        let silent: Vec<String> = silent.map(|(id, _)| id.clone()).collect();
        for id in &silent {
            conversations.remove(id);
        }
        silent
    }

    /// Takes the conversations that are to be summarized because they exceed the budget.
    pub fn take_exceeding(&self) -> Vec<String> {
        std::mem::take(&mut *self.exceeding.lock())
    }

    /// Returns the entry of a conversation. Makes room for a new one.
    fn last_turn<'a>(
        conversations: &'a mut HashMap<String, LastTurn>,
        conversation_id: &str,
    ) -> &'a mut LastTurn {
        if conversations.len() >= MAX_CONVERSATIONS && !conversations.contains_key(conversation_id) {
            let mut times: Vec<Instant> = conversations.values().map(|last| last.at).collect();
            let (_, median, _) = times.select_nth_unstable(MAX_CONVERSATIONS / 2);
            let median = *median;
            conversations.retain(|_, last| last.at > median);
        }
        let new = LastTurn { at: Instant::now(), since_summary: None };
        conversations.entry(conversation_id.to_owned()).or_insert(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity() -> Activity {
        let activity = Activity::default();
        activity.enable();
        activity
    }

    #[test]
    fn silent_conversations_are_taken_once() {
        let activity = activity();
        activity.touch("a");
        assert!(activity.take_silent(Duration::from_secs(60)).is_empty());
        assert_eq!(activity.take_silent(Duration::ZERO), ["a"]);
        assert!(activity.take_silent(Duration::ZERO).is_empty());
    }

    #[test]
    fn a_conversation_is_summarized_again_after_a_quarter_of_its_history() {
        let activity = activity();
        activity.touch("a");
        assert!(!activity.is_cut("a") && activity.take_exceeding().is_empty());
        let due = |kept: usize| {
            activity.record_cut("a", kept);
            !activity.take_exceeding().is_empty()
        };
        assert_eq!(
            [(); 10].map(|()| due(20)),
            [true, false, false, true, false, false, true, false, false, true]
        );
        assert!(activity.is_cut("a"));
        assert_eq!([(); 3].map(|()| due(2)), [true; 3], "the summary is never older than the history");
    }

    #[test]
    fn nothing_is_recorded_for_nobody() {
        let activity = Activity::default();
        activity.touch("a");
        activity.record_cut("a", 2);
        assert!(activity.take_exceeding().is_empty() && activity.take_silent(Duration::ZERO).is_empty());
    }

    #[test]
    fn the_number_of_conversations_is_bounded() {
        let activity = activity();
        for id in 0..=MAX_CONVERSATIONS {
            activity.touch(&id.to_string());
        }
        assert!(activity.conversations.lock().len() <= MAX_CONVERSATIONS);
    }
}
