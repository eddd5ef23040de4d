//! Per-conversation locks: one turn at a time in this process.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Mutex as AsyncMutex, Notify, OwnedMutexGuard};

use crate::error::{Error, Result};

/// Number of the next turn, unique in this process.
static NEXT_TURN: AtomicU64 = AtomicU64::new(1);

tokio::task_local! {
    /// Turns that enclose the current task.
    static CURRENT_TURNS: Arc<[u64]>;
}

/// Returns the turns that enclose the current task, outermost first. The developer's code that runs
/// in a turn can start other turns, but not one that waits for an enclosing turn.
pub fn current_turns() -> Arc<[u64]> {
    CURRENT_TURNS.try_with(Arc::clone).unwrap_or_default()
}

/// Runs a future as part of these turns.
pub async fn in_turns<T>(turns: Arc<[u64]>, work: impl Future<Output = T>) -> T {
    CURRENT_TURNS.scope(turns, work).await
}

/// Runs a future outside all turns, because no turn waits for it.
pub async fn detached<T>(work: impl Future<Output = T>) -> T {
    in_turns(Arc::default(), work).await
}

/// The locks of all conversations with a running or waiting turn.
#[derive(Debug, Default)]
pub(crate) struct ConversationLocks {
    slots: Mutex<HashMap<String, Slot>>,
    /// Notified when a turn ends.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Slot {
    lock: Arc<AsyncMutex<()>>,
    /// Number of the running turn.
    holder: Option<u64>,
}

/// Guard of a running or waiting turn.
pub(crate) struct TurnGuard<'a> {
    turns: &'a ConversationLocks,
    conversation_id: &'a str,
    number: u64,
    lock: Option<Arc<AsyncMutex<()>>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl ConversationLocks {
    /// Returns `true` if a turn is running or waiting.
    pub(super) fn is_busy(&self) -> bool {
        !self.slots().is_empty()
    }

    /// Waits until all turns have ended, except the turns that enclose the current task and the
    /// turns waiting in the same conversations.
    pub(super) async fn wait_idle(&self) {
        let callers = current_turns();
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            ended.as_mut().enable();
            let is_caller = |slot: &Slot| slot.holder.is_some_and(|holder| callers.contains(&holder));
            if self.slots().values().all(is_caller) {
                return;
            }
            ended.await;
        }
    }

    /// Waits until no other turn of the conversation runs.
    ///
    /// Fails with `CONVERSATION_DEADLOCK` if the running turn waits for this one.
    pub(crate) async fn acquire<'a>(&'a self, conversation_id: &'a str) -> Result<TurnGuard<'a>> {
        let lock = {
            let mut slots = self.slots();
            let slot = slots.entry(conversation_id.to_owned()).or_default();
            if slot.holder.is_some_and(|holder| current_turns().contains(&holder)) {
                return Err(Error::ConversationDeadlock);
            }
            Arc::clone(&slot.lock)
        };
        let number = NEXT_TURN.fetch_add(1, Ordering::Relaxed);
        // Created before waiting, so that a turn that is cancelled while it waits is cleaned up.
        let mut turn =
            TurnGuard { turns: self, conversation_id, number, lock: Some(Arc::clone(&lock)), held: None };
        turn.held = Some(lock.lock_owned().await);
        if let Some(slot) = self.slots().get_mut(conversation_id) {
            slot.holder = Some(number);
        }
        Ok(turn)
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<String, Slot>> {
        self.slots.lock()
    }
}

impl TurnGuard<'_> {
    /// Runs a future as part of this turn.
    pub(crate) async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let current_turns = current_turns().iter().copied().chain([self.number]).collect();
        in_turns(current_turns, work).await
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        let mut slots = self.turns.slots();
        let Some(slot) = slots.get_mut(self.conversation_id) else { return };
        if slot.holder == Some(self.number) {
            slot.holder = None;
        }
        self.held = None;
        self.lock = None;
        if Arc::strong_count(&slot.lock) == 1 {
            slots.remove(self.conversation_id);
        }
        drop(slots);
        self.turns.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn serializes_turns_of_one_conversation_and_cleans_up() {
        let turns = ConversationLocks::default();
        let first = turns.acquire("a").await.unwrap();
        let other = turns.acquire("b").await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(20), turns.acquire("a")).await;
        assert!(waiting.is_err());
        drop(first);
        drop(turns.acquire("a").await);
        drop(other);
        assert!(turns.slots().is_empty());
    }

    #[tokio::test]
    async fn cleans_up_after_a_cancelled_waiting_turn() {
        let turns = ConversationLocks::default();
        let first = turns.acquire("a").await.unwrap();
        let mut waiting = Box::pin(turns.acquire("a"));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(first);
        drop(waiting);
        assert!(turns.slots().is_empty());
    }

    #[tokio::test]
    async fn finish_waits_for_all_turns_but_its_own() {
        let turns = ConversationLocks::default();
        turns.wait_idle().await;
        let outer = turns.acquire("a").await.unwrap();
        outer.run(turns.wait_idle()).await;
        let other = turns.acquire("b").await.unwrap();
        let mut finishing = Box::pin(outer.run(turns.wait_idle()));
        assert!(futures::poll!(&mut finishing).is_pending());
        drop(other);
        finishing.await;
    }

    #[tokio::test]
    async fn rejects_a_turn_that_would_wait_for_itself() {
        let turns = ConversationLocks::default();
        let outer = turns.acquire("a").await.unwrap();
        let code = outer.run(async {
            let inner = turns.acquire("b").await.unwrap();
            inner.run(async { turns.acquire("a").await.err().unwrap().code() }).await
        });
        assert_eq!(code.await, "CONVERSATION_DEADLOCK");
        let chain = outer.run(async { current_turns() }).await;
        let waits = in_turns(Arc::clone(&chain), turns.acquire("a"));
        assert_eq!(waits.await.err().unwrap().code(), "CONVERSATION_DEADLOCK");
        let told = outer.run(async { detached(async { current_turns() }).await }).await;
        assert!(told.is_empty());
        drop(outer);
        assert!(in_turns(chain, turns.acquire("a")).await.is_ok());
        assert!(turns.slots().is_empty());
    }
}
