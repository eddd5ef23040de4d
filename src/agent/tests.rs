use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Barrier;

use super::testing::{fixture, fixture_with, request, text_answer, tool_call_answer};
use super::*;
use crate::tools::done;
use crate::tools::testing::{FnTool, tool};
use crate::types::memory::{Memory, MemoryQuery};

fn echo(name: &str) -> FnTool {
    tool(name, json!({ "type": "object" }), |given| Ok(done(given, "ok")))
}

async fn rows(memory: &MemoryManager) -> Vec<Memory> {
    memory.search(&MemoryQuery::conversation("c")).await.unwrap()
}

fn shape(rows: &[Memory]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (row.kind.as_str(), row.role.as_ref().map_or("", Role::as_str))).collect()
}

#[tokio::test]
async fn runs_tools_concurrently_and_keeps_the_order_of_calls() {
    let asked = tool_call_answer(
        "One moment.",
        &[("a", "slow", json!({ "n": 1 })), ("b", "quick", json!({ "n": 2 }))],
    );
    let both = Arc::new(Barrier::new(2));
    let tools = vec![echo("slow").meeting(&both), echo("quick").meeting(&both)];
    let fixture = fixture(vec![asked, text_answer("Done.")], tools);
    let outcome = fixture.agent.turn(request("hi")).await.unwrap();
    assert!(outcome.tool_executions.iter().all(|ran| ran.result.success), "one waited for the other to end");
    assert_eq!(outcome.text, "Done.");
    let ids: Vec<&str> = outcome.tool_executions.iter().map(|ran| ran.call.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);

    let sent = fixture.model.sent.lock().clone();
    assert_eq!(sent.len(), 2);
    let second = &sent[1].0;
    assert_eq!(second.len(), 5);
    assert_eq!(second[..2], sent[0].0[..2]);
    assert!(matches!(&second[2], Message::Assistant { content, tool_calls, .. }
        if content == "One moment." && tool_calls.len() == 2));
    assert!(matches!(&second[3], Message::Tool { call_id, content }
        if call_id == "a" && content.contains("\"n\":1")));
    assert!(matches!(&second[4], Message::Tool { call_id, .. } if call_id == "b"));
}

#[tokio::test]
async fn stores_every_message_and_sends_it_in_the_next_turn() {
    let script = vec![
        tool_call_answer("Moment.", &[("a", "t", json!({}))]),
        text_answer("Done."),
        text_answer("Again."),
    ];
    let fixture = fixture(script, vec![echo("t")]);
    let mut first = request("hi");
    first.metadata = json!({ "page": 1 }).as_object().cloned();
    fixture.agent.turn(first).await.unwrap();
    let saved = rows(&fixture.memory).await;
    assert_eq!(
        shape(&saved),
        [
            ("conversation", "user"),
            ("conversation", "assistant"),
            ("tool_execution", "tool"),
            ("conversation", "assistant"),
        ]
    );
    assert_eq!(saved[0].metadata, Some(json!({ "page": 1 }).into()));
    assert_eq!(saved[2].meta("requestId"), Some(&json!(saved[1].id)));
    assert!(saved.iter().all(|row| row.importance == Some(5)));

    fixture.agent.turn(request("and now?")).await.unwrap();
    let sent = fixture.model.sent.lock().last().unwrap().0.clone();
    assert_eq!(sent.len(), 6);
    assert_eq!(sent[1], Message::User("hi".into()));
    assert!(matches!(&sent[3], Message::Tool { call_id, .. } if call_id == "a"));
    assert_eq!(sent[5], Message::User("and now?".into()));
}

#[tokio::test]
async fn requires_an_answer_after_eight_rounds() {
    let fixture = fixture(vec![tool_call_answer("", &[("a", "t", json!({}))])], vec![echo("t")]);
    let outcome = fixture.agent.turn(request("hi")).await.unwrap();
    assert_eq!(outcome.text, FALLBACK_ANSWER);
    assert_eq!(outcome.tool_executions.len(), MAX_TOOL_ROUNDS);
    let sent = fixture.model.sent.lock();
    assert_eq!(sent.len(), MAX_TOOL_ROUNDS + 1);
    assert!(sent[..MAX_TOOL_ROUNDS].iter().all(|(_, tools)| *tools == 1));
    assert_eq!(sent[MAX_TOOL_ROUNDS].1, 0);
}

#[tokio::test]
async fn returns_invalid_calls_to_the_model() {
    let needy = tool("needy", json!({ "type": "object", "required": ["x"] }), |_| Ok(ToolResult::default()));
    let calls = [("a", "missing", json!({})), ("b", "needy", json!({})), ("c", "needy", json!("{oops"))];
    let fixture = fixture(vec![tool_call_answer("", &calls), text_answer("Sorry, once more.")], vec![needy]);
    let outcome = fixture.agent.turn(request("hi")).await.unwrap();
    assert_eq!(outcome.text, "Sorry, once more.");
    assert!(outcome.tool_executions.iter().all(|ran| !ran.result.success));
    let sent = fixture.model.sent.lock()[1].0.clone();
    for (message, word) in sent[3..].iter().zip(["not found", "required property", "not a JSON object"]) {
        assert!(matches!(message, Message::Tool { content, .. } if content.contains(word)), "{message:?}");
    }
}

#[tokio::test]
async fn stores_the_message_and_an_error_when_the_model_fails() {
    let fixture = fixture(vec![], vec![]);
    let error = fixture.agent.turn(request("hi")).await.unwrap_err();
    assert_eq!(error.code(), "MODEL_RATE_LIMITED");
    let saved = rows(&fixture.memory).await;
    assert_eq!(shape(&saved), [("conversation", "user"), ("error", "system")]);
    assert_eq!(saved[1].meta("code"), Some(&json!("MODEL_RATE_LIMITED")));
}

#[tokio::test]
async fn runs_turns_of_one_conversation_one_at_a_time() {
    let fixture = fixture(vec![text_answer("yes")], vec![]);
    let turns = (0..5).map(|i| {
        let agent = Arc::clone(&fixture.agent);
        async move { agent.turn(request(&format!("q{i}"))).await }
    });
    join_all(turns).await.into_iter().for_each(|outcome| drop(outcome.unwrap()));
    let saved = rows(&fixture.memory).await;
    let roles: Vec<&str> = shape(&saved).into_iter().map(|(_, role)| role).collect();
    assert_eq!(roles, ["user", "assistant"].repeat(5));
    // Each request included all earlier messages.
    let lengths: Vec<usize> = fixture.model.sent.lock().iter().map(|(m, _)| m.len()).collect();
    assert_eq!(lengths, [2, 4, 6, 8, 10]);
}

#[tokio::test]
async fn context_window_limits_the_messages_sent() {
    let fixture = fixture_with(json!({ "contextWindow": 3 }), vec![text_answer("yes")], vec![]);
    for i in 0..5 {
        fixture.agent.turn(request(&format!("q{i}"))).await.unwrap();
    }
    let sent = fixture.model.sent.lock().last().unwrap().0.clone();
    assert_eq!(
        sent[1..],
        [
            Message::User("q3".into()),
            Message::Assistant { content: "yes".into(), tool_calls: vec![], reasoning: None },
            Message::User("q4".into()),
        ]
    );
}

#[tokio::test]
async fn offers_only_tools_of_the_channel_and_passes_the_call_sid() {
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    let here = tool("here", json!({ "type": "object" }), move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(done(json!({}), "ok"))
    });
    let script = vec![tool_call_answer("", &[("a", "here", json!({}))]), text_answer("Done.")];
    let fixture = fixture(script, vec![here, echo("sms").only_on(Channel::Sms)]);
    let mut asked = request("hi");
    asked.call_sid = Some("CA1".into());
    fixture.agent.turn(asked).await.unwrap();
    assert_eq!(fixture.model.sent.lock()[0].1, 1);
    assert_eq!(seen.load(Ordering::Relaxed), 1);
    assert!(rows(&fixture.memory).await.iter().all(|row| row.session("callSid") == Some(&json!("CA1"))));
}

#[tokio::test]
async fn replaces_nul_characters_of_a_model() {
    let fixture = fixture(
        vec![tool_call_answer("a\0", &[("a", "t", json!({ "k\0": "\0" }))]), text_answer("b\0")],
        vec![echo("t")],
    );
    assert_eq!(fixture.agent.turn(request("hi")).await.unwrap().text, "b\u{fffd}");
    assert_eq!(rows(&fixture.memory).await.len(), 4);
}
