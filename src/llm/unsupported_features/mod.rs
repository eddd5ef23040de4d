//! Features that a model does not support. They are recognized in the provider's error, recorded,
//! and no longer sent to that model.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::http::parse_json;

/// Tool call ids other than nine letters and digits.
pub(super) const LONG_CALL_IDS: &str = "tool_call_id";
/// Assistant messages without `reasoning_content`.
pub(super) const MISSING_REASONING: &str = "messages without reasoning_content";
/// The system role.
pub(super) const SYSTEM_ROLE: &str = "system";

/// Optional parameters of a request, by their names in the three APIs.
const PARAMETERS: &[&str] =
    &["max_tokens", "max_completion_tokens", "temperature", "stream", "maxOutputTokens"];
/// Error codes for an unknown parameter or an unsupported value.
const CODES: &[&str] =
    &["unsupported_parameter", "unsupported_value", "unknown_parameter", "extra_forbidden"];
/// Phrases for the same errors. Values that are too large are not included.
const PHRASES: &[&str] = &[
    "unsupported",
    "not supported",
    "unrecognized",
    "unknown",
    "extra inputs",
    "extra fields",
    "extra_forbidden",
    "not permitted",
    "not allowed",
    "not support",
    "n't support",
    "deprecated",
    "only the default",
    "only 1 is allowed",
    "may only be set to 1",
    "must be verified to stream",
    "not a valid field",
    "not valid for this model",
    "not recognized",
    "not recognised",
    "unexpected keyword",
    "cannot be used",
    "not accept",
    "n't accept",
    "不支持",
    "cannot find field",
];

/// The names of features that are omitted from requests.
#[derive(Debug, Clone, Default)]
pub(super) struct UnsupportedFeatures(BTreeSet<String>);

impl UnsupportedFeatures {
    /// Returns `true` if a feature is not supported.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Records an unsupported feature.
    pub(super) fn note(&mut self, name: String) {
        self.0.insert(name);
    }
}

/// Returns the feature of a request that an error rejects, if the request can do without it.
pub(super) fn unsupported_feature(sent: &Value, status: u16, body: &[u8]) -> Option<String> {
    // Some servers report template errors as internal errors, others as a model that was not found.
    if !matches!(status, 400 | 404 | 422 | 500) {
        return None;
    }
    let json = parse_json(body).unwrap_or_default();
    let mut text = String::new();
    match &json {
        Value::Null => text.push_str(&String::from_utf8_lossy(body)),
        json => collect_strings(json, &mut text),
    }
    let text = text.to_lowercase();
    if text.contains("tool call id") && text.contains("length of 9") {
        return Some(LONG_CALL_IDS.to_owned());
    }
    if rejects_system_role(&text) {
        return Some(SYSTEM_ROLE.to_owned());
    }
    // LiteLLM's errors keep the name of the original error.
    if status == 500 && !["badrequesterror", "unsupportedparamserror"].iter().any(|name| text.contains(name))
    {
        return None;
    }
    if let Some(limit) = other_token_limit(sent, &text) {
        return Some(limit.to_owned());
    }
    if requires_reasoning(sent, &text) {
        return Some(MISSING_REASONING.to_owned());
    }
    let code = json.pointer("/error/code").or_else(|| json.get("code")).and_then(Value::as_str);
    let says =
        code.is_some_and(|code| CODES.contains(&code)) || PHRASES.iter().any(|phrase| text.contains(phrase));
    let param = json
        .pointer("/error/param")
        .or_else(|| json.get("param"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let named = |name: &&str| match param {
        "" => has_word(&text, &name.to_lowercase()),
        param => param == *name || param.ends_with(&format!(".{name}")),
    };
    let names = optional_features(sent);
    let name = names.iter().map(String::as_str).filter(|_| says).find(named)?;
    Some(name.to_owned())
}

/// Returns `true` if the system role is rejected, as by the chat templates of Gemma and by OpenAI's
/// first o-models.
fn rejects_system_role(text: &str) -> bool {
    ["system role not supported", "system role is not supported", "developer instruction is not enabled"]
        .iter()
        .any(|words| text.contains(words))
        || (text.contains("does not support 'system'") && text.contains("role"))
}

/// Returns the name of the token limit in the request, if the error asks for the other name.
fn other_token_limit(sent: &Value, text: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 2] =
        [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")];
    let is_value = ["too large", "at most", "exceed", "maximum", "less than", "greater than"];
    let asks = |(name, other): &(&str, &str)| sent.get(*name).is_some() && has_word(text, other);
    let (name, _) = NAMES.into_iter().find(asks)?;
    (!is_value.iter().any(|words| text.contains(words))).then_some(name)
}

/// Returns `true` if the error asks for `reasoning_content`. DeepSeek and Kimi in thinking mode
/// require it in every turn with tools, but the reasoning of earlier turns is not stored.
fn requires_reasoning(sent: &Value, text: &str) -> bool {
    let messages = sent.get("messages").and_then(Value::as_array);
    let is_without = |message: &Value| {
        message["role"] == "assistant" && message["reasoning_content"].as_str().is_none_or(str::is_empty)
    };
    messages.is_some_and(|messages| messages.iter().any(is_without))
        && (text.contains("reasoning_content") || text.contains("reasoning content"))
        && ["missing", "must be passed back", "must be provided", "requires reasoning_content", "is required"]
            .iter()
            .any(|words| text.contains(words))
}

/// Returns the names of all features of a request that can be omitted.
fn optional_features(sent: &Value) -> Vec<String> {
    let generation = sent.get("generationConfig").unwrap_or(&Value::Null);
    let has = |name: &&&str| sent.get(**name).is_some() || generation.get(**name).is_some();
    let parameters = PARAMETERS.iter().filter(has).map(|name| (*name).to_owned());
    let messages = sent.get("messages").and_then(Value::as_array).into_iter().flatten();
    let calls =
        |message: &Value| message.get("tool_calls").and_then(Value::as_array).cloned().unwrap_or_default();
    let echoed = messages.flat_map(|message| {
        let own = message.as_object().into_iter().flat_map(|message| message.keys().cloned());
        let of_calls = calls(message).into_iter().flat_map(|call| {
            call.as_object().into_iter().flat_map(|call| call.keys().cloned()).collect::<Vec<_>>()
        });
        own.chain(of_calls).collect::<Vec<_>>()
    });
    const PLAIN: [&str; 7] = ["role", "content", "tool_calls", "tool_call_id", "id", "type", "function"];
    let echoed: BTreeSet<String> = echoed.filter(|name| !PLAIN.contains(&name.as_str())).collect();
    parameters.chain(echoed).collect()
}

/// Concatenates all strings of an error body.
fn collect_strings(json: &Value, text: &mut String) {
    match json {
        Value::String(string) => {
            text.push_str(string);
            text.push(' ');
        }
        Value::Array(items) => items.iter().for_each(|item| collect_strings(item, text)),
        Value::Object(object) => object.values().for_each(|value| collect_strings(value, text)),
        _ => {}
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(inner) && !text[at + word.len()..].starts_with(inner))
}

#[cfg(test)]
mod tests;
