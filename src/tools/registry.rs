//! The registry of tools, and their validated execution.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use serde_json::{Value, json};
use tracing::warn;

use crate::error::{Error, Result};
use crate::redaction::redact;
use crate::tools::arguments::Schema;
use crate::tools::{Tool, ToolContext};
use crate::types::message::{Channel, ToolResult};

/// Default timeout of a tool.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum length of a tool's name.
const MAX_NAME_CHARS: usize = 64;

/// The tools of an agent, in order of registration.
pub struct ToolRegistry {
    timeout: Duration,
    tools: RwLock<Tools>,
}

#[derive(Default)]
struct Tools {
    entries: Vec<RegisteredTool>,
    /// Names of built-in tools that were installed, or that the developer removed. They are not
    /// added again.
    managed: HashSet<String>,
}

#[derive(Clone)]
struct RegisteredTool {
    tool: Arc<dyn Tool>,
    schema: Arc<Schema>,
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Package,
    Developer,
}

/// The outcome of a tool that was run.
#[derive(Debug)]
pub struct ToolRun {
    /// The result, for the model.
    pub result: ToolResult,
    /// The error, if the tool itself gave no result.
    pub failure: Option<Error>,
}

/// An invalid tool: the field at fault and the reason.
struct InvalidTool(&'static str, String);

impl RegisteredTool {
    fn new(tool: Arc<dyn Tool>, origin: Origin) -> Result<Self, InvalidTool> {
        let definition = tool.definition();
        if definition.name.is_empty() {
            return Err(InvalidTool("name", "is missing; a tool must have a name".to_owned()));
        }
        let starts = definition.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let usual = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !starts || definition.name.len() > MAX_NAME_CHARS || !definition.name.chars().all(usual) {
            let reason = format!(
                "must be at most {MAX_NAME_CHARS} letters, digits, underscores and dashes, and begin with a letter or underscore: models accept no others"
            );
            return Err(InvalidTool("name", reason));
        }
        if definition.description.is_empty() {
            return Err(InvalidTool("description", "is missing; a tool must have a description".to_owned()));
        }
        // Formats are not checked for built-in tools, which treat an invalid address as absent.
        let schema = Schema::compile(&definition.parameters, origin == Origin::Developer)
            .map_err(|reason| InvalidTool("parameters", reason))?;
        Ok(Self { schema: Arc::new(schema), origin, tool })
    }

    fn name(&self) -> &str {
        &self.tool.definition().name
    }
}

impl ToolRegistry {
    /// Creates an empty registry. Each tool is limited to `timeout`, 30 s by default.
    pub fn new(timeout: Option<Duration>) -> Self {
        Self { timeout: timeout.unwrap_or(DEFAULT_TIMEOUT), tools: RwLock::default() }
    }

    /// Registers a tool of the developer's. A tool of the same name is replaced and keeps its
    /// position. Returns `true` if one was replaced.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if name, description or parameters are invalid: the name or
    /// description is empty, models do not accept the name, or `parameters` are not a JSON Schema
    /// of an object. If the tool comes from an `option`, the code is `INVALID_CONFIG`.
    pub fn register(&self, tool: Arc<dyn Tool>, option: Option<&str>) -> Result<bool> {
        let entry =
            RegisteredTool::new(tool, Origin::Developer).map_err(
                |InvalidTool(field, reason)| match option {
                    Some(option) => Error::config(format!("{option}.{field}"), reason),
                    None => Error::argument(format!("tool.{field}"), reason),
                },
            )?;
        let mut tools = self.write();
        match tools.entries.iter_mut().find(|known| known.name() == entry.name()) {
            Some(known) => {
                *known = entry;
                Ok(true)
            }
            None => {
                tools.entries.push(entry);
                Ok(false)
            }
        }
    }

    /// Installs the built-in tools before the developer's. Tools that the developer replaced or
    /// removed stay replaced or removed.
    pub fn install(&self, tools: Vec<Arc<dyn Tool>>) -> Result<()> {
        let unusable = |InvalidTool(field, reason)| Error::Internal(format!("a tool's {field} {reason}"));
        let ours = tools.into_iter().map(|tool| RegisteredTool::new(tool, Origin::Package).map_err(unusable));
        let ours = ours.collect::<Result<Vec<_>>>()?;
        let mut tools = self.write();
        let mut added = Vec::new();
        for entry in ours {
            let first = tools.managed.insert(entry.name().to_owned());
            match tools.entries.iter_mut().find(|known| known.name() == entry.name()) {
                Some(known) if known.origin == Origin::Package => *known = entry,
                None if first => added.push(entry),
                _ => {}
            }
        }
        tools.entries.splice(0..0, added);
        Ok(())
    }

    /// Removes a tool. Returns `true` if there was one.
    pub fn unregister(&self, name: &str) -> bool {
        let mut tools = self.write();
        if !tools.entries.iter().any(|known| known.name() == name && known.origin == Origin::Developer) {
            tools.managed.insert(name.to_owned());
        }
        let before = tools.entries.len();
        tools.entries.retain(|known| known.name() != name);
        tools.entries.len() < before
    }

    /// Returns all tools, or those offered on a channel.
    pub fn list(&self, channel: Option<&Channel>) -> Vec<Arc<dyn Tool>> {
        let offered =
            |entry: &&RegisteredTool| channel.is_none_or(|channel| entry.tool.available_on(channel));
        self.read().entries.iter().filter(offered).map(|entry| Arc::clone(&entry.tool)).collect()
    }

    /// Validates the arguments and runs a tool, for at most `timeout` (the registry's by default).
    /// A tool that fails or times out gives a result with `success: false`, whose message contains
    /// no secrets.
    ///
    /// # Errors
    ///
    /// Fails with `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE` or `TOOL_ARGUMENTS_INVALID`.
    pub async fn execute(
        &self,
        name: &str,
        arguments: Value,
        context: &ToolContext,
        timeout: Option<Duration>,
    ) -> Result<ToolRun> {
        let entry = self.entry(name).ok_or_else(|| Error::ToolNotFound(name.to_owned()))?;
        if !entry.tool.available_on(&context.channel) {
            let channel = context.channel.as_str().to_owned();
            return Err(Error::ToolNotAvailable { tool: name.to_owned(), channel });
        }
        let arguments = entry.schema.check(name, arguments)?;
        let timeout = timeout.unwrap_or(self.timeout);
        let outcome = match tokio::time::timeout(timeout, entry.tool.call(arguments, context)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let timeout_ms = timeout.as_millis().try_into().unwrap_or(u64::MAX);
                Err(Error::ToolTimeout { timeout_ms })
            }
        };
        Ok(match outcome {
            Ok(result) => ToolRun { result, failure: None },
            Err(error) => {
                let (code, stack) = (error.code(), error.stack());
                warn!(tool = name, code, %error, stack, "Tool failed");
                ToolRun { result: failure_result(&error), failure: Some(error) }
            }
        })
    }

    fn entry(&self, name: &str) -> Option<RegisteredTool> {
        self.read().entries.iter().find(|entry| entry.name() == name).cloned()
    }

    fn read(&self) -> RwLockReadGuard<'_, Tools> {
        self.tools.read()
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tools> {
        self.tools.write()
    }
}

/// Creates the result that the model sees if a tool gave none.
fn failure_result(error: &Error) -> ToolResult {
    let told = match error {
        Error::ToolFailed { reason, .. } => redact(reason),
        Error::UserCode { cause, .. } => redact(&cause.to_string()),
        Error::ToolTimeout { .. } | Error::UserCodeInvalid { .. } => error.to_string(),
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
        let registry = ToolRegistry::new(None);
        for tool in tools {
            registry.register(Arc::new(tool), None).unwrap();
        }
        registry
    }

    fn schema() -> Value {
        json!({ "type": "object", "required": ["day"],
            "properties": { "day": { "type": "string", "maxLength": 5 }, "note": { "type": "string" } } })
    }

    #[tokio::test]
    async fn validates_arguments_without_quoting_values() {
        let registry =
            registry(vec![tool("book", schema(), |arguments| Ok(crate::tools::done(arguments, "ok")))]);
        let result =
            registry.execute("book", json!({ "day": "Mon", "note": null }), &context("c"), None).await;
        assert_eq!(result.unwrap().result.data, Some(json!({ "day": "Mon" })));
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
    async fn returns_failures_without_secrets() {
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
            registry.execute(name, json!({}), &context("c"), limit).await.unwrap().result
        };
        assert_eq!(run("own").await.error.as_deref(), Some("full, key [redacted]"));
        assert_eq!(run("inner").await.error.as_deref(), Some("The tool failed (INTERNAL)"));
        let slow = run("slow").await;
        assert_eq!(slow.error.as_deref(), Some("Tool execution timeout after 20ms"));
        assert!(!slow.success && slow.response["text"].is_string());
    }

    #[test]
    fn keeps_the_order_and_replaces_tools() {
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
        assert!(registry.unregister("a") && !registry.unregister("a"));
        let left: Vec<String> =
            registry.list(None).iter().map(|tool| tool.definition().name.clone()).collect();
        assert_eq!(left, ["b"]);
        let refused = |name: &str, parameters, option| {
            let bad = tool(name, parameters, |_| Ok(ToolResult::default()));
            registry.register(Arc::new(bad), option).unwrap_err()
        };
        for (name, parameters) in [("", open()), ("a b", open()), ("7a", open()), ("x", json!({ "type": 7 }))]
        {
            assert_eq!(refused(name, parameters, None).code(), "INVALID_ARGUMENT", "{name}");
        }
        let configured = refused("a b", open(), Some("tools.custom[0]"));
        assert_eq!(configured.code(), "INVALID_CONFIG");
        assert!(configured.to_string().contains("`tools.custom[0].name`"), "{configured}");
    }

    #[test]
    fn keeps_replaced_and_removed_tools_on_reinstall() {
        let open = || json!({ "type": "object" });
        let idle = |name| tool(name, open(), |_| Ok(ToolResult::default()));
        let ours = || -> Vec<Arc<dyn Tool>> {
            ["a", "b", "c"].map(|name| Arc::new(idle(name)) as Arc<dyn Tool>).into()
        };
        let registry = registry(vec![idle("b")]);
        let kept = registry.list(None);
        let names = || -> Vec<String> {
            registry.list(None).iter().map(|tool| tool.definition().name.clone()).collect()
        };
        registry.install(ours()).unwrap();
        assert_eq!(names(), ["a", "c", "b"]);
        registry.unregister("a");
        registry.install(ours()).unwrap();
        assert_eq!(names(), ["c", "b"]);
        assert!(Arc::ptr_eq(&registry.list(None)[1], &kept[0]));
        let refused = self::registry(vec![]);
        refused.unregister("c");
        refused.install(ours()).unwrap();
        assert_eq!(refused.list(None).len(), 2);
    }

    #[tokio::test]
    async fn offers_tools_per_channel() {
        let sms = tool("a", json!({ "type": "object" }), |_| Ok(ToolResult::default())).only_on(Channel::Sms);
        let registry = registry(vec![sms]);
        assert_eq!(registry.list(Some(&Channel::Sms)).len(), 1);
        assert_eq!(registry.list(Some(&Channel::Text)).len(), 0);
        let refused = registry.execute("a", json!({}), &context("c"), None).await.unwrap_err();
        assert_eq!(refused.to_string(), "No handler available for tool 'a' on channel 'text'");
    }
}
