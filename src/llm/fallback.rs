//! Fallback from one model to the next.

use std::sync::Arc;

use async_trait::async_trait;
use tracing::warn;

use crate::error::{Error, Result};
use crate::llm::text_sink::TextSink;
use crate::llm::{ChatModel, ChatRequest, ChatResponse};

/// Models with fallback, in the order they are tried.
pub(super) struct FallbackModel {
    pub(super) models: Vec<Arc<dyn ChatModel>>,
}

impl FallbackModel {
    /// Returns the answer of the first model that succeeds. If all fail, returns the error of the
    /// first model.
    async fn first_success<Fut>(
        &self,
        ask: impl Fn(Arc<dyn ChatModel>) -> Fut,
        can_fall_back: impl Fn() -> bool,
    ) -> Result<ChatResponse>
    where
        Fut: Future<Output = Result<ChatResponse>>,
    {
        let mut first = None;
        for (n, model) in self.models.iter().enumerate() {
            match ask(Arc::clone(model)).await {
                Err(error) if error.is_model_failure() && can_fall_back() => {
                    if n + 1 < self.models.len() {
                        let (code, stack) = (error.code(), error.stack());
                        warn!(code, %error, stack, "Model failed, trying the next one");
                    }
                    first.get_or_insert(error);
                }
                outcome => return outcome,
            }
        }
        Err(first.unwrap_or(Error::ModelRequired))
    }
}

#[async_trait]
impl ChatModel for FallbackModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let ask = |model: Arc<dyn ChatModel>| async move { model.chat(request).await };
        self.first_success(ask, || true).await
    }

    /// Streams the answer of the first model that succeeds. Does not fall back after the
    /// first text, because text that was sent cannot be withdrawn.
    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let ask = |model: Arc<dyn ChatModel>| async move { model.stream(request, text).await };
        self.first_success(ask, || !text.has_started() && !text.is_closed()).await
    }

    /// Returns `Ok` if at least one model is available, else the error of the first model.
    async fn check(&self) -> Result<()> {
        let mut first = Ok(());
        for model in &self.models {
            let outcome = model.check().await;
            if outcome.is_ok() {
                return Ok(());
            }
            first = first.and(outcome);
        }
        first
    }
}
