//! The log of a receptionist, delivered to its logger in JavaScript.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use napi::bindgen_prelude::Function;
use tracing::{Level, Span};

use crate::config::LogLevel;
use crate::node::log_layer;
use crate::node::log_sink::Sink;

/// Callback that takes entries as a JSON array. It never throws.
pub(super) type DeliverEntries<'scope> = Function<'scope, String, ()>;

/// The log of one receptionist. It receives everything logged within its span, and nothing else.
pub(super) struct Log {
    sink: Arc<Sink>,
    span: Span,
}

impl Log {
    /// Creates a log for entries of at least the given level.
    pub fn new(level: LogLevel, deliver: &DeliverEntries) -> napi::Result<Self> {
        let level = match level {
            LogLevel::Debug => Some(Level::DEBUG),
            LogLevel::Info => Some(Level::INFO),
            LogLevel::Warn => Some(Level::WARN),
            LogLevel::Error => Some(Level::ERROR),
            LogLevel::None => None,
        };
        let sink = Arc::new(Sink::new(level));
        let log = Self { span: log_layer::span_for(&sink), sink };
        log.open(deliver)?;
        Ok(log)
    }

    /// Returns the span whose events are logged here.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Sets the callback; again after `close`.
    pub fn open(&self, deliver: &DeliverEntries) -> napi::Result<()> {
        if self.sink.level.is_none() {
            return Ok(());
        }
        // The sink owns the callback, so a strong reference would form a cycle.
        let sink: Weak<Sink> = Arc::downgrade(&self.sink);
        let deliver = deliver
            .build_threadsafe_function::<()>()
            .callee_handled::<false>()
            .weak::<true>()
            .build_callback(move |_| {
                Ok(sink.upgrade().map_or_else(|| "[]".to_owned(), |sink| sink.take()))
            })?;
        *self.sink.deliver() = Some(Arc::new(deliver));
        self.sink.drain_pending.store(false, Ordering::Release);
        Ok(())
    }

    /// Drains the queue as a JSON array; the entries are not delivered again.
    pub fn take(&self) -> String {
        self.sink.take()
    }

    /// Releases the callback; later entries are lost.
    pub fn close(&self) {
        self.sink.deliver().take();
    }
}
