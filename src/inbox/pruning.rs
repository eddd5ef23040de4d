//! Forgets entries that nobody will ask for any more, so that an inbox does not grow for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tracing::{info, warn};

use crate::database::EntryKind;
use crate::inbox::Inbox;
use crate::memory::now;

/// Providers deliver again for some days at most; limits count days.
const CLAIM: TimeDelta = TimeDelta::days(30);
/// A mail that answers one of ours so late begins a new conversation.
const CONVERSATION: TimeDelta = TimeDelta::days(365);

/// How long after it was last written an entry is kept. Opt-outs are not among them: they are kept for good.
const LIFETIMES: [(EntryKind, TimeDelta); 9] = [
    (EntryKind::Call, CLAIM),
    (EntryKind::Turn, CLAIM),
    (EntryKind::Event, CLAIM),
    (EntryKind::Sms, CLAIM),
    (EntryKind::Email, CLAIM),
    (EntryKind::OutboundSms, CLAIM),
    (EntryKind::OutboundCall, CLAIM),
    (EntryKind::Limit, CLAIM),
    (EntryKind::Conversation, CONVERSATION),
];

/// How often a process looks for old entries, in milliseconds.
const EVERY: i64 = 3_600_000;
/// Entries deleted at once: few, so that nobody who writes an answer waits for it.
const BATCH: u32 = 200;
/// Batches at most each time.
const BATCHES: usize = 500;
/// What passes between two of them.
const PAUSE: Duration = Duration::from_millis(50);

/// Prunes an inbox from time to time.
pub struct Pruning {
    inbox: Arc<dyn Inbox>,
    /// When it began last, in milliseconds since 1970.
    began_at: AtomicI64,
}

impl Pruning {
    /// Prunes that inbox.
    pub fn new(inbox: Arc<dyn Inbox>) -> Self {
        Self { inbox, began_at: AtomicI64::new(0) }
    }

    /// Whether it is time to prune; who is told so has to [`run`](Self::run) it.
    pub fn is_due(&self) -> bool {
        let (began_at, now) = (self.began_at.load(Ordering::Relaxed), now().timestamp_millis());
        let is_first = || self.began_at.compare_exchange(began_at, now, Ordering::Relaxed, Ordering::Relaxed);
        now - began_at >= EVERY && is_first().is_ok()
    }

    /// Deletes what is too old, until `stop` says so.
    pub async fn run(&self, stop: impl Fn() -> bool) {
        let (mut deleted, mut batches) = (0, 0);
        for (kind, lifetime) in &LIFETIMES {
            let before = now() - *lifetime;
            while batches < BATCHES && !stop() {
                let count = match self.inbox.prune(kind, before, BATCH).await {
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
