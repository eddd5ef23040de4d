use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::testing::{KEY, ask, asked, model, remote};
use crate::error::Result;
use crate::http::testing::{ScriptedReply, Server, reply};
use crate::llm::text_sink::text_channel;
use crate::llm::{ChatModel, ChatResponse};
use crate::types::message::Message;

#[tokio::test]
async fn errors_have_codes_and_contain_no_secrets() {
    for provider in ["openai", "anthropic", "google"] {
        let quoting = json!({ "error": { "code": "bad_request", "message": "private words" } });
        for (answer, code, words) in [
            (reply(401, ""), "MODEL_AUTHENTICATION_FAILED", "401"),
            (reply(403, ""), "MODEL_AUTHENTICATION_FAILED", "403"),
            (reply(429, ""), "MODEL_RATE_LIMITED", "2 attempts"),
            (reply(400, quoting), "MODEL_REQUEST_REJECTED", "bad_request"),
            (reply(404, json!({ "error": { "code": "private words" } })), "MODEL_REQUEST_REJECTED", "404"),
            (reply(302, ""), "MODEL_REQUEST_REJECTED", "model.baseUrl"),
            (reply(502, ""), "MODEL_UNAVAILABLE", "HTTP 502"),
            (reply(529, ""), "MODEL_UNAVAILABLE", "HTTP 529"),
            (ScriptedReply::HangUp, "MODEL_UNAVAILABLE", "127.0.0.1"),
            (ScriptedReply::Silence, "MODEL_TIMEOUT", "400 ms"),
        ] {
            let server = Server::start(vec![answer]).await;
            let error = ask(&model(&server, provider, "", 1)).await.unwrap_err();
            assert_eq!(error.code(), code);
            let told = format!("{error} {error:?}");
            assert!(told.contains(words), "{told}");
            assert!(!told.contains("private words") && !told.contains(KEY), "{told}");
        }
    }
}

#[tokio::test]
async fn a_missing_key_is_an_error_of_the_first_request() {
    for (provider, variable) in [
        ("openai", "OPENAI_API_KEY"),
        ("openrouter", "OPENROUTER_API_KEY"),
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("google", "GEMINI_API_KEY"),
    ] {
        let model = remote(json!({ "provider": provider, "model": "m", "apiKey": "" })).unwrap();
        let error = ask(&model).await.unwrap_err();
        assert_eq!(error.code(), "INVALID_CONFIG");
        assert!(error.to_string().contains(variable) && error.to_string().contains("model.apiKey"));
    }
}

#[test]
fn rejects_an_invalid_base_url() {
    for url in ["localhost:11434", "ftp://x/v1", "", "http://"] {
        let result = remote(json!({ "provider": "openai", "model": "m", "baseUrl": url }));
        assert_eq!(result.unwrap_err().code(), "INVALID_CONFIG", "{url}");
    }
}

#[test]
fn debug_output_contains_no_key() {
    let model = remote(json!({ "provider": "openai", "model": "m", "apiKey": KEY })).unwrap();
    assert!(!format!("{model:?}").contains(KEY));
}

/// Formats OpenAI events with the given deltas, followed by `end`.
fn events(deltas: &[&str], end: &str) -> String {
    let chunk = |delta: &&str| {
        let chunk = json!({ "choices": [{ "delta": { "content": delta }, "finish_reason": null }] });
        format!("data: {chunk}\n\n")
    };
    deltas.iter().map(chunk).collect::<String>() + end
}

const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// Streams an answer from a server with these responses. Returns the outcome, the pieces of text,
/// and the number of requests.
async fn streamed(script: Vec<ScriptedReply>) -> (Result<ChatResponse>, Vec<String>, usize) {
    let server = Server::start(script).await;
    let (sink, mut source) = text_channel(CancellationToken::new());
    sink.begin();
    let messages = [Message::User("private words".into())];
    let mut model = model(&server, "openai", "", 1);
    // This name indicates a model without reasoning in its text, so nothing is buffered.
    model.config.model = "gpt-4o".to_owned();
    let outcome = model.stream(asked(&messages, &[]), &sink).await;
    drop(sink);
    let mut pieces = Vec::new();
    while let Some(piece) = source.next().await {
        pieces.push(piece);
    }
    (outcome, pieces, server.requests().len())
}

#[tokio::test]
async fn sends_text_as_it_arrives() {
    let body = ": PROCESSING\n\ndata: oops\n\n".to_owned() + &events(&["He", "", "llo"], END);
    let (outcome, pieces, attempts) = streamed(vec![reply(503, ""), reply(200, body)]).await;
    assert_eq!(outcome.unwrap().content, "Hello");
    assert_eq!((pieces, attempts), (vec!["He".to_owned(), "llo".to_owned()], 2));
}

#[tokio::test]
async fn retries_errors_before_the_first_text() {
    let overloaded = "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"private words\"}}\n\n";
    for (answer, code) in [
        (reply(200, events(&[""], "")), "MODEL_UNAVAILABLE"),
        (reply(200, overloaded), "MODEL_UNAVAILABLE"),
        (ScriptedReply::Partial(events(&[""], "")), "MODEL_TIMEOUT"),
        (ScriptedReply::Partial(String::new()), "MODEL_TIMEOUT"),
        (ScriptedReply::Silence, "MODEL_TIMEOUT"),
        (ScriptedReply::HangUp, "MODEL_UNAVAILABLE"),
    ] {
        let (outcome, pieces, attempts) = streamed(vec![answer]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.code(), pieces.len(), attempts), (code, 0, 2));
        assert!(!format!("{error} {error:?}").contains("private words"));
    }
    let (outcome, _, attempts) = streamed(vec![reply(200, events(&[], END))]).await;
    assert_eq!((outcome.unwrap_err().code(), attempts), ("MODEL_RESPONSE_INVALID", 1));
}

#[tokio::test]
async fn reports_errors_after_the_first_text_as_interruption() {
    let failed = "data: {\"error\":{\"code\":502,\"message\":\"private words\"}}\n\n";
    for (answer, words) in [
        (reply(200, events(&["He"], "")), "incomplete"),
        (reply(200, events(&["He"], failed)), "HTTP 502"),
        (ScriptedReply::Partial(events(&["He"], "")), "timeout"),
    ] {
        let (outcome, pieces, attempts) = streamed(vec![answer]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.code(), pieces.len(), attempts), ("MODEL_STREAM_INTERRUPTED", 1, 1));
        assert!(error.to_string().contains(words) && !error.to_string().contains("private"), "{error}");
    }
    // The answer is complete, so the end of the stream is not awaited.
    let late = END.strip_suffix("data: [DONE]\n\n").unwrap();
    let (outcome, ..) = streamed(vec![ScriptedReply::Partial(events(&["Hello"], late))]).await;
    assert_eq!(outcome.unwrap().content, "Hello");
}

#[tokio::test]
async fn accepts_a_server_that_does_not_stream() {
    let body = json!({ "choices": [{ "message": { "content": "Hello" }, "finish_reason": "stop" }] });
    let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
    let whole = ScriptedReply::Reply { status: 200, headers, body: body.to_string().into_bytes() };
    let (outcome, pieces, _) = streamed(vec![whole]).await;
    assert_eq!((outcome.unwrap().content.as_str(), pieces), ("Hello", vec!["Hello".to_owned()]));
}

#[tokio::test]
async fn recognizes_an_error_with_a_success_status() {
    let failing = |error: Value| reply(200, json!({ "error": error }));
    for (error, code, attempts) in [
        (json!({ "code": 429, "message": "private words" }), "MODEL_RATE_LIMITED", 2),
        (json!({ "type": "authentication_error" }), "MODEL_AUTHENTICATION_FAILED", 1),
        (json!("private words"), "MODEL_UNAVAILABLE", 2),
    ] {
        let server = Server::start(vec![failing(error)]).await;
        let error = ask(&model(&server, "openai", "", 1)).await.unwrap_err();
        assert_eq!((error.code(), server.requests().len()), (code, attempts));
        assert!(!error.to_string().contains("private"));
    }
}
