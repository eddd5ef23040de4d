//! Background work that ends with the receptionist.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::task;

/// Maximum time that closing waits for work that is being cancelled.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Background tasks.
#[derive(Debug, Default)]
pub(super) struct BackgroundTasks {
    tracker: TaskTracker,
    closing: CancellationToken,
}

impl BackgroundTasks {
    /// Runs work until it is done or the tasks are closed.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let closing = self.closing.clone();
        task::spawn_tracked(&self.tracker, async move {
            closing.run_until_cancelled(work).await;
        });
    }

    /// Runs work until the tasks are closed. Returns `None` then.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.closing.run_until_cancelled(work).await
    }

    /// Cancels all work.
    pub async fn close(&self) {
        self.closing.cancel();
        self.tracker.close();
        let _ = timeout(CLOSE_TIMEOUT, self.tracker.wait()).await;
    }
}
