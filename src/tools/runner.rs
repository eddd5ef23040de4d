//! Execution of tools. Each run is recorded before it starts, and updated when its result is known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tracing::debug;

use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::stopwatch::Stopwatch;
use crate::tools::registry::{ToolRegistry, ToolRun};
use crate::tools::{ToolContext, failed};
use crate::types::event::{Event, ToolEvent};
use crate::types::memory::{MAX_JSON_DEPTH, Memory, MemoryType, now};
use crate::types::message::{Role, ToolCall, ToolResult};

/// A runner that executes tools and keeps one `tool_execution` memory per call.
pub struct ToolRunner {
    registry: Arc<ToolRegistry>,
    memory: Arc<MemoryManager>,
}

impl ToolRunner {
    /// Creates a runner for the tools of `registry` that records in `memory`.
    pub fn new(registry: Arc<ToolRegistry>, memory: Arc<MemoryManager>) -> Self {
        Self { registry, memory }
    }

    /// Returns the registry.
    pub fn registry(&self) -> &Arc<ToolRegistry> {
        &self.registry
    }

    /// Runs a tool for the developer. `timeout` is the registry's by default.
    ///
    /// # Errors
    ///
    /// Fails with `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE` or `TOOL_ARGUMENTS_INVALID`, in which case
    /// the run is recorded as failed. Also fails if the run cannot be recorded.
    pub async fn execute(
        &self,
        name: &str,
        arguments: Value,
        context: &ToolContext,
        timeout: Option<Duration>,
    ) -> Result<ToolRun> {
        let id = format!("call_{}", uuid::Uuid::now_v7().simple());
        let parameters = storable(arguments, 2);
        let call = ToolCall { id, name: name.to_owned(), parameters };
        self.run_recorded(&call, context, None, timeout).await?
    }

    /// Runs a tool that the model called in the assistant message `request_id`. An invalid call
    /// becomes a result for the model. An error means that the run could not be recorded.
    pub async fn answer(
        &self,
        call: &ToolCall,
        context: &ToolContext,
        request_id: &str,
    ) -> Result<ToolResult> {
        let outcome = self.run_recorded(call, context, Some(request_id), None).await?;
        Ok(outcome.map_or_else(|error| refusal_result(&error), |run| run.result))
    }

    /// Runs a tool and records the run. The inner result is the tool's; the outer error is the
    /// memory's.
    async fn run_recorded(
        &self,
        call: &ToolCall,
        context: &ToolContext,
        request_id: Option<&str>,
        timeout: Option<Duration>,
    ) -> Result<Result<ToolRun>> {
        let mut memory = started(call, context, request_id);
        self.memory.store(memory.clone()).await?;
        let (started, watch) = (Instant::now(), Stopwatch::start());
        let outcome = self.registry.execute(&call.name, call.parameters.clone(), context, timeout).await;
        let outcome = outcome.map(|run| ToolRun { result: sanitize(run.result), ..run });
        let result = match &outcome {
            Ok(ToolRun { result, .. }) => {
                debug!(tool = call.name, duration_ms = watch.ms(), success = result.success, "Tool ran");
                result.clone()
            }
            Err(error) => {
                // The name of an unknown tool is not logged, because it is the model's text.
                debug!(code = error.code(), "Tool call refused");
                refusal_result(error)
            }
        };
        let took = started.elapsed();
        finish(&mut memory, call, &result, took);
        let recorded = self.memory.store(memory).await;
        let event = tool_event(call, context, &result, took);
        self.memory
            .emit(match &outcome {
                Ok(ToolRun { failure: None, .. }) => Event::ToolExecute(event),
                Ok(ToolRun { failure: Some(error), .. }) | Err(error) => Event::ToolError(event, error),
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

/// Creates the result that the model sees for a call that never ran.
fn refusal_result(error: &Error) -> ToolResult {
    failed(error.to_string(), "I'm sorry, that did not work just now.")
}

fn started(call: &ToolCall, context: &ToolContext, request_id: Option<&str>) -> Memory {
    let content = format!("Tool '{}' started with parameters: {}", call.name, call.parameters);
    let mut metadata = Map::new();
    metadata.insert("status".to_owned(), json!("running"));
    if let Some(id) = request_id {
        metadata.insert("requestId".to_owned(), json!(id));
    }
    Memory {
        role: Some(Role::Tool),
        tool_call: Some(json!({ "id": call.id, "name": call.name, "parameters": call.parameters }).into()),
        metadata: Some(metadata.into()),
        ..context.memory(MemoryType::ToolExecution, content, 5)
    }
}

fn finish(memory: &mut Memory, call: &ToolCall, result: &ToolResult, took: Duration) {
    memory.content = match &result.error {
        Some(error) if !result.success => format!("Tool '{}' failed: {error}", call.name),
        _ => format!("Tool '{}' executed with parameters: {}", call.name, call.parameters),
    };
    memory.tool_result = serde_json::to_value(result).ok().map(Into::into);
    let status = if result.success { "completed" } else { "failed" };
    memory.extend_metadata([
        ("status".to_owned(), json!(status)),
        ("durationMs".to_owned(), json!(took.as_millis() as u64)),
    ]);
}

/// Returns a result without values that databases cannot store, which a tool's own result may
/// contain.
fn sanitize(result: ToolResult) -> ToolResult {
    ToolResult {
        success: result.success,
        data: result.data.map(|data| storable(data, 2)),
        error: result.error.map(replace_nul),
        response: match storable(Value::Object(result.response), 2) {
            Value::Object(response) => response,
            _ => Map::new(),
        },
    }
}

/// Replaces NUL by U+FFFD, and values that are nested too deeply by their JSON text.
///
/// `level` is the depth at which the value will be stored, starting at 1.
pub(crate) fn storable(value: Value, level: usize) -> Value {
    match value {
        Value::String(text) => Value::String(replace_nul(text)),
        Value::Array(_) | Value::Object(_) if level > MAX_JSON_DEPTH => {
            Value::String(replace_nul(value.to_string()))
        }
        Value::Array(items) => items.into_iter().map(|item| storable(item, level + 1)).collect(),
        Value::Object(object) => {
            object.into_iter().map(|(key, value)| (replace_nul(key), storable(value, level + 1))).collect()
        }
        other => other,
    }
}

/// Replaces NUL, which databases cannot store, by U+FFFD.
pub(crate) fn replace_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::done;
    use crate::tools::testing::{context, memory, tool};
    use crate::types::memory::MemoryQuery;

    fn call(name: &str, parameters: Value) -> ToolCall {
        ToolCall { id: "c1".into(), name: name.into(), parameters }
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
    async fn stores_one_row_per_run() {
        let runner = runner();
        let result = runner.answer(&call("ok", json!({ "a": 1 })), &context("c"), "r1").await.unwrap();
        assert!(result.success);
        let rows = rows(&runner).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].content, "Tool 'ok' executed with parameters: {\"a\":1}");
        assert_eq!((rows[0].importance, rows[0].role.clone()), (Some(5), Some(Role::Tool)));
        assert_eq!(
            rows[0].tool_call,
            Some(json!({ "id": "c1", "name": "ok", "parameters": { "a": 1 } }).into())
        );
        assert_eq!(rows[0].tool_result.as_ref().unwrap()["data"], json!({ "a": 1 }));
        assert_eq!(rows[0].meta("status"), Some(&json!("completed")));
        assert_eq!(rows[0].meta("requestId"), Some(&json!("r1")));
        assert!(rows[0].meta("durationMs").unwrap().is_u64());
    }

    #[tokio::test]
    async fn records_a_call_before_it_runs() {
        let runner = Arc::new(runner());
        let slow = tool("slow", json!({ "type": "object" }), |_| Ok(ToolResult::default()));
        let started = slow.started();
        runner.registry.register(Arc::new(slow.slow(Duration::from_secs(9))), None).unwrap();
        let background = Arc::clone(&runner);
        crate::task::spawn(
            async move { background.answer(&call("slow", json!({})), &context("c"), "r").await },
        );
        started.notified().await;
        let rows = rows(&runner).await;
        assert_eq!(rows[0].meta("status"), Some(&json!("running")));
        assert_eq!(rows[0].tool_result, None);
    }

    #[tokio::test]
    async fn reports_invalid_calls_to_the_model() {
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
    async fn returns_the_error_to_the_developer() {
        let error = runner().execute("fly", json!({}), &context("c"), None).await.unwrap_err();
        assert_eq!(error.code(), "TOOL_NOT_FOUND");
    }

    #[tokio::test]
    async fn replaces_values_that_databases_cannot_store() {
        let runner = runner();
        let result = runner.execute("nasty", json!({ "a": "\0" }), &context("c"), None).await.unwrap();
        assert_eq!(result.result.response["text"], "a\u{fffd}b");
        assert_eq!(rows(&runner).await.len(), 1);
    }
}
