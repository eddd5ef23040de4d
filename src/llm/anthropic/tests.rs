use serde_json::json;

use crate::http::testing::Server;
use crate::llm::http_model::testing::{KEY, answer, ask, asked, model};
use crate::llm::{ChatModel, ToolDefinition};
use crate::types::message::{Message, ToolCall};

fn call(id: &str, name: &str) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), parameters: json!({ "a": 1 }) }
}

fn result(id: &str) -> Message {
    Message::Tool { call_id: id.into(), content: "{}".into() }
}

fn look() -> ToolDefinition {
    ToolDefinition {
        name: "look".into(),
        description: "Looks".into(),
        parameters: json!({ "type": "object" }),
    }
}

#[tokio::test]
async fn sends_alternating_messages() {
    let said = json!({ "type": "message", "role": "assistant", "stop_reason": "end_turn",
        "content": [{ "type": "thinking", "thinking": "hm" }, { "type": "text", "text": "h" }, { "type": "text", "text": "i" }] });
    let server = Server::start(vec![answer(said)]).await;
    let messages = [
        Message::System("s".into()),
        Message::Assistant { content: "Welcome".into(), tool_calls: vec![], reasoning: None },
        Message::User("u".into()),
        Message::Assistant {
            content: " ".into(),
            tool_calls: vec![call("c1", "look"), call("a.b", "no such!")],
            reasoning: None,
        },
        result("c1"),
        result("a.b"),
        Message::User(" ".into()),
        Message::Assistant {
            content: "Once more".into(),
            tool_calls: vec![call("c1", "look")],
            reasoning: None,
        },
        result("c1"),
    ];
    let response = model(&server, "anthropic", "/v1", 0).chat(asked(&messages, &[look()])).await.unwrap();
    assert_eq!((response.content.as_str(), response.tool_calls.len()), ("hi", 0));

    let sent = &server.requests()[0];
    assert_eq!(sent.line, "POST /v1/messages HTTP/1.1");
    assert_eq!(sent.header("x-api-key"), Some(KEY));
    assert_eq!(sent.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(sent.header("authorization"), None);
    let used =
        |id: &str, name: &str| json!({ "type": "tool_use", "id": id, "name": name, "input": { "a": 1 } });
    let told = |id: &str| json!({ "type": "tool_result", "tool_use_id": id, "content": "{}" });
    let text = |text: &str| json!({ "type": "text", "text": text });
    assert_eq!(
        sent.body,
        json!({
            "model": "m",
            "max_tokens": 4096,
            "system": "s",
            "messages": [
                { "role": "user", "content": [text("(The conversation goes on.)")] },
                { "role": "assistant", "content": [text("Welcome")] },
                { "role": "user", "content": [text("u")] },
                { "role": "assistant", "content": [used("c1", "look"), used("a_b", "no_such_")] },
                { "role": "user", "content": [told("c1"), told("a_b"), text("(no text)")] },
                { "role": "assistant", "content": [text("Once more"), used("call_2_c1", "look")] },
                { "role": "user", "content": [told("call_2_c1")] },
            ],
            "tools": [{ "name": "look", "description": "Looks", "input_schema": { "type": "object" } }],
        })
    );
}

#[tokio::test]
async fn declares_tools_of_the_transcript_when_calls_are_forbidden() {
    let said = json!({ "content": [{ "type": "text", "text": "Done" }], "stop_reason": "end_turn" });
    let server = Server::start(vec![answer(said)]).await;
    let calls = vec![call("c1", "look")];
    let messages = [
        Message::User("u".into()),
        Message::Assistant { content: String::new(), tool_calls: calls, reasoning: None },
        result("c1"),
    ];
    model(&server, "anthropic", "", 0).chat(asked(&messages, &[])).await.unwrap();
    let sent = &server.requests()[0].body;
    assert_eq!(sent["tool_choice"], json!({ "type": "none" }));
    assert_eq!(sent["tools"][0]["name"], "look");
}

#[tokio::test]
async fn parses_tool_calls_and_explains_empty_answers() {
    let calls = json!({ "stop_reason": "tool_use", "content": [
        { "type": "text", "text": "One moment." },
        { "type": "tool_use", "id": "toolu_1", "name": "look", "input": { "a": 1 } },
        { "type": "tool_use", "id": "toolu_2", "name": "look", "input": {} },
    ] });
    let empty = |reason: &str| answer(json!({ "content": [], "stop_reason": reason }));
    let script =
        vec![answer(calls), empty("refusal"), empty("max_tokens"), answer(json!({ "type": "error" }))];
    let server = Server::start(script).await;
    let model = model(&server, "anthropic", "", 0);
    let response = ask(&model).await.unwrap();
    assert_eq!(response.content, "One moment.");
    let read: Vec<_> = response.tool_calls.iter().map(|call| (call.id.as_str(), &call.parameters)).collect();
    assert_eq!(read, [("toolu_1", &json!({ "a": 1 })), ("toolu_2", &json!({}))]);
    for words in ["refusal", "model.maxTokens", "no content"] {
        let error = ask(&model).await.unwrap_err();
        assert_eq!(error.code(), "MODEL_RESPONSE_INVALID");
        assert!(error.to_string().contains(words), "{error}");
    }
}
