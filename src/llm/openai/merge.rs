//! Merging of the pieces of a streamed message.

use serde_json::{Map, Value};

use super::transcript::is_not_empty;

/// Maximum number of reasoning details.
const MAX_DETAILS: usize = 4_096;

/// Merges a piece into a field. Texts are concatenated, lists are extended, and other values are
/// replaced.
pub(super) fn merge(fields: &mut Map<String, Value>, name: &str, piece: &Value) {
    let whole = ["signature", "encrypted", "opaque", "id", "type", "format", "index"];
    match (fields.get_mut(name), piece) {
        (_, Value::Null) => {}
        (Some(Value::String(text)), Value::String(piece)) => {
            if !whole.iter().any(|end| name.ends_with(end)) {
                text.push_str(piece);
            } else if !piece.is_empty() {
                text.clone_from(piece);
            }
        }
        (Some(Value::Object(fields)), Value::Object(pieces)) => {
            pieces.iter().for_each(|(name, piece)| merge(fields, name, piece));
        }
        (Some(Value::Array(items)), Value::Array(pieces)) => {
            pieces.iter().for_each(|piece| append(items, piece))
        }
        (None, Value::Array(pieces)) => {
            let mut items = Vec::new();
            pieces.iter().for_each(|piece| append(&mut items, piece));
            fields.insert(name.to_owned(), items.into());
        }
        _ => {
            fields.insert(name.to_owned(), piece.clone());
        }
    }
}

/// Appends an item to a list, or merges it into the last item if it continues that item. It does if
/// both have the same type and index. Without an index, it continues text without a signature.
pub(super) fn append(items: &mut Vec<Value>, piece: &Value) {
    let full = items.len() >= MAX_DETAILS;
    if let (Some(Value::Object(last)), Value::Object(pieces)) = (items.last_mut(), piece) {
        let same = |name: &str| last.get(name) == pieces.get(name);
        let told = |name: &str| last.get(name).is_some_and(is_not_empty);
        let same_id = same("id") || !told("id") || !pieces.get("id").is_some_and(is_not_empty);
        let is_text = ["text", "thinking", "summary"].iter().any(|name| last.contains_key(*name));
        let open = is_text && !told("signature");
        if same("type") && same("index") && same_id && (last.contains_key("index") || open) {
            return pieces.iter().for_each(|(name, piece)| merge(last, name, piece));
        }
    }
    if !full {
        items.push(piece.clone());
    }
}
