//! Runs tools and records each run as it happens: before it starts, and again when its result is known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tracing::debug;

use crate::error::{Error, Result};
use crate::events::{Event, ToolEvent};
use crate::memory::{MAX_JSON_DEPTH, Memory, MemoryType, now};
use crate::message::{Role, ToolCall, ToolResult};
use crate::recall::MemoryManager;
use crate::stopwatch::Stopwatch;
use crate::tools::registry::{Run, ToolRegistry};
use crate::tools::{ToolContext, failed};

/// Executes tools and keeps one `tool_execution` memory per call.
pub struct ToolRunner {
    registry: Arc<ToolRegistry>,
    memory: Arc<MemoryManager>,
}

impl ToolRunner {
    /// Runs the tools of `registry`, recorded in `memory`.
    pub fn new(registry: Arc<ToolRegistry>, memory: Arc<MemoryManager>) -> Self {
        Self { registry, memory }
    }

    /// The tools.
    pub fn registry(&self) -> &Arc<ToolRegistry> {
        &self.registry
    }

    /// Runs a tool for the developer.
    ///
    /// Fails with `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE` or `TOOL_ARGUMENTS_INVALID` (the run is recorded as failed), or
    /// when the run cannot be recorded. `timeout` is the registry's unless given.
    pub async fn execute(
        &self,
        name: &str,
        arguments: Value,
        context: &ToolContext,
        timeout: Option<Duration>,
    ) -> Result<Run> {
        let id = format!("call_{}", uuid::Uuid::now_v7().simple());
        let parameters = storable(arguments, 2);
        let call = ToolCall { id, name: name.to_owned(), parameters, signature: None };
        self.recorded(&call, context, None, timeout).await?
    }

    /// Runs a tool the model asked for in the assistant message `request_id`. Whatever is wrong with
    /// the call becomes a result for the model; an error means that the run could not be recorded.
    pub async fn answer(
        &self,
        call: &ToolCall,
        context: &ToolContext,
        request_id: &str,
    ) -> Result<ToolResult> {
        let outcome = self.recorded(call, context, Some(request_id), None).await?;
        Ok(outcome.map_or_else(|error| refusal(&error), |run| run.result))
    }

    /// The inner result is the tool's; the outer error is the memory's.
    async fn recorded(
        &self,
        call: &ToolCall,
        context: &ToolContext,
        request_id: Option<&str>,
        timeout: Option<Duration>,
    ) -> Result<Result<Run>> {
        let mut memory = begun(call, context, request_id);
        self.memory.store(memory.clone()).await?;
        let (started, watch) = (Instant::now(), Stopwatch::start());
        let outcome = self.registry.execute(&call.name, call.parameters.clone(), context, timeout).await;
        let outcome = outcome.map(|run| Run { result: clean(run.result), ..run });
        let result = match &outcome {
            Ok(Run { result, .. }) => {
                debug!(tool = call.name, duration_ms = watch.ms(), success = result.success, "Tool ran");
                result.clone()
            }
            Err(error) => {
                // The name of a tool that is not there is the model's word.
                debug!(code = error.code(), "Tool call refused");
                refusal(error)
            }
        };
        let took = started.elapsed();
        finish(&mut memory, call, &result, took);
        let recorded = self.memory.store(memory).await;
        let event = tool_event(call, context, &result, took);
        self.memory
            .tell(match &outcome {
                Ok(Run { failure: None, .. }) => Event::ToolExecute(event),
                Ok(Run { failure: Some(error), .. }) | Err(error) => Event::ToolError(event, error),
            })
            .await;
        recorded.map(|()| outcome)
    }
}

fn tool_event<'a>(
    call: &'a ToolCall,
    context: &'a ToolContext,
    result: &'a ToolResult,
    duration: Duration,
) -> ToolEvent<'a> {
    ToolEvent {
        tool_name: &call.name,
        parameters: &call.parameters,
        result,
        duration,
        channel: &context.channel,
        conversation_id: &context.conversation_id,
        customer: &context.customer,
        metadata: &context.metadata,
        call_sid: context.call_sid.as_deref(),
        message_sid: context.message_sid.as_deref(),
        timestamp: now(),
    }
}

/// What the model is told about a call that never ran.
fn refusal(error: &Error) -> ToolResult {
    failed(error.to_string(), "I'm sorry, that did not work just now.")
}

fn begun(call: &ToolCall, context: &ToolContext, request_id: Option<&str>) -> Memory {
    let content = format!("Tool '{}' started with parameters: {}", call.name, call.parameters);
    let mut metadata = Map::new();
    metadata.insert("status".to_owned(), json!("running"));
    if let Some(id) = request_id {
        metadata.insert("requestId".to_owned(), json!(id));
    }
    Memory {
        role: Some(Role::Tool),
        tool_call: Some(json!({ "id": call.id, "name": call.name, "parameters": call.parameters })),
        metadata: Some(Value::Object(metadata)),
        ..context.memory(MemoryType::ToolExecution, content, 5)
    }
}

fn finish(memory: &mut Memory, call: &ToolCall, result: &ToolResult, took: Duration) {
    memory.content = match &result.error {
        Some(error) if !result.success => format!("Tool '{}' failed: {error}", call.name),
        _ => format!("Tool '{}' executed with parameters: {}", call.name, call.parameters),
    };
    memory.tool_result = serde_json::to_value(result).ok();
    if let Some(Value::Object(metadata)) = &mut memory.metadata {
        let status = if result.success { "completed" } else { "failed" };
        metadata.insert("status".to_owned(), json!(status));
        metadata.insert("durationMs".to_owned(), json!(took.as_millis() as u64));
    }
}

/// A tool's own result may hold what databases cannot.
fn clean(result: ToolResult) -> ToolResult {
    ToolResult {
        success: result.success,
        data: result.data.map(|data| storable(data, 2)),
        error: result.error.map(clean_text),
        response: match storable(Value::Object(result.response), 2) {
            Value::Object(response) => response,
            _ => Map::new(),
        },
    }
}

/// Replaces NUL by U+FFFD, and what is nested too deep by its text.
///
/// `level` is the depth at which the value will be stored, from 1.
pub(crate) fn storable(value: Value, level: usize) -> Value {
    match value {
        Value::String(text) => Value::String(clean_text(text)),
        Value::Array(_) | Value::Object(_) if level > MAX_JSON_DEPTH => {
            Value::String(clean_text(value.to_string()))
        }
        Value::Array(items) => items.into_iter().map(|item| storable(item, level + 1)).collect(),
        Value::Object(object) => {
            object.into_iter().map(|(key, value)| (clean_text(key), storable(value, level + 1))).collect()
        }
        other => other,
    }
}

/// Replaces NUL, which databases cannot hold, by U+FFFD.
pub(crate) fn clean_text(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryQuery;
    use crate::tools::done;
    use crate::tools::testing::{context, memory, tool};

    fn call(name: &str, parameters: Value) -> ToolCall {
        ToolCall { id: "c1".into(), name: name.into(), parameters, signature: None }
    }

    fn runner() -> ToolRunner {
        let registry = Arc::new(ToolRegistry::new(None));
        let open = json!({ "type": "object" });
        registry.register(Arc::new(tool("ok", open.clone(), |given| Ok(done(given, "ok")))), None).unwrap();
        let nasty = tool("nasty", open, |_| {
            let deep = (0..80).fold(json!("x\0"), |inner, _| json!([inner]));
            Ok(done(json!({ "deep": deep, "nul\0": 1 }), "a\0b"))
        });
        registry.register(Arc::new(nasty), None).unwrap();
        ToolRunner::new(registry, memory())
    }

    async fn rows(runner: &ToolRunner) -> Vec<Memory> {
        runner.memory.search(&MemoryQuery::conversation("c")).await.unwrap()
    }

    #[tokio::test]
    async fn a_run_is_one_row_with_call_and_result() {
        let runner = runner();
        let result = runner.answer(&call("ok", json!({ "a": 1 })), &context("c"), "r1").await.unwrap();
        assert!(result.success);
        let rows = rows(&runner).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].content, "Tool 'ok' executed with parameters: {\"a\":1}");
        assert_eq!((rows[0].importance, rows[0].role.clone()), (Some(5), Some(Role::Tool)));
        assert_eq!(rows[0].tool_call, Some(json!({ "id": "c1", "name": "ok", "parameters": { "a": 1 } })));
        assert_eq!(rows[0].tool_result.as_ref().unwrap()["data"], json!({ "a": 1 }));
        assert_eq!(rows[0].meta("status"), Some(&json!("completed")));
        assert_eq!(rows[0].meta("requestId"), Some(&json!("r1")));
        assert!(rows[0].meta("durationMs").unwrap().is_u64());
    }

    #[tokio::test]
    async fn a_call_is_recorded_before_it_runs() {
        let runner = Arc::new(runner());
        let slow = tool("slow", json!({ "type": "object" }), |_| Ok(ToolResult::default()));
        runner.registry.register(Arc::new(slow.slow(Duration::from_secs(9))), None).unwrap();
        let background = Arc::clone(&runner);
        tokio::spawn(async move { background.answer(&call("slow", json!({})), &context("c"), "r").await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let rows = rows(&runner).await;
        assert_eq!(rows[0].meta("status"), Some(&json!("running")));
        assert_eq!(rows[0].tool_result, None);
    }

    #[tokio::test]
    async fn the_model_is_told_what_is_wrong_with_its_call() {
        let runner = runner();
        for bad in [call("fly", json!({})), call("ok", json!("{oops"))] {
            let result = runner.answer(&bad, &context("c"), "r").await.unwrap();
            assert!(!result.success && result.error.is_some());
        }
        let rows = rows(&runner).await;
        assert!(rows.iter().all(|row| row.meta("status") == Some(&json!("failed"))));
        assert!(rows[0].content.starts_with("Tool 'fly' failed: "));
    }

    #[tokio::test]
    async fn the_developer_gets_the_error_itself() {
        let error = runner().execute("fly", json!({}), &context("c"), None).await.unwrap_err();
        assert_eq!(error.code(), "TOOL_NOT_FOUND");
    }

    #[tokio::test]
    async fn what_databases_cannot_hold_is_replaced() {
        let runner = runner();
        let result = runner.execute("nasty", json!({ "a": "\0" }), &context("c"), None).await.unwrap();
        assert_eq!(result.result.response["text"], "a\u{fffd}b");
        assert_eq!(rows(&runner).await.len(), 1);
    }
}
