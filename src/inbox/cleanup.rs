//! Deletion of expired inbox entries, so that the inbox stays bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tracing::{info, warn};

use crate::database::EntryKind;
use crate::inbox::Inbox;
use crate::types::memory::now;

/// Retention of idempotency keys and limits, 30 days. Providers redeliver for a few days at most,
/// and limits count days.
const IDEMPOTENCY_RETENTION: TimeDelta = TimeDelta::days(30);
/// Retention of conversations, 365 days. An e-mail that answers a mail older than that starts a new
/// conversation.
const CONVERSATION_RETENTION: TimeDelta = TimeDelta::days(365);

/// Retention by kind, since the last write. Opt-outs and contacts are not listed because they are
/// kept forever.
const RETENTION: [(EntryKind, TimeDelta); 9] = [
    (EntryKind::Call, IDEMPOTENCY_RETENTION),
    (EntryKind::Turn, IDEMPOTENCY_RETENTION),
    (EntryKind::Event, IDEMPOTENCY_RETENTION),
    (EntryKind::Sms, IDEMPOTENCY_RETENTION),
    (EntryKind::Email, IDEMPOTENCY_RETENTION),
    (EntryKind::OutboundSms, IDEMPOTENCY_RETENTION),
    (EntryKind::OutboundCall, IDEMPOTENCY_RETENTION),
    (EntryKind::RateLimit, IDEMPOTENCY_RETENTION),
    (EntryKind::Conversation, CONVERSATION_RETENTION),
];

/// Interval between two cleanups of a process, in milliseconds.
const INTERVAL_MS: i64 = 3_600_000;
/// Maximum entries per delete. Small, so that no reply waits for the delete.
const BATCH: u32 = 200;
/// Maximum batches per cleanup.
const MAX_BATCHES: usize = 500;
/// Pause between two batches.
const PAUSE: Duration = Duration::from_millis(50);

/// A periodic cleanup of an inbox.
pub struct InboxCleanup {
    inbox: Arc<dyn Inbox>,
    /// Start of the last cleanup, in milliseconds since 1970.
    started_at: AtomicI64,
}

impl InboxCleanup {
    /// Creates a cleanup of that inbox.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        Self { inbox, started_at: AtomicI64::new(0) }
    }

    /// Returns `true` if a cleanup is due. The caller must then [`run`](Self::run) it.
    pub fn is_due(&self) -> bool {
        let (started_at, now) = (self.started_at.load(Ordering::Relaxed), now().timestamp_millis());
        let is_first =
            || self.started_at.compare_exchange(started_at, now, Ordering::Relaxed, Ordering::Relaxed);
        now - started_at >= INTERVAL_MS && is_first().is_ok()
    }

    /// Deletes expired entries until `stop` returns `true`.
    pub async fn run(&self, stop: impl Fn() -> bool) {
        let (mut deleted, mut batches) = (0, 0);
        for (kind, lifetime) in &RETENTION {
            let before = now() - *lifetime;
            while batches < MAX_BATCHES && !stop() {
                let count = match self.inbox.delete_older_than(kind, before, BATCH).await {
                    Ok(count) => count,
                    Err(error) => {
                        warn!(code = error.code(), %error, "Old entries of the inbox not deleted");
                        return;
                    }
                };
                deleted += count;
                if count < u64::from(BATCH) {
                    break;
                }
                batches += 1;
                tokio::time::sleep(PAUSE).await;
            }
        }
        if deleted > 0 {
            info!(deleted, "Old entries of the inbox deleted");
        }
    }
}
