//! Properties of streamed model responses.

use std::collections::HashSet;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};

use crate::http::sse::{Event, Parser};
use crate::http::{Body, HttpRequest, Idempotency, SentContent};
use crate::llm::properties::answer;
use crate::llm::reasoning::{Buffering, ReasoningFilter, strip_reasoning};
use crate::llm::tool_calls::MAX_CALLS;

/// Checks that events do not depend on chunk boundaries, and that the resulting response can be
/// stored.
pub fn stream(bytes: &[u8]) {
    let Some((&first, body)) = bytes.split_first() else { return };
    let events = parsed(body, body.len().max(1));
    assert_eq!(events, parsed(body, usize::from(first >> 2) + 1));
    let Ok(answer) = answer(first & 3, &events) else { return };
    assert!(!answer.content.trim().is_empty() || !answer.tool_calls.is_empty());
    assert!(answer.tool_calls.len() <= MAX_CALLS);
    let ids: HashSet<&str> = answer.tool_calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids.len(), answer.tool_calls.len());
    assert!(ids.iter().all(|id| (1..=40).contains(&id.len())));
}

/// Checks that the spoken text does not depend on chunk boundaries, and that text without reasoning
/// marks is unchanged.
pub fn thoughts(bytes: &[u8]) {
    let Some((&first, body)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(body);
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let (said, _) = strip_reasoning(&text);
    let mut filter = ReasoningFilter::new(Buffering::UntilComplete);
    let pieces = letters.chunks(usize::from(first >> 2) + 1);
    let mut streamed: String = pieces.map(|piece| filter.push(&piece.concat())).collect();
    streamed.push_str(&filter.finish());
    assert_eq!(streamed, said);
    if !text.contains(['<', '[', '◁']) && !text.contains("analysis") {
        assert_eq!(said, text);
    }
}

/// Checks that a service's error message is short and contains neither the key nor request content.
pub fn words(bytes: &[u8]) {
    const SAID: &str = "my card is 4111222233334444 and expires soon";
    let Ok(url) = Url::parse("http://localhost") else { return };
    let json = format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"{SAID}\"}}]}}");
    let (method, headers, body) = (Method::POST, HeaderMap::new(), Body::Json(json.as_bytes()));
    let asked =
        HttpRequest { method, url: &url, headers: &headers, body, idempotency: Idempotency::Idempotent };
    let Some(words) = SentContent::new(&asked).error_message(bytes) else { return };
    assert!(words.chars().count() <= 301 && !words.chars().any(char::is_control));
    assert!(!words.contains("4111222233334444"));
}

fn parsed(body: &[u8], size: usize) -> Vec<Event> {
    let mut parser = Parser::default();
    body.chunks(size).for_each(|piece| parser.push(piece));
    parser.end();
    parser.ready.into()
}
