use serde_json::json;

use super::*;

/// Lists providers' errors: the source, the request, the status, the body, and the feature that
/// must be omitted.
fn unsupported_features() -> Vec<(&'static str, Value, u16, Value, Option<&'static str>)> {
    let limit = json!({ "max_tokens": 9 });
    let newer = json!({ "max_completion_tokens": 9 });
    let warm = json!({ "temperature": 0.2 });
    let thoughts = json!({ "messages": [{ "role": "assistant", "content": "x", "reasoning_content": "y" }] });
    let forgotten = json!({ "messages": [{ "role": "assistant", "content": "x", "reasoning_content": "" }] });
    let openai = |code: &str, param: &str, message: &str| json!({ "error": { "code": code, "param": param, "message": message, "type": "invalid_request_error" } });
    let says = |message: &str| json!({ "error": { "message": message, "type": "invalid_request_error" } });
    vec![
        (
            "OpenAI o1 and later",
            limit.clone(),
            400,
            openai(
                "unsupported_parameter",
                "max_tokens",
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            ),
            Some("max_tokens"),
        ),
        (
            "a gateway that says no more",
            limit.clone(),
            400,
            openai("unsupported_parameter", "max_tokens", "x"),
            Some("max_tokens"),
        ),
        (
            "a gateway that advises",
            limit.clone(),
            400,
            says("Use max_completion_tokens, not max_tokens"),
            Some("max_tokens"),
        ),
        (
            "a gateway that asks",
            limit.clone(),
            400,
            says("this model requires max_completion_tokens"),
            Some("max_tokens"),
        ),
        ("an older server", newer.clone(), 400, says("Please use max_tokens"), Some("max_completion_tokens")),
        (
            "FastAPI's models",
            limit.clone(),
            400,
            says("create() got an unexpected keyword argument 'max_tokens'"),
            Some("max_tokens"),
        ),
        ("a gateway in Chinese", limit.clone(), 400, says("max_tokens 参数不支持"), Some("max_tokens")),
        (
            "LiteLLM, as a failure of its own",
            limit.clone(),
            500,
            says(
                "litellm.BadRequestError: Unsupported parameter: 'max_tokens' is not supported with this model.",
            ),
            Some("max_tokens"),
        ),
        (
            "a limit that is too large, by both names",
            limit.clone(),
            400,
            says("max_tokens (or max_completion_tokens) exceeds the context"),
            None,
        ),
        (
            "OpenAI, older models",
            newer.clone(),
            400,
            says("Unrecognized request argument supplied: max_completion_tokens"),
            Some("max_completion_tokens"),
        ),
        (
            "Mistral",
            newer.clone(),
            422,
            json!({ "detail": [{ "type": "extra_forbidden", "loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted", "input": 9 }] }),
            Some("max_completion_tokens"),
        ),
        (
            "Mistral, before 2025",
            newer.clone(),
            422,
            json!({ "object": "error", "message": { "detail": [{ "loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted" }] } }),
            Some("max_completion_tokens"),
        ),
        (
            "OpenAI gpt-5",
            warm.clone(),
            400,
            openai(
                "unsupported_value",
                "temperature",
                "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
            ),
            Some("temperature"),
        ),
        (
            "LiteLLM",
            warm.clone(),
            400,
            says(
                "litellm.UnsupportedParamsError: gpt-5 models (including gpt-5-codex) don't support temperature=0.2. Only temperature=1 is supported.",
            ),
            Some("temperature"),
        ),
        (
            "Moonshot",
            warm.clone(),
            400,
            says("invalid temperature: only 1 is allowed for this model"),
            Some("temperature"),
        ),
        (
            "Anthropic",
            warm.clone(),
            400,
            json!({ "type": "error", "error": { "type": "invalid_request_error", "message": "`temperature` is deprecated for this model." } }),
            Some("temperature"),
        ),
        (
            "Anthropic with thinking",
            warm.clone(),
            400,
            json!({ "type": "error", "error": { "type": "invalid_request_error", "message": "`temperature` may only be set to 1 when thinking is enabled." } }),
            Some("temperature"),
        ),
        (
            "Google",
            json!({ "generationConfig": { "maxOutputTokens": 9 } }),
            400,
            json!({ "error": { "code": 400, "message": "Invalid JSON payload received. Unknown name \"maxOutputTokens\" at 'generation_config': Cannot find field.", "status": "INVALID_ARGUMENT" } }),
            Some("maxOutputTokens"),
        ),
        (
            "Google's compatible endpoint",
            newer.clone(),
            400,
            json!([{ "error": { "code": 400, "message": "Unknown name \"max_completion_tokens\": Cannot find field.", "status": "INVALID_ARGUMENT" } }]),
            Some("max_completion_tokens"),
        ),
        (
            "Groq (gptel #774)",
            thoughts.clone(),
            400,
            says(
                "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
            ),
            Some("reasoning_content"),
        ),
        (
            "Groq (vercel/ai #8056)",
            json!({ "messages": [{ "reasoning": "y" }] }),
            400,
            says("`messages[3].reasoning`: reasoning is not supported with this model"),
            Some("reasoning"),
        ),
        (
            "OpenAI, organisations that are not verified",
            json!({ "stream": true }),
            400,
            openai("unsupported_value", "stream", "Your organization must be verified to stream this model."),
            Some("stream"),
        ),
        (
            "Mistral (mistral-vibe #1075)",
            json!({}),
            400,
            json!({ "object": "error", "message": "Tool call id was ee61e87d but must be a-z, A-Z, 0-9, with a length of 9.", "code": "3280" }),
            Some(LONG_CALL_IDS),
        ),
        (
            "omlx #1997",
            json!({}),
            500,
            json!("Tool call id was call_49 but must be a-z, A-Z, 0-9, with a length of 9"),
            Some(LONG_CALL_IDS),
        ),
        (
            "llama.cpp with Gemma 2",
            json!({}),
            500,
            says("Jinja Exception: System role not supported"),
            Some(SYSTEM_ROLE),
        ),
        (
            "Gemma at Google",
            json!({}),
            400,
            json!({ "error": { "code": 400, "message": "Developer instruction is not enabled for models/gemma-3-27b-it", "status": "INVALID_ARGUMENT" } }),
            Some(SYSTEM_ROLE),
        ),
        (
            "OpenAI o1-mini",
            json!({}),
            400,
            openai(
                "unsupported_value",
                "messages[0].role",
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            ),
            Some(SYSTEM_ROLE),
        ),
        (
            "DeepSeek V4",
            forgotten.clone(),
            400,
            says("The `reasoning_content` in the thinking mode must be passed back to the API."),
            Some(MISSING_REASONING),
        ),
        (
            "DeepSeek V3.2 (GitNexus #43)",
            forgotten.clone(),
            400,
            says("Missing `reasoning_content` field in the assistant message at message index 2."),
            Some(MISSING_REASONING),
        ),
        (
            "Kimi K2.5 (nanobot #2579)",
            forgotten.clone(),
            400,
            says(
                "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
            ),
            Some(MISSING_REASONING),
        ),
        (
            "Kimi, thoughts kept (kimi-cli #2498)",
            forgotten.clone(),
            400,
            says(
                "preserved thinking (thinking.keep=all) requires reasoning_content on every assistant message, but assistant message at index 6 is missing reasoning_content",
            ),
            Some(MISSING_REASONING),
        ),
        // Errors that the developer must fix, or that would occur again.
        (
            "DeepSeek wants more than it gave",
            thoughts.clone(),
            400,
            says("The `reasoning_content` in the thinking mode must be passed back to the API."),
            None,
        ),
        (
            "too large a limit",
            limit.clone(),
            400,
            openai(
                "invalid_value",
                "max_tokens",
                "max_tokens is too large: 9. This model supports at most 4 completion tokens.",
            ),
            None,
        ),
        (
            "another part",
            warm.clone(),
            400,
            openai("unsupported_parameter", "top_p", "Unsupported parameter: 'top_p'"),
            None,
        ),
        (
            "Ollama without tools",
            json!({ "tools": [] }),
            400,
            says("registry.ollama.ai/library/gemma:2b does not support tools"),
            None,
        ),
        (
            "DeepSeek wants less",
            thoughts,
            400,
            says("`reasoning_content` is not allowed, remove it"),
            Some("reasoning_content"),
        ),
        (
            "the name within another",
            limit.clone(),
            400,
            says("Unsupported parameter: max_tokens_to_sample"),
            None,
        ),
        ("a failure", limit, 500, openai("unsupported_parameter", "max_tokens", "x"), None),
    ]
}

#[test]
fn recognizes_unsupported_features_in_error_messages() {
    for (source, sent, status, body, name) in unsupported_features() {
        assert_eq!(
            unsupported_feature(&sent, status, body.to_string().as_bytes()).as_deref(),
            name,
            "{source}"
        );
    }
    let text = b"Unsupported parameter: max_tokens";
    assert_eq!(unsupported_feature(&json!({ "max_tokens": 9 }), 400, text).as_deref(), Some("max_tokens"));
}
