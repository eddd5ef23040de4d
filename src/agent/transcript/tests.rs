use std::sync::Arc;

use super::*;
use crate::tools::testing::{context, memory};
use crate::types::message::Channel;

fn said(role: Role, content: &str) -> Memory {
    Memory { role: Some(role), ..context("c").memory(MemoryType::Conversation, content, 5) }
}

fn ran(id: &str, request_id: Option<&str>, result: Option<Value>) -> Memory {
    Memory {
        role: Some(Role::Tool),
        tool_call: Some(json!({ "id": id, "name": "t", "parameters": {} }).into()),
        tool_result: result.map(Into::into),
        metadata: request_id.map(|id| json!({ "requestId": id }).into()),
        ..context("c").memory(MemoryType::ToolExecution, "Tool 't'", 5)
    }
}

async fn stored(memories: Vec<Memory>) -> Arc<MemoryManager> {
    let manager = memory();
    for (i, mut memory) in memories.into_iter().enumerate() {
        memory.timestamp += chrono::Duration::milliseconds(i as i64);
        manager.store(memory).await.unwrap();
    }
    manager
}

fn limits(tokens: usize, messages: Option<usize>) -> HistoryLimits {
    HistoryLimits { tokens, messages }
}

async fn transcript(memories: Vec<Memory>, limits: HistoryLimits) -> Vec<Message> {
    let manager = stored(memories).await;
    let history = History::read(&manager, "c", "none", limits).await.unwrap();
    let sent = history.transcript("s", &[], &[Message::User("now".into())], limits.tokens);
    check(&sent);
    sent
}

/// Fails on everything that a provider rejects.
fn check(messages: &[Message]) {
    let mut open: Vec<String> = Vec::new();
    for (i, message) in messages.iter().enumerate() {
        match message {
            Message::Tool { call_id, .. } => {
                let at = open.iter().position(|id| id == call_id);
                open.remove(at.unwrap_or_else(|| unreachable!("orphaned result at {i}: {messages:?}")));
            }
            other => {
                assert!(open.is_empty(), "calls without results before {i}: {messages:?}");
                if let Message::Assistant { content, tool_calls, .. } = other {
                    assert!(!content.is_empty() || !tool_calls.is_empty());
                    open = tool_calls.iter().map(|call| call.id.clone()).collect();
                }
            }
        }
    }
    assert!(open.is_empty());
    assert!(matches!(messages[0], Message::System(_)));
    assert_eq!(messages.last(), Some(&Message::User("now".into())));
}

fn calls(message: &Message) -> Vec<&str> {
    match message {
        Message::Assistant { tool_calls, .. } => tool_calls.iter().map(|call| call.id.as_str()).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn groups_parallel_calls_with_their_text() {
    let mut text = said(Role::Assistant, "one moment");
    text.id = "r1".into();
    let memories = vec![
        said(Role::User, "hi"),
        text,
        ran("a", Some("r1"), Some(json!({ "success": true }))),
        context("c").memory(MemoryType::Decision, "in between", 9),
        ran("b", Some("r1"), Some(json!({ "success": false }))),
        ran("a", Some("r2"), Some(json!({ "success": true }))),
        said(Role::Assistant, "done"),
    ];
    let sent = transcript(memories, limits(1000, None)).await;
    assert_eq!(sent.len(), 9);
    assert!(matches!(&sent[2], Message::Assistant { content, .. } if content == "one moment"));
    assert_eq!(calls(&sent[2]), ["a", "b"]);
    assert_eq!(sent[3], Message::Tool { call_id: "a".into(), content: "{\"success\":true}".into() });
    assert_eq!(calls(&sent[5]), ["a"]);
    assert!(matches!(&sent[7], Message::Assistant { content, .. } if content == "done"));
}

#[tokio::test]
async fn reports_a_missing_tool_result() {
    let memories = vec![said(Role::User, "hi"), ran("a", Some("r"), None)];
    let sent = transcript(memories, limits(1000, None)).await;
    assert!(matches!(&sent[3], Message::Tool { content, .. } if content.contains("No result was recorded")));
}

#[tokio::test]
async fn builds_a_valid_transcript_of_rows_of_the_typescript_sdk() {
    let mut answered = said(Role::Assistant, "saved");
    answered.tool_call = Some(json!({ "id": "x", "name": "t", "parameters": {} }).into());
    let mut broken = ran("b", Some("r"), None);
    broken.tool_call = Some(json!({ "name": "t" }).into());
    let memories = vec![
        ran("x", None, Some(json!({ "success": true }))),
        broken,
        said(Role::User, "hi"),
        answered,
        said(Role::System, "session"),
        said(Role::Tool, "odd"),
    ];
    let sent = transcript(memories, limits(1000, None)).await;
    assert_eq!(sent.len(), 4);
}

#[tokio::test]
async fn keeps_the_newest_exchanges_and_starts_with_the_customer() {
    let mut memories = Vec::new();
    for i in 0..200 {
        memories.push(said(Role::User, &format!("question {i}")));
        memories.push(ran("a", Some(&format!("r{i}")), Some(json!({ "success": true, "data": i }))));
        memories.push(said(Role::Assistant, &format!("answer {i}")));
    }
    for tokens in [40, 100, 173, 400, 1000, 1001, 1002, 1003, 5000] {
        let sent = transcript(memories.clone(), limits(tokens, None)).await;
        if sent.len() > 2 {
            let customer = sent[..sent.len() - 1].iter().position(|m| matches!(m, Message::User(_)));
            assert!(customer.is_none_or(|at| at == 1), "{tokens}: {:?}", sent[1]);
            let newest = &sent[sent.len() - 2];
            assert!(matches!(newest, Message::Assistant { content, .. } if content == "answer 199"));
        }
        let counted: usize = sent.iter().map(|message| crate::llm::tokens::count(&cost(message))).sum();
        assert!(counted <= tokens + 10, "{counted} > {tokens}");
        if tokens >= 400 {
            assert!(counted > tokens / 2, "{counted} of {tokens} used");
        }
    }
}

#[tokio::test]
async fn context_window_limits_messages_without_splitting_an_exchange() {
    let mut memories = Vec::new();
    for i in 0..40 {
        memories.push(said(Role::User, &format!("q{i}")));
        memories.push(ran("a", Some(&format!("r{i}")), Some(json!({}))));
        memories.push(said(Role::Assistant, "a"));
    }
    for most in 1..12 {
        let sent = transcript(memories.clone(), limits(16_000, Some(most))).await;
        assert!(sent.len() - 1 <= most, "{most}: {sent:?}");
    }
    let sent = transcript(memories, limits(16_000, Some(5))).await;
    assert_eq!(sent.len(), 6);
}

#[tokio::test]
async fn reads_long_histories_as_far_as_needed() {
    let mut memories: Vec<Memory> = (0..300).map(|i| said(Role::User, &format!("m{i}"))).collect();
    // So many rows outside the dialogue that the first reads contain no dialogue.
    memories.extend((0..300).map(|_| context("c").memory(MemoryType::System, "event", 5)));
    let sent = transcript(memories, limits(16_000, None)).await;
    assert_eq!(sent.len(), 302);
    assert_eq!(sent[1], Message::User("m0".into()));
}

#[tokio::test]
async fn excludes_the_message_being_answered() {
    let first = said(Role::User, "before");
    let current = said(Role::User, "now");
    let id = current.id.clone();
    let manager = stored(vec![first, current]).await;
    let history = History::read(&manager, "c", &id, limits(1000, None)).await.unwrap();
    assert_eq!(history.exchanges, [Exchange(vec![Message::User("before".into())])]);
}

#[tokio::test]
async fn omits_a_huge_message_and_always_sends_the_input() {
    let memories =
        vec![said(Role::User, "old"), said(Role::User, &"x".repeat(1_000_000)), said(Role::User, "new")];
    let sent = transcript(memories, limits(100, None)).await;
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[1], Message::User("new".into()));
    let history = History::default();
    let input = [Message::User("y".repeat(10_000))];
    assert_eq!(history.transcript("s", &[], &input, 10)[1..], input);
}

#[test]
fn ignores_the_channel_of_a_message() {
    let mut call = said(Role::User, "hi");
    call.channel = Some(Channel::Call);
    assert_eq!(exchanges(&[call]).len(), 1);
}

#[tokio::test]
async fn small_window_keeps_the_last_answer_after_tools() {
    let memories = vec![
        said(Role::User, "book"),
        ran("a", Some("r"), Some(json!({}))),
        ran("b", Some("r"), Some(json!({}))),
        said(Role::Assistant, "at nine?"),
    ];
    let sent = transcript(memories, limits(16_000, Some(3))).await;
    assert_eq!(
        sent[1],
        Message::Assistant { content: "at nine?".into(), tool_calls: vec![], reasoning: None }
    );
}

#[test]
fn message_overhead_is_four_tokens() {
    assert_eq!(crate::llm::tokens::count(MESSAGE_OVERHEAD), 4);
}
