//! Answers of models that arrive in pieces.

use std::collections::HashSet;

use crate::http::events::Parser;
use crate::llm::properties::answer;
use crate::llm::tool_calls::MAX_CALLS;

/// However events are cut, they are the same; and whatever they say, the answer made of them can be kept.
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

fn parsed(body: &[u8], size: usize) -> Vec<String> {
    let mut parser = Parser::default();
    body.chunks(size).for_each(|piece| parser.push(piece));
    parser.end();
    parser.ready.into()
}
