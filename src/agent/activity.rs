//! Conversations that had a turn in this process, and when.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Notify;

/// Maximum number of conversations. The oldest half is forgotten then.
const MAX_CONVERSATIONS: usize = 50_000;
/// Number of turns beyond the budget after which a conversation is summarized again.
const TURNS_PER_SUMMARY: usize = 10;

/// The conversations that had a turn, by id.
#[derive(Debug, Default)]
pub struct Activity {
    conversations: Mutex<HashMap<String, LastTurn>>,
    exceeding: Mutex<Vec<String>>,
    /// Notified when a conversation is to be summarized because it exceeds the budget.
    pub exceeds: Notify,
}

#[derive(Debug, Clone, Copy)]
struct LastTurn {
    at: Instant,
    /// Number of turns whose history exceeded the budget.
    exceeding_turns: usize,
}

impl Activity {
    /// Records a turn. `is_cut` says that older messages of the conversation were left out.
    pub(super) fn record(&self, conversation_id: &str, is_cut: bool) {
        let mut conversations = self.conversations.lock();
        if conversations.len() >= MAX_CONVERSATIONS && !conversations.contains_key(conversation_id) {
            let mut times: Vec<Instant> = conversations.values().map(|last| last.at).collect();
            let (_, median, _) = times.select_nth_unstable(MAX_CONVERSATIONS / 2);
            let median = *median;
            conversations.retain(|_, last| last.at > median);
        }
        let now = Instant::now();
        let last = conversations
            .entry(conversation_id.to_owned())
            .or_insert(LastTurn { at: now, exceeding_turns: 0 });
        last.at = now;
        if is_cut {
            if last.exceeding_turns % TURNS_PER_SUMMARY == 0 {
                self.exceeding.lock().push(conversation_id.to_owned());
                self.exceeds.notify_one();
            }
            last.exceeding_turns += 1;
        }
    }

    /// Records that something was said in a conversation just now.
    pub fn touch(&self, conversation_id: &str) {
        self.record(conversation_id, false);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silent_conversations_are_taken_once() {
        let activity = Activity::default();
        activity.record("a", false);
        assert!(activity.take_silent(Duration::from_secs(60)).is_empty());
        assert_eq!(activity.take_silent(Duration::ZERO), ["a"]);
        assert!(activity.take_silent(Duration::ZERO).is_empty());
    }

    #[test]
    fn exceeding_conversations_are_taken_at_first_and_then_now_and_then() {
        let activity = Activity::default();
        activity.record("a", false);
        assert!(activity.take_exceeding().is_empty());
        let due: Vec<usize> = (0..=2 * TURNS_PER_SUMMARY)
            .filter(|_| {
                activity.record("a", true);
                !activity.take_exceeding().is_empty()
            })
            .collect();
        assert_eq!(due, [0, TURNS_PER_SUMMARY, 2 * TURNS_PER_SUMMARY]);
    }

    #[test]
    fn the_number_of_conversations_is_bounded() {
        let activity = Activity::default();
        for id in 0..=MAX_CONVERSATIONS {
            activity.record(&id.to_string(), false);
        }
        assert!(activity.conversations.lock().len() <= MAX_CONVERSATIONS);
    }
}
