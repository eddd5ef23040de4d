//! `receptionist.getToolRegistry()` for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{AiReceptionist, arguments};
use crate::config::parse_milliseconds;
use crate::error::{Error, Result};
use crate::json;
use crate::json::write;
use crate::node::error::{describe, to_napi};
use crate::node::js_tool::{JsTool, ToolDescription};
use crate::node::user_code::UserCode;
use crate::receptionist::Running;
use crate::tools::ToolContext;
use crate::tools::executions::{self, ExecutionQuery};
use crate::types::customer::Customer;
use crate::types::memory::json::count;
use crate::types::message::Channel;

#[napi]
impl AiReceptionist {
    /// Registers a custom tool, known to `user` as `tool.<name>`. Returns `true` if it replaces
    /// another. `option` is its path in the configuration.
    #[napi(catch_unwind)]
    pub fn register_tool(&self, tool: String, option: Option<String>) -> napi::Result<bool> {
        let register = || {
            let described: ToolDescription = json::read(&tool).map_err(|problem| {
                problem.into_error(|path, reason| match &option {
                    Some(option) => Error::config(format!("{option}.{path}"), reason),
                    None => Error::argument(format!("tool.{path}"), reason),
                })
            })?;
            let tool = JsTool::new(described, UserCode::new(Arc::clone(&self.user)));
            self.inner.enter(|receptionist| receptionist.tools().register(Arc::new(tool), option.as_deref()))
        };
        register().map_err(to_napi)
    }

    /// Unregisters a tool. Returns `true` if it existed.
    #[napi(catch_unwind)]
    pub fn unregister_tool(&self, name: String) -> bool {
        self.inner.enter(|receptionist| receptionist.tools().unregister(&name))
    }

    /// Lists name, description and parameters of the tools, all or those of a channel.
    #[napi(catch_unwind)]
    pub fn list_tools(&self, channel: Option<String>) -> napi::Result<String> {
        let channel = channel.as_deref().map(Channel::from);
        let tools = self.inner.enter(|receptionist| receptionist.tools().list(channel.as_ref()));
        let tools: Vec<Value> = tools
            .iter()
            .map(|tool| {
                let tool = tool.definition();
                json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters })
            })
            .collect();
        write(&tools).map_err(to_napi)
    }

    /// Returns tool executions, newest first.
    #[napi(catch_unwind)]
    pub fn find_executions<'env>(
        &self,
        env: &'env Env,
        params: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, move |running| async move {
            let ExecutionFilter { conversation_id, tool_name, success, limit } = arguments(&params)?;
            let limit = count("limit", limit)?.unwrap_or(executions::DEFAULT_LIMIT);
            let query = ExecutionQuery { conversation_id, tool_name, success, limit };
            write(&executions::find(running.agent.memory(), &query).await?)
        })
    }

    /// Runs a tool. Resolves to its result and the error, if it failed.
    #[napi(catch_unwind)]
    pub fn execute_tool<'env>(
        &self,
        env: &'env Env,
        name: String,
        parameters: String,
        context: String,
        timeout_ms: Option<f64>,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, move |running| async move {
            let parameters: Value = arguments(&parameters)?;
            let context: ExecutionContext = arguments(&context)?;
            let timeout = timeout_ms.map(parse_milliseconds).transpose();
            let timeout = timeout.map_err(|reason| Error::argument("timeoutMs", reason))?;
            let context = context.into_tool_context(&running)?;
            let run = running.agent.tools().execute(&name, parameters, &context, timeout).await?;
            write(&json!({ "result": run.result, "failure": run.failure.as_ref().map(describe) }))
        })
    }
}

/// Filter for tool executions.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ExecutionFilter {
    conversation_id: Option<String>,
    tool_name: Option<String>,
    success: Option<bool>,
    limit: Option<f64>,
}

/// Context in which the developer runs a tool.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionContext {
    channel: Channel,
    conversation_id: String,
    call_sid: Option<String>,
    message_sid: Option<String>,
    metadata: Option<Map<String, Value>>,
    customer: Option<Customer>,
    agent_id: Option<String>,
    /// Custom fields for the developer's own handlers.
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl ExecutionContext {
    fn into_tool_context(self, running: &Running) -> Result<ToolContext> {
        Ok(ToolContext {
            channel: self.channel,
            conversation_id: self.conversation_id,
            call_sid: self.call_sid,
            message_sid: self.message_sid,
            metadata: self.metadata.unwrap_or_default(),
            customer: running.text.identify(self.customer.unwrap_or_default())?,
            agent_id: self.agent_id,
            more: self.more,
        })
    }
}
