//! Requests of the developer's own code to the agent, on any channel (`agent.process`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::agent::{ToolOptions, TurnRequest};
use crate::channels::text::{TextChannel, refuse_nul};
use crate::error::{Error, Result};
use crate::tools::runner::replace_nul;
use crate::types::customer::Customer;
use crate::types::memory::check_id;
use crate::types::message::{Channel, ToolResult};

/// The request of `agent.process`.
#[derive(Debug, Clone, Deserialize)]
pub struct AgentRequest {
    /// The request id. A repeated id overwrites the same memories.
    pub id: Option<String>,
    /// The user's message, not empty.
    pub input: String,
    /// The channel.
    pub channel: Channel,
    /// The context of the conversation.
    pub context: RequestContext,
}

/// The context of a conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// The conversation, 1 to 512 characters.
    pub conversation_id: String,
    /// The customer who is speaking.
    pub customer: Option<Customer>,
    /// Twilio's id of the call.
    pub call_sid: Option<String>,
    /// Twilio's id of the message.
    pub message_sid: Option<String>,
    /// Facts about the business and the customer for this reply.
    pub business_context: Option<BusinessContext>,
    /// Additional instructions for this reply.
    pub system_prompt_enhancement: Option<String>,
    /// Tool arguments set by the developer instead of the model.
    pub tool_params: Option<Map<String, Value>>,
    /// Other fields, stored with the message and passed to tools.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Facts for one reply.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "must be a text, or an object with `companyInfo`, `leadInfo` and `additionalContext`"
)]
pub enum BusinessContext {
    /// Free text.
    Words(String),
    /// Texts by subject.
    #[serde(rename_all = "camelCase")]
    BySubject {
        /// About the business.
        company_info: Option<String>,
        /// About the lead, the person who is asking.
        lead_info: Option<String>,
        /// About anything else.
        additional_context: Option<String>,
    },
}

impl BusinessContext {
    fn into_text(self) -> String {
        let (company, lead, more) = match self {
            Self::Words(words) => return words,
            Self::BySubject { company_info, lead_info, additional_context } => {
                (company_info, lead_info, additional_context)
            }
        };
        let parts = [("About the business", company), ("About the customer", lead), ("Also", more)];
        let parts = parts.into_iter().filter_map(|(title, text)| Some(format!("{title}: {}", text?)));
        parts.collect::<Vec<_>>().join("\n")
    }
}

/// The response of `agent.process`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentResponse {
    /// The reply.
    pub content: String,
    /// The channel.
    pub channel: Channel,
    /// Details of the reply.
    pub metadata: ResponseMetadata,
}

/// Details of a reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseMetadata {
    /// The conversation.
    pub conversation_id: String,
    /// Names of the executed tools, in order, with repetitions.
    pub tools_used: Vec<String>,
    /// Results of the tools, in the same order.
    pub tool_results: Vec<ToolResult>,
}

/// Context fields that tools receive with other values.
const RESERVED_FIELDS: [&str; 3] = ["channel", "metadata", "agentId"];

/// Returns the fields that tools receive in addition to the standard ones.
fn extra_fields(mut context: Map<String, Value>) -> Map<String, Value> {
    context.retain(|name, _| !RESERVED_FIELDS.contains(&name.as_str()));
    context
}

impl TextChannel {
    /// Answers on the channel of the request. Fails as [`TextChannel::generate`] does.
    pub async fn process(&self, request: AgentRequest) -> Result<AgentResponse> {
        if request.input.trim().is_empty() {
            return Err(Error::argument("input", "is empty; say something"));
        }
        let RequestContext {
            conversation_id,
            customer,
            call_sid,
            message_sid,
            business_context,
            system_prompt_enhancement,
            tool_params,
            more,
        } = request.context;
        let instructions = [business_context.map(BusinessContext::into_text), system_prompt_enhancement];
        let instructions: Vec<String> = instructions
            .into_iter()
            .flatten()
            .map(replace_nul)
            .filter(|text| !text.trim().is_empty())
            .collect();
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
            input: replace_nul(request.input),
            customer: self.identify(customer.unwrap_or_default())?,
            metadata: Some(more.clone()).filter(|more| !more.is_empty()),
            call_sid,
            message_sid,
            memory_id,
            instructions: Some(instructions.join("\n\n")).filter(|text| !text.is_empty()),
            tool_options: ToolOptions {
                parameters: tool_params.unwrap_or_default(),
                context: extra_fields(more),
            },
        };
        let outcome = self.agent().turn(turn).await?;
        let (tools_used, tool_results) =
            outcome.tool_executions.into_iter().map(|ran| (ran.call.name, ran.result)).unzip();
        let metadata = ResponseMetadata { conversation_id, tools_used, tool_results };
        Ok(AgentResponse { content: outcome.text, channel: request.channel, metadata })
    }
}
