use serde_json::json;

use super::testing::{KEY, ask, model, remote};
use crate::http::testing::{Answer, Server, reply};

#[tokio::test]
async fn failures_have_codes_and_tell_no_secrets() {
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
            (Answer::HangUp, "MODEL_UNAVAILABLE", "127.0.0.1"),
            (Answer::Silence, "MODEL_TIMEOUT", "400 ms"),
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
async fn a_missing_key_names_its_variable_when_it_is_needed() {
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
fn a_base_url_is_checked() {
    for url in ["localhost:11434", "ftp://x/v1", "", "http://"] {
        let result = remote(json!({ "provider": "openai", "model": "m", "baseUrl": url }));
        assert_eq!(result.unwrap_err().code(), "INVALID_CONFIG", "{url}");
    }
}

#[test]
fn debug_shows_no_key() {
    let model = remote(json!({ "provider": "openai", "model": "m", "apiKey": KEY })).unwrap();
    assert!(!format!("{model:?}").contains(KEY));
}
