//! Adapter for a custom tool (`ITool`), called through `ts/tools/custom-tools.ts`.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::llm::ToolDefinition;
use crate::node::user_code::UserCode;
use crate::tools::{Tool, ToolContext, result};
use crate::types::message::{Channel, ToolResult};

/// No timeout here: the tool runner limits the time.
const NO_TIMEOUT: Duration = Duration::MAX;

/// A tool definition sent by the TypeScript layer.
#[derive(Deserialize)]
pub(super) struct ToolDescription {
    name: Option<String>,
    description: Option<String>,
    parameters: Option<Value>,
    /// Channels with a handler; all channels unless given.
    channels: Option<Vec<Channel>>,
}

/// A custom tool.
pub(super) struct JsTool {
    definition: ToolDefinition,
    channels: Option<Vec<Channel>>,
    user: UserCode,
}

impl JsTool {
    pub fn new(described: ToolDescription, user: UserCode) -> Self {
        let ToolDescription { name, description, parameters, channels } = described;
        let definition = ToolDefinition {
            name: name.unwrap_or_default(),
            description: description.unwrap_or_default(),
            parameters: parameters.unwrap_or_else(|| json!({ "type": "object", "properties": {} })),
        };
        Self { definition, channels, user }
    }
}

#[async_trait]
impl Tool for JsTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn available_on(&self, channel: &Channel) -> bool {
        self.channels.as_ref().is_none_or(|channels| channels.contains(channel))
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let what = format!("tool.{}", self.definition.name);
        let argument = json!({ "parameters": arguments, "context": context });
        let value = self.user.call(&what, &argument, NO_TIMEOUT).await?;
        result::normalize_result(value).map_err(|reason| Error::UserCodeInvalid { what, reason })
    }
}
