//! Extraction in the background, after the developer has ended a conversation.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Extractor;
use crate::async_context::WithAsyncContext;
use crate::task;

/// Maximum number of conversations of which values are extracted at once.
const MAX_CONCURRENT: usize = 4;
/// Maximum time that closing waits for running extractions.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The background tasks of an extractor.
#[derive(Debug)]
pub(super) struct BackgroundTasks {
    tracker: TaskTracker,
    closing: CancellationToken,
    permits: Semaphore,
}

impl Default for BackgroundTasks {
    fn default() -> Self {
        Self {
            tracker: TaskTracker::new(),
            closing: CancellationToken::new(),
            permits: Semaphore::new(MAX_CONCURRENT),
        }
    }
}

impl Extractor {
    /// Extracts the values of an ended conversation in the background. Failures are logged.
    pub fn extract_in_background(self: &Arc<Self>, conversation_id: String) {
        let (extractor, closing) = (Arc::clone(self), self.background.closing.clone());
        let work = async move {
            let Ok(_permit) = extractor.background.permits.acquire().await else { return };
            if let Err(error) = extractor.on_conversation_end(&conversation_id).await {
                super::log_failure(&conversation_id, &error);
            }
        };
        task::spawn_tracked(
            &self.background.tracker,
            async move {
                closing.run_until_cancelled(work).await;
            }
            .with_current_context(),
        );
    }

    /// Waits for the background tasks, at most 30 s. Later ones are given up.
    pub async fn close(&self) {
        self.background.tracker.close();
        let _ = timeout(CLOSE_TIMEOUT, self.background.tracker.wait()).await;
        self.background.closing.cancel();
    }
}
