//! Vectors of memories, queries for the nearest ones, and their comparison.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::types::memory::Memory;
use crate::types::message::Channel;
use crate::types::visibility::{Viewer, is_shared, owner_field_variants, owner_fields_of};

/// The vector of a memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VectorEntry {
    /// Id of the memory.
    pub id: String,
    /// Vector of length 1, or zero.
    pub vector: Vec<f32>,
    /// Metadata for filters: `space`, `conversationId`, `channel`, `customerId`, `customerEmail`,
    /// `customerPhone`, `shared`.
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

/// A nearest-neighbour query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VectorQuery {
    /// Vector of length 1, or zero.
    pub vector: Vec<f32>,
    /// Maximum number of matches.
    pub limit: usize,
    /// Filter on the metadata.
    #[serde(default)]
    pub filter: VectorFilter,
}

/// A filter on vector metadata: fields must be equal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VectorFilter {
    /// Conditions that must all hold.
    pub all: Map<String, Value>,
    /// Alternatives, of which at least one must hold; ignored if empty.
    pub any_of: Vec<Map<String, Value>>,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VectorMatch {
    /// Id of the memory.
    pub id: String,
    /// Cosine similarity: 1 is the same direction, 0 is unrelated.
    pub score: f32,
}

impl VectorFilter {
    /// Creates a filter for vectors of a space that may be visible to a viewer. It may match too
    /// much, never too little: the memories found are checked again.
    pub fn new(
        space: &str,
        conversation_id: Option<&str>,
        channel: Option<&Channel>,
        viewer: Option<&Viewer>,
    ) -> Self {
        let mut all = field("space", json!(space));
        all.extend(conversation_id.map(|id| ("conversationId".to_owned(), json!(id))));
        all.extend(channel.map(|channel| ("channel".to_owned(), json!(channel))));
        let mut any_of = Vec::new();
        if let Some(viewer) = viewer {
            let fields = owner_field_variants(&viewer.customer).into_iter();
            any_of.extend(fields.map(|(key, value)| field(&key, value)));
            any_of.push(field("conversationId", json!(viewer.conversation_id)));
            any_of.extend(viewer.sdk_conversations.iter().map(|id| field("conversationId", json!(id))));
            any_of.push(field("shared", json!(true)));
        }
        Self { all, any_of }
    }

    /// Returns `true` if the metadata matches.
    pub fn matches(&self, metadata: &Map<String, Value>) -> bool {
        let holds = |fields: &Map<String, Value>| {
            fields.iter().all(|(key, value)| metadata.get(key).is_some_and(|given| given == value))
        };
        holds(&self.all) && (self.any_of.is_empty() || self.any_of.iter().any(holds))
    }
}

/// Returns the metadata of a memory's vector.
pub fn metadata(memory: &Memory, space: &str) -> Map<String, Value> {
    let mut metadata = field("space", json!(space));
    metadata.extend(memory.conversation_id().map(|id| ("conversationId".to_owned(), json!(id))));
    metadata.extend(memory.channel.as_ref().map(|channel| ("channel".to_owned(), json!(channel))));
    let text = owner_fields_of(memory).filter(|(_, value)| value.is_string());
    metadata.extend(text.map(|(key, value)| (key.to_owned(), value.clone())));
    if is_shared(memory) {
        metadata.insert("shared".to_owned(), json!(true));
    }
    metadata
}

fn field(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

/// Returns the cosine similarity of two vectors of length 1.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Returns the `limit` best matches without keeping all of them.
pub(crate) fn nearest(
    entries: impl Iterator<Item = VectorMatch>,
    known: Vec<VectorMatch>,
    limit: usize,
) -> Vec<VectorMatch> {
    let order = |a: &VectorMatch, b: &VectorMatch| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id));
    let mut best = known;
    for entry in entries {
        best.push(entry);
        if best.len() >= limit.saturating_mul(2).max(64) {
            best.sort_unstable_by(order);
            best.truncate(limit);
        }
    }
    best.sort_unstable_by(order);
    best.truncate(limit);
    best
}
