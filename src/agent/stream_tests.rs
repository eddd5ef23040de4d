use std::sync::Arc;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::testing::{fixture, request, text_answer, tool_call_answer};
use crate::llm::text_sink::text_channel;
use crate::tools::done;
use crate::tools::testing::tool;
use crate::types::memory::{Memory, MemoryQuery};

async fn rows(fixture: &super::testing::AgentFixture) -> Vec<Memory> {
    fixture.memory.search(&MemoryQuery::conversation("c")).await.unwrap()
}

#[tokio::test]
async fn streams_and_stores_the_same_text_as_a_normal_turn() {
    let look = tool("look", json!({ "type": "object" }), |_| Ok(done(json!({}), "ok")));
    let fixture =
        fixture(vec![tool_call_answer("Moment.", &[("a", "look", json!({}))]), text_answer(" ")], vec![look]);
    let (sink, mut source) = text_channel(CancellationToken::new());
    let outcome = fixture.agent.turn_stream(request("hi"), &sink).await.unwrap();
    drop(sink);
    let mut heard = String::new();
    while let Some(piece) = source.next().await {
        heard.push_str(&piece);
    }
    assert!(heard.starts_with("Moment.\n\n") && heard.ends_with(&outcome.text), "{heard}");
    let saved: Vec<String> = rows(&fixture).await.into_iter().map(|row| row.content).collect();
    assert_eq!((saved[1].as_str(), &saved[3]), ("Moment.", &outcome.text));
}

#[tokio::test]
async fn stores_and_marks_a_turn_whose_reader_left_without_asking_the_model() {
    let fixture = fixture(vec![text_answer("Hello.")], vec![]);
    let (sink, source) = text_channel(CancellationToken::new());
    drop(source);
    let error = fixture.agent.turn_stream(request("hi"), &sink).await.unwrap_err();
    assert_eq!(error.code(), "STREAM_ABORTED");
    let saved = rows(&fixture).await;
    assert_eq!((saved[0].content.as_str(), saved[1].meta("code")), ("hi", Some(&json!("STREAM_ABORTED"))));
    assert!(fixture.model.sent.lock().is_empty());
    assert_eq!(Arc::strong_count(&fixture.agent), 1);
}
