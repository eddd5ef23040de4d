use std::sync::Arc;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::testing::{asks, request, says, scene};
use crate::llm::text_sink::text_channel;
use crate::memory::{Memory, MemoryQuery};
use crate::tools::done;
use crate::tools::testing::tool;

async fn rows(scene: &super::testing::Scene) -> Vec<Memory> {
    scene.memory.search(&MemoryQuery::conversation("c")).await.unwrap()
}

#[tokio::test]
async fn everything_that_is_said_is_handed_out_and_kept_like_in_any_turn() {
    let look = tool("look", json!({ "type": "object" }), |_| Ok(done(json!({}), "ok")));
    let scene = scene(vec![asks("Moment.", &[("a", "look", json!({}))]), says(" ")], vec![look]);
    let (sink, mut source) = text_channel(CancellationToken::new());
    let outcome = scene.agent.turn_aloud(request("hi"), &sink).await.unwrap();
    drop(sink);
    let mut heard = String::new();
    while let Some(piece) = source.next().await {
        heard.push_str(&piece);
    }
    assert!(heard.starts_with("Moment.\n\n") && heard.ends_with(&outcome.text), "{heard}");
    let saved: Vec<String> = rows(&scene).await.into_iter().map(|row| row.content).collect();
    assert_eq!((saved[1].as_str(), &saved[3]), ("Moment.", &outcome.text));
}

#[tokio::test]
async fn a_turn_that_nobody_hears_any_more_is_kept_and_marked_and_asks_no_model() {
    let scene = scene(vec![says("Hello.")], vec![]);
    let (sink, source) = text_channel(CancellationToken::new());
    drop(source);
    let error = scene.agent.turn_aloud(request("hi"), &sink).await.unwrap_err();
    assert_eq!(error.code(), "STREAM_LEFT");
    let saved = rows(&scene).await;
    assert_eq!((saved[0].content.as_str(), saved[1].meta("code")), ("hi", Some(&json!("STREAM_LEFT"))));
    assert!(scene.model.sent.lock().unwrap().is_empty());
    assert_eq!(Arc::strong_count(&scene.agent), 1);
}
