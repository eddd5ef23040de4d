//! An embedder of the developer's own, called by a function of the face (`ts/vector-store.ts`).

use async_trait::async_trait;

use crate::config::EmbedderConfig;
use crate::error::Result;
use crate::node::user_code::{DEFAULT_PATIENCE, UserCode};
use crate::vectors::Embedder;

/// Calls the developer's function.
pub(super) struct JsEmbedder {
    user: UserCode,
    model: String,
    dimensions: Option<usize>,
}

impl JsEmbedder {
    /// What the developer's function is called when it has no name of a model.
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
        self.user.call("embedder.embed", &texts, DEFAULT_PATIENCE).await
    }
}
