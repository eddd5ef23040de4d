//! State of the lexical index in this process: blocks that were read, and work that is due in the
//! background.

mod block_cache;
mod indexed_memory;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use block_cache::{BlockCache, BlockKey};
pub(crate) use indexed_memory::{IndexedMemory, RemovedMemory};

/// Number of signatures in a block, and of rows of one signature that become one.
pub(crate) const BLOCK_ROWS: usize = 500;
/// Number of deleted memories after which blocks are rewritten without them.
pub(crate) const MAX_TOMBSTONES: usize = 200;
/// Maximum number of scopes whose new rows are counted.
const MAX_COUNTED: usize = 20_000;

/// The state of the lexical index.
#[derive(Default)]
pub(crate) struct RecallState {
    /// Blocks that were read.
    pub blocks: BlockCache,
    /// `true` if the role may not use the table.
    denied: AtomicBool,
    due: Mutex<Due>,
    tasks: TaskTracker,
}

/// Work of the background task, by urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Index the memories that are there.
    Fill,
    /// Rewrite blocks without deleted memories.
    Purge,
    /// Turn the rows of the scope of this hash into blocks.
    Compact(i64),
}

#[derive(Default)]
struct Due {
    /// Rows written since the last block, by the hash of the scope.
    written: HashMap<i64, usize>,
    deleted: usize,
    compact: BTreeSet<i64>,
    purge: bool,
    fill: bool,
    /// Cancels the running task.
    running: Option<CancellationToken>,
}

impl RecallState {
    /// Counts rows that were written, by the hash of their scope.
    pub fn count_written(&self, scopes: impl Iterator<Item = i64>) {
        let mut due = self.due.lock();
        if due.written.len() > MAX_COUNTED {
            due.written.clear();
        }
        for scope in scopes {
            let count = due.written.entry(scope).or_default();
            *count += 1;
            if *count > BLOCK_ROWS {
                due.written.remove(&scope);
                due.compact.insert(scope);
            }
        }
    }

    /// Counts deleted memories.
    pub fn count_deleted(&self, memories: usize) {
        let mut due = self.due.lock();
        due.deleted += memories;
        due.purge |= due.deleted > MAX_TOMBSTONES;
    }

    /// Adds work.
    pub fn request(&self, work: Work) {
        let mut due = self.due.lock();
        match work {
            Work::Fill => due.fill = true,
            Work::Purge => due.purge = true,
            Work::Compact(scope) => drop(due.compact.insert(scope)),
        }
    }

    /// Returns the token of a task to start now, if there is work and no task is running.
    pub fn start(&self) -> Option<CancellationToken> {
        let mut due = self.due.lock();
        if due.running.is_some() || !due.has_work() {
            return None;
        }
        let token = CancellationToken::new();
        due.running = Some(token.clone());
        Some(token)
    }

    /// Takes the next work of the running task. `None` ends the task.
    pub fn next(&self) -> Option<Work> {
        let mut due = self.due.lock();
        let work = due.take();
        if work.is_none() {
            due.running = None;
        }
        work
    }

    /// Takes the scopes of which rows are to become blocks.
    pub fn take_compactions(&self) -> Vec<i64> {
        std::mem::take(&mut self.due.lock().compact).into_iter().collect()
    }

    /// Returns the tracker of the task.
    pub fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Cancels the task and waits for its end.
    pub async fn stop(&self) {
        if let Some(token) = std::mem::take(&mut *self.due.lock()).running {
            token.cancel();
        }
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// Stops the use of the table. Returns `true` the first time.
    pub fn deny(&self) -> bool {
        !self.denied.swap(true, Ordering::AcqRel)
    }

    /// Returns `true` if the role may not use the table.
    pub fn is_denied(&self) -> bool {
        self.denied.load(Ordering::Acquire)
    }
}

impl Due {
    fn has_work(&self) -> bool {
        self.fill || self.purge || !self.compact.is_empty()
    }

    fn take(&mut self) -> Option<Work> {
        if std::mem::take(&mut self.fill) {
            return Some(Work::Fill);
        }
        if std::mem::take(&mut self.purge) {
            self.deleted = 0;
            return Some(Work::Purge);
        }
        self.compact.pop_first().map(Work::Compact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_task_does_all_work() {
        let state = RecallState::default();
        assert!(state.start().is_none());
        state.count_written(std::iter::repeat_n(7, BLOCK_ROWS));
        assert!(state.start().is_none());
        state.count_written(std::iter::once(7));
        state.count_deleted(MAX_TOMBSTONES + 1);
        state.request(Work::Fill);
        assert!(state.start().is_some());
        assert!(state.start().is_none());
        let done: Vec<Work> = std::iter::from_fn(|| state.next()).collect();
        assert_eq!(done, [Work::Fill, Work::Purge, Work::Compact(7)]);
        state.request(Work::Purge);
        assert!(state.start().is_some());
    }

    #[tokio::test]
    async fn stopping_cancels_the_task() {
        let state = RecallState::default();
        state.request(Work::Fill);
        let token = state.start().unwrap();
        state.stop().await;
        assert!(token.is_cancelled());
        assert!(state.start().is_none());
    }
}
