//! JSON Schema in the dialect of Gemini's `Schema`, which refuses keywords that it does not know. What gets lost here is
//! checked when the tool is called.

use serde_json::{Map, Value, json};

/// References and schemas nested deeper than this are any object.
const MAX_DEPTH: usize = 16;
/// Keywords that mean the same in both.
const KEPT: &[&str] = &[
    "title",
    "description",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
];

/// A tool's parameters; `None` when it has none.
pub(super) fn parameters(schema: &Value) -> Option<Value> {
    let schema = convert(schema, schema, 0);
    schema["properties"].as_object().is_some_and(|properties| !properties.is_empty()).then_some(schema)
}

fn convert(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return json!({ "type": "OBJECT" });
    }
    let Some(given) = schema.as_object() else { return json!({ "type": "STRING" }) };
    let given = &flatten(given, root, depth);
    let mut out: Map<String, Value> =
        KEPT.iter().filter_map(|key| Some(((*key).to_owned(), given.get(*key)?.clone()))).collect();
    let convert_all = |schemas: Vec<&Value>| -> Vec<Value> {
        schemas.into_iter().map(|schema| convert(schema, root, depth + 1)).collect()
    };
    let choices = given.get("anyOf").or_else(|| given.get("oneOf")).and_then(Value::as_array);
    if let Some(choices) = choices {
        let (nulls, choices): (Vec<&Value>, Vec<&Value>) =
            choices.iter().partition(|choice| choice["type"] == "null");
        match convert_all(choices).as_slice() {
            [Value::Object(only)] => out = merged(only.clone(), out),
            choices => {
                out.insert("anyOf".to_owned(), json!(choices));
            }
        }
        if !nulls.is_empty() {
            out.insert("nullable".to_owned(), json!(true));
        }
        return Value::Object(out);
    }
    let (types, nullable) = types(given);
    if nullable {
        out.insert("nullable".to_owned(), json!(true));
    }
    match types.as_slice() {
        [kind] => typed(kind, given, out, root, depth),
        several => {
            let choices = several.iter().map(|kind| typed(kind, given, Map::new(), root, depth));
            out.insert("anyOf".to_owned(), choices.collect());
            Value::Object(out)
        }
    }
}

/// The schema with what it refers to and all of `allOf` in it.
fn flatten(given: &Map<String, Value>, root: &Value, depth: usize) -> Map<String, Value> {
    let mut own = given.clone();
    let pointer = own.remove("$ref").and_then(|target| Some(target.as_str()?.strip_prefix('#')?.to_owned()));
    let target = pointer.and_then(|pointer| root.pointer(&pointer)).cloned();
    let all = own.remove("allOf");
    if depth >= MAX_DEPTH {
        return own;
    }
    let parts = all.as_ref().and_then(Value::as_array).into_iter().flatten();
    let parts = target.iter().chain(parts).filter_map(Value::as_object);
    let under = parts.fold(Map::new(), |under, part| merged(under, flatten(part, root, depth + 1)));
    merged(under, own)
}

/// Both; properties and required ones of either, everything else from `over` where both have it.
fn merged(mut under: Map<String, Value>, over: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (Some(Value::Array(known)), Value::Array(more)) if key == "required" => known.extend(more),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
    under
}

/// The types without `null`, and whether it was among them.
fn types(given: &Map<String, Value>) -> (Vec<String>, bool) {
    let types: Vec<&str> = match given.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ if given.contains_key("properties") => vec!["object"],
        _ if given.contains_key("items") => vec!["array"],
        _ => match allowed(given).first() {
            Some(Value::Number(_)) => vec!["number"],
            Some(Value::Bool(_)) => vec!["boolean"],
            _ => vec!["string"],
        },
    };
    let nullable = types.contains(&"null") || allowed(given).contains(&&Value::Null);
    let mut known: Vec<String> =
        types.into_iter().filter(|kind| *kind != "null").map(str::to_owned).collect();
    if known.is_empty() {
        known.push("string".to_owned());
    }
    (known, nullable)
}

/// The values of `enum` or `const`.
fn allowed(given: &Map<String, Value>) -> Vec<&Value> {
    match (given.get("enum"), given.get("const")) {
        (Some(Value::Array(values)), _) => values.iter().collect(),
        (_, Some(value)) => vec![value],
        _ => Vec::new(),
    }
}

fn typed(
    kind: &str,
    given: &Map<String, Value>,
    mut out: Map<String, Value>,
    root: &Value,
    depth: usize,
) -> Value {
    out.insert("type".to_owned(), json!(kind.to_ascii_uppercase()));
    let values: Vec<&Value> = allowed(given).into_iter().filter(|value| !value.is_null()).collect();
    let formats: &[&str] = match kind {
        "object" => {
            object(given, &mut out, root, depth);
            &[]
        }
        "array" => {
            let items = given.get("items").filter(|items| items.is_object());
            let items =
                items.map_or_else(|| json!({ "type": "STRING" }), |items| convert(items, root, depth + 1));
            out.insert("items".to_owned(), items);
            &[]
        }
        "string" => {
            if !values.is_empty() && values.iter().all(|value| value.is_string()) {
                out.insert("enum".to_owned(), json!(values));
            }
            &["date-time"]
        }
        _ => {
            // Only texts may be enumerated: of others the model is told in words.
            if !values.is_empty() {
                let known = out.get("description").and_then(Value::as_str).unwrap_or_default();
                let list: Vec<String> = values.iter().map(|value| value.to_string()).collect();
                let description = format!("{known} One of: {}.", list.join(", "));
                out.insert("description".to_owned(), json!(description.trim()));
            }
            &["int32", "int64", "float", "double"]
        }
    };
    if let Some(format) =
        given.get("format").and_then(Value::as_str).filter(|format| formats.contains(format))
    {
        out.insert("format".to_owned(), json!(format));
    }
    Value::Object(out)
}

fn object(given: &Map<String, Value>, out: &mut Map<String, Value>, root: &Value, depth: usize) {
    let Some(properties) = given.get("properties").and_then(Value::as_object) else { return };
    let required = given.get("required").and_then(Value::as_array).into_iter().flatten();
    let required: Vec<&Value> =
        required.filter(|name| name.as_str().is_some_and(|name| properties.contains_key(name))).collect();
    if !required.is_empty() {
        out.insert("required".to_owned(), json!(required));
    }
    let properties = properties.iter().map(|(name, schema)| (name.clone(), convert(schema, root, depth + 1)));
    out.insert("properties".to_owned(), Value::Object(properties.collect()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gemini_refuses_is_converted() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": false,
            "$defs": { "place": { "type": "object", "properties": { "city": { "type": "string" } } } },
            "properties": {
                "email": { "type": "string", "format": "email", "description": "Where to" },
                "at": { "type": ["string", "null"], "format": "date-time" },
                "stars": { "type": "integer", "enum": [1, 2], "exclusiveMinimum": 0, "description": "How many." },
                "size": { "enum": ["s", "m", null] },
                "kind": { "const": "x" },
                "from": { "$ref": "#/$defs/place", "description": "Start" },
                "to": { "oneOf": [{ "$ref": "#/$defs/place" }, { "type": "null" }] },
                "either": { "anyOf": [{ "type": "string" }, { "type": "number" }] },
                "many": { "type": "array", "items": { "type": "boolean" }, "uniqueItems": true },
                "both": { "allOf": [
                    { "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] },
                    { "properties": { "b": { "type": "integer" } }, "required": ["b"] }
                ] },
                "free": { "type": "object" },
                "any": true
            },
            "required": ["email", "gone"]
        });
        let place = json!({ "type": "OBJECT", "properties": { "city": { "type": "STRING" } } });
        let mut from = place.clone();
        from["description"] = json!("Start");
        let mut to = place;
        to["nullable"] = json!(true);
        assert_eq!(
            parameters(&schema).unwrap(),
            json!({
                "type": "OBJECT",
                "properties": {
                    "email": { "type": "STRING", "description": "Where to" },
                    "at": { "type": "STRING", "nullable": true, "format": "date-time" },
                    "stars": { "type": "INTEGER", "description": "How many. One of: 1, 2." },
                    "size": { "type": "STRING", "nullable": true, "enum": ["s", "m"] },
                    "kind": { "type": "STRING", "enum": ["x"] },
                    "from": from,
                    "to": to,
                    "either": { "anyOf": [{ "type": "STRING" }, { "type": "NUMBER" }] },
                    "many": { "type": "ARRAY", "items": { "type": "BOOLEAN" } },
                    "both": { "type": "OBJECT", "required": ["a", "b"],
                        "properties": { "a": { "type": "STRING" }, "b": { "type": "INTEGER" } } },
                    "free": { "type": "OBJECT" },
                    "any": { "type": "STRING" }
                },
                "required": ["email"]
            })
        );
    }

    #[test]
    fn no_arguments_are_no_parameters_and_a_circle_ends() {
        assert_eq!(parameters(&json!({ "type": "object", "properties": {} })), None);
        assert_eq!(parameters(&json!({ "type": "object" })), None);
        let node = json!({ "type": "object", "properties": { "next": { "$ref": "#" } } });
        assert_eq!(parameters(&node).unwrap()["properties"]["next"]["type"], "OBJECT");
        let itself = json!({ "$ref": "#" });
        assert_eq!(parameters(&itself), None);
    }
}
