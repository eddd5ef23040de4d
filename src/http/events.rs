//! Server-sent events: an answer read piece by piece.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Response;
use tokio::time::{Instant, timeout};
use tokio_util::bytes::Bytes;

use super::{FailureKind, MAX_BODY_BYTES};

/// The answer to a request for events.
pub enum Answer {
    /// Events, as they come.
    Events(Box<EventStream>),
    /// A whole body, from a server that does not stream.
    Whole(Vec<u8>),
}

/// The events of an answer.
pub struct EventStream {
    response: Response,
    /// What may pass between two pieces.
    gap: Duration,
    /// What the server may still keep us waiting in all. The time that its reader takes is not its fault.
    left: Duration,
    read: usize,
    parser: Parser,
    ended: bool,
}

impl EventStream {
    pub(super) fn new(response: Response, gap: Duration, whole: Duration) -> Self {
        Self { response, gap, left: whole, read: 0, parser: Parser::default(), ended: false }
    }

    /// The data of the next event; `None` when the body ends.
    ///
    /// Fails when nothing comes for too long, all of it takes too long or is longer than [`MAX_BODY_BYTES`], or the
    /// connection breaks.
    pub async fn next(&mut self) -> Result<Option<String>, FailureKind> {
        loop {
            if let Some(data) = self.parser.ready.pop_front() {
                return Ok(Some(data));
            }
            if self.ended {
                return Ok(None);
            }
            match self.chunk().await? {
                Some(chunk) => {
                    self.read += chunk.len();
                    if self.read > MAX_BODY_BYTES {
                        return Err(FailureKind::BodyTooLarge);
                    }
                    self.parser.push(&chunk);
                }
                None => {
                    self.ended = true;
                    self.parser.end();
                }
            }
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, FailureKind> {
        let began = Instant::now();
        let chunk = timeout(self.gap.min(self.left), self.response.chunk()).await;
        self.left = self.left.saturating_sub(began.elapsed());
        match chunk {
            Ok(chunk) => Ok(chunk?),
            Err(_) if self.left.is_zero() => Err(FailureKind::Endless),
            Err(_) => Err(FailureKind::Timeout),
        }
    }
}

/// Takes bytes apart into the data of events; everything else of them is not needed.
#[derive(Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    after_cr: bool,
    data: Option<Vec<u8>>,
    pub(crate) ready: VecDeque<String>,
}

impl Parser {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'\n' if self.after_cr => {}
                b'\n' | b'\r' => self.end_line(),
                _ => self.line.push(byte),
            }
            self.after_cr = byte == b'\r';
        }
    }

    /// Some servers leave out the empty line after the last event.
    pub(crate) fn end(&mut self) {
        self.end_line();
        self.end_line();
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let data = self.data.take();
            self.ready.extend(data.map(|data| String::from_utf8_lossy(&data).into_owned()));
            return;
        }
        let Some(value) = line.strip_prefix(b"data") else { return };
        let value = match value {
            [] => value,
            [b':', b' ', value @ ..] | [b':', value @ ..] => value,
            _ => return,
        };
        match &mut self.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            None => self.data = Some(value.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a text that comes in pieces of so many bytes.
    fn events(text: &str, size: usize) -> Vec<String> {
        let mut parser = Parser::default();
        text.as_bytes().chunks(size).for_each(|piece| parser.push(piece));
        parser.end();
        parser.ready.into()
    }

    #[test]
    fn events_are_read_however_they_are_cut_and_ended() {
        let text = "\u{3a}comment\nevent: a\ndata: {\"x\":\"é😀\"}\nid: 7\n\ndata:one\rdata: two\r\rdata\r\n\r\n\
            database: no\n\n: ping\n\ndata: last";
        for size in 1..=text.len() {
            assert_eq!(events(text, size), ["{\"x\":\"é😀\"}", "one\ntwo", "", "last"], "{size}");
        }
    }
}
