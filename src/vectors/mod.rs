//! Vectors: what memories mean, as numbers; who computes them, where they are kept, and how the nearest are found.

pub mod database;
pub mod in_memory;
pub mod provider;
pub mod space;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::audience::{Audience, is_for_everyone, owner_fields, owners};
use crate::error::Result;
use crate::memory::Memory;
use crate::message::Channel;

/// Turns texts into vectors.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Names the model: vectors of two models cannot be compared.
    fn model(&self) -> &str;

    /// Numbers of a vector, when the developer says so.
    fn dimensions(&self) -> Option<usize> {
        None
    }

    /// A vector for each text, in order. What it returns is checked by [`space`].
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>>;
}

/// A place that keeps vectors and finds the nearest.
#[async_trait]
pub trait VectorStore: Send + Sync {
    /// Keeps vectors; the same id again replaces it.
    async fn upsert(&self, entries: Vec<VectorEntry>) -> Result<()>;

    /// The nearest that a query lets through, the nearest first.
    async fn search(&self, query: &VectorQuery) -> Result<Vec<VectorMatch>>;

    /// Removes the vectors of these memories, whatever the model.
    async fn delete(&self, ids: &[String]) -> Result<()>;

    /// Which of these memories have a vector in a space; `None` when the store cannot tell.
    async fn has(&self, ids: &[String], space: &str) -> Result<Option<Vec<String>>>;

    /// The other spaces it holds vectors of, as far as it can tell.
    async fn other_spaces(&self, _space: &str) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// Gets ready for vectors of so many numbers.
    async fn prepare(&self, _dimensions: usize) -> Result<()> {
        Ok(())
    }

    /// Removes the vectors of all other spaces, as far as it can.
    async fn keep_only(&self, _space: &str) -> Result<()> {
        Ok(())
    }
}

/// The vector of a memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VectorEntry {
    /// The memory's id.
    pub id: String,
    /// Of length 1, unless it is zero.
    pub vector: Vec<f32>,
    /// What searches filter by: `space`, `conversationId`, `channel`, `customerId`, `customerEmail`, `customerPhone`,
    /// `shared`.
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VectorQuery {
    /// Of length 1, unless it is zero.
    pub vector: Vec<f32>,
    /// At most so many.
    pub limit: usize,
    /// Only vectors whose metadata passes.
    #[serde(default)]
    pub filter: VectorFilter,
}

/// Conditions on the metadata of vectors: fields that are equal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VectorFilter {
    /// All of these hold.
    pub all: Map<String, Value>,
    /// At least one of these holds, unless there are none.
    pub any_of: Vec<Map<String, Value>>,
}

/// A vector that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VectorMatch {
    /// The memory's id.
    pub id: String,
    /// Cosine of the angle: 1 is the same direction, 0 is unrelated.
    pub score: f32,
}

impl VectorFilter {
    /// Vectors of a space that an audience may hear of: more than it may, never less. What is found is checked again by
    /// what the memories say.
    pub fn new(
        space: &str,
        conversation_id: Option<&str>,
        channel: Option<&Channel>,
        audience: Option<&Audience>,
    ) -> Self {
        let mut all = field("space", json!(space));
        all.extend(conversation_id.map(|id| ("conversationId".to_owned(), json!(id))));
        all.extend(channel.map(|channel| ("channel".to_owned(), json!(channel))));
        let mut any_of = Vec::new();
        if let Some(audience) = audience {
            any_of
                .extend(owner_fields(&audience.customer).into_iter().map(|(key, value)| field(&key, value)));
            any_of.push(field("conversationId", json!(audience.conversation_id)));
            any_of.push(field("shared", json!(true)));
        }
        Self { all, any_of }
    }

    /// Whether metadata passes.
    pub fn passes(&self, metadata: &Map<String, Value>) -> bool {
        let holds = |fields: &Map<String, Value>| {
            fields.iter().all(|(key, value)| metadata.get(key).is_some_and(|given| given == value))
        };
        holds(&self.all) && (self.any_of.is_empty() || self.any_of.iter().any(holds))
    }
}

/// The metadata of a memory's vector.
pub fn metadata(memory: &Memory, space: &str) -> Map<String, Value> {
    let mut metadata = field("space", json!(space));
    metadata.extend(memory.conversation_id().map(|id| ("conversationId".to_owned(), json!(id))));
    metadata.extend(memory.channel.as_ref().map(|channel| ("channel".to_owned(), json!(channel))));
    let text = owners(memory).filter(|(_, value)| value.is_string());
    metadata.extend(text.map(|(key, value)| (key.to_owned(), value.clone())));
    if is_for_everyone(memory) {
        metadata.insert("shared".to_owned(), json!(true));
    }
    metadata
}

fn field(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}
