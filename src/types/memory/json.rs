//! Memories and queries as JSON.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::json;
use crate::types::memory::{DEFAULT_LIMIT, Direction, Memory, MemoryQuery, MemoryType, OrderBy, timestamp};
use crate::types::message::{Channel, Role};

/// Parses a memory from the output of `JSON.stringify`.
pub(crate) fn read_memory(json: &str) -> Result<Memory> {
    json::read(json).map_err(|problem| problem.into_error(Error::memory))
}

/// Parses an array of memories.
pub(crate) fn read_memories(json: &str) -> Result<Vec<Memory>> {
    json::read(json).map_err(|problem| problem.into_error(Error::memory))
}

/// Parses an array of memories, each one independently.
pub(crate) fn read_each(json: &str) -> Result<Vec<Result<Memory>>> {
    let memories: Vec<&RawValue> = serde_json::from_str(json)
        .map_err(|error| Error::Internal(format!("the memories are not a JSON array: {error}")))?;
    Ok(memories.into_iter().map(|memory| read_memory(memory.get())).collect())
}

/// Parses a search query from the output of `JSON.stringify`.
pub(crate) fn read_query(json: &str) -> Result<MemoryQuery> {
    let query: Query = json::read(json).map_err(|problem| problem.into_error(Error::query))?;
    query.try_into()
}

/// `limit` written by [`query_json`] for an unlimited query; the maximum that databases accept.
const NO_LIMIT: u32 = i32::MAX as u32;

/// Serialises a search query for a custom storage; unset filters are absent.
pub(crate) fn query_json(query: &MemoryQuery) -> Value {
    let time = |time: &DateTime<Utc>| json!(time.timestamp_millis());
    let fields = [
        ("keywords", (!query.keywords.is_empty()).then(|| json!(query.keywords))),
        ("type", (!query.kinds.is_empty()).then(|| json!(query.kinds))),
        ("channel", query.channel.as_ref().map(|channel| json!(channel))),
        ("conversationId", query.conversation_id.as_ref().map(|id| json!(id))),
        ("sessionMetadata", (!query.session_metadata.is_empty()).then(|| json!(query.session_metadata))),
        ("startDate", query.start.as_ref().map(time)),
        ("endDate", query.end.as_ref().map(time)),
        ("minImportance", query.min_importance.map(|importance| json!(importance))),
        ("role", query.role.as_ref().map(|role| json!(role))),
        ("limit", Some(json!(query.limit.unwrap_or(NO_LIMIT)))),
        ("offset", Some(json!(query.offset))),
        ("orderBy", Some(json!(query.order_by))),
        ("orderDirection", Some(json!(query.direction))),
    ];
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>().into()
}

/// Rejects numbers that are not counts.
pub(crate) fn count(field: &'static str, number: Option<f64>) -> Result<Option<u32>> {
    match number {
        None => Ok(None),
        Some(n) if n >= 0.0 && n.fract() == 0.0 && n <= 9_007_199_254_740_991.0 => Ok(Some(n as u32)),
        Some(_) => Err(Error::query(field, "must be a whole number, 0 or more")),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    keywords: Option<Vec<String>>,
    #[serde(rename = "type")]
    kinds: Option<OneOrMany>,
    channel: Option<Channel>,
    conversation_id: Option<String>,
    session_metadata: Option<Map<String, Value>>,
    start_date: Option<Time>,
    end_date: Option<Time>,
    min_importance: Option<f64>,
    role: Option<Role>,
    limit: Option<f64>,
    offset: Option<f64>,
    order_by: Option<OrderBy>,
    order_direction: Option<Direction>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "must be one of conversation, decision, error, tool_execution, system, or an array of them"
)]
enum OneOrMany {
    One(MemoryType),
    Many(Vec<MemoryType>),
}

impl From<OneOrMany> for Vec<MemoryType> {
    fn from(kinds: OneOrMany) -> Self {
        match kinds {
            OneOrMany::One(kind) => vec![kind],
            OneOrMany::Many(kinds) => kinds,
        }
    }
}

/// Filter of memories to prune.
#[derive(Deserialize)]
pub(crate) struct PruneOptions {
    before: Time,
    #[serde(rename = "type")]
    kinds: Option<OneOrMany>,
}

impl PruneOptions {
    /// Returns the time and the kinds.
    pub(crate) fn into_parts(self) -> (DateTime<Utc>, Option<Vec<MemoryType>>) {
        (self.before.0, self.kinds.map(Vec::from))
    }
}

/// A point in time in JSON: milliseconds since 1970.
#[derive(Deserialize)]
pub(crate) struct Time(#[serde(deserialize_with = "timestamp::deserialize")] DateTime<Utc>);

impl From<Time> for DateTime<Utc> {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl TryFrom<Query> for MemoryQuery {
    type Error = Error;

    fn try_from(query: Query) -> Result<Self> {
        // An empty list of types matches no memory.
        let nothing = matches!(&query.kinds, Some(OneOrMany::Many(kinds)) if kinds.is_empty());
        let limit = count("limit", query.limit)?.unwrap_or(DEFAULT_LIMIT);
        Ok(Self {
            keywords: query.keywords.unwrap_or_default(),
            kinds: query.kinds.map(Vec::from).unwrap_or_default(),
            channel: query.channel,
            conversation_id: query.conversation_id,
            session_metadata: query.session_metadata.unwrap_or_default(),
            start: query.start_date.map(|time| time.0),
            end: query.end_date.map(|time| time.0),
            min_importance: query.min_importance,
            role: query.role,
            limit: Some(if nothing { 0 } else { limit }),
            offset: count("offset", query.offset)?.unwrap_or_default(),
            order_by: query.order_by.unwrap_or_default(),
            direction: query.order_direction.unwrap_or_default(),
        })
    }
}
