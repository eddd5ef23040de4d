//! A scripted model that records its requests.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::agent::profile::Profile;
use crate::agent::{Agent, TurnRequest};
use crate::config::AgentConfig;
use crate::error::{Error, Result};
use crate::llm::{ChatModel, ChatRequest, ChatResponse};
use crate::memory::MemoryManager;
use crate::tools::registry::ToolRegistry;
use crate::tools::runner::ToolRunner;
use crate::tools::testing::FnTool;
use crate::types::customer::Customer;
use crate::types::message::{Channel, Message, ToolCall};

/// A model that replays a script. The last answer repeats forever. An empty script means an
/// unavailable model.
#[derive(Default)]
pub(crate) struct ScriptedModel {
    script: Mutex<VecDeque<ChatResponse>>,
    pub(crate) sent: Mutex<Vec<(Vec<Message>, usize)>>,
}

#[async_trait]
impl ChatModel for ScriptedModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        self.sent.lock().push((request.messages.to_vec(), request.tools.len()));
        // Lets concurrent turns begin, as a model over the network does.
        tokio::task::yield_now().await;
        let mut script = self.script.lock();
        let next = if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
        next.ok_or(Error::ModelRateLimited { attempts: 3, provider_message: None })
    }
}

pub(crate) fn text_answer(text: &str) -> ChatResponse {
    ChatResponse { content: text.into(), ..ChatResponse::default() }
}

pub(crate) fn tool_call_answer(text: &str, calls: &[(&str, &str, Value)]) -> ChatResponse {
    let tool_calls = calls.iter().map(|(id, name, parameters)| ToolCall {
        id: (*id).into(),
        name: (*name).into(),
        parameters: parameters.clone(),
    });
    ChatResponse { content: text.into(), tool_calls: tool_calls.collect(), ..ChatResponse::default() }
}

pub(crate) struct AgentFixture {
    pub(crate) agent: Arc<Agent>,
    pub(crate) model: Arc<ScriptedModel>,
    pub(crate) memory: Arc<MemoryManager>,
}

pub(crate) fn fixture(script: Vec<ChatResponse>, tools: Vec<FnTool>) -> AgentFixture {
    fixture_with(json!({}), script, tools)
}

pub(crate) fn fixture_with(
    memory_config: Value,
    script: Vec<ChatResponse>,
    tools: Vec<FnTool>,
) -> AgentFixture {
    let identity = json!({ "name": "Sarah", "role": "Receptionist" });
    let config: AgentConfig =
        serde_json::from_value(json!({ "identity": identity, "memory": memory_config })).unwrap();
    let model = Arc::new(ScriptedModel { script: Mutex::new(script.into()), ..ScriptedModel::default() });
    let memory = crate::tools::testing::memory();
    let registry = Arc::new(ToolRegistry::new(None));
    for tool in tools {
        registry.register(Arc::new(tool), None).unwrap();
    }
    let runner = Arc::new(ToolRunner::new(registry, Arc::clone(&memory)));
    let shared: Arc<dyn ChatModel> = model.clone();
    let agent = Arc::new(Agent::new(
        Arc::new(Profile::new(config)),
        crate::config::DEFAULT_CONTEXT_TOKENS,
        shared,
        Arc::clone(&memory),
        runner,
    ));
    AgentFixture { agent, model, memory }
}

pub(crate) fn request(input: &str) -> TurnRequest {
    TurnRequest {
        channel: Channel::Text,
        conversation_id: "c".into(),
        input: input.into(),
        customer: Customer::default(),
        metadata: None,
        call_sid: None,
        message_sid: None,
        memory_id: None,
        instructions: None,
        tool_options: crate::agent::ToolOptions::default(),
    }
}
