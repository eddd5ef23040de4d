//! Streaming of a text reply.

use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::async_context::WithAsyncContext;
use crate::channels::text::TextResponse;
use crate::error::{Error, Result};
use crate::llm::text_sink::{TextSink, TextSource, text_channel};
use crate::task;

/// The active streams.
#[derive(Default)]
pub struct TextStreams {
    tasks: TaskTracker,
    closing: CancellationToken,
}

/// An active stream.
pub struct TextStream {
    pieces: Mutex<TextSource>,
    outcome: Arc<OnceLock<Result<TextResponse>>>,
    /// Cancelled when the reader stops, or the stream is aborted.
    cancelled: CancellationToken,
    /// Cancelled when the turn has ended and everything is saved.
    ended: CancellationToken,
}

impl TextStreams {
    /// Starts a stream. Must be called within the runtime.
    pub fn start<Reply>(&self, answer: impl FnOnce(TextSink) -> Reply) -> TextStream
    where
        Reply: Future<Output = Result<TextResponse>> + Send + 'static,
    {
        let cancelled = self.closing.child_token();
        let ended = CancellationToken::new();
        let (sink, source) = text_channel(cancelled.clone());
        let outcome = Arc::new(OnceLock::new());
        let (outcome_cell, guard) = (Arc::clone(&outcome), ended.clone().drop_guard());
        let answer = answer(sink);
        let answered = async move {
            let _ended = guard;
            let _ = outcome_cell.set(answer.await);
        };
        task::spawn_tracked(&self.tasks, answered.with_current_context());
        TextStream { pieces: Mutex::new(source), outcome, cancelled, ended }
    }

    /// Aborts all streams and waits until they are marked as aborted.
    pub async fn finish(&self) {
        self.tasks.close();
        self.closing.cancel();
        self.tasks.wait().await;
    }
}

impl TextStream {
    /// Returns the next chunk of the reply, `None` after the last one.
    ///
    /// Fails with the error of the turn, after all chunks before it were read.
    pub async fn next(&self) -> Result<Option<String>> {
        if let Some(piece) = self.pieces.lock().await.next().await {
            return Ok(Some(piece));
        }
        self.ended.cancelled().await;
        self.response().map(|_| None)
    }

    /// Returns the whole reply, after the last chunk.
    pub fn response(&self) -> Result<TextResponse> {
        let lost = || Err(Error::Internal("an answer ended without an outcome".to_owned()));
        self.outcome.get().cloned().unwrap_or_else(lost)
    }

    /// Stops reading. The turn ends and is marked as aborted, unless it was complete.
    pub async fn cancel(&self) {
        self.cancelled.cancel();
        self.ended.cancelled().await;
    }
}
