use serde_json::json;

use super::*;
use crate::http::testing::{ScriptedReply, Server, reply};
use crate::llm::http_model::testing::{ask, asked, model, remote};
use crate::llm::unsupported_features::UnsupportedFeatures;
use crate::llm::{ChatModel, ToolDefinition};
use crate::types::message::{Message, ToolCall};

fn answer(message: Value) -> ScriptedReply {
    reply(200, json!({ "choices": [{ "message": message, "finish_reason": "stop" }] }))
}

#[tokio::test]
async fn sends_a_chat_completion() {
    let server = Server::start(vec![answer(json!({ "role": "assistant", "content": "hi" }))]).await;
    let tool = ToolDefinition {
        name: "look".into(),
        description: "Looks".into(),
        parameters: json!({ "type": "object" }),
    };
    let messages = [
        Message::System("s".into()),
        Message::User("u".into()),
        Message::Assistant {
            content: String::new(),
            tool_calls: vec![
                ToolCall { id: "c1".into(), name: "look".into(), parameters: json!({ "a": 1 }) },
                ToolCall { id: "c2".into(), name: "no such!".into(), parameters: json!("{oops") },
            ],
            reasoning: None,
        },
        Message::Tool { call_id: "c1".into(), content: "{}".into() },
        Message::Tool { call_id: "c2".into(), content: "{}".into() },
    ];
    let response = model(&server, "openai", "/v1/", 0).chat(asked(&messages, &[tool])).await.unwrap();
    assert_eq!((response.content.as_str(), response.tool_calls.len()), ("hi", 0));
    assert_eq!((response.model.provider.as_str(), response.model.model.as_str()), ("openai", "m"));

    let sent = &server.requests()[0];
    assert_eq!(sent.line, "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(sent.header("authorization"), Some("Bearer sk-secret"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(
        sent.body,
        json!({
            "model": "m",
            "messages": [
                { "role": "system", "content": "s" },
                { "role": "user", "content": "u" },
                { "role": "assistant", "tool_calls": [
                    { "id": "c1", "type": "function", "function": { "name": "look", "arguments": "{\"a\":1}" } },
                    { "id": "c2", "type": "function",
                      "function": { "name": "no_such_", "arguments": "{\"invalid_arguments\":\"{oops\"}" } },
                ] },
                { "role": "tool", "tool_call_id": "c1", "content": "{}" },
                { "role": "tool", "tool_call_id": "c2", "content": "{}" },
            ],
            "tools": [{ "type": "function",
                "function": { "name": "look", "description": "Looks", "parameters": { "type": "object" } } }],
        })
    );
}

#[test]
fn sends_options_under_the_name_the_server_supports() {
    let request = asked(&[], &[]);
    let settings = json!({ "provider": "openai", "model": "m", "maxTokens": 5, "temperature": 0.5 });
    let mut settings: ModelConfig = serde_json::from_value(settings).unwrap();
    let unsupported_features = UnsupportedFeatures::default();
    let params =
        RequestParams { streamed: false, model: "model", unsupported_features: &unsupported_features };
    let body = wire::request(&settings, request, params);
    assert_eq!(body, json!({ "model": "m", "messages": [], "temperature": 0.5, "max_completion_tokens": 5 }));
    settings.provider = Provider::OpenRouter;
    assert_eq!(wire::request(&settings, request, params)["max_tokens"], 5);
}

#[tokio::test]
async fn parses_malformed_tool_calls() {
    let deep = format!("{}{}", "{\"a\":".repeat(31), "1") + &"}".repeat(31);
    let call =
        |id: Value, arguments: &str| json!({ "id": id, "function": { "name": "t", "arguments": arguments } });
    let server = Server::start(vec![answer(json!({ "content": null, "tool_calls": [
        call(json!("x"), "{\"a\":\"\\ud83d\"}"),
        call(json!("x"), "{oops"),
        call(Value::Null, ""),
        call(json!("y"), "[1]"),
        call(json!("z"), &deep),
    ] }))])
    .await;
    let calls = ask(&model(&server, "openai", "/v1/", 0)).await.unwrap().tool_calls;
    let parameters: Vec<&Value> = calls.iter().map(|call| &call.parameters).collect();
    assert_eq!(
        parameters,
        [&json!({ "a": "\u{fffd}" }), &json!("{oops"), &json!({}), &json!("[1]"), &json!(deep)]
    );
    let ids: std::collections::HashSet<&str> = calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids.len(), 5);
    assert!(!ids.contains(""));
}

#[tokio::test]
async fn treats_a_refusal_as_text_and_an_empty_answer_as_an_error() {
    let server = Server::start(vec![
        answer(json!({ "content": null, "refusal": "No." })),
        answer(json!({ "content": "" })),
        reply(200, "<html>"),
        reply(200, "{}"),
        answer(json!({ "content": "a\u{0}b" })),
    ])
    .await;
    let model = model(&server, "openai", "/v1/", 0);
    assert_eq!(ask(&model).await.unwrap().content, "No.");
    for _ in 0..3 {
        assert_eq!(ask(&model).await.unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }
    assert_eq!(ask(&model).await.unwrap().content, "a\u{fffd}b");
}

#[tokio::test]
async fn local_servers_need_no_key_and_openrouter_gets_the_referer() {
    let server = Server::start(vec![answer(json!({ "content": "hi" }))]).await;
    let settings = json!({ "provider": "openrouter", "model": "m", "baseUrl": server.url,
        "httpReferer": "https://me.example" });
    ask(&remote(settings).unwrap()).await.unwrap();
    assert_eq!(server.requests()[0].header("authorization"), None);
    assert_eq!(server.requests()[0].header("http-referer"), Some("https://me.example"));
}
