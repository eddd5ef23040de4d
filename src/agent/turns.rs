//! One turn at a time per conversation, in this process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::error::{Error, Result};

/// Numbers of turns, unique in this process.
static TURNS: AtomicU64 = AtomicU64::new(1);

tokio::task_local! {
    /// The turns within which this runs.
    static WITHIN: Arc<[u64]>;
}

/// The turns within which this runs, outermost first: code of the developer's that is called here can start turns, but none
/// that waits for one of these.
pub fn within() -> Arc<[u64]> {
    WITHIN.try_with(Arc::clone).unwrap_or_default()
}

/// Runs what was started within these turns.
pub async fn inside<T>(turns: Arc<[u64]>, work: impl Future<Output = T>) -> T {
    WITHIN.scope(turns, work).await
}

/// Runs what no turn waits for.
pub async fn outside<T>(work: impl Future<Output = T>) -> T {
    inside(Arc::default(), work).await
}

/// The conversations that have a turn running or waiting.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<String, Lane>>);

#[derive(Debug, Default)]
struct Lane {
    lock: Arc<AsyncMutex<()>>,
    /// The turn that runs.
    holder: Option<u64>,
}

/// Held during a turn; also while waiting for one.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    conversation_id: &'a str,
    number: u64,
    lock: Option<Arc<AsyncMutex<()>>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Whether one runs or waits.
    pub(super) fn any(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Waits until no other turn of the conversation runs.
    ///
    /// Fails with `TURN_REENTERED` if the turn that runs waits for this one.
    pub(super) async fn begin<'a>(&'a self, conversation_id: &'a str) -> Result<Turn<'a>> {
        let lock = {
            let mut lanes = self.lanes();
            let lane = lanes.entry(conversation_id.to_owned()).or_default();
            if lane.holder.is_some_and(|holder| within().contains(&holder)) {
                return Err(Error::TurnReentered);
            }
            Arc::clone(&lane.lock)
        };
        let number = TURNS.fetch_add(1, Ordering::Relaxed);
        // Made before waiting, so that a turn given up while it waits leaves nothing behind.
        let mut turn =
            Turn { turns: self, conversation_id, number, lock: Some(Arc::clone(&lock)), held: None };
        turn.held = Some(lock.lock_owned().await);
        if let Some(lane) = self.lanes().get_mut(conversation_id) {
            lane.holder = Some(number);
        }
        Ok(turn)
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<String, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Runs the turn.
    pub(super) async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let within = within().iter().copied().chain([self.number]).collect();
        inside(within, work).await
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut lanes = self.turns.lanes();
        let Some(lane) = lanes.get_mut(self.conversation_id) else { return };
        if lane.holder == Some(self.number) {
            lane.holder = None;
        }
        self.held = None;
        self.lock = None;
        if Arc::strong_count(&lane.lock) == 1 {
            lanes.remove(self.conversation_id);
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
        let first = turns.begin("a").await.unwrap();
        let other = turns.begin("b").await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(20), turns.begin("a")).await;
        assert!(waiting.is_err());
        drop(first);
        drop(turns.begin("a").await);
        drop(other);
        assert!(turns.lanes().is_empty());
    }

    #[tokio::test]
    async fn a_waiting_turn_given_up_last_leaves_nothing_behind() {
        let turns = Turns::default();
        let first = turns.begin("a").await.unwrap();
        let mut waiting = Box::pin(turns.begin("a"));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(first);
        drop(waiting);
        assert!(turns.lanes().is_empty());
    }

    #[tokio::test]
    async fn a_turn_cannot_wait_for_one_that_waits_for_it() {
        let turns = Turns::default();
        let outer = turns.begin("a").await.unwrap();
        let code = outer.run(async {
            let inner = turns.begin("b").await.unwrap();
            inner.run(async { turns.begin("a").await.err().unwrap().code() }).await
        });
        assert_eq!(code.await, "TURN_REENTERED");
        let chain = outer.run(async { within() }).await;
        let waits = inside(Arc::clone(&chain), turns.begin("a"));
        assert_eq!(waits.await.err().unwrap().code(), "TURN_REENTERED");
        let told = outer.run(async { outside(async { within() }).await }).await;
        assert!(told.is_empty());
        drop(outer);
        assert!(inside(chain, turns.begin("a")).await.is_ok());
        assert!(turns.lanes().is_empty());
    }
}
