//! Server-sent events: a response read chunk by chunk.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Response;
use tokio::time::{Instant, timeout};
use tokio_util::bytes::Bytes;

use super::json_repair::BYTE_ORDER_MARK;
use super::{FailureKind, MAX_BODY_BYTES};

/// The response to a request for events.
pub enum EventResponse {
    /// A stream of events.
    Stream(Box<EventStream>),
    /// A complete body, from a server that does not stream.
    Body(Vec<u8>),
}

/// A server-sent event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The data, usually JSON.
    pub data: String,
    /// The event is named `error`.
    pub is_error: bool,
}

/// The stream of events of one response.
pub struct EventStream {
    response: Response,
    /// Maximum time between two chunks.
    chunk_timeout: Duration,
    /// Remaining time that may be spent waiting for the server. The time that the consumer takes
    /// does not count.
    remaining: Duration,
    read: usize,
    parser: Parser,
    ended: bool,
}

impl EventStream {
    pub(super) fn new(response: Response, chunk_timeout: Duration, total: Duration) -> Self {
        Self { response, chunk_timeout, remaining: total, read: 0, parser: Parser::default(), ended: false }
    }

    /// Returns the next event, or `None` at the end of the body.
    ///
    /// # Errors
    ///
    /// Fails if a chunk or the whole stream takes too long, or if the connection is lost. Also
    /// fails if the body is longer than [`MAX_BODY_BYTES`].
    pub async fn next(&mut self) -> Result<Option<Event>, FailureKind> {
        loop {
            if let Some(event) = self.parser.ready.pop_front() {
                return Ok(Some(event));
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
        let chunk = timeout(self.chunk_timeout.min(self.remaining), self.response.chunk()).await;
        self.remaining = self.remaining.saturating_sub(began.elapsed());
        match chunk {
            Ok(chunk) => Ok(chunk?),
            Err(_) if self.remaining.is_zero() => Err(FailureKind::StreamTimeout),
            Err(_) => Err(FailureKind::Timeout),
        }
    }
}

/// Returns the events of a complete body, or none if the body has another format.
pub(crate) fn parse_events(body: &[u8]) -> VecDeque<Event> {
    let begins = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body).trim_ascii_start();
    let mut parser = Parser::default();
    if [&b"data:"[..], b"event:", b"id:", b":"].iter().any(|field| begins.starts_with(field)) {
        parser.push(body);
        parser.end();
    }
    parser.ready
}

/// An incremental parser of server-sent events. It keeps the data of an event and whether it is an
/// error; other fields are dropped.
#[derive(Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    after_cr: bool,
    data: Option<Vec<u8>>,
    is_error: bool,
    /// The first line is complete. A byte order mark is allowed only at the start of that line.
    past_first_line: bool,
    pub(crate) ready: VecDeque<Event>,
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

    /// Ends the last event, because some servers omit the empty line after it.
    pub(crate) fn end(&mut self) {
        self.end_line();
        self.end_line();
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let first = !std::mem::replace(&mut self.past_first_line, true);
        let line = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| first).unwrap_or(&line);
        if line.is_empty() {
            let is_error = std::mem::take(&mut self.is_error);
            let data = self.data.take().map(|data| String::from_utf8_lossy(&data).into_owned());
            self.ready.extend(data.map(|data| Event { data, is_error }));
            return;
        }
        if let Some(name) = value_of(line, b"event") {
            self.is_error = name.eq_ignore_ascii_case(b"error");
        }
        // Ollama reports an error in mid-stream as a line of its own.
        if line.starts_with(b"{") {
            let data = String::from_utf8_lossy(line).into_owned();
            return self.ready.push_back(Event { data, is_error: false });
        }
        let Some(value) = value_of(line, b"data") else { return };
        match &mut self.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            None => self.data = Some(value.to_vec()),
        }
    }
}

/// Returns the value of a line, if the line has that field.
fn value_of<'a>(line: &'a [u8], field: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(field)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses a text that arrives in chunks of `size` bytes.
    fn events(text: &str, size: usize) -> Vec<String> {
        let mut parser = Parser::default();
        text.as_bytes().chunks(size).for_each(|piece| parser.push(piece));
        parser.end();
        parser.ready.into_iter().map(|event| event.data).collect()
    }

    #[test]
    fn parses_events_with_any_chunking_and_line_ending() {
        let text = "\u{3a}comment\nevent: a\ndata: {\"x\":\"é😀\"}\nid: 7\n\ndata:one\rdata: two\r\rdata\r\n\r\n\
            database: no\n\n: ping\n\ndata: last";
        for size in 1..=text.len() {
            assert_eq!(events(text, size), ["{\"x\":\"é😀\"}", "one\ntwo", "", "last"], "{size}");
        }
    }

    #[test]
    fn skips_a_byte_order_mark_before_the_first_event_only() {
        let text = "\u{feff}data: one\n\ndata: \u{feff}two\n\n\u{feff}data: none\n\n";
        for size in 1..=text.len() {
            assert_eq!(events(text, size), ["one", "\u{feff}two"], "{size}");
        }
        assert_eq!(events("\u{feff}\ndata: one\n\n", 1), ["one"]);
    }

    #[test]
    fn parses_events_of_a_complete_body() {
        for (body, count) in
            [("data: a\n\ndata: b", 2), ("\u{feff}: ping\n\ndata: a\n", 1), ("<p>\ndata: a\n", 0)]
        {
            assert_eq!(parse_events(body.as_bytes()).len(), count, "{body}");
        }
    }

    #[test]
    fn treats_a_line_of_json_as_an_event() {
        assert_eq!(events("data: one\n\n{\"error\":\"x\"}\n", 3), ["one", "{\"error\":\"x\"}"]);
    }

    #[test]
    fn recognizes_error_events_by_name() {
        let mut parser = Parser::default();
        parser.push(b"event: error\ndata: a\n\ndata: b\n\nevent:ERROR\n\nevent: errors\ndata: c\n\n");
        let found: Vec<_> = parser.ready.iter().map(|event| (event.data.as_str(), event.is_error)).collect();
        assert_eq!(found, [("a", true), ("b", false), ("c", false)]);
    }
}
