//! Conversion of JSON Schema to Gemini's `Schema`, which rejects unknown keywords. Lost constraints
//! are checked when the tool is called.

use serde_json::{Map, Value, json};

/// Maximum depth of references and nested schemas. Deeper ones become an arbitrary object.
const MAX_DEPTH: usize = 16;
/// Keywords with the same meaning in both.
const SHARED_KEYWORDS: &[&str] = &[
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

/// Converts a tool's parameters. Returns `None` if there are none.
pub(super) fn parameters(schema: &Value) -> Option<Value> {
    let schema = convert(schema, schema, 0);
    schema["properties"].as_object().is_some_and(|properties| !properties.is_empty()).then_some(schema)
}

fn convert(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return json!({ "type": "OBJECT" });
    }
    let Some(given) = schema.as_object() else { return json!({ "type": "STRING" }) };
    let mut given = flatten(given, root, depth);
    let (any, one) = (given.remove("anyOf"), given.remove("oneOf"));
    // Parameters must be an object, so what its alternatives require is only checked at the call.
    let is_whole = depth == 0 && given.contains_key("properties");
    if let Some(Value::Array(choices)) = any.or(one).filter(|_| !is_whole) {
        let (nulls, choices): (Vec<Value>, Vec<Value>) =
            choices.into_iter().partition(|choice| choice["type"] == "null");
        let choices = choices.into_iter().map(|choice| match choice {
            Value::Object(choice) => convert(&Value::Object(merged(given.clone(), choice)), root, depth + 1),
            other => convert(&other, root, depth + 1),
        });
        return any_of(choices, !nulls.is_empty());
    }
    let out: Map<String, Value> = SHARED_KEYWORDS
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), given.get(*key)?.clone())))
        .collect();
    let (types, nullable) = types(&given);
    any_of(types.iter().map(|kind| typed(kind, &given, out.clone(), root, depth)), nullable)
}

/// Returns a schema of alternatives. Each has all keywords of its own, because Gemini rejects
/// `anyOf` beside other keywords.
fn any_of(choices: impl Iterator<Item = Value>, nullable: bool) -> Value {
    let mut choices: Vec<Value> = choices
        .flat_map(|mut choice| match choice.as_object_mut().and_then(|choice| choice.remove("anyOf")) {
            Some(Value::Array(inner)) => inner,
            _ => vec![choice],
        })
        .collect();
    if nullable {
        choices.iter_mut().for_each(|choice| choice["nullable"] = json!(true));
    }
    match choices.as_mut_slice() {
        [only] => only.take(),
        _ => json!({ "anyOf": choices }),
    }
}

/// Resolves `$ref` and merges `allOf` into the schema.
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

/// Merges two schemas. Properties and required names are joined; other keywords of `over` take
/// precedence.
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

/// Returns the types without `null`, and `true` if `null` is allowed.
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

/// Returns the values of `enum` or `const`.
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
            // Gemini supports `enum` for strings only, so other values go into the description.
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
    fn converts_keywords_that_gemini_rejects() {
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
                "either": { "description": "Either", "anyOf": [
                    { "type": "string" }, { "type": ["integer", "null"] }
                ] },
                "several": { "type": ["string", "boolean"], "description": "Several" },
                "contact": { "type": "object", "properties": { "phone": { "type": "string" } },
                    "anyOf": [{ "required": ["phone"] }, { "properties": { "id": { "type": "string" } } }] },
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
                    "either": { "anyOf": [
                        { "type": "STRING", "description": "Either" },
                        { "type": "INTEGER", "description": "Either", "nullable": true }
                    ] },
                    "several": { "anyOf": [
                        { "type": "STRING", "description": "Several" },
                        { "type": "BOOLEAN", "description": "Several" }
                    ] },
                    "contact": { "anyOf": [
                        { "type": "OBJECT", "properties": { "phone": { "type": "STRING" } },
                          "required": ["phone"] },
                        { "type": "OBJECT", "properties": {
                            "phone": { "type": "STRING" }, "id": { "type": "STRING" } } }
                    ] },
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
    fn keeps_parameters_that_have_alternatives() {
        let schema = json!({
            "type": "object",
            "properties": { "email": { "type": "string" }, "phone": { "type": "string" } },
            "anyOf": [{ "required": ["email"] }, { "required": ["phone"] }]
        });
        let names = parameters(&schema).unwrap()["properties"].as_object().unwrap().len();
        assert_eq!(names, 2);
    }

    #[test]
    fn omits_empty_parameters_and_stops_at_circular_references() {
        assert_eq!(parameters(&json!({ "type": "object", "properties": {} })), None);
        assert_eq!(parameters(&json!({ "type": "object" })), None);
        let node = json!({ "type": "object", "properties": { "next": { "$ref": "#" } } });
        assert_eq!(parameters(&node).unwrap()["properties"]["next"]["type"], "OBJECT");
        let itself = json!({ "$ref": "#" });
        assert_eq!(parameters(&itself), None);
    }
}
