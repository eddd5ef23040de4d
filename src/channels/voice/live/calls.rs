//! The live calls of a process.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::channels::voice::relay::action::Digits;

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

/// A request of a tool to a line.
pub(super) enum LineRequest {
    /// Waits for keys.
    CollectDigits {
        /// Maximum number of keys.
        count: usize,
        /// Gets the outcome.
        outcome: oneshot::Sender<Digits>,
    },
    /// Changes the language.
    SwitchLanguage {
        /// The language, BCP 47.
        code: String,
        /// Gets `true` if it is one of the line's languages.
        outcome: oneshot::Sender<bool>,
    },
}

/// A line of a call.
#[derive(Clone)]
struct Line {
    requests: mpsc::Sender<LineRequest>,
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
        requests: mpsc::Sender<LineRequest>,
    ) -> DropGuard {
        let ended = CancellationToken::new();
        let mut lines = self.lines.lock();
        lines.retain(|_, line| !line.ended.is_cancelled());
        lines.insert(call_sid.to_owned(), Line { closed, ended: ended.clone(), requests });
        ended.drop_guard()
    }

    /// Waits for up to `count` keys of the caller, or for `#`. Returns `None` if the call has no line in
    /// this process.
    pub async fn collect_digits(&self, call_sid: &str, count: usize) -> Option<Digits> {
        let (outcome, collected) = oneshot::channel();
        self.request(call_sid, LineRequest::CollectDigits { count, outcome }).await?;
        Some(collected.await.unwrap_or(Digits::Interrupted))
    }

    /// Changes the language of a call. Returns `None` if the call has no line in this process, and
    /// `false` if it is none of its languages.
    pub async fn switch_language(&self, call_sid: &str, code: &str) -> Option<bool> {
        let (outcome, switched) = oneshot::channel();
        self.request(call_sid, LineRequest::SwitchLanguage { code: code.to_owned(), outcome }).await?;
        switched.await.ok()
    }

    async fn request(&self, call_sid: &str, request: LineRequest) -> Option<()> {
        let line = self.lines.lock().get(call_sid).filter(|line| !line.ended.is_cancelled()).cloned()?;
        line.requests.send(request).await.ok()
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
