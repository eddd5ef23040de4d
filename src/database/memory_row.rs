//! A row of the memory table as it is read: text by text, until somebody needs a [`Memory`].

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::database::dialect::Dialect;
use crate::database::layout::Layout;
use crate::database::schema::{ColumnType, MEMORY};
use crate::error::{Error, Result};
use crate::memory::{Memory, timestamp};

/// What a memory is read of; as JSON it is the memory.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemoryRow<'a> {
    id: &'a str,
    content: &'a str,
    #[serde(serialize_with = "timestamp::serialize")]
    timestamp: DateTime<Utc>,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    importance: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_metadata: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal_achieved: Option<bool>,
}

/// The columns of a SELECT that [`MemoryRow::read`] reads, each under a name of its own.
pub(crate) fn selected(dialect: Dialect, layout: &Layout) -> String {
    let columns = layout.columns(&MEMORY);
    let read =
        |name: &str| columns.iter().find(|column| column.name == name).map(|column| dialect.read(column));
    let id = match (read("external_id"), read("id").unwrap_or_default()) {
        // The name that callers gave it, unless the row is of others.
        (Some(external), id) => dialect.first_text(&external, &id),
        (None, id) => id,
    };
    let others = columns
        .iter()
        .filter(|column| {
            !matches!(column.kind, ColumnType::Id | ColumnType::Created) && column.name != "external_id"
        })
        .map(|column| dialect.read(column));
    let selected = std::iter::once(id).chain(others).enumerate();
    selected.map(|(n, column)| format!("{column} AS c{n}")).collect::<Vec<_>>().join(", ")
}

impl<'a> MemoryRow<'a> {
    /// Reads a row of [`selected`].
    pub fn read(dialect: Dialect, mut row: impl Iterator<Item = Option<&'a str>>) -> Result<Self> {
        let mut next = || row.next().flatten();
        let id = next().unwrap_or_default();
        Ok(Self {
            id,
            content: next().unwrap_or_default(),
            timestamp: next().and_then(|time| dialect.decode_time(time)).ok_or_else(|| {
                Error::DatabaseFailed {
                    action: "read a memory".into(),
                    reason: format!("the timestamp of row {id} is no date"),
                    cause: None,
                }
            })?,
            kind: next().unwrap_or_default(),
            importance: next().and_then(|importance| importance.parse::<f64>().ok()).map(|n| n as i32),
            channel: next(),
            session_metadata: json(next()).filter(|json| json.get().starts_with('{')),
            role: next(),
            tool_call: json(next()),
            tool_result: json(next()),
            metadata: json(next()),
            goal_achieved: next().map(|goal| dialect.decode_bool(goal)),
        })
    }

    /// The memory.
    pub fn into_memory(self) -> Memory {
        Memory {
            id: self.id.to_owned(),
            content: self.content.to_owned(),
            timestamp: self.timestamp,
            kind: self.kind.into(),
            importance: self.importance,
            channel: self.channel.map(Into::into),
            session_metadata: match value(self.session_metadata) {
                Some(Value::Object(fields)) => Some(fields),
                _ => None,
            },
            role: self.role.map(Into::into),
            tool_call: value(self.tool_call),
            tool_result: value(self.tool_result),
            metadata: value(self.metadata),
            goal_achieved: self.goal_achieved,
        }
    }
}

/// A JSON column; what is no JSON, and JSON `null`, are as good as none.
fn json(text: Option<&str>) -> Option<&RawValue> {
    serde_json::from_str::<&RawValue>(text?).ok().filter(|json| json.get() != "null")
}

fn value(json: Option<&RawValue>) -> Option<Value> {
    serde_json::from_str(json?.get()).ok()
}
