//! Requests that the developer's own code puts to the agent, on whatever channel it serves itself.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::text::{TextChannel, refuse_nul};
use crate::agent::TurnRequest;
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::memory::check_id;
use crate::message::{Channel, ToolResult};
use crate::tools::runner::clean_text;

/// What `agent.process` takes.
#[derive(Debug, Clone, Deserialize)]
pub struct AgentRequest {
    /// Names the request: the same again writes the same memories.
    pub id: Option<String>,
    /// What was said; not empty.
    pub input: String,
    /// Where.
    pub channel: Channel,
    /// About the conversation.
    pub context: RequestContext,
}

/// About the conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// The conversation, 1 to 512 characters.
    pub conversation_id: String,
    /// Who says it.
    pub customer: Option<Customer>,
    /// Twilio's id of the call.
    pub call_sid: Option<String>,
    /// Twilio's id of the message.
    pub message_sid: Option<String>,
    /// Anything else: kept with the message, and handed to tools.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// What `agent.process` returns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentResponse {
    /// The answer.
    pub content: String,
    /// Where.
    pub channel: Channel,
    /// How it came about.
    pub metadata: ResponseMetadata,
}

/// How an answer came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseMetadata {
    /// The conversation.
    pub conversation_id: String,
    /// Names of the tools that ran, in order, with repetitions.
    pub tools_used: Vec<String>,
    /// Their results, in the same order.
    pub tool_results: Vec<ToolResult>,
}

impl TextChannel {
    /// Answers on the channel that the developer names. Fails as [`TextChannel::generate`] does.
    pub async fn process(&self, request: AgentRequest) -> Result<AgentResponse> {
        if request.input.trim().is_empty() {
            return Err(Error::argument("input", "is empty; say something"));
        }
        let RequestContext { conversation_id, customer, call_sid, message_sid, more } = request.context;
        check_id("context.conversationId", &conversation_id)
            .map_err(|reason| Error::argument("context.conversationId", reason))?;
        refuse_nul("context.conversationId", &conversation_id)?;
        let memory_id = request.id.map(|id| format!("{id}-user"));
        if let Some(id) = &memory_id {
            check_id("id", id).map_err(|reason| Error::argument("id", reason))?;
            refuse_nul("id", id)?;
        }
        let turn = TurnRequest {
            channel: request.channel.clone(),
            conversation_id: conversation_id.clone(),
            input: clean_text(request.input),
            customer: self.identify(customer.unwrap_or_default())?,
            metadata: Some(more).filter(|more| !more.is_empty()),
            call_sid,
            message_sid,
            memory_id,
            instructions: None,
        };
        let outcome = self.agent().turn(turn).await?;
        let (tools_used, tool_results) =
            outcome.tool_executions.into_iter().map(|ran| (ran.call.name, ran.result)).unzip();
        let metadata = ResponseMetadata { conversation_id, tools_used, tool_results };
        Ok(AgentResponse { content: outcome.text, channel: request.channel, metadata })
    }
}
