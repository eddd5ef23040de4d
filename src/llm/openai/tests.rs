use serde_json::json;

use super::*;
use crate::http::testing::{Answer, Server, reply};
use crate::llm::ToolDefinition;
use crate::message::{Message, ToolCall};

fn config(json: Value) -> ModelConfig {
    serde_json::from_value(json).unwrap()
}

fn model(server: &Server, retries: usize) -> OpenAiModel {
    let mut model = OpenAiModel::new(config(json!({
        "provider": "openai", "apiKey": "sk-secret", "model": "m", "baseUrl": format!("{}/v1/", server.url),
    })))
    .unwrap();
    model.client = HttpClient::new(Patience {
        timeout: Duration::from_millis(400),
        retries,
        first_delay: Duration::from_millis(1),
    });
    model
}

fn answer(message: Value) -> Answer {
    reply(200, json!({ "choices": [{ "message": message, "finish_reason": "stop" }] }))
}

async fn ask(model: &OpenAiModel) -> Result<ChatResponse> {
    model.chat(ChatRequest { messages: &[Message::User("private words".into())], tools: &[] }).await
}

#[tokio::test]
async fn the_request_is_a_chat_completion() {
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
        },
        Message::Tool { call_id: "c1".into(), content: "{}".into() },
        Message::Tool { call_id: "c2".into(), content: "{}".into() },
    ];
    let response = model(&server, 0).chat(ChatRequest { messages: &messages, tools: &[tool] }).await.unwrap();
    assert_eq!(response, ChatResponse { content: "hi".into(), tool_calls: vec![] });

    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(asked.header("authorization"), Some("Bearer sk-secret"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(
        asked.body,
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
fn options_are_sent_under_the_name_the_server_knows() {
    let request = ChatRequest { messages: &[], tools: &[] };
    let mut settings = config(json!({
        "provider": "openai", "model": "m", "maxTokens": 5, "temperature": 0.5
    }));
    let body = wire::request(&settings, request);
    assert_eq!(body, json!({ "model": "m", "messages": [], "temperature": 0.5, "max_completion_tokens": 5 }));
    settings.provider = Provider::OpenRouter;
    assert_eq!(wire::request(&settings, request)["max_tokens"], 5);
}

#[tokio::test]
async fn tool_calls_are_read_however_badly_written() {
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
    let calls = ask(&model(&server, 0)).await.unwrap().tool_calls;
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
async fn a_refusal_is_text_and_nothing_is_an_error() {
    let server = Server::start(vec![
        answer(json!({ "content": null, "refusal": "No." })),
        answer(json!({ "content": "" })),
        reply(200, "<html>"),
        reply(200, "{}"),
        answer(json!({ "content": "a\u{0}b" })),
    ])
    .await;
    let model = model(&server, 0);
    assert_eq!(ask(&model).await.unwrap().content, "No.");
    for _ in 0..3 {
        assert_eq!(ask(&model).await.unwrap_err().code(), "MODEL_RESPONSE_INVALID");
    }
    assert_eq!(ask(&model).await.unwrap().content, "a\u{fffd}b");
}

#[tokio::test]
async fn failures_have_codes_and_tell_no_secrets() {
    let quoting = json!({ "error": { "code": "bad_request", "message": "private words" } });
    for (answer, code, words) in [
        (reply(401, ""), "MODEL_AUTHENTICATION_FAILED", "401"),
        (reply(403, ""), "MODEL_AUTHENTICATION_FAILED", "403"),
        (reply(429, ""), "MODEL_RATE_LIMITED", "2 attempts"),
        (reply(400, quoting), "MODEL_REQUEST_REJECTED", "bad_request"),
        (reply(404, json!({ "error": { "code": "private words" } })), "MODEL_REQUEST_REJECTED", "404"),
        (reply(302, ""), "MODEL_REQUEST_REJECTED", "model.baseUrl"),
        (reply(502, ""), "MODEL_UNAVAILABLE", "HTTP 502"),
        (Answer::HangUp, "MODEL_UNAVAILABLE", "127.0.0.1"),
        (Answer::Silence, "MODEL_TIMEOUT", "400 ms"),
    ] {
        let server = Server::start(vec![answer]).await;
        let error = ask(&model(&server, 1)).await.unwrap_err();
        assert_eq!(error.code(), code);
        let told = format!("{error} {error:?}");
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("private words") && !told.contains("sk-secret"), "{told}");
    }
}

#[tokio::test]
async fn a_missing_key_names_its_variable_when_it_is_needed() {
    for (provider, variable) in [("openai", "OPENAI_API_KEY"), ("openrouter", "OPENROUTER_API_KEY")] {
        let model =
            OpenAiModel::new(config(json!({ "provider": provider, "model": "m", "apiKey": "" }))).unwrap();
        let error = ask(&model).await.unwrap_err();
        assert_eq!(error.code(), "INVALID_CONFIG");
        assert!(error.to_string().contains(variable) && error.to_string().contains("model.apiKey"));
    }
    let server = Server::start(vec![answer(json!({ "content": "hi" }))]).await;
    let settings = json!({ "provider": "openrouter", "model": "m", "baseUrl": server.url,
        "httpReferer": "https://me.example" });
    ask(&OpenAiModel::new(config(settings)).unwrap()).await.unwrap();
    assert_eq!(server.asked()[0].header("authorization"), None);
    assert_eq!(server.asked()[0].header("http-referer"), Some("https://me.example"));
}

#[test]
fn a_base_url_is_checked() {
    for url in ["localhost:11434", "ftp://x/v1", "", "http://"] {
        let result = OpenAiModel::new(config(json!({ "provider": "openai", "model": "m", "baseUrl": url })));
        assert_eq!(result.unwrap_err().code(), "INVALID_CONFIG", "{url}");
    }
}

#[test]
fn debug_shows_no_key() {
    let model =
        OpenAiModel::new(config(json!({ "provider": "openai", "model": "m", "apiKey": "sk-secret" })))
            .unwrap();
    assert!(!format!("{model:?}").contains("sk-secret"));
}
