//! The queue of log entries for the JavaScript thread. It is bounded.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::Status;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Map, Value, json};
use tracing::Level;

use crate::async_context;
use crate::async_context::AsyncContext;
use crate::node::async_contexts::number_of;

/// Weak, so that it does not keep the process alive.
type Deliver = ThreadsafeFunction<(), (), String, Status, false, true>;

/// Maximum number of queued entries; further entries are counted and dropped.
const CAPACITY: usize = 4_096;

/// Queue of entries for the JavaScript thread.
pub(super) struct Sink {
    pub level: Option<Level>,
    queue: Mutex<Queue>,
    /// `true` while a call to drain the queue is pending.
    pub drain_pending: AtomicBool,
    pub deliver: Mutex<Option<Arc<Deliver>>>,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<QueuedEntry>,
    dropped: u64,
}

/// A queued entry and the async context in which it is logged.
struct QueuedEntry {
    entry: Value,
    caller: Option<AsyncContext>,
}

impl Sink {
    /// Creates a sink for entries of at least the given level, without a callback yet.
    pub fn new(level: Option<Level>) -> Self {
        Self {
            level,
            queue: Mutex::default(),
            drain_pending: AtomicBool::default(),
            deliver: Mutex::default(),
        }
    }

    /// Returns `true` if entries of the level are logged.
    pub fn wants(&self, level: &Level) -> bool {
        self.level.is_some_and(|most| *level <= most)
    }

    /// Returns the most verbose level that is logged, if any.
    pub fn level(&self) -> Option<Level> {
        self.level
    }

    /// Queues an entry for delivery. Never blocks.
    pub fn push(&self, entry: Value) {
        let Some(deliver) = self.deliver().clone() else { return };
        {
            let mut queue = self.queue();
            if queue.entries.len() >= CAPACITY {
                queue.dropped += 1;
                return;
            }
            queue.entries.push_back(QueuedEntry { entry, caller: async_context::current() });
        }
        if !self.drain_pending.swap(true, Ordering::AcqRel) {
            deliver.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    pub fn take(&self) -> String {
        // Reset before draining, so that entries arriving meanwhile trigger another call.
        self.drain_pending.store(false, Ordering::Release);
        let Queue { entries, dropped } = std::mem::take(&mut *self.queue());
        let mut entries: Vec<Value> = entries.into_iter().map(QueuedEntry::into_json).collect();
        if dropped > 0 {
            entries.push(dropped_entry(dropped));
        }
        Value::from(entries).to_string()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock()
    }

    pub fn deliver(&self) -> MutexGuard<'_, Option<Arc<Deliver>>> {
        self.deliver.lock()
    }
}

impl QueuedEntry {
    /// Converts the entry for the TypeScript layer. The context stays alive until the entry has
    /// been read, because its release is notified only afterwards.
    fn into_json(self) -> Value {
        let Self { mut entry, caller } = self;
        entry["caller"] = json!(caller.as_ref().and_then(number_of));
        entry
    }
}

/// Creates an entry in the format of the TypeScript layer.
pub(super) fn entry(level: &Level, tag: &str, message: &str, context: Map<String, Value>) -> Value {
    let time = chrono::Utc::now().timestamp_millis();
    json!({ "level": level.as_str(), "time": time, "tag": tag, "message": message, "context": context })
}

fn dropped_entry(dropped: u64) -> Value {
    let context = Map::from_iter([("dropped".to_owned(), json!(dropped))]);
    entry(&Level::WARN, "log", "Entries were dropped: the logger did not keep up", context)
}
