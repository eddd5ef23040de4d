//! Tasks in the background that end with their owner, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::async_context::WithAsyncContext;
use crate::task;

/// Maximum time to wait for tasks that are being cancelled.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// Tasks in the background.
#[derive(Debug)]
pub(crate) struct BackgroundTasks {
    tracker: TaskTracker,
    closing: CancellationToken,
    permits: Arc<Semaphore>,
}

impl BackgroundTasks {
    /// Creates a set of tasks, of which `max_concurrent` work at once.
    pub fn new(max_concurrent: usize) -> Self {
        let permits = Arc::new(Semaphore::new(max_concurrent));
        Self { tracker: TaskTracker::new(), closing: CancellationToken::new(), permits }
    }

    /// Spawns a task that does not count for the maximum, because it mostly waits.
    pub fn spawn_watcher(&self, work: impl Future<Output = ()> + Send + 'static) {
        let closing = self.closing.clone();
        task::spawn_tracked(&self.tracker, async move {
            closing.run_until_cancelled(work).await;
        });
    }

    /// Spawns a task in the async context of the caller. It begins when fewer than the maximum work.
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

    /// Runs work of the caller until it is done or the tasks are cancelled. Returns `None` then.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.closing.run_until_cancelled(work).await
    }

    /// Cancels all tasks.
    pub async fn cancel(&self) {
        self.finish(Duration::ZERO).await;
    }

    /// Waits for the tasks, at most `limit`. Those that take longer are cancelled.
    pub async fn finish(&self, limit: Duration) {
        self.tracker.close();
        let _ = timeout(limit, self.tracker.wait()).await;
        self.closing.cancel();
        let _ = timeout(CANCEL_TIMEOUT, self.tracker.wait()).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn few_tasks_work_at_once_and_all_are_waited_for() {
        let tasks = BackgroundTasks::new(2);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for _ in 0..20 {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            tasks.spawn(async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
            });
        }
        tasks.finish(Duration::from_secs(60)).await;
        assert_eq!((most.load(Ordering::SeqCst), tasks.tracker.len()), (2, 0));
    }

    #[tokio::test]
    async fn cancelled_tasks_end() {
        let tasks = BackgroundTasks::new(1);
        tasks.spawn(std::future::pending());
        tasks.spawn_watcher(std::future::pending());
        tasks.cancel().await;
        assert!(tasks.tracker.is_empty());
        assert_eq!(tasks.run(std::future::pending::<()>()).await, None);
    }
}
