//! The content of a message: a text, or parts.

use serde_json::Value;

/// Joins the text of a content: a string, or the text parts of an array.
pub(super) fn text(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            parts.iter().filter(|part| !is_reasoning(part)).filter_map(part_text).collect()
        }
        Some(part @ Value::Object(_)) if !is_reasoning(part) => {
            part_text(part).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

fn part_text(part: &Value) -> Option<&str> {
    match part {
        Value::String(text) => Some(text),
        part => part.get("text").or_else(|| part.get("refusal"))?.as_str(),
    }
}

/// Returns `true` if a part of the content is reasoning.
pub(super) fn is_reasoning(part: &Value) -> bool {
    let kind = part["type"].as_str().unwrap_or_default();
    ["think", "thought", "reason"].iter().any(|word| kind.contains(word)) || part["thought"] == true
}
