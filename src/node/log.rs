//! What the core logs, on its way to one receptionist's logger: a bounded queue and a function of the face.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use serde_json::{Map, Value, json};
use tracing::{Level, Span};

use crate::config::LogLevel;
use crate::node::log_layer;

/// Takes entries as a JSON array; never throws.
pub(super) type DeliverEntries<'scope> = Function<'scope, String, ()>;

/// Weak, so that it keeps no process alive.
type Deliver = ThreadsafeFunction<(), (), String, Status, false, true>;

/// Entries that wait for the logger at most; what comes after them is counted and dropped.
const CAPACITY: usize = 4_096;

/// The log of one receptionist. What runs in its span is logged here, and nowhere else.
pub(super) struct Log {
    sink: Arc<Sink>,
    span: Span,
}

/// Where entries wait for the thread of JavaScript.
pub(super) struct Sink {
    level: Option<Level>,
    queue: Mutex<Queue>,
    /// Whether the face has been asked to take what waits.
    called: AtomicBool,
    deliver: Mutex<Option<Arc<Deliver>>>,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<Value>,
    dropped: u64,
}

impl Log {
    /// A log of entries at least that important, for a function of the face.
    pub fn new(level: LogLevel, deliver: DeliverEntries) -> napi::Result<Self> {
        let level = match level {
            LogLevel::Debug => Some(Level::DEBUG),
            LogLevel::Info => Some(Level::INFO),
            LogLevel::Warn => Some(Level::WARN),
            LogLevel::Error => Some(Level::ERROR),
            LogLevel::None => None,
        };
        let sink = Arc::new(Sink {
            level,
            queue: Mutex::default(),
            called: AtomicBool::default(),
            deliver: Mutex::default(),
        });
        let log = Self { span: log_layer::span_into(&sink), sink };
        log.open(deliver)?;
        Ok(log)
    }

    /// What happens in this span is logged here.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Takes the function, once more after `close`.
    pub fn open(&self, deliver: DeliverEntries) -> napi::Result<()> {
        if self.sink.level.is_none() {
            return Ok(());
        }
        // The function belongs to the sink: it must not keep it.
        let sink: Weak<Sink> = Arc::downgrade(&self.sink);
        let deliver = deliver
            .build_threadsafe_function::<()>()
            .callee_handled::<false>()
            .weak::<true>()
            .build_callback(move |_| {
                Ok(sink.upgrade().map_or_else(|| "[]".to_owned(), |sink| sink.take()))
            })?;
        *self.sink.deliver() = Some(Arc::new(deliver));
        self.sink.called.store(false, Ordering::Release);
        Ok(())
    }

    /// Everything that waits, as a JSON array; it will not be delivered again.
    pub fn take(&self) -> String {
        self.sink.take()
    }

    /// Lets go of the function; what is logged from now on is lost.
    pub fn close(&self) {
        self.sink.deliver().take();
    }
}

impl Sink {
    /// Whether entries of that level are wanted.
    pub fn wants(&self, level: &Level) -> bool {
        self.level.is_some_and(|most| *level <= most)
    }

    /// How much is wanted.
    pub fn level(&self) -> Option<Level> {
        self.level
    }

    /// Lets an entry wait for the face. Never blocks.
    pub fn push(&self, entry: Value) {
        let Some(deliver) = self.deliver().clone() else { return };
        {
            let mut queue = self.queue();
            if queue.entries.len() >= CAPACITY {
                queue.dropped += 1;
                return;
            }
            queue.entries.push_back(entry);
        }
        if !self.called.swap(true, Ordering::AcqRel) {
            deliver.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    fn take(&self) -> String {
        // Before the queue is emptied, so that what comes in meanwhile is called for again.
        self.called.store(false, Ordering::Release);
        let Queue { entries, dropped } = std::mem::take(&mut *self.queue());
        let mut entries = Vec::from(entries);
        if dropped > 0 {
            entries.push(lost(dropped));
        }
        Value::from(entries).to_string()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&self) -> MutexGuard<'_, Option<Arc<Deliver>>> {
        self.deliver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry as the face reads it.
pub(super) fn entry(level: &Level, tag: &str, message: &str, context: Map<String, Value>) -> Value {
    let time = chrono::Utc::now().timestamp_millis();
    json!({ "level": level.as_str(), "time": time, "tag": tag, "message": message, "context": context })
}

fn lost(dropped: u64) -> Value {
    let context = Map::from_iter([("dropped".to_owned(), json!(dropped))]);
    entry(&Level::WARN, "log", "Entries were dropped: the logger did not keep up", context)
}
