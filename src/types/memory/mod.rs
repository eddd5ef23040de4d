//! Memories and memory queries: the types, and the validation rules for every storage.

// JSON is needed only by the binding and its tests.
#[cfg(any(feature = "node", test, fuzzing))]
#[cfg_attr(not(feature = "node"), allow(dead_code))]
pub(crate) mod json;
mod lazy_json;

pub use lazy_json::LazyJson;

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::types::message::{Channel, Role, ToolCall, string_enum};

string_enum! {
    /// The kind of a memory.
    MemoryType {
        /// A message of a conversation.
        Conversation = "conversation",
        /// A decision: customer data, a preference.
        Decision = "decision",
        /// A failure.
        Error = "error",
        /// A tool execution.
        ToolExecution = "tool_execution",
        /// A session event or outcome.
        System = "system",
    }
}

/// Maximum length of ids, conversation ids and `sessionMetadata` keys, in characters.
pub const MAX_ID_CHARS: usize = 512;
/// Maximum JSON nesting that every supported database can store.
pub const MAX_JSON_DEPTH: usize = 31;
/// Default `limit` of a query.
pub const DEFAULT_LIMIT: u32 = 100;
const MAX_KEYWORDS: usize = 100;
const MAX_KEYWORD_CHARS: usize = 1_000;

/// A memory of the agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// Unique id, 1 to 512 characters. Saving the same id again replaces the memory.
    pub id: String,
    /// Text of the message or decision.
    pub content: String,
    /// Time in UTC with millisecond precision, in the years 1000 to 9999.
    #[serde(with = "timestamp")]
    pub timestamp: DateTime<Utc>,
    /// Kind of the memory.
    #[serde(rename = "type")]
    pub kind: MemoryType,
    /// Importance from 1 (trivial) to 10 (never forget).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<i32>,
    /// Channel of the memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// conversationId, callSid, messageSid, status, duration, participants and more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_metadata: Option<LazyJson<Map<String, Value>>>,
    /// Speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// `{ id, name, parameters }` of a tool execution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call: Option<LazyJson>,
    /// `{ success, data?, error?, response? }` of a tool execution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_result: Option<LazyJson>,
    /// Custom data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<LazyJson>,
    /// `true` if a goal was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal_achieved: Option<bool>,
}

impl Memory {
    /// Creates a memory with the current time and a new UUIDv7 id.
    pub fn new(kind: MemoryType, content: impl Into<String>) -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            content: content.into(),
            timestamp: now(),
            kind,
            importance: None,
            channel: None,
            session_metadata: None,
            role: None,
            tool_call: None,
            tool_result: None,
            metadata: None,
            goal_achieved: None,
        }
    }

    /// Returns a field of `sessionMetadata`, if present.
    pub fn session(&self, key: &str) -> Option<&Value> {
        self.session_metadata.as_ref()?.get(key)
    }

    /// Returns the id of the conversation, if any.
    pub fn conversation_id(&self) -> Option<&str> {
        self.session("conversationId")?.as_str()
    }

    /// Returns a field of `metadata`, if present.
    pub fn meta(&self, key: &str) -> Option<&Value> {
        self.metadata.as_ref()?.get(key)
    }

    /// Adds fields to `sessionMetadata`.
    pub fn extend_session(&mut self, fields: impl IntoIterator<Item = (String, Value)>) {
        let mut session = self.session_metadata.take().map(LazyJson::into_value).unwrap_or_default();
        session.extend(fields);
        self.session_metadata = Some(session.into());
    }

    /// Adds fields to `metadata`.
    pub fn extend_metadata(&mut self, fields: impl IntoIterator<Item = (String, Value)>) {
        let mut metadata = match self.metadata.take().map(LazyJson::into_value) {
            Some(Value::Object(metadata)) => metadata,
            _ => Map::new(),
        };
        metadata.extend(fields);
        self.metadata = Some(metadata.into());
    }

    /// Returns the recorded tool call, if it has the known shape.
    pub fn parsed_tool_call(&self) -> Option<ToolCall> {
        ToolCall::deserialize(self.tool_call.as_deref()?).ok()
    }

    /// Rejects values that some supported database cannot store, before anything is written.
    pub fn validate(&self) -> Result<()> {
        check_id("id", &self.id).map_err(|reason| Error::memory("id", reason))?;
        check_text("id", &self.id)?;
        check_text("content", &self.content)?;
        check_timestamp(self.timestamp).map_err(|reason| Error::memory("timestamp", reason))?;
        if !self.kind.is_known() {
            return Err(Error::memory("type", one_of(MemoryType::VALUES)));
        }
        if self.channel.as_ref().is_some_and(|channel| !channel.is_known()) {
            return Err(Error::memory("channel", one_of(Channel::VALUES)));
        }
        if self.role.as_ref().is_some_and(|role| !role.is_known()) {
            return Err(Error::memory("role", one_of(Role::VALUES)));
        }
        if let Some(session) = &self.session_metadata {
            match session.get("conversationId") {
                None | Some(Value::Null) => {}
                Some(Value::String(id)) if id.chars().count() <= MAX_ID_CHARS => {}
                Some(_) => {
                    return Err(Error::memory(
                        "sessionMetadata",
                        format!(
                            "has a conversationId that is not a string of at most {MAX_ID_CHARS} characters"
                        ),
                    ));
                }
            }
            check_object("sessionMetadata", session, 1)?;
        }
        for (field, json) in
            [("toolCall", &self.tool_call), ("toolResult", &self.tool_result), ("metadata", &self.metadata)]
        {
            match json.as_deref() {
                None => {}
                Some(Value::Object(object)) => check_object(field, object, 1)?,
                Some(_) => return Err(Error::memory(field, "must be an object")),
            }
        }
        Ok(())
    }
}

/// Returns the current time with the precision that memories keep.
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}

/// Sort key of results. Ties keep the order of time, then of saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderBy {
    /// Time of the memory.
    #[default]
    Timestamp,
    /// Importance; memories without importance come last in both directions.
    Importance,
}

/// Sort direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Ascending: oldest or least important first.
    Asc,
    /// Descending: newest or most important first.
    #[default]
    Desc,
}

impl Direction {
    /// Compares by importance in this direction; memories without importance come last.
    pub(crate) fn cmp_importance(self, a: &Memory, b: &Memory) -> Ordering {
        let order = a.importance.cmp(&b.importance);
        let order = if self == Self::Desc { order.reverse() } else { order };
        a.importance.is_none().cmp(&b.importance.is_none()).then(order)
    }
}

/// A memory query. All filters must match; an absent filter matches everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MemoryQuery {
    /// Keywords, any of which occurs in `content`: literally, ignoring case, respecting accents.
    pub keywords: Vec<String>,
    /// Allowed kinds; empty allows all.
    pub kinds: Vec<MemoryType>,
    /// Exact channel.
    pub channel: Option<Channel>,
    /// Exact conversation id.
    pub conversation_id: Option<String>,
    /// Exact values of `sessionMetadata` fields.
    pub session_metadata: Map<String, Value>,
    /// Earliest time, inclusive.
    pub start: Option<DateTime<Utc>>,
    /// Latest time, inclusive.
    pub end: Option<DateTime<Utc>>,
    /// Minimum importance; memories without importance never match.
    pub min_importance: Option<f64>,
    /// Exact speaker.
    pub role: Option<Role>,
    /// Maximum number of results; `None` is unlimited.
    pub limit: Option<u32>,
    /// Number of results to skip.
    pub offset: u32,
    /// Sort key.
    pub order_by: OrderBy,
    /// Sort direction.
    pub direction: Direction,
}

impl MemoryQuery {
    /// Returns a query for one whole conversation, oldest first.
    pub fn conversation(id: impl Into<String>) -> Self {
        Self { conversation_id: Some(id.into()), direction: Direction::Asc, ..Self::default() }
    }

    /// Returns a query for the newest `limit` memories.
    pub fn newest(limit: u32) -> Self {
        Self { limit: Some(limit), ..Self::default() }
    }

    /// Rejects queries that storages would not all answer alike.
    pub fn validate(&self) -> Result<()> {
        if self.keywords.len() > MAX_KEYWORDS {
            return Err(Error::query("keywords", format!("has more than {MAX_KEYWORDS} entries")));
        }
        for keyword in &self.keywords {
            if keyword.chars().count() > MAX_KEYWORD_CHARS {
                return Err(Error::query(
                    "keywords",
                    format!("has an entry longer than {MAX_KEYWORD_CHARS} characters"),
                ));
            }
            check_text("keywords", keyword)?;
        }
        if self.kinds.iter().any(|kind| !kind.is_known()) {
            return Err(Error::query("type", one_of(MemoryType::VALUES)));
        }
        if self.channel.as_ref().is_some_and(|channel| !channel.is_known()) {
            return Err(Error::query("channel", one_of(Channel::VALUES)));
        }
        if self.role.as_ref().is_some_and(|role| !role.is_known()) {
            return Err(Error::query("role", one_of(Role::VALUES)));
        }
        if let Some(id) = &self.conversation_id {
            check_text("conversationId", id)?;
        }
        for (key, value) in &self.session_metadata {
            if key.chars().count() > MAX_ID_CHARS {
                return Err(Error::query(
                    "sessionMetadata",
                    format!("has a key longer than {MAX_ID_CHARS} characters"),
                ));
            }
            check_text("sessionMetadata", key)?;
            match value {
                Value::Array(_) | Value::Object(_) => {
                    return Err(Error::query(
                        "sessionMetadata",
                        "filters by strings, numbers, booleans and null; not by arrays or objects",
                    ));
                }
                Value::String(text) => check_text("sessionMetadata", text)?,
                _ => {}
            }
        }
        for (field, time) in [("startDate", self.start), ("endDate", self.end)] {
            if let Some(time) = time {
                check_timestamp(time).map_err(|reason| Error::query(field, reason))?;
            }
        }
        if self.min_importance.is_some_and(|importance| !importance.is_finite()) {
            return Err(Error::query("minImportance", "must be a finite number"));
        }
        Ok(())
    }
}

/// Accepts ids of 1 to 512 characters.
pub(crate) fn check_id(name: &str, id: &str) -> Result<(), String> {
    match id.chars().count() {
        0 => Err(format!("is empty; {name} must have 1 to {MAX_ID_CHARS} characters")),
        n if n > MAX_ID_CHARS => Err(format!("has {n} characters; {name} must have 1 to {MAX_ID_CHARS}")),
        _ => Ok(()),
    }
}

/// Rejects NUL, which PostgreSQL cannot store. (UTF-8 already excludes lone surrogates.)
pub(crate) fn check_text(field: &'static str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::UnsupportedText { field: field.to_owned(), what: "a NUL character (\\u0000)" });
    }
    Ok(())
}

/// Accepts the years that every database can store.
pub(crate) fn check_timestamp(time: DateTime<Utc>) -> Result<(), String> {
    use chrono::Datelike;
    if (1000..=9999).contains(&time.year()) {
        Ok(())
    } else {
        Err("must be a date in the years 1000 to 9999".to_owned())
    }
}

fn check_object(field: &'static str, object: &Map<String, Value>, depth: usize) -> Result<()> {
    if depth > MAX_JSON_DEPTH {
        return Err(Error::JsonTooDeep { field: field.to_owned() });
    }
    for (key, value) in object {
        check_text(field, key)?;
        check_json(field, value, depth)?;
    }
    Ok(())
}

fn check_json(field: &'static str, value: &Value, depth: usize) -> Result<()> {
    match value {
        Value::String(text) => check_text(field, text),
        Value::Object(object) => check_object(field, object, depth + 1),
        Value::Array(_) if depth + 1 > MAX_JSON_DEPTH => Err(Error::JsonTooDeep { field: field.to_owned() }),
        Value::Array(items) => items.iter().try_for_each(|item| check_json(field, item, depth + 1)),
        _ => Ok(()),
    }
}

fn one_of(words: &[&str]) -> String {
    format!("must be one of {}", words.join(", "))
}

/// Serialises times as integer milliseconds since 1970. ISO 8601 strings are accepted too.
pub(crate) mod timestamp {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Time {
        Millis(f64),
        Iso(String),
    }

    pub(crate) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(time.timestamp_millis())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let millis =
            match Time::deserialize(deserializer).map_err(|_| D::Error::custom("must be a valid Date"))? {
                Time::Millis(millis) if millis.is_finite() => millis as i64,
                Time::Millis(_) => return Err(D::Error::custom("must be a valid Date")),
                Time::Iso(text) => DateTime::parse_from_rfc3339(&text)
                    .map_err(|_| D::Error::custom("must be a valid Date"))?
                    .timestamp_millis(),
            };
        DateTime::from_timestamp_millis(millis).ok_or_else(|| D::Error::custom("must be a valid Date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(depth: usize) -> Value {
        (1..depth).fold(json!({}), |inner, _| json!({ "a": inner }))
    }

    fn memory_with(metadata: Value) -> Memory {
        Memory { metadata: Some(metadata.into()), ..Memory::new(MemoryType::System, "x") }
    }

    #[test]
    fn accepts_json_up_to_31_levels() {
        assert!(memory_with(nested(31)).validate().is_ok());
        assert_eq!(memory_with(nested(32)).validate().unwrap_err().code(), "JSON_TOO_DEEP");
    }

    #[test]
    fn rejects_nul_in_text_keys_and_values() {
        for json in [json!({ "a\0": 1 }), json!({ "a": ["\0"] })] {
            assert_eq!(memory_with(json).validate().unwrap_err().code(), "UNSUPPORTED_TEXT");
        }
        let memory = Memory::new(MemoryType::System, "a\0b");
        assert_eq!(memory.validate().unwrap_err().code(), "UNSUPPORTED_TEXT");
    }

    #[test]
    fn limits_ids_by_characters() {
        let mut memory = Memory::new(MemoryType::System, "x");
        memory.id = "é".repeat(512);
        assert!(memory.validate().is_ok());
        memory.id.push('é');
        assert_eq!(memory.validate().unwrap_err().code(), "INVALID_MEMORY");
        memory.id.clear();
        assert_eq!(memory.validate().unwrap_err().code(), "INVALID_MEMORY");
    }

    #[test]
    fn reads_unknown_values_but_does_not_write_them() {
        let memory = Memory::new(MemoryType::from("note"), "x");
        assert_eq!(memory.kind.as_str(), "note");
        assert_eq!(memory.validate().unwrap_err().code(), "INVALID_MEMORY");
    }
}
