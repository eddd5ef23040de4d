//! Construction of the configured models.

use std::sync::Arc;

use crate::config::{ModelConfig, Provider};
use crate::error::{Error, Result};
use crate::llm::ChatModel;
use crate::llm::anthropic::Anthropic;
use crate::llm::fallback::FallbackModel;
use crate::llm::google::Google;
use crate::llm::http_model::HttpChatModel;
use crate::llm::openai::OpenAi;
use crate::llm::wire_format::WireFormat;

/// A factory of custom models, called with the path of the model's options and their values.
pub type CustomModelFactory = dyn Fn(&str, &ModelConfig) -> Arc<dyn ChatModel> + Send + Sync;

/// Creates the configured model, with its fallbacks. Sends no request.
///
/// Fails with `INVALID_CONFIG` if an option is invalid.
pub fn build_model(config: &ModelConfig, custom: Option<&CustomModelFactory>) -> Result<Arc<dyn ChatModel>> {
    let model = |(option, config): (String, &ModelConfig)| -> Result<Arc<dyn ChatModel>> {
        match http_model(config, &option)? {
            Some(model) => Ok(Arc::new(model)),
            None => custom
                .map(|custom| custom(&option, config))
                .ok_or_else(|| Error::config(format!("{option}.chat"), "must be a function")),
        }
    };
    let mut models = config.with_fallbacks().map(model).collect::<Result<Vec<_>>>()?;
    if models.len() == 1 {
        return Ok(models.remove(0));
    }
    Ok(Arc::new(FallbackModel { models }))
}

/// Creates a model behind an HTTP API, with the wire format of its provider. Returns `None` for a
/// custom model.
pub(super) fn http_model(config: &ModelConfig, option: &str) -> Result<Option<HttpChatModel>> {
    let wire: Box<dyn WireFormat> = match config.provider {
        Provider::OpenAi | Provider::OpenRouter => Box::new(OpenAi { service: config.provider }),
        Provider::Anthropic => Box::new(Anthropic),
        Provider::Google => Box::new(Google),
        Provider::Custom => return Ok(None),
    };
    HttpChatModel::new(config.clone(), wire, option).map(Some)
}
