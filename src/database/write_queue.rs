//! The queue of saves and deletes that wait for the database.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::async_context::AsyncContext;
use crate::database::recall::IndexedMemory;
use crate::database::sql::result_set::Row;
use crate::error::{Error, Result};

/// Maximum size of one transaction in bytes, unless a single row or batch is larger.
const MAX_BYTES: usize = 4 << 20;

/// Maximum size of the queue in bytes. Further writes are refused, or memory would fill up while
/// the database is slow or unavailable.
pub(crate) const MAX_QUEUED_BYTES: usize = 128 << 20;

/// A queue of writes, in order of their calls.
#[derive(Default)]
pub(crate) struct WriteQueue {
    queue: Mutex<Queue>,
}

#[derive(Default)]
pub(crate) struct Queue {
    pub jobs: VecDeque<WriteJob>,
    /// Total size of the jobs.
    pub bytes: usize,
    /// `true` while a task is draining the queue.
    pub draining: bool,
}

pub(crate) struct WriteJob {
    pub op: WriteOp,
    pub bytes: usize,
    /// Time of the call.
    pub since: Instant,
    /// The caller.
    pub caller: Option<AsyncContext>,
    pub done: oneshot::Sender<Result<()>>,
}

/// A memory to save.
#[derive(Clone)]
pub(crate) struct SavedMemory {
    /// The row, which begins with its id.
    pub row: Row,
    /// The signature, if memories are indexed.
    pub index: Option<IndexedMemory>,
}

/// A write.
#[derive(Clone)]
pub(crate) enum WriteOp {
    /// Memories that belong together.
    Save(Vec<SavedMemory>),
    /// The memory of that id, as the caller names it.
    Delete(String),
}

impl WriteQueue {
    pub fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock()
    }

    /// Takes waiting jobs of one kind, as many as fit. `None` ends the drain.
    pub fn next_group(&self, max_rows: usize) -> Option<Vec<WriteJob>> {
        let mut queue = self.queue();
        let Some(first) = queue.jobs.pop_front() else {
            queue.draining = false;
            return None;
        };
        let (mut rows, mut bytes) = (first.op.rows(), first.bytes);
        let mut group = vec![first];
        while let (Some(next), Some(last)) = (queue.jobs.front(), group.last()) {
            rows += next.op.rows();
            let full = rows > max_rows || bytes + next.bytes > MAX_BYTES;
            if full || std::mem::discriminant(&next.op) != std::mem::discriminant(&last.op) {
                break;
            }
            bytes += next.bytes;
            group.extend(queue.jobs.pop_front());
        }
        queue.bytes -= bytes;
        Some(group)
    }

    /// Takes the jobs that are older than `age`.
    pub fn take_expired(&self, age: Duration) -> Vec<WriteJob> {
        let mut queue = self.queue();
        let old = queue.jobs.iter().take_while(|job| job.since.elapsed() >= age).count();
        let old: Vec<WriteJob> = queue.jobs.drain(..old).collect();
        queue.bytes -= old.iter().map(|job| job.bytes).sum::<usize>();
        old
    }
}

/// Resets `draining` if a write panics, so that the next one starts another task.
pub(crate) struct ResetOnPanic<'a>(pub &'a WriteQueue);

impl Drop for ResetOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue().draining = false;
        }
    }
}

/// Returns the error of a write without an outcome.
pub(crate) fn write_lost() -> Result<()> {
    Err(Error::Internal("a write was lost".into()))
}

/// Notifies every caller that still waits.
pub(crate) fn complete_all(group: Vec<WriteJob>, outcome: &Result<()>) {
    for job in group {
        let _ = job.done.send(outcome.clone());
    }
}

impl WriteOp {
    pub fn rows(&self) -> usize {
        match self {
            Self::Save(rows) => rows.len(),
            Self::Delete(_) => 1,
        }
    }

    /// Returns the approximate memory size of the write.
    pub fn bytes(&self) -> usize {
        let row = |SavedMemory { row, index }: &SavedMemory| {
            size_of_val(row.as_slice())
                + row.iter().flatten().map(String::len).sum::<usize>()
                + index.as_ref().map_or(0, IndexedMemory::bytes)
        };
        match self {
            Self::Save(rows) => rows.iter().map(row).sum(),
            Self::Delete(id) => id.len(),
        }
    }
}
