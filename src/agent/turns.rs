//! One turn at a time per conversation, in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Locks = Mutex<HashMap<String, Arc<AsyncMutex<()>>>>;

/// A lock per conversation that has a turn running or waiting.
#[derive(Debug, Default)]
pub(super) struct Turns(Locks);

/// Held during a turn; also while waiting for one.
pub(super) struct Turn<'a> {
    locks: &'a Locks,
    conversation_id: &'a str,
    lock: Option<Arc<AsyncMutex<()>>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until no other turn of the conversation runs.
    pub(super) async fn begin<'a>(&'a self, conversation_id: &'a str) -> Turn<'a> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(conversation_id.to_owned()).or_default())
        };
        // Made before waiting, so that a turn given up while it waits leaves nothing behind.
        let mut turn = Turn { locks: &self.0, conversation_id, lock: Some(Arc::clone(&lock)), held: None };
        turn.held = Some(lock.lock_owned().await);
        turn
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        self.lock = None;
        if locks.get(self.conversation_id).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            locks.remove(self.conversation_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn turns_of_one_conversation_wait_and_leave_nothing_behind() {
        let turns = Turns::default();
        let first = turns.begin("a").await;
        let other = turns.begin("b").await;
        let waiting = tokio::time::timeout(Duration::from_millis(20), turns.begin("a")).await;
        assert!(waiting.is_err());
        drop(first);
        drop(turns.begin("a").await);
        drop(other);
        assert!(turns.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_waiting_turn_given_up_last_leaves_nothing_behind() {
        let turns = Turns::default();
        let first = turns.begin("a").await;
        let mut waiting = Box::pin(turns.begin("a"));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(first);
        drop(waiting);
        assert!(turns.0.lock().unwrap().is_empty());
    }
}
