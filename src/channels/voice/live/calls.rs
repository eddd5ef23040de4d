//! The live calls of a process.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::channels::voice::relay::session::Digits;

/// Maximum time for which the end of a call waits for its line in this process.
const LINE_ENDS_WITHIN: Duration = Duration::from_secs(5);

/// The live calls of a process.
#[derive(Default)]
pub struct LiveCalls {
    pub(super) tasks: TaskTracker,
    pub(super) draining: CancellationToken,
    /// The lines, by call.
    lines: Mutex<HashMap<String, Line>>,
}

/// A request to a line for keys.
pub(super) struct DigitsRequest {
    /// Maximum number of keys.
    pub count: usize,
    /// Gets the outcome.
    pub outcome: oneshot::Sender<Digits>,
}

/// A line of a call.
#[derive(Clone)]
struct Line {
    digits: mpsc::Sender<DigitsRequest>,
    /// Cancelled when the socket is closed, or the call is over.
    closed: CancellationToken,
    /// Cancelled when the line has ended and everything is saved.
    ended: CancellationToken,
}

impl LiveCalls {
    /// Registers a line of a call. `closed` ends it. It has ended when the guard is dropped.
    pub(super) fn register(
        &self,
        call_sid: &str,
        closed: CancellationToken,
        digits: mpsc::Sender<DigitsRequest>,
    ) -> DropGuard {
        let ended = CancellationToken::new();
        let mut lines = self.lines.lock();
        lines.retain(|_, line| !line.ended.is_cancelled());
        lines.insert(call_sid.to_owned(), Line { closed, ended: ended.clone(), digits });
        ended.drop_guard()
    }

    /// Waits for up to `count` keys of the caller, or for `#`. Returns `None` if the call has no line in
    /// this process.
    pub async fn collect_digits(&self, call_sid: &str, count: usize) -> Option<Digits> {
        let line = self.lines.lock().get(call_sid).filter(|line| !line.ended.is_cancelled()).cloned()?;
        let (outcome, collected) = oneshot::channel();
        line.digits.send(DigitsRequest { count, outcome }).await.ok()?;
        Some(collected.await.unwrap_or(Digits::Interrupted))
    }

    /// Ends the line of a call that is over, if it is in this process, and waits until everything is
    /// saved. Bounded in time.
    pub async fn end(&self, call_sid: &str) {
        let line = self.lines.lock().get(call_sid).cloned();
        if let Some(line) = line {
            line.closed.cancel();
            let _ = timeout(LINE_ENDS_WITHIN, line.ended.cancelled()).await;
        }
    }

    /// Returns `true` once no new line is accepted.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Accepts no new lines, and waits until those that are open have ended. Each finishes what is
    /// being said, within 10 seconds.
    pub async fn drain(&self) {
        self.tasks.close();
        self.draining.cancel();
        self.tasks.wait().await;
    }
}
