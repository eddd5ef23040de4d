//! Memories and queries as JSON.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::input;
use crate::memory::{DEFAULT_LIMIT, Direction, Memory, MemoryQuery, MemoryType, OrderBy, timestamp};
use crate::message::{Channel, Role};

/// A memory as `JSON.stringify` wrote it.
pub(crate) fn read_memory(json: &str) -> Result<Memory> {
    input::read(json).map_err(|problem| problem.into_error(Error::memory))
}

/// An array of memories.
pub(crate) fn read_memories(json: &str) -> Result<Vec<Memory>> {
    input::read(json).map_err(|problem| problem.into_error(Error::memory))
}

/// An array of memories of which each is read by itself.
pub(crate) fn read_each(json: &str) -> Result<Vec<Result<Memory>>> {
    let memories: Vec<&RawValue> = serde_json::from_str(json)
        .map_err(|error| Error::Internal(format!("the memories are no JSON array: {error}")))?;
    Ok(memories.into_iter().map(|memory| read_memory(memory.get())).collect())
}

/// A search query as `JSON.stringify` wrote it.
pub(crate) fn read_query(json: &str) -> Result<MemoryQuery> {
    let query: Query = input::read(json).map_err(|problem| problem.into_error(Error::query))?;
    query.try_into()
}

/// The most rows a query written by [`query_json`] asks for: what databases take for a limit, too.
const ALL: u32 = i32::MAX as u32;

/// A search query as the developer's own code is given it: what is not asked for is absent.
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
        ("limit", Some(json!(query.limit.unwrap_or(ALL)))),
        ("offset", Some(json!(query.offset))),
        ("orderBy", Some(json!(query.order_by))),
        ("orderDirection", Some(json!(query.direction))),
    ];
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>().into()
}

/// Refuses numbers that count nothing.
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
#[serde(untagged)]
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

/// Which memories are to be kept no longer.
#[derive(Deserialize)]
pub(crate) struct Old {
    before: Time,
    #[serde(rename = "type")]
    kinds: Option<OneOrMany>,
}

impl Old {
    /// What is older than that, of which kinds.
    pub(crate) fn into_parts(self) -> (DateTime<Utc>, Option<Vec<MemoryType>>) {
        (self.before.0, self.kinds.map(Vec::from))
    }
}

#[derive(Deserialize)]
struct Time(#[serde(deserialize_with = "timestamp::deserialize")] DateTime<Utc>);

impl TryFrom<Query> for MemoryQuery {
    type Error = Error;

    fn try_from(query: Query) -> Result<Self> {
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
            limit: Some(count("limit", query.limit)?.unwrap_or(DEFAULT_LIMIT)),
            offset: count("offset", query.offset)?.unwrap_or_default(),
            order_by: query.order_by.unwrap_or_default(),
            direction: query.order_direction.unwrap_or_default(),
        })
    }
}
