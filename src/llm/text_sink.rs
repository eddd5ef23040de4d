//! A channel for streamed text, from a model to a reader.
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::stopwatch::Stopwatch;

/// Capacity of the channel. The model waits while it is full.
const CAPACITY: usize = 16;
/// Maximum time that the model waits, 60 s. After that, the reader is considered gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// An event of a streamed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextEvent {
    /// A piece of the text.
    Piece(String),
    /// Tools began to run, or have ended.
    ToolsRunning(bool),
}

/// Times of a streamed answer, in milliseconds since the channel was created.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StreamTimes {
    /// The first request to the model.
    pub request_ms: Option<f64>,
    /// The first piece of the text.
    pub first_piece_ms: Option<f64>,
}

/// The sending half of a text channel.
pub struct TextSink {
    events: mpsc::Sender<TextEvent>,
    watch: Stopwatch,
    /// `true` if the text is spoken, so that the reader knows what was heard of it.
    is_spoken: bool,
    text: Arc<Mutex<SentText>>,
    /// Cancelled when the reader is gone.
    reader_gone: CancellationToken,
    /// Maximum time that a send waits for the reader.
    send_timeout: Duration,
}

/// The receiving half of a text channel.
pub struct TextSource {
    events: mpsc::Receiver<TextEvent>,
    text: Arc<Mutex<SentText>>,
}

/// The text that was sent, and the position of the reader.
#[derive(Default)]
struct SentText {
    sent: String,
    /// Start of the current answer in `sent`.
    start: usize,
    read: usize,
    times: StreamTimes,
}

/// Creates a text channel. `closed` is cancelled when the reader is gone.
pub fn text_channel(reader_gone: CancellationToken) -> (TextSink, TextSource) {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    let text = Arc::new(Mutex::new(SentText::default()));
    let sink = TextSink {
        events: sender,
        watch: Stopwatch::start(),
        is_spoken: false,
        text: Arc::clone(&text),
        reader_gone,
        send_timeout: SEND_TIMEOUT,
    };
    (sink, TextSource { events: receiver, text })
}

impl TextSink {
    /// Marks the text as spoken. The reader then records how much of an aborted answer was heard.
    pub fn spoken(self) -> Self {
        Self { is_spoken: true, ..self }
    }

    /// Returns `true` if the text is spoken.
    pub fn is_spoken(&self) -> bool {
        self.is_spoken
    }

    /// Returns the times of the answer so far.
    pub fn times(&self) -> StreamTimes {
        self.text().times
    }

    /// Starts a new answer of the model. A blank line separates it from the text before.
    pub fn begin(&self) {
        let mut text = self.text();
        text.start = text.sent.len();
        text.times.request_ms.get_or_insert(self.watch.ms());
    }

    /// Tells the reader of a spoken text that tools begin to run, or have ended. Other readers do not
    /// need to know, and tools do not wait for them.
    pub async fn tools_running(&self, is_running: bool) {
        if self.is_spoken {
            self.send_event(TextEvent::ToolsRunning(is_running)).await;
        }
    }

    /// Sends a piece of text, and waits while the channel is full.
    pub async fn send(&self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        let piece = {
            let mut text = self.text();
            let gap = if text.start > 0 && !text.has_started() { "\n\n" } else { "" };
            text.start += gap.len();
            text.sent.push_str(gap);
            text.sent.push_str(piece);
            text.times.first_piece_ms.get_or_insert(self.watch.ms());
            format!("{gap}{piece}")
        };
        self.send_event(TextEvent::Piece(piece)).await;
    }

    async fn send_event(&self, event: TextEvent) {
        let sent = tokio::time::timeout(self.send_timeout, self.events.send(event)).await;
        if !matches!(sent, Ok(Ok(()))) {
            self.reader_gone.cancel();
        }
    }

    /// Returns `true` if text of the current answer was sent, so that the answer cannot be
    /// restarted.
    pub fn has_started(&self) -> bool {
        self.text().has_started()
    }

    /// Returns the text of the current answer that was sent, or only the text that was read if the
    /// reader is gone.
    pub fn delivered_text(&self) -> String {
        let text = self.text();
        let end = if self.is_closed() { text.read.max(text.start) } else { text.sent.len() };
        text.sent[text.start..end].to_owned()
    }

    /// Returns `true` if the reader is gone.
    pub fn is_closed(&self) -> bool {
        self.reader_gone.is_cancelled() || self.events.is_closed()
    }

    /// Waits until the reader is gone.
    pub async fn closed(&self) {
        tokio::select! {
            () = self.reader_gone.cancelled() => {}
            () = self.events.closed() => {}
        }
    }

    fn text(&self) -> MutexGuard<'_, SentText> {
        self.text.lock()
    }
}

impl TextSource {
    /// Returns the next piece, or `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let TextEvent::Piece(piece) = self.next_event().await? {
                return Some(piece);
            }
        }
    }

    /// Returns the next event, or `None` at the end of the stream.
    pub async fn next_event(&mut self) -> Option<TextEvent> {
        let event = self.events.recv().await?;
        if let TextEvent::Piece(piece) = &event {
            self.text.lock().read += piece.len();
        }
        Some(event)
    }
}

impl SentText {
    fn has_started(&self) -> bool {
        self.sent.len() > self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn separates_answers_and_returns_the_text_of_the_last_one() {
        let (sink, mut source) = text_channel(CancellationToken::new());
        sink.begin();
        assert!(!sink.has_started());
        sink.send("One").await;
        sink.send(" moment.").await;
        sink.begin();
        assert!(!sink.has_started());
        sink.send("").await;
        sink.send("Do").await;
        sink.send("ne.").await;
        assert_eq!((sink.has_started(), sink.delivered_text().as_str()), (true, "Done."));
        let mut read = Vec::new();
        while read.len() < 3 {
            read.push(source.next().await.unwrap());
        }
        assert_eq!(read, ["One", " moment.", "\n\nDo"]);
        drop(source);
        sink.closed().await;
        assert_eq!(sink.delivered_text(), "Do");
    }

    #[tokio::test]
    async fn only_a_spoken_text_tells_of_tools() {
        let (mut sink, source) = text_channel(CancellationToken::new());
        sink.send_timeout = Duration::from_millis(10);
        for _ in 0..CAPACITY {
            sink.send("x").await;
        }
        sink.tools_running(true).await;
        assert!(!sink.is_closed(), "tools waited for a slow reader");
        drop(source);

        let (sink, mut source) = text_channel(CancellationToken::new());
        let sink = sink.spoken();
        sink.tools_running(true).await;
        assert_eq!(source.next_event().await, Some(TextEvent::ToolsRunning(true)));
    }

    #[tokio::test]
    async fn cancels_when_the_reader_stalls() {
        let (mut sink, source) = text_channel(CancellationToken::new());
        sink.send_timeout = Duration::from_millis(10);
        for _ in 0..CAPACITY {
            sink.send("x").await;
        }
        assert!(!sink.is_closed());
        sink.send("x").await;
        assert!(sink.is_closed());
        assert_eq!(sink.delivered_text(), "");
        drop(source);
    }
}
