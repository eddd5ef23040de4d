//! Several models, asked in order until one can answer.

use std::sync::Arc;

use async_trait::async_trait;
use tracing::warn;

use crate::config::ModelConfig;
use crate::error::{Error, Result};
use crate::llm::remote::RemoteModel;
use crate::llm::text_sink::TextSink;
use crate::llm::{ChatModel, ChatRequest, ChatResponse};

/// Makes a model of the developer's own code, by the path of its options and their values.
pub type CustomModel = dyn Fn(&str, &ModelConfig) -> Arc<dyn ChatModel> + Send + Sync;

/// The model, or models, that the options ask for; nothing is sent yet.
///
/// Fails with `INVALID_CONFIG` when an option cannot be used.
pub fn chain(config: &ModelConfig, custom: Option<&CustomModel>) -> Result<Arc<dyn ChatModel>> {
    let model = |(option, config): (String, &ModelConfig)| -> Result<Arc<dyn ChatModel>> {
        match RemoteModel::new(config.clone(), &option)? {
            Some(model) => Ok(Arc::new(model)),
            None => custom
                .map(|custom| custom(&option, config))
                .ok_or_else(|| Error::config(format!("{option}.chat"), "must be a function")),
        }
    };
    let mut models = config.in_order().map(model).collect::<Result<Vec<_>>>()?;
    if models.len() == 1 {
        return Ok(models.remove(0));
    }
    Ok(Arc::new(Fallbacks { models }))
}

/// The models in the order they are asked.
struct Fallbacks {
    models: Vec<Arc<dyn ChatModel>>,
}

impl Fallbacks {
    /// What the first model that can answer says. When none can, the error is the first one's.
    async fn first<Asked>(
        &self,
        ask: impl Fn(Arc<dyn ChatModel>) -> Asked,
        may_go_on: impl Fn() -> bool,
    ) -> Result<ChatResponse>
    where
        Asked: Future<Output = Result<ChatResponse>>,
    {
        let mut first = None;
        for (n, model) in self.models.iter().enumerate() {
            match ask(Arc::clone(model)).await {
                Err(error) if error.is_of_model() && may_go_on() => {
                    if n + 1 < self.models.len() {
                        warn!(code = error.code(), %error, "Model cannot answer, the next one is asked");
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
impl ChatModel for Fallbacks {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        let ask = |model: Arc<dyn ChatModel>| async move { model.chat(request).await };
        self.first(ask, || true).await
    }

    /// A model that broke off after its first words is not replaced: they cannot be taken back.
    async fn stream(&self, request: ChatRequest<'_>, text: &TextSink) -> Result<ChatResponse> {
        let ask = |model: Arc<dyn ChatModel>| async move { model.stream(request, text).await };
        self.first(ask, || !text.began() && !text.is_left()).await
    }

    /// One that answers is enough.
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
