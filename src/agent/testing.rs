//! A model that plays a script and remembers what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::agent::profile::Profile;
use crate::agent::{Agent, TurnRequest};
use crate::config::AgentConfig;
use crate::customer::Customer;
use crate::error::{Error, Result};
use crate::llm::{ChatModel, ChatRequest, ChatResponse};
use crate::message::{Channel, Message, ToolCall};
use crate::recall::MemoryManager;
use crate::tools::registry::ToolRegistry;
use crate::tools::runner::ToolRunner;
use crate::tools::testing::FnTool;

/// The last answer is repeated for ever; without any, the model is down.
#[derive(Default)]
pub(crate) struct ScriptedModel {
    script: Mutex<VecDeque<ChatResponse>>,
    pub(crate) sent: Mutex<Vec<(Vec<Message>, usize)>>,
}

#[async_trait]
impl ChatModel for ScriptedModel {
    async fn chat(&self, request: ChatRequest<'_>) -> Result<ChatResponse> {
        self.sent.lock().unwrap().push((request.messages.to_vec(), request.tools.len()));
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let mut script = self.script.lock().unwrap();
        let next = if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
        next.ok_or(Error::ModelRateLimited { attempts: 3 })
    }
}

pub(crate) fn says(text: &str) -> ChatResponse {
    ChatResponse { content: text.into(), ..ChatResponse::default() }
}

pub(crate) fn asks(text: &str, calls: &[(&str, &str, Value)]) -> ChatResponse {
    let tool_calls = calls.iter().map(|(id, name, parameters)| ToolCall {
        id: (*id).into(),
        name: (*name).into(),
        parameters: parameters.clone(),
        signature: None,
    });
    ChatResponse { content: text.into(), tool_calls: tool_calls.collect(), ..ChatResponse::default() }
}

pub(crate) struct Scene {
    pub(crate) agent: Arc<Agent>,
    pub(crate) model: Arc<ScriptedModel>,
    pub(crate) memory: Arc<MemoryManager>,
}

pub(crate) fn scene(script: Vec<ChatResponse>, tools: Vec<FnTool>) -> Scene {
    scene_with(json!({}), script, tools)
}

pub(crate) fn scene_with(memory_config: Value, script: Vec<ChatResponse>, tools: Vec<FnTool>) -> Scene {
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
    Scene { agent, model, memory }
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
    }
}
