//! Adapter for a custom embedder, called through `ts/vectors/vector-store.ts`.

use async_trait::async_trait;

use crate::config::EmbedderConfig;
use crate::error::Result;
use crate::memory::vector_store::Embedder;
use crate::node::user_code::{DEFAULT_TIMEOUT, UserCode};

/// A custom embedder.
pub(super) struct JsEmbedder {
    user: UserCode,
    model: String,
    dimensions: Option<usize>,
}

impl JsEmbedder {
    /// Default model name of a custom embedder.
    const UNNAMED: &str = "custom";

    pub fn new(user: UserCode, config: &EmbedderConfig) -> Self {
        let model = config.model.clone().unwrap_or_else(|| Self::UNNAMED.to_owned());
        Self { user, model, dimensions: config.dimensions }
    }
}

#[async_trait]
impl Embedder for JsEmbedder {
    fn model(&self) -> &str {
        &self.model
    }

    fn dimensions(&self) -> Option<usize> {
        self.dimensions
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        self.user.call("embedder.embed", &texts, DEFAULT_TIMEOUT).await
    }
}
