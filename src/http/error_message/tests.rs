use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, Url};
use serde_json::json;

use super::*;
use crate::http::Idempotency;

const KEY: &str = "sk-test-4f1c2b";

/// Returns the message of a body that responds to a request with this JSON.
fn words_of(body: &str, sent: &Value) -> Option<String> {
    let mut headers = HeaderMap::new();
    let mut key = HeaderValue::from_str(&format!("Bearer {KEY}")).unwrap();
    key.set_sensitive(true);
    headers.insert(AUTHORIZATION, key);
    let url = Url::parse("http://localhost/v1").unwrap();
    let json = sent.to_string();
    let (method, body_sent) = (Method::POST, Body::Json(json.as_bytes()));
    let request = HttpRequest {
        method,
        url: &url,
        headers: &headers,
        body: body_sent,
        idempotency: Idempotency::Idempotent,
    };
    SentContent::new(&request).error_message(body.as_bytes())
}

#[test]
fn extracts_the_message_from_every_form_of_body() {
    let sent = json!({ "model": "x", "messages": [{ "role": "user", "content": "Hi" }] });
    for (source, body, words) in [
        (
            "OpenAI",
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens'","type":"t","code":"c"}}"#,
            "Unsupported parameter: 'max_tokens'",
        ),
        (
            "Ollama",
            r#"{"error":"registry.ollama.ai/library/x does not support tools"}"#,
            "registry.ollama.ai/library/x does not support tools",
        ),
        (
            "Ollama /v1",
            r#"{"error":{"message":"model \"x\" not found, try pulling it first","type":"api_error"}}"#,
            "model \"x\" not found, try pulling it first",
        ),
        (
            "Anthropic",
            r#"{"type":"error","error":{"type":"not_found_error","message":"model: x"}}"#,
            "model: x",
        ),
        (
            "Google",
            r#"{"error":{"code":404,"message":"models/x is not found for API version v1beta","status":"NOT_FOUND"}}"#,
            "models/x is not found for API version v1beta",
        ),
        (
            "Google, compatible",
            r#"[{"error":{"code":400,"message":"Multiple authentication credentials received."}}]"#,
            "Multiple authentication credentials received.",
        ),
        (
            "vLLM",
            r#"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}"#,
            "The model `x` does not exist.",
        ),
        ("FastAPI", r#"{"detail":"Not Found"}"#, "Not Found"),
        (
            "Mistral",
            r#"{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{"a":"Hi"}}]}"#,
            "body.model: Field required",
        ),
        (
            "Mistral, older",
            r#"{"object":"error","message":{"detail":[{"loc":["body","n"],"msg":"bad"}]}}"#,
            "body.n: bad",
        ),
        (
            "Azure",
            r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#,
            "The API deployment for this resource does not exist.",
        ),
        (
            "Azure API Management",
            r#"{"statusCode":401,"message":"Access denied due to invalid subscription key."}"#,
            "Access denied due to invalid subscription key.",
        ),
        (
            "OpenRouter",
            r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"too long\"}}","provider_name":"P"}}}"#,
            "Provider returned error: too long",
        ),
        (
            "LiteLLM",
            r#"{"error":{"message":"litellm.NotFoundError: x","type":null,"param":null,"code":"404"}}"#,
            "litellm.NotFoundError: x",
        ),
        (
            "xAI",
            r#"{"code":"Some requested entity was not found","error":"The model x does not exist"}"#,
            "The model x does not exist",
        ),
        (
            "LM Studio",
            r#"{"error":"Unexpected endpoint or method. (POST /chat/completions)"}"#,
            "Unexpected endpoint or method. (POST /chat/completions)",
        ),
        (
            "llama.cpp",
            r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
            "the request exceeds the available context size",
        ),
        (
            "Together",
            r#"{"error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193","type":"invalid_request_error"}}"#,
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193",
        ),
        (
            "Cloudflare",
            r#"{"success":false,"errors":[{"code":7003,"message":"Could not route"}]}"#,
            "Could not route",
        ),
        (
            "Google's tokens",
            r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#,
            "invalid_grant: Invalid JWT Signature.",
        ),
        (
            "Postmark",
            r#"{"ErrorCode":10,"Message":"The Server Token you provided was invalid."}"#,
            "The Server Token you provided was invalid.",
        ),
        (
            "Twilio",
            r#"{"code":20003,"message":"Authenticate","more_info":"https://x","status":401}"#,
            "Authenticate",
        ),
        ("problem+json", r#"{"title":"Too large","status":413}"#, "Too large"),
        ("Go", "404 page not found\n", "404 page not found"),
        ("a byte order mark", "\u{feff}{\"error\":\"x is busy\"}", "x is busy"),
    ] {
        assert_eq!(words_of(body, &sent).as_deref(), Some(words), "{source}");
    }
    for body in ["", "  ", "<html><body>Not Found</body></html>", "{}", "[]", "null", "7", r#"{"error":{}}"#]
    {
        assert_eq!(words_of(body, &sent), None, "{body}");
    }
}

#[test]
fn redacts_secrets_and_request_content() {
    let sent = json!({
        "model": "gpt-5-nano",
        "temperature": 0.2,
        "messages": [
            { "role": "system", "content": "You are Sarah. Our rooms are full until the ninth of May because of the fair, so offer the annex." },
            { "role": "user", "content": "My card is 4111 1111, call me: ann@example.com" },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "c1", "type": "function",
                "function": { "name": "book_room", "arguments": "{\"guest\":\"Zoë Ångström\"}" } }] },
            { "role": "user", "content": "secret" },
            { "role": "user", "content": "我想预订一个房间" },
        ],
        "tools": [{ "type": "function", "function": { "name": "book_room", "parameters": {} } }],
    });
    for (said, words) in [
        ("Incorrect API key provided: sk-test-4f1c2b.", "Incorrect API key provided: […]."),
        (
            "Incorrect API key provided: sk-te*****1c2b. See https://x.example/keys",
            "Incorrect API key provided: […]. See https://x.example/keys",
        ),
        ("Bad key AIzaSyA1234567890 in ?key=AIzaSyA1234567890", "Bad key […] in ?key=[…]"),
        ("Invalid content: My card is 4111 1111, call me", "Invalid content: […]"),
        ("Invalid value '4111'", "Invalid value '[…]'"),
        ("contact ann@example.com now", "contact […] now"),
        ("value \"Zoë Ångström\" is not allowed", "value \"[…]\" is not allowed"),
        ("Invalid: 'secret'", "Invalid: '[…]'"),
        ("because of the fair, so offer the annex was refused", "[…] was refused"),
        ("bad text 我想预订一个房间", "bad text […]"),
        ("number +1 (555) 123-4567 is not valid", "number […] is not valid"),
        ("1 validation error: input_value={'content': 'secret'}", "1 validation error: […]"),
        (
            "The model 'gpt-5-nano' does not take 'temperature' with 'book_room'",
            "The model 'gpt-5-nano' does not take 'temperature' with 'book_room'",
        ),
        (
            "This model's maximum context length is 1048576 tokens, you asked for 1050000",
            "This model's maximum context length is 1048576 tokens, you asked for 1050000",
        ),
    ] {
        let body = json!({ "error": { "message": said } }).to_string();
        assert_eq!(words_of(&body, &sent).as_deref(), Some(words));
    }
    for all in ["secret", "sk-test-4f1c2b", "My card is 4111 1111, call me: ann@example.com"] {
        assert_eq!(words_of(&json!({ "error": all }).to_string(), &sent), None, "{all}");
    }
}

#[test]
fn shortens_long_messages() {
    let words =
        words_of(&json!({ "error": "long \u{0}\n words é ".repeat(1_000) }).to_string(), &json!({})).unwrap();
    assert!(words.chars().count() <= MAX_CHARS + 1 && words.ends_with('…') && !words.contains('\n'));
}
