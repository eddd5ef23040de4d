//! Errors reported by providers: as an error response, in a response with a success status, or
//! within a stream.

use serde_json::Value;

use super::StreamAccumulator;
use crate::http::sse::Event;
use crate::http::{FailureKind, HttpRequest, parse_json};

/// Parses a complete body. Returns `None` if it is not JSON.
pub(super) fn read_body(body: &[u8], asked: &HttpRequest<'_>) -> Result<Option<Value>, FailureKind> {
    let Ok(body) = parse_json(body) else { return Ok(None) };
    check_for_error(&body, asked)?;
    let choice = body.pointer("/choices/0").unwrap_or(&Value::Null);
    let calls = ["tool_calls", "function_call"].iter().any(|name| is_error_value(&choice["message"][*name]));
    if choice["finish_reason"] == "" && !calls {
        return Err(failure(502, &Value::String("the answer has an empty finish_reason".to_owned()), asked));
    }
    Ok(Some(body))
}

/// Adds an event to the accumulated answer. Returns its text, or `None` after the last event.
pub(super) fn read_event(
    event: &Event,
    accumulator: &mut dyn StreamAccumulator,
    asked: &HttpRequest<'_>,
) -> Result<Option<String>, FailureKind> {
    let mut text = String::new();
    // Servers that end events with one line break instead of two send several events as one.
    let whole = event.is_error || parse_json(event.data.as_bytes()).is_ok();
    let events: Vec<&str> = if whole { vec![&event.data] } else { event.data.lines().collect() };
    for data in events {
        if data.trim().eq_ignore_ascii_case("[DONE]") {
            accumulator.end();
            return Ok(if text.is_empty() { None } else { Some(text) });
        }
        // Some gateways insert messages of their own that are not JSON.
        let Ok(json) = parse_json(data.as_bytes()) else {
            if event.is_error {
                return Err(failure(500, &Value::String(data.to_owned()), asked));
            }
            continue;
        };
        if event.is_error {
            return Err(failure(error_status(&json), &json, asked));
        }
        check_for_error(&json, asked)?;
        text.push_str(&accumulator.add(&json));
        if accumulator.is_last() {
            return Ok(None);
        }
    }
    Ok(Some(text))
}

/// Finish reasons of incomplete answers, used by OpenRouter and vLLM, DeepSeek, vLLM, Z.ai, Gemini
/// behind gateways, and by gateways that give up.
const INCOMPLETE_FINISH_REASONS: &[&str] = &[
    "error",
    "insufficient_system_resource",
    "abort",
    "aborted",
    "network_error",
    "malformed_function_call",
    "server_error",
    "internal_error",
    "timeout",
    "cancelled",
    "canceled",
    "failed",
];

/// Fails if a body with a success status contains an error.
fn check_for_error(body: &Value, asked: &HttpRequest<'_>) -> Result<(), FailureKind> {
    let body = body.get(0).unwrap_or(body);
    let choice = body.pointer("/choices/0").unwrap_or(&Value::Null);
    let places = [body, choice, &choice["message"], &choice["delta"]];
    if let Some(told) = places.into_iter().find(|told| told.get("error").is_some_and(is_error_value)) {
        return Err(failure(error_status(told), told, asked));
    }
    // Mistral and vLLM; Anthropic.
    let is_error = body["object"] == "error" || body["type"] == "error";
    if is_error && body.get("message").is_some_and(is_error_value) {
        return Err(failure(error_status(body), body, asked));
    }
    if choice.is_null() && reports_error(body) {
        return Err(failure(error_status(body), body, asked));
    }
    match choice["finish_reason"].as_str() {
        Some(reason)
            if INCOMPLETE_FINISH_REASONS.iter().any(|failed| reason.eq_ignore_ascii_case(failed)) =>
        {
            let error = Value::String(format!("the answer ended with {reason}"));
            Err(failure(502, &error, asked))
        }
        _ => Ok(()),
    }
}

/// Returns `true` if a body without choices reports an error. The formats are those of MiniMax
/// (`base_resp`), Baidu (`error_msg`), FastAPI (`detail`), Cloudflare (`errors`) and gateways
/// (`msg` with a status, `success`).
fn reports_error(body: &Value) -> bool {
    let status = body.get("base_resp").and_then(|told| told.get("status_code")).is_some_and(is_error_value);
    let has_error =
        ["errors", "detail", "error_msg"].iter().any(|name| body.get(*name).is_some_and(is_error_value));
    let code = ["status", "code"].iter().filter_map(|name| body.get(*name)?.as_u64()).any(|code| code >= 400);
    let has_message = ["msg", "message"].iter().any(|name| body.get(*name).is_some_and(Value::is_string));
    status || has_error || body["success"] == false || (code && has_message)
}

/// Returns `true` if an error field is not empty.
fn is_error_value(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        // Some gateways include empty error fields in every answer.
        Value::Object(fields) => fields.values().any(is_error_value),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    }
}

fn failure(status: u16, body: &Value, asked: &HttpRequest<'_>) -> FailureKind {
    FailureKind::from_status(status, body.to_string().into_bytes()).with_provider_message(asked)
}

/// Returns the HTTP status that corresponds to an error in a body.
fn error_status(body: &Value) -> u16 {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let status = [
        "/error/code",
        "/error/status_code",
        "/error/http_status_code",
        "/code",
        "/status",
        "/http_status_code",
    ]
    .into_iter()
    .filter_map(|pointer| number(body.pointer(pointer)?))
    .filter_map(|code| u16::try_from(code).ok())
    .find(|status| (400..600).contains(status));
    // LM Studio's response for an unknown path.
    let is_unknown_url = |told: &str| told.to_lowercase().starts_with("unexpected endpoint");
    if body["error"].as_str().is_some_and(is_unknown_url) {
        return 404;
    }
    status.unwrap_or_else(|| match error_code(body).unwrap_or_default().to_ascii_lowercase().as_str() {
        "overloaded_error" => 529,
        "rate_limit_error" | "rate_limit_exceeded" | "resource_exhausted" | "insufficient_quota" => 429,
        "authentication_error" | "invalid_api_key" | "unauthenticated" => 401,
        "permission_error" | "permission_denied" => 403,
        "not_found_error" | "model_not_found" => 404,
        "invalid_request_error"
        | "invalid_argument"
        | "context_length_exceeded"
        | "unsupported_parameter"
        | "unsupported_value"
        | "unknown_parameter"
        | "bad_request" => 400,
        _ => 500,
    })
}

/// Returns `true` if the URL is unknown to the server, as opposed to an unknown model.
pub(super) fn is_unknown_url(provider_message: Option<&str>) -> bool {
    let provider_message = provider_message.unwrap_or_default().to_lowercase();
    !["model", "deployment", "engine", "endpoints found"].iter().any(|word| provider_message.contains(word))
}

/// Joins the provider's error code and message, as far as they are known.
pub(super) fn describe_error(body: &Value, provider_message: Option<String>) -> String {
    match (error_code(body), provider_message) {
        (Some(code), Some(message)) if !message.contains(&code) => format!("{code}: {message}"),
        (_, Some(message)) => message,
        (Some(code), None) => code,
        (None, None) => "no reason was given".to_owned(),
    }
}

/// Returns the provider's error code or type, if it is a single word.
fn error_code(body: &Value) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let code = ["/error/status", "/error/code", "/error/type", "/code", "/type"]
        .into_iter()
        .filter_map(|pointer| text(body.pointer(pointer)?))
        .find(|code| !code.is_empty());
    code.filter(|code| is_code_word(code))
}

/// Returns `true` if a text is a single word like an error code, which is safe to show.
pub(in crate::llm) fn is_code_word(text: &str) -> bool {
    text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}
