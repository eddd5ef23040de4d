//! The tools by name, and how one is executed safely.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonschema::Validator;
use serde_json::{Value, json};
use tracing::warn;

use crate::error::{Error, Result};
use crate::llm::ToolDefinition;
use crate::message::{Channel, ToolResult};
use crate::tools::redaction::redact;
use crate::tools::{Tool, ToolContext};

/// What a tool may take when nobody says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// Violations told at most.
const MAX_PROBLEMS: usize = 10;

/// The tools an agent has, in the order of their registration.
#[derive(Default)]
pub struct ToolRegistry {
    tools: RwLock<Vec<Entry>>,
}

#[derive(Clone)]
struct Entry {
    tool: Arc<dyn Tool>,
    validator: Arc<Validator>,
}

impl Entry {
    fn name(&self) -> &str {
        &self.tool.definition().name
    }
}

impl ToolRegistry {
    /// A registry without tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool; one of the same name is replaced and keeps its place.
    ///
    /// Fails with `INVALID_ARGUMENT` when name or description are empty, the name cannot be sent to a
    /// model, or `parameters` are no JSON Schema.
    pub fn register(&self, tool: Arc<dyn Tool>) -> Result<()> {
        let ToolDefinition { name, description, parameters } = tool.definition();
        if name.is_empty() {
            return Err(Error::argument("tool.name", "is missing; a tool must have a name"));
        }
        if name.len() > 64 || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            let reason =
                "must be at most 64 letters, digits, underscores and dashes: models accept no others";
            return Err(Error::argument("tool.name", reason));
        }
        if description.is_empty() {
            return Err(Error::argument("tool.description", "is missing; a tool must have a description"));
        }
        if !parameters.is_object() {
            return Err(Error::argument("tool.parameters", "must be a JSON Schema object"));
        }
        let validator = jsonschema::options()
            .should_validate_formats(false)
            .build(parameters)
            .map_err(|error| Error::argument("tool.parameters", format!("are no JSON Schema: {error}")))?;
        let entry = Entry { tool: Arc::clone(&tool), validator: Arc::new(validator) };
        let mut tools = self.tools.write().unwrap_or_else(PoisonError::into_inner);
        match tools.iter_mut().find(|known| known.name() == entry.name()) {
            Some(known) => *known = entry,
            None => tools.push(entry),
        }
        Ok(())
    }

    /// Removes a tool; tells whether there was one.
    pub fn unregister(&self, name: &str) -> bool {
        let mut tools = self.tools.write().unwrap_or_else(PoisonError::into_inner);
        let before = tools.len();
        tools.retain(|known| known.name() != name);
        tools.len() < before
    }

    /// The tool of that name.
    pub fn get(&self, name: &str) -> Option<Arc<dyn Tool>> {
        self.entry(name).map(|entry| entry.tool)
    }

    /// Whether there is a tool of that name.
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// All tools, or those offered on a channel.
    pub fn list(&self, channel: Option<&Channel>) -> Vec<Arc<dyn Tool>> {
        let tools = self.tools.read().unwrap_or_else(PoisonError::into_inner);
        let offered = |entry: &&Entry| channel.is_none_or(|channel| entry.tool.available_on(channel));
        tools.iter().filter(offered).map(|entry| Arc::clone(&entry.tool)).collect()
    }

    /// How many tools there are.
    pub fn count(&self) -> usize {
        self.tools.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Removes all tools.
    pub fn clear(&self) {
        self.tools.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Checks the arguments and runs a tool for at most `timeout` (30 s unless given).
    ///
    /// Fails with `TOOL_NOT_FOUND` or `TOOL_ARGUMENTS_INVALID`. A tool that fails or takes too long is a
    /// result with `success: false`, whose words tell no secrets.
    pub async fn execute(
        &self,
        name: &str,
        arguments: Value,
        context: &ToolContext,
        timeout: Option<Duration>,
    ) -> Result<ToolResult> {
        let entry = self.entry(name).ok_or_else(|| Error::ToolNotFound(name.to_owned()))?;
        let arguments = check(&entry, arguments)?;
        let timeout = timeout.unwrap_or(DEFAULT_TIMEOUT);
        let outcome = match tokio::time::timeout(timeout, entry.tool.call(arguments, context)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let timeout_ms = timeout.as_millis().try_into().unwrap_or(u64::MAX);
                Err(Error::ToolTimeout { timeout_ms })
            }
        };
        Ok(outcome.unwrap_or_else(|error| {
            warn!(tool = name, code = error.code(), error = redact(&error.to_string()), "Tool failed");
            failure(&error)
        }))
    }

    fn entry(&self, name: &str) -> Option<Entry> {
        let tools = self.tools.read().unwrap_or_else(PoisonError::into_inner);
        tools.iter().find(|entry| entry.name() == name).cloned()
    }
}

/// The arguments if they satisfy the schema, else without the `null`s that models send for "not given".
fn check(entry: &Entry, arguments: Value) -> Result<Value> {
    if entry.validator.is_valid(&arguments) {
        return Ok(arguments);
    }
    if let Value::Object(object) = &arguments {
        let mut given = object.clone();
        given.retain(|_, value| !value.is_null());
        let given = Value::Object(given);
        if entry.validator.is_valid(&given) {
            return Ok(given);
        }
    }
    let problems = if arguments.is_object() {
        let errors = entry.validator.iter_errors(&arguments).take(MAX_PROBLEMS);
        // Masked: the values are what the customer said.
        errors
            .map(|error| match error.instance_path().as_str() {
                "" => error.masked().to_string(),
                path => format!("{path}: {}", error.masked()),
            })
            .collect()
    } else {
        vec!["the arguments are not a JSON object".to_owned()]
    };
    Err(Error::ToolArgumentsInvalid { tool: entry.name().to_owned(), problems })
}

fn failure(error: &Error) -> ToolResult {
    let told = match error {
        Error::ToolFailed { reason, .. } => redact(reason),
        Error::ToolTimeout { .. } => error.to_string(),
        other => format!("The tool failed ({})", other.code()),
    };
    let words = "I'm sorry, that did not work just now.";
    ToolResult {
        success: false,
        data: None,
        error: Some(told),
        response: [("text".to_owned(), json!(words))].into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::testing::{FnTool, context, tool};

    fn registry(tools: Vec<FnTool>) -> ToolRegistry {
        let registry = ToolRegistry::new();
        for tool in tools {
            registry.register(Arc::new(tool)).unwrap();
        }
        registry
    }

    fn schema() -> Value {
        json!({ "type": "object", "required": ["day"],
            "properties": { "day": { "type": "string", "maxLength": 5 }, "note": { "type": "string" } } })
    }

    #[tokio::test]
    async fn arguments_are_checked_and_violations_tell_no_values() {
        let registry =
            registry(vec![tool("book", schema(), |arguments| Ok(crate::tools::done(arguments, "ok")))]);
        let result =
            registry.execute("book", json!({ "day": "Mon", "note": null }), &context("c"), None).await;
        assert_eq!(result.unwrap().data, Some(json!({ "day": "Mon" })));
        for (arguments, problem) in [
            (json!({}), "\"day\" is a required property"),
            (json!({ "day": "secret day" }), "/day: "),
            (json!({ "day": 7 }), "/day: "),
            (json!("{oops secret"), "not a JSON object"),
            (json!({ "day": null }), "/day: "),
        ] {
            let error = registry.execute("book", arguments, &context("c"), None).await.unwrap_err();
            assert_eq!(error.code(), "TOOL_ARGUMENTS_INVALID");
            let told = error.to_string();
            assert!(told.contains(problem) && !told.contains("secret"), "{told}");
        }
        let missing = registry.execute("fly", json!({}), &context("c"), None).await.unwrap_err();
        assert_eq!(missing.to_string(), "Tool 'fly' not found in registry");
    }

    #[tokio::test]
    async fn failures_are_results_without_secrets() {
        let open = json!({ "type": "object" });
        let registry = registry(vec![
            tool("own", open.clone(), |_| {
                Err(Error::ToolFailed { tool: "own".into(), reason: "full, key sk-secret".into() })
            }),
            tool("inner", open.clone(), |_| Err(Error::Internal("secret".into()))),
            tool("slow", open, |_| Ok(ToolResult::default())).slow(Duration::from_secs(9)),
        ]);
        let run = async |name| {
            let limit = Some(Duration::from_millis(20));
            registry.execute(name, json!({}), &context("c"), limit).await.unwrap()
        };
        assert_eq!(run("own").await.error.as_deref(), Some("full, key [redacted]"));
        assert_eq!(run("inner").await.error.as_deref(), Some("The tool failed (INTERNAL)"));
        let slow = run("slow").await;
        assert_eq!(slow.error.as_deref(), Some("Tool execution timeout after 20ms"));
        assert!(!slow.success && slow.response["text"].is_string());
    }

    #[test]
    fn tools_keep_their_order_and_can_be_replaced() {
        let open = || json!({ "type": "object" });
        let registry = registry(vec![
            tool("a", open(), |_| Ok(ToolResult::default())).only_on(Channel::Sms),
            tool("b", open(), |_| Ok(ToolResult::default())),
            tool("a", open(), |_| Ok(ToolResult::default())),
        ]);
        let names = |channel| -> Vec<String> {
            registry.list(channel).iter().map(|tool| tool.definition().name.clone()).collect()
        };
        assert_eq!(names(None), ["a", "b"]);
        assert!(registry.unregister("a") && !registry.unregister("a") && !registry.has("a"));
        assert_eq!(registry.count(), 1);
        for (name, parameters) in
            [("", open()), ("a b", open()), ("x", json!({ "type": 7 })), ("x", json!(1))]
        {
            let bad = tool(name, parameters, |_| Ok(ToolResult::default()));
            assert_eq!(registry.register(Arc::new(bad)).unwrap_err().code(), "INVALID_ARGUMENT", "{name}");
        }
    }

    #[test]
    fn channels_decide_what_is_offered() {
        let sms = tool("a", json!({ "type": "object" }), |_| Ok(ToolResult::default())).only_on(Channel::Sms);
        let registry = registry(vec![sms]);
        assert_eq!(registry.list(Some(&Channel::Sms)).len(), 1);
        assert_eq!(registry.list(Some(&Channel::Text)).len(), 0);
    }
}
