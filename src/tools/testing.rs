//! Tools, contexts and memories for tests.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value};
use tokio::sync::{Barrier, Notify};

use crate::config::MemoryConfig;
use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::memory::MemoryManager;
use crate::memory::storage::in_memory::InMemoryStorage;
use crate::tools::{Tool, ToolContext};
use crate::types::customer::Customer;
use crate::types::message::{Channel, ToolResult};

type Body = Box<dyn Fn(Value) -> Result<ToolResult> + Send + Sync>;

/// A tool that runs a closure.
pub(crate) struct FnTool {
    definition: ToolDefinition,
    body: Body,
    delay: Duration,
    started: Arc<Notify>,
    meeting: Option<Arc<Barrier>>,
    channel: Option<Channel>,
}

pub(crate) fn tool(
    name: &str,
    parameters: Value,
    body: impl Fn(Value) -> Result<ToolResult> + Send + Sync + 'static,
) -> FnTool {
    let definition = ToolDefinition { name: name.into(), description: "A test".into(), parameters };
    let (body, started): (Body, _) = (Box::new(body), Arc::default());
    FnTool { definition, body, delay: Duration::ZERO, started, meeting: None, channel: None }
}

impl FnTool {
    pub(crate) fn slow(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Returns the notification that the tool sends when it starts.
    pub(crate) fn started(&self) -> Arc<Notify> {
        Arc::clone(&self.started)
    }

    /// Makes the tool wait until all other tools with the same barrier run too.
    pub(crate) fn meeting(self, others: &Arc<Barrier>) -> Self {
        Self { meeting: Some(Arc::clone(others)), ..self }
    }

    pub(crate) fn only_on(self, channel: Channel) -> Self {
        Self { channel: Some(channel), ..self }
    }
}

#[async_trait]
impl Tool for FnTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn available_on(&self, channel: &Channel) -> bool {
        self.channel.as_ref().is_none_or(|only| only == channel)
    }

    async fn call(&self, arguments: Value, _context: &ToolContext) -> Result<ToolResult> {
        self.started.notify_one();
        tokio::time::sleep(self.delay).await;
        if let Some(meeting) = &self.meeting {
            meeting.wait().await;
        }
        (self.body)(arguments)
    }
}

/// Creates the context of a text conversation with an unknown person.
pub(crate) fn context(conversation_id: &str) -> ToolContext {
    ToolContext {
        channel: Channel::Text,
        conversation_id: conversation_id.into(),
        call_sid: None,
        message_sid: None,
        metadata: Map::new(),
        customer: Customer::default(),
        agent_id: None,
        more: Map::new(),
    }
}

/// Creates the context of a conversation with the owner of an e-mail address.
pub(crate) fn by_email(conversation_id: &str, email: &str) -> ToolContext {
    let customer = Customer { email: Some(email.into()), ..Customer::default() };
    ToolContext { customer, ..context(conversation_id) }
}

/// Creates the context of a conversation with the owner of a phone number.
pub(crate) fn by_phone(conversation_id: &str, phone: &str) -> ToolContext {
    let customer = Customer { phone: Some(phone.into()), ..Customer::default() };
    ToolContext { customer, ..context(conversation_id) }
}

/// Creates an empty memory over an in-memory storage.
pub(crate) fn memory() -> Arc<MemoryManager> {
    let storage = Arc::new(InMemoryStorage::default());
    Arc::new(MemoryManager::new(&MemoryConfig::default(), Some(storage)).unwrap())
}
