//! Text on its way from a model to whoever reads it as it arrives.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Pieces that wait to be read before the model has to wait.
const WAITING_PIECES: usize = 16;
/// How long it may wait.
const READER_PATIENCE: Duration = Duration::from_secs(60);

/// Where a model's text goes.
pub struct TextSink {
    pieces: mpsc::Sender<String>,
    text: Arc<Mutex<Text>>,
    /// Cancelled when nobody reads any more.
    left: CancellationToken,
    /// Who reads nothing for so long while something is waiting is gone.
    patience: Duration,
}

/// Where it comes out.
pub struct TextSource {
    pieces: mpsc::Receiver<String>,
    text: Arc<Mutex<Text>>,
}

/// All that was handed out, and how far it was read.
#[derive(Default)]
struct Text {
    sent: String,
    /// Where the current answer begins in it.
    start: usize,
    read: usize,
}

/// Both ends; `left` is cancelled when the reader leaves.
pub fn text_channel(left: CancellationToken) -> (TextSink, TextSource) {
    let (sender, receiver) = mpsc::channel(WAITING_PIECES);
    let text = Arc::new(Mutex::new(Text::default()));
    let sink = TextSink { pieces: sender, text: Arc::clone(&text), left, patience: READER_PATIENCE };
    (sink, TextSource { pieces: receiver, text })
}

impl TextSink {
    /// A new answer of the model begins; a blank line sets it off from what was said before.
    pub fn begin(&self) {
        let mut text = self.text();
        text.start = text.sent.len();
    }

    /// Hands out a piece, and waits while too many wait to be read.
    pub async fn send(&self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        let piece = {
            let mut text = self.text();
            let gap = if text.start > 0 && !text.began() { "\n\n" } else { "" };
            text.start += gap.len();
            text.sent.push_str(gap);
            text.sent.push_str(piece);
            format!("{gap}{piece}")
        };
        let sent = tokio::time::timeout(self.patience, self.pieces.send(piece)).await;
        if !matches!(sent, Ok(Ok(()))) {
            self.left.cancel();
        }
    }

    /// Whether any of the current answer was handed out: then it cannot be begun anew.
    pub fn began(&self) -> bool {
        self.text().began()
    }

    /// What was handed out of the current answer; of one that was left, what was read.
    pub fn said(&self) -> String {
        let text = self.text();
        let end = if self.is_left() { text.read.max(text.start) } else { text.sent.len() };
        text.sent[text.start..end].to_owned()
    }

    /// Whether nobody reads any more.
    pub fn is_left(&self) -> bool {
        self.left.is_cancelled() || self.pieces.is_closed()
    }

    /// Waits until nobody reads any more.
    pub async fn left(&self) {
        tokio::select! {
            () = self.left.cancelled() => {}
            () = self.pieces.closed() => {}
        }
    }

    fn text(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TextSource {
    /// The next piece; `None` when there will be no more.
    pub async fn next(&mut self) -> Option<String> {
        let piece = self.pieces.recv().await?;
        self.text.lock().unwrap_or_else(PoisonError::into_inner).read += piece.len();
        Some(piece)
    }
}

impl Text {
    fn began(&self) -> bool {
        self.sent.len() > self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_are_set_off_and_what_was_said_is_of_the_last_one() {
        let (sink, mut source) = text_channel(CancellationToken::new());
        sink.begin();
        assert!(!sink.began());
        sink.send("One").await;
        sink.send(" moment.").await;
        sink.begin();
        assert!(!sink.began());
        sink.send("").await;
        sink.send("Do").await;
        sink.send("ne.").await;
        assert_eq!((sink.began(), sink.said().as_str()), (true, "Done."));
        let mut read = Vec::new();
        while read.len() < 3 {
            read.push(source.next().await.unwrap());
        }
        assert_eq!(read, ["One", " moment.", "\n\nDo"]);
        drop(source);
        sink.left().await;
        assert_eq!(sink.said(), "Do");
    }

    #[tokio::test]
    async fn a_reader_who_never_comes_back_is_gone() {
        let (mut sink, source) = text_channel(CancellationToken::new());
        sink.patience = Duration::from_millis(10);
        for _ in 0..WAITING_PIECES {
            sink.send("x").await;
        }
        assert!(!sink.is_left());
        sink.send("x").await;
        assert!(sink.is_left());
        assert_eq!(sink.said(), "");
        drop(source);
    }
}
