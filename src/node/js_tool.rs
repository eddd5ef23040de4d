//! A tool of the developer's own (`ITool`), called by a function of the face (`ts/custom-tools.ts`).

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::llm::ToolDefinition;
use crate::message::{Channel, ToolResult};
use crate::node::user_code::UserCode;
use crate::tools::{Tool, ToolContext, returned};

/// Whoever runs a tool limits its time.
const PATIENCE: Duration = Duration::MAX;

/// A tool as the face describes it.
#[derive(Deserialize)]
pub(super) struct Described {
    name: Option<String>,
    description: Option<String>,
    parameters: Option<Value>,
    /// Where it has a handler; everywhere unless given.
    channels: Option<Vec<Channel>>,
}

/// Calls the developer's tool.
pub(super) struct JsTool {
    definition: ToolDefinition,
    channels: Option<Vec<Channel>>,
    user: UserCode,
}

impl JsTool {
    pub fn new(described: Described, user: UserCode) -> Self {
        let Described { name, description, parameters, channels } = described;
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
        let value = self.user.call(&what, &argument, PATIENCE).await?;
        returned::result(value).map_err(|reason| Error::UserCodeInvalid { what, reason })
    }
}
