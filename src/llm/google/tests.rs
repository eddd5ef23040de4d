use serde_json::json;

use crate::http::testing::{Server, reply};
use crate::llm::http_model::testing::{KEY, answer, ask, asked, model, remote};
use crate::llm::{ChatModel, ToolDefinition};
use crate::types::message::{Message, ReasoningDetails, ToolCall};

fn call(id: &str, name: &str) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), parameters: json!({ "a": 1 }) }
}

fn result(id: &str, content: &str) -> Message {
    Message::Tool { call_id: id.into(), content: content.into() }
}

fn tool(name: &str) -> ToolDefinition {
    let parameters =
        json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "$schema": "x" });
    ToolDefinition { name: name.into(), description: "Looks".into(), parameters }
}

#[tokio::test]
async fn sends_contents_and_parts() {
    let said = json!({ "candidates": [{ "content": { "role": "model", "parts": [
        { "text": "hm", "thought": true }, { "text": "h" }, { "text": "i" }] }, "finishReason": "STOP" }] });
    let server = Server::start(vec![answer(said)]).await;
    let calls = vec![call("c1", "look"), call("c2", "9lives")];
    let signed = json!([{ "text": "Moment" }, { "functionCall": {}, "thoughtSignature": "sig" }, { "functionCall": {} }]);
    let reasoning = ReasoningDetails { model: "model".into(), content: signed };
    let messages = [
        Message::System("s".into()),
        Message::Assistant { content: "Welcome".into(), tool_calls: vec![], reasoning: None },
        Message::User("u".into()),
        Message::Assistant { content: "Moment".into(), tool_calls: calls, reasoning: Some(reasoning) },
        result("c1", "{\"n\":1}"),
        result("c2", "{\"n\":1 (shortened)"),
        Message::User("and?".into()),
    ];
    let tools = [tool("look"), tool("9lives")];
    let response = model(&server, "google", "/v1beta", 0).chat(asked(&messages, &tools)).await.unwrap();
    assert_eq!(response.content, "hi");

    let sent = &server.requests()[0];
    assert_eq!(sent.line, "POST /v1beta/models/m:generateContent HTTP/1.1");
    assert_eq!(sent.header("x-goog-api-key"), Some(KEY));
    let text = |text: &str| json!({ "text": text });
    let called = |id: &str, name: &str| json!({ "id": id, "name": name, "args": { "a": 1 } });
    let parameters = json!({ "type": "OBJECT", "properties": { "a": { "type": "INTEGER" } } });
    assert_eq!(
        sent.body,
        json!({
            "systemInstruction": { "parts": [text("s")] },
            "contents": [
                { "role": "user", "parts": [text("(The conversation goes on.)")] },
                { "role": "model", "parts": [text("Welcome")] },
                { "role": "user", "parts": [text("u")] },
                { "role": "model", "parts": [text("Moment"),
                    { "functionCall": called("c1", "look"), "thoughtSignature": "sig" },
                    { "functionCall": called("c2", "_9lives") }] },
                { "role": "user", "parts": [
                    { "functionResponse": { "id": "c1", "name": "look", "response": { "n": 1 } } },
                    { "functionResponse": { "id": "c2", "name": "_9lives",
                        "response": { "result": "{\"n\":1 (shortened)" } } }] },
                { "role": "user", "parts": [text("and?")] },
            ],
            "tools": [{ "functionDeclarations": [
                { "name": "look", "description": "Looks", "parameters": parameters },
                { "name": "_9lives", "description": "Looks", "parameters": parameters },
            ] }],
        })
    );
}

#[tokio::test]
async fn sends_options_as_generation_config_and_accepts_a_model_with_a_folder() {
    let said = json!({ "candidates": [{ "content": { "parts": [{ "text": "hi" }] } }] });
    let server = Server::start(vec![answer(said)]).await;
    let settings = json!({ "provider": "google", "model": "tunedModels/gemini-3-x", "baseUrl": server.url,
        "temperature": 0.5, "maxTokens": 5 });
    let calls = vec![call("c1", "look"), call("c2", "look")];
    let messages = [
        Message::User("u".into()),
        Message::Assistant { content: String::new(), tool_calls: calls, reasoning: None },
    ];
    remote(settings).unwrap().chat(asked(&messages, &[])).await.unwrap();
    let sent = &server.requests()[0];
    assert_eq!(sent.line, "POST /tunedModels/gemini-3-x:generateContent HTTP/1.1");
    assert_eq!(sent.body["generationConfig"], json!({ "temperature": 0.5, "maxOutputTokens": 5 }));
    let parts = &sent.body["contents"][1]["parts"];
    assert_eq!(parts[0]["thoughtSignature"], "skip_thought_signature_validator");
    assert_eq!(parts[1].get("thoughtSignature"), None);
}

#[tokio::test]
async fn gives_ids_to_calls_and_restores_tool_names() {
    let part = |name: &str| json!({ "functionCall": { "name": name, "args": { "a": 1 } } });
    let mut signed = part("_9lives");
    signed["thoughtSignature"] = json!("sig");
    let said = json!({ "candidates": [{ "content": { "parts": [signed, part("look")] } }] });
    let server = Server::start(vec![answer(said)]).await;
    let tools = [tool("look"), tool("9lives")];
    let messages = [Message::User("u".into())];
    let answer = model(&server, "google", "", 0).chat(asked(&messages, &tools)).await.unwrap();
    let calls = answer.tool_calls;
    let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
    assert_eq!(names, ["9lives", "look"]);
    let reasoning = answer.reasoning.unwrap();
    assert_eq!(
        (reasoning.model.as_str(), &reasoning.content[0]["thoughtSignature"]),
        ("model", &json!("sig"))
    );
    assert_eq!(reasoning.content[1].get("thoughtSignature"), None);
    assert!(calls[0].id != calls[1].id && !calls[0].id.is_empty());
}

#[tokio::test]
async fn explains_blocked_and_rejected_requests() {
    let refused = json!({ "error": { "code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT",
        "details": [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID" }] } });
    let bad = json!({ "error": { "code": 400, "message": "private words", "status": "INVALID_ARGUMENT" } });
    for (answer, code, words) in [
        (
            answer(json!({ "promptFeedback": { "blockReason": "SAFETY" } })),
            "MODEL_RESPONSE_INVALID",
            "SAFETY",
        ),
        (
            answer(json!({ "candidates": [{ "finishReason": "MALFORMED_FUNCTION_CALL" }] })),
            "MODEL_RESPONSE_INVALID",
            "MALFORMED_FUNCTION_CALL",
        ),
        (
            answer(json!({ "candidates": [{ "finishReason": "MAX_TOKENS" }] })),
            "MODEL_RESPONSE_INVALID",
            "maxTokens",
        ),
        (reply(400, refused), "MODEL_AUTHENTICATION_FAILED", "400"),
        (reply(400, bad), "MODEL_REQUEST_REJECTED", "INVALID_ARGUMENT"),
    ] {
        let server = Server::start(vec![answer]).await;
        let error = ask(&model(&server, "google", "", 0)).await.unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(words) && !error.to_string().contains("private"), "{error}");
    }
}
