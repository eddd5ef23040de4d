use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Barrier;

use super::testing::{asks, request, says, scene, scene_with};
use super::*;
use crate::memory::{Memory, MemoryQuery};
use crate::tools::done;
use crate::tools::testing::{FnTool, tool};

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
async fn several_tools_run_at_once_and_answer_in_the_same_transcript() {
    let asked = asks("One moment.", &[("a", "slow", json!({ "n": 1 })), ("b", "quick", json!({ "n": 2 }))]);
    let both = Arc::new(Barrier::new(2));
    let tools = vec![echo("slow").meeting(&both), echo("quick").meeting(&both)];
    let scene = scene(vec![asked, says("Done.")], tools);
    let outcome = scene.agent.turn(request("hi")).await.unwrap();
    assert!(outcome.tool_executions.iter().all(|ran| ran.result.success), "one waited for the other to end");
    assert_eq!(outcome.text, "Done.");
    let ids: Vec<&str> = outcome.tool_executions.iter().map(|ran| ran.call.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);

    let sent = scene.model.sent.lock().unwrap().clone();
    assert_eq!(sent.len(), 2);
    let second = &sent[1].0;
    assert_eq!(second.len(), 5);
    assert_eq!(second[..2], sent[0].0[..2]);
    assert!(matches!(&second[2], Message::Assistant { content, tool_calls }
        if content == "One moment." && tool_calls.len() == 2));
    assert!(matches!(&second[3], Message::Tool { call_id, content }
        if call_id == "a" && content.contains("\"n\":1")));
    assert!(matches!(&second[4], Message::Tool { call_id, .. } if call_id == "b"));
}

#[tokio::test]
async fn everything_is_saved_and_the_next_turn_sees_it() {
    let script = vec![asks("Moment.", &[("a", "t", json!({}))]), says("Done."), says("Again.")];
    let scene = scene(script, vec![echo("t")]);
    let mut first = request("hi");
    first.metadata = json!({ "page": 1 }).as_object().cloned();
    scene.agent.turn(first).await.unwrap();
    let saved = rows(&scene.memory).await;
    assert_eq!(
        shape(&saved),
        [
            ("conversation", "user"),
            ("conversation", "assistant"),
            ("tool_execution", "tool"),
            ("conversation", "assistant"),
        ]
    );
    assert_eq!(saved[0].metadata, Some(json!({ "page": 1 })));
    assert_eq!(saved[2].meta("requestId"), Some(&json!(saved[1].id)));
    assert!(saved.iter().all(|row| row.importance == Some(5)));

    scene.agent.turn(request("and now?")).await.unwrap();
    let sent = scene.model.sent.lock().unwrap().last().unwrap().0.clone();
    assert_eq!(sent.len(), 6);
    assert_eq!(sent[1], Message::User("hi".into()));
    assert!(matches!(&sent[3], Message::Tool { call_id, .. } if call_id == "a"));
    assert_eq!(sent[5], Message::User("and now?".into()));
}

#[tokio::test]
async fn after_eight_rounds_the_model_has_to_answer() {
    let scene = scene(vec![asks("", &[("a", "t", json!({}))])], vec![echo("t")]);
    let outcome = scene.agent.turn(request("hi")).await.unwrap();
    assert_eq!(outcome.text, FALLBACK);
    assert_eq!(outcome.tool_executions.len(), MAX_ROUNDS);
    let sent = scene.model.sent.lock().unwrap();
    assert_eq!(sent.len(), MAX_ROUNDS + 1);
    assert!(sent[..MAX_ROUNDS].iter().all(|(_, tools)| *tools == 1));
    assert_eq!(sent[MAX_ROUNDS].1, 0);
}

#[tokio::test]
async fn bad_calls_go_back_to_the_model_and_not_to_the_customer() {
    let needy = tool("needy", json!({ "type": "object", "required": ["x"] }), |_| Ok(ToolResult::default()));
    let calls = [("a", "missing", json!({})), ("b", "needy", json!({})), ("c", "needy", json!("{oops"))];
    let scene = scene(vec![asks("", &calls), says("Sorry, once more.")], vec![needy]);
    let outcome = scene.agent.turn(request("hi")).await.unwrap();
    assert_eq!(outcome.text, "Sorry, once more.");
    assert!(outcome.tool_executions.iter().all(|ran| !ran.result.success));
    let sent = scene.model.sent.lock().unwrap()[1].0.clone();
    for (message, word) in sent[3..].iter().zip(["not found", "required property", "not a JSON object"]) {
        assert!(matches!(message, Message::Tool { content, .. } if content.contains(word)), "{message:?}");
    }
}

#[tokio::test]
async fn a_model_that_is_down_leaves_the_message_and_a_mark() {
    let scene = scene(vec![], vec![]);
    let error = scene.agent.turn(request("hi")).await.unwrap_err();
    assert_eq!(error.code(), "MODEL_RATE_LIMITED");
    let saved = rows(&scene.memory).await;
    assert_eq!(shape(&saved), [("conversation", "user"), ("error", "system")]);
    assert_eq!(saved[1].meta("code"), Some(&json!("MODEL_RATE_LIMITED")));
}

#[tokio::test]
async fn turns_of_one_conversation_are_one_after_the_other() {
    let scene = scene(vec![says("yes")], vec![]);
    let turns = (0..5).map(|i| {
        let agent = Arc::clone(&scene.agent);
        async move { agent.turn(request(&format!("q{i}"))).await }
    });
    join_all(turns).await.into_iter().for_each(|outcome| drop(outcome.unwrap()));
    let saved = rows(&scene.memory).await;
    let roles: Vec<&str> = shape(&saved).into_iter().map(|(_, role)| role).collect();
    assert_eq!(roles, ["user", "assistant"].repeat(5));
    // Each model call saw the whole of what came before.
    let lengths: Vec<usize> = scene.model.sent.lock().unwrap().iter().map(|(m, _)| m.len()).collect();
    assert_eq!(lengths, [2, 4, 6, 8, 10]);
}

#[tokio::test]
async fn the_window_caps_what_the_model_sees() {
    let scene = scene_with(json!({ "contextWindow": 3 }), vec![says("yes")], vec![]);
    for i in 0..5 {
        scene.agent.turn(request(&format!("q{i}"))).await.unwrap();
    }
    let sent = scene.model.sent.lock().unwrap().last().unwrap().0.clone();
    assert_eq!(
        sent[1..],
        [
            Message::User("q3".into()),
            Message::Assistant { content: "yes".into(), tool_calls: vec![] },
            Message::User("q4".into()),
        ]
    );
}

#[tokio::test]
async fn tools_only_of_the_channel_are_offered_and_know_where_they_run() {
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    let here = tool("here", json!({ "type": "object" }), move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(done(json!({}), "ok"))
    });
    let script = vec![asks("", &[("a", "here", json!({}))]), says("Done.")];
    let scene = scene(script, vec![here, echo("sms").only_on(Channel::Sms)]);
    let mut asked = request("hi");
    asked.call_sid = Some("CA1".into());
    scene.agent.turn(asked).await.unwrap();
    assert_eq!(scene.model.sent.lock().unwrap()[0].1, 1);
    assert_eq!(seen.load(Ordering::Relaxed), 1);
    assert!(rows(&scene.memory).await.iter().all(|row| row.session("callSid") == Some(&json!("CA1"))));
}

#[tokio::test]
async fn what_databases_cannot_hold_is_replaced_in_what_a_model_says() {
    let scene = scene(vec![asks("a\0", &[("a", "t", json!({ "k\0": "\0" }))]), says("b\0")], vec![echo("t")]);
    assert_eq!(scene.agent.turn(request("hi")).await.unwrap().text, "b\u{fffd}");
    assert_eq!(rows(&scene.memory).await.len(), 4);
}
