//! An answer in text that is read as it arrives.

use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::channels::text::TextResponse;
use crate::error::{Error, Result};
use crate::llm::text_sink::{TextSink, TextSource, text_channel};

/// The answers that are under way.
#[derive(Default)]
pub struct Streams {
    tasks: TaskTracker,
    closing: CancellationToken,
}

/// An answer under way.
pub struct TextStream {
    pieces: Mutex<TextSource>,
    outcome: Arc<OnceLock<Result<TextResponse>>>,
    /// Cancelled when the reader leaves, or is made to.
    left: CancellationToken,
    /// Cancelled when the turn has ended and everything is saved.
    ended: CancellationToken,
}

impl Streams {
    /// Starts an answer; must be called in the runtime.
    pub fn start<Answer>(&self, answer: impl FnOnce(TextSink) -> Answer) -> TextStream
    where
        Answer: Future<Output = Result<TextResponse>> + Send + 'static,
    {
        let left = self.closing.child_token();
        let ended = CancellationToken::new();
        let (sink, source) = text_channel(left.clone());
        let outcome = Arc::new(OnceLock::new());
        let (told, guard) = (Arc::clone(&outcome), ended.clone().drop_guard());
        let answer = answer(sink);
        let task = async move {
            let _ended = guard;
            let _ = told.set(answer.await);
        };
        self.tasks.spawn(task.in_current_span());
        TextStream { pieces: Mutex::new(source), outcome, left, ended }
    }

    /// Breaks off what is under way and waits until it is marked.
    pub async fn finish(&self) {
        self.tasks.close();
        self.closing.cancel();
        self.tasks.wait().await;
    }
}

impl TextStream {
    /// The next piece of the answer, `None` after the last one.
    ///
    /// Fails with what the turn failed with, once all pieces before it were read.
    pub async fn next(&self) -> Result<Option<String>> {
        if let Some(piece) = self.pieces.lock().await.next().await {
            return Ok(Some(piece));
        }
        self.ended.cancelled().await;
        self.response().map(|_| None)
    }

    /// The whole answer, after the last piece.
    pub fn response(&self) -> Result<TextResponse> {
        let lost = || Err(Error::Internal("an answer ended without an outcome".to_owned()));
        self.outcome.get().cloned().unwrap_or_else(lost)
    }

    /// Stops reading; the turn ends and is marked, unless it was complete.
    pub async fn leave(&self) {
        self.left.cancel();
        self.ended.cancelled().await;
    }
}
