//! Tasks in the background, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::async_context::WithAsyncContext;
use crate::task;

/// Maximum number of tasks that work at once.
const MAX_CONCURRENT: usize = 4;
/// Maximum time that closing waits for the tasks.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Tasks in the background.
#[derive(Debug)]
pub(super) struct BackgroundTasks {
    tracker: TaskTracker,
    closing: CancellationToken,
    permits: Arc<Semaphore>,
}

impl Default for BackgroundTasks {
    fn default() -> Self {
        Self {
            tracker: TaskTracker::new(),
            closing: CancellationToken::new(),
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT)),
        }
    }
}

impl BackgroundTasks {
    /// Spawns a task in the async context of the caller.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let (permits, closing) = (Arc::clone(&self.permits), self.closing.clone());
        let work = async move {
            if let Ok(_permit) = permits.acquire().await {
                work.await;
            }
        };
        let task = async move {
            closing.run_until_cancelled(work).await;
        };
        task::spawn_tracked(&self.tracker, task.with_current_context());
    }

    /// Waits for the tasks, at most 30 s. Tasks that take longer are given up.
    pub async fn close(&self) {
        self.tracker.close();
        let _ = timeout(CLOSE_TIMEOUT, self.tracker.wait()).await;
        self.closing.cancel();
    }
}
