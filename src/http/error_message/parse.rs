//! Extraction of the message from an error body of any service.

use serde_json::Value;

use crate::http::parse_json;

/// Maximum nesting. Error bodies nest because gateways put the provider's JSON into a string.
const MAX_DEPTH: usize = 6;

/// Returns the message of a body, if it has a human-readable one.
pub(super) fn read(body: &[u8]) -> Option<String> {
    match parse_json(body) {
        Ok(json) => message(&json, 0),
        Err(_) => plain(&String::from_utf8_lossy(body)),
    }
}

/// Returns the message in JSON of any provider: `{error:{message}}`, `{error:"…"}`, `{message}`,
/// `{detail:[{msg}]}`, Google's list, Anthropic's, and a gateway's string that holds one of these.
fn message(json: &Value, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let deeper = |value: &Value| message(value, depth + 1);
    match json {
        Value::String(text) => {
            let nested = text.trim_start().starts_with(['{', '[']).then(|| parse_json(text.as_bytes()).ok());
            nested.flatten().and_then(|json| deeper(&json)).or_else(|| plain(text))
        }
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().take(4).filter_map(deeper).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        Value::Object(object) => {
            let of = |key: &str| object.get(key).and_then(deeper);
            if let Some(text) = of("msg") {
                // A validator's message: the location is part of it.
                let place = object.get("loc").and_then(Value::as_array).into_iter().flatten();
                let place: Vec<String> =
                    place.map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect();
                return Some(if place.is_empty() { text } else { format!("{}: {text}", place.join(".")) });
            }
            let raw = object.get("metadata").and_then(|metadata| metadata.get("raw")).and_then(deeper);
            let said = [
                "message",
                "Message",
                "error_description",
                "detail",
                "error",
                "errors",
                "title",
                "error_msg",
                "status_msg",
                "base_resp",
            ];
            let said = said.into_iter().find_map(of);
            let said = match (object.get("error"), said) {
                (Some(Value::String(code)), Some(text)) if *code != text => Some(format!("{code}: {text}")),
                (_, said) => said,
            };
            match (said, raw) {
                (Some(said), Some(raw)) => Some(format!("{said}: {raw}")),
                (said, raw) => said.or(raw),
            }
        }
        _ => None,
    }
}

/// Returns the text if it is human-readable: not empty, and not HTML.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && !text.starts_with('<')).then(|| text.to_owned())
}
