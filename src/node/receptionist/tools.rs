//! `receptionist.getToolRegistry()` for JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{AiReceptionist, arguments};
use crate::config::milliseconds;
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::input;
use crate::memory::json::count;
use crate::message::Channel;
use crate::node::error::{describe, to_napi};
use crate::node::js_tool::{Described, JsTool};
use crate::node::user_code::UserCode;
use crate::output::write;
use crate::receptionist::Open;
use crate::tools::ToolContext;
use crate::tools::executions::{self, ExecutionQuery};

#[napi]
impl AiReceptionist {
    /// Adds a tool of the developer's, which `user` knows as `tool.<name>`; tells whether it replaces another. `option` is
    /// where the configuration has it.
    #[napi(catch_unwind)]
    pub fn register_tool(&self, tool: String, option: Option<String>) -> napi::Result<bool> {
        let register = || {
            let described: Described = input::read(&tool).map_err(|problem| {
                problem.into_error(|path, reason| match &option {
                    Some(option) => Error::config(format!("{option}.{path}"), reason),
                    None => Error::argument(format!("tool.{path}"), reason),
                })
            })?;
            let tool = JsTool::new(described, UserCode::new(Arc::clone(&self.user)));
            self.inner.tools().register(Arc::new(tool), option.as_deref())
        };
        register().map_err(to_napi)
    }

    /// Removes a tool; tells whether there was one.
    #[napi(catch_unwind)]
    pub fn unregister_tool(&self, name: String) -> bool {
        self.inner.tools().unregister(&name)
    }

    /// Name, description and parameters of the tools, all or those of a channel.
    #[napi(catch_unwind)]
    pub fn list_tools(&self, channel: Option<String>) -> napi::Result<String> {
        let channel = channel.as_deref().map(Channel::from);
        let tools = self.inner.tools().list(channel.as_ref());
        let tools: Vec<Value> = tools
            .iter()
            .map(|tool| {
                let tool = tool.definition();
                json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters })
            })
            .collect();
        write(&tools).map_err(to_napi)
    }

    /// What tools did, the newest first.
    #[napi(catch_unwind)]
    pub fn find_executions<'env>(
        &self,
        env: &'env Env,
        params: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        self.run(env, move |open| async move {
            let Executions { conversation_id, tool_name, success, limit } = arguments(&params)?;
            let limit = count("limit", limit)?.unwrap_or(executions::DEFAULT_LIMIT);
            let query = ExecutionQuery { conversation_id, tool_name, success, limit };
            write(&executions::find(open.agent.memory(), &query).await?)
        })
    }

    /// Runs a tool: its result, and the reference of what it threw.
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
            let timeout = timeout_ms.map(milliseconds).transpose();
            let timeout = timeout.map_err(|reason| Error::argument("timeoutMs", reason))?;
            let context = context.into_tool_context(&open)?;
            let run = open.agent.tools().execute(&name, parameters, &context, timeout).await?;
            write(&json!({ "result": run.result, "failure": run.failure.as_ref().map(describe) }))
        })
    }
}

/// Which executions the developer looks for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Executions {
    conversation_id: Option<String>,
    tool_name: Option<String>,
    success: Option<bool>,
    limit: Option<f64>,
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
    agent_id: Option<String>,
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
            agent_id: self.agent_id,
        })
    }
}
