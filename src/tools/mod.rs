//! What the agent can do: one trait, a registry, a recorder, and the tools every receptionist has.

pub(crate) mod arguments;
pub mod calendar;
pub mod calls;
pub mod customers;
pub mod email;
pub mod executions;
pub mod leads;
mod ownership;
pub mod preferences;
mod redaction;
pub mod registry;
pub mod returned;
pub mod runner;

pub(crate) use ownership::{is_own_record, notations, record_keys};

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::audience::owner_fields;
use crate::config::ToolsConfig;
use crate::customer::Customer;
use crate::database::Database;
use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::memory::{Memory, MemoryType};
use crate::message::{Channel, ToolResult};
use crate::recall::MemoryManager;

/// Country of phone numbers without a country code when none is configured.
pub const DEFAULT_COUNTRY: &str = "US";

/// The five tools every receptionist with a storage has: save_customer_info, find_customer,
/// log_call_outcome, remember_preference, recall_preference.
///
/// Without a database, customer records are kept as memories and outcomes only there.
pub fn standard_tools(
    memory: &Arc<MemoryManager>,
    database: Option<Arc<Database>>,
    config: &ToolsConfig,
) -> Vec<Arc<dyn Tool>> {
    let leads = Arc::new(leads::Leads::new(database.clone(), Arc::clone(memory)));
    let country = config.default_country.clone().unwrap_or_else(|| DEFAULT_COUNTRY.to_owned());
    vec![
        Arc::new(customers::SaveCustomerInfo::new(Arc::clone(&leads), Arc::clone(memory), country.clone())),
        Arc::new(customers::FindCustomer::new(leads, country, config.customer_lookup)),
        Arc::new(calls::LogCallOutcome::new(database, Arc::clone(memory))),
        Arc::new(preferences::RememberPreference::new(Arc::clone(memory))),
        Arc::new(preferences::RecallPreference::new(Arc::clone(memory))),
    ]
}

/// Something the agent can do.
#[async_trait]
pub trait Tool: Send + Sync {
    /// Name, purpose and arguments, as the model sees them.
    fn definition(&self) -> &ToolDefinition;

    /// Whether it is offered on a channel.
    fn available_on(&self, _channel: &Channel) -> bool {
        true
    }

    /// Does it. `arguments` satisfy the definition's schema. An error is told to the model without its
    /// details, [`Error::ToolFailed`](crate::error::Error::ToolFailed) and what the developer's code threw with the reason.
    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult>;
}

/// Where and for whom a tool runs. Nothing of it comes from the model.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolContext {
    /// The line.
    pub channel: Channel,
    /// The conversation.
    pub conversation_id: String,
    /// Twilio's id of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_sid: Option<String>,
    /// Twilio's id of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_sid: Option<String>,
    /// What the developer passed along; `duration` is the call's length in seconds.
    pub metadata: Map<String, Value>,
    /// Who the conversation is with.
    pub customer: Customer,
    /// The agent, where several share tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
}

impl ToolContext {
    /// The `sessionMetadata` of what is remembered here: conversationId, callSid, messageSid, whose it is, and which mail it is.
    pub fn session(&self) -> Map<String, Value> {
        let mut session = owner_fields(&self.customer);
        session.insert("conversationId".to_owned(), json!(self.conversation_id));
        for (key, sid) in [("callSid", &self.call_sid), ("messageSid", &self.message_sid)] {
            if let Some(sid) = sid {
                session.insert(key.to_owned(), json!(sid));
            }
        }
        if self.channel == Channel::Email {
            let fields = ["emailId", "inReplyTo", "from", "to", "subject"];
            session.extend(
                fields.iter().filter_map(|key| Some(((*key).to_owned(), self.metadata.get(*key)?.clone()))),
            );
        }
        session
    }

    /// A memory of this conversation.
    pub(crate) fn memory(&self, kind: MemoryType, content: impl Into<String>, importance: i32) -> Memory {
        Memory {
            importance: Some(importance),
            channel: Some(self.channel.clone()),
            session_metadata: Some(self.session()),
            ..Memory::new(kind, content)
        }
    }
}

/// A result with words that suit every channel.
pub(crate) fn done(data: Value, words: impl Into<String>) -> ToolResult {
    ToolResult { success: true, data: Some(data), error: None, response: response(words.into()) }
}

/// A failure: `error` tells the model what to do, `words` are for the customer.
pub(crate) fn failed(error: impl Into<String>, words: impl Into<String>) -> ToolResult {
    ToolResult { success: false, data: None, error: Some(error.into()), response: response(words.into()) }
}

fn response(words: String) -> Map<String, Value> {
    ["speak", "message", "text"].into_iter().map(|form| (form.to_owned(), json!(words))).collect()
}

/// A string argument, trimmed; empty counts as absent.
pub(crate) fn argument<'a>(arguments: &'a Value, name: &str) -> Option<&'a str> {
    arguments.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::registry::ToolRegistry;

    #[test]
    fn every_receptionist_has_five_tools() {
        let registry = ToolRegistry::new(None);
        registry.install(standard_tools(&testing::memory(), None, &ToolsConfig::default())).unwrap();
        let tools = registry.list(Some(&Channel::Text));
        let names: Vec<&str> = tools.iter().map(|tool| tool.definition().name.as_str()).collect();
        assert_eq!(
            names,
            [
                "save_customer_info",
                "find_customer",
                "log_call_outcome",
                "remember_preference",
                "recall_preference"
            ]
        );
    }

    #[tokio::test]
    async fn arguments_beyond_reason_are_refused() {
        let registry = ToolRegistry::new(None);
        registry.install(standard_tools(&testing::memory(), None, &ToolsConfig::default())).unwrap();
        for (name, arguments) in [
            ("remember_preference", json!({ "key": "k".repeat(201), "value": "v" })),
            ("remember_preference", json!({ "key": "k", "value": "v", "importance": 11 })),
            ("log_call_outcome", json!({ "outcome": "won", "summary": "s" })),
            ("log_call_outcome", json!({ "outcome": "voicemail" })),
            ("find_customer", json!({ "email": 7 })),
        ] {
            let error = registry.execute(name, arguments, &testing::context("c"), None).await.unwrap_err();
            assert_eq!(error.code(), "TOOL_ARGUMENTS_INVALID", "{name}");
        }
        let blank = json!({ "name": null, "email": "j@x.y" });
        let saved =
            registry.execute("save_customer_info", blank, &testing::context("c"), None).await.unwrap();
        assert!(saved.result.success);
    }
}
