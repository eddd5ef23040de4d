//! `receptionist.getToolRegistry()` for JavaScript.

use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{AiReceptionist, arguments};
use crate::customer::Customer;
use crate::error::Error;
use crate::error::Result;
use crate::message::Channel;
use crate::node::error::to_napi;
use crate::node::memory_json::write;
use crate::receptionist::Open;
use crate::tools::ToolContext;

#[napi]
impl AiReceptionist {
    /// Name, description and parameters of the tools, all or those of a channel.
    #[napi(catch_unwind)]
    pub fn list_tools(&self, channel: Option<String>) -> napi::Result<String> {
        let open = self.inner.open().map_err(to_napi)?;
        let channel = channel.as_deref().map(Channel::from);
        let tools: Vec<Value> = open
            .agent
            .tools()
            .registry()
            .list(channel.as_ref())
            .iter()
            .map(|tool| {
                let tool = tool.definition();
                json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters })
            })
            .collect();
        write(&tools).map_err(to_napi)
    }

    /// Runs a tool.
    #[napi(catch_unwind)]
    pub fn execute_tool<'env>(
        &self,
        env: &'env Env,
        name: String,
        parameters: String,
        context: String,
        timeout_ms: Option<f64>,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, move |open| async move {
            let parameters: Value = arguments(&parameters)?;
            let context: ExecutionContext = arguments(&context)?;
            let timeout = match timeout_ms {
                None => None,
                Some(ms) if ms.is_finite() && ms > 0.0 => {
                    Some(Duration::from_secs_f64(ms.min(1e12) / 1_000.0))
                }
                Some(_) => {
                    return Err(Error::argument("timeoutMs", "must be a positive number of milliseconds"));
                }
            };
            let context = context.into_tool_context(&open)?;
            write(&open.agent.tools().execute(&name, parameters, &context, timeout).await?)
        })
    }
}

/// Where and for whom the developer runs a tool.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionContext {
    channel: Channel,
    conversation_id: String,
    call_sid: Option<String>,
    message_sid: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
}

impl ExecutionContext {
    fn into_tool_context(self, open: &Open) -> Result<ToolContext> {
        Ok(ToolContext {
            channel: self.channel,
            conversation_id: self.conversation_id,
            call_sid: self.call_sid,
            message_sid: self.message_sid,
            metadata: self.metadata.unwrap_or_default(),
            customer: open.text.identify(self.customer.unwrap_or_default())?,
        })
    }
}
