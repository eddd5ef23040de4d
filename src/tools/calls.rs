//! The tool log_call_outcome: records the outcome of a conversation.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::database::{CallLog, Database, Precedence};
use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::memory::MemoryManager;
use crate::tools::{Tool, ToolContext, argument, done, failed};
use crate::types::memory::MemoryType;
use crate::types::message::ToolResult;

/// The name of the tool.
pub const NAME: &str = "log_call_outcome";
const OUTCOMES: [&str; 7] = [
    "appointment_booked",
    "callback_requested",
    "not_interested",
    "info_provided",
    "voicemail",
    "qualified_lead",
    "needs_follow_up",
];
/// Outcomes that count as a reached goal.
const GOALS: [&str; 2] = ["appointment_booked", "qualified_lead"];

/// A tool that records the outcome of a conversation. A later record replaces it.
pub struct LogCallOutcome {
    definition: ToolDefinition,
    database: Option<Arc<Database>>,
    memory: Arc<MemoryManager>,
}

impl LogCallOutcome {
    /// Creates a tool that writes a memory, and a row of `call_logs` if there is a database.
    pub fn new(database: Option<Arc<Database>>, memory: Arc<MemoryManager>) -> Self {
        let definition = ToolDefinition {
            name: NAME.to_owned(),
            description: "Log how the conversation ended, when its outcome is clear.".to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "outcome": { "type": "string", "enum": OUTCOMES, "description": "How it ended" },
                    "summary": { "type": "string", "maxLength": 4000,
                        "description": "What happened, in a sentence or two" },
                    "nextSteps": { "type": "string", "maxLength": 2000,
                        "description": "What has to happen next, if anything" },
                },
                "required": ["outcome", "summary"],
            }),
        };
        Self { definition, database, memory }
    }
}

#[async_trait]
impl Tool for LogCallOutcome {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let (Some(outcome), Some(summary)) =
            (argument(&arguments, "outcome"), argument(&arguments, "summary"))
        else {
            return Ok(failed("`summary` is empty: say what happened.", "I could not log that yet."));
        };
        let next_steps = argument(&arguments, "nextSteps");
        let duration = seconds(context.metadata.get("duration"));

        if let Some(database) = &self.database {
            let mut metadata = Map::new();
            metadata.insert("channel".to_owned(), json!(context.channel));
            if let Some(next_steps) = next_steps {
                metadata.insert("nextSteps".to_owned(), json!(next_steps));
            }
            let log = CallLog {
                external_id: context.conversation_id.clone(),
                conversation_id: context.conversation_id.clone(),
                phone_number: context.customer.phone.clone(),
                duration,
                outcome: Some(outcome.to_owned()),
                summary: Some(summary.to_owned()),
                metadata,
            };
            database.save_call_log(&log, Precedence::NewerWins).await?;
        }

        let next = next_steps.map(|steps| format!(" Next: {steps}")).unwrap_or_default();
        let mut memory =
            context.memory(MemoryType::System, format!("Call outcome: {outcome}. {summary}{next}"), 8);
        let duration = duration.map(|duration| ("duration".to_owned(), json!(duration)));
        memory.extend_session([("status".to_owned(), json!("completed"))].into_iter().chain(duration));
        let mut metadata = json!({ "toolName": NAME, "outcome": outcome, "summary": summary });
        if let Some(next_steps) = next_steps {
            metadata["nextSteps"] = json!(next_steps);
        }
        memory.metadata = Some(metadata.into());
        memory.goal_achieved = Some(GOALS.contains(&outcome));
        let id = memory.id.clone();
        self.memory.store(memory).await?;
        Ok(done(json!({ "outcomeId": id, "outcome": outcome }), "The outcome is logged."))
    }
}

/// Returns a duration in whole seconds, if it is a valid number.
fn seconds(duration: Option<&Value>) -> Option<i32> {
    let seconds = duration?.as_f64().filter(|seconds| (0.0..=f64::from(i32::MAX)).contains(seconds))?;
    Some(seconds.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::testing::{by_phone, context, memory};
    use crate::types::memory::MemoryQuery;

    #[tokio::test]
    async fn stores_the_outcome_as_a_memory() {
        let memory = memory();
        let tool = LogCallOutcome::new(None, Arc::clone(&memory));
        let mut context = context("c");
        context.metadata.insert("duration".into(), json!(61.4));
        for (outcome, goal) in [("appointment_booked", true), ("qualified_lead", true), ("voicemail", false)]
        {
            let arguments = json!({ "outcome": outcome, "summary": "Talked.", "nextSteps": "Call." });
            let result = tool.call(arguments, &context).await.unwrap();
            assert_eq!(result.data.as_ref().unwrap()["outcome"], outcome);
            let rows = memory.search(&MemoryQuery::newest(1)).await.unwrap();
            assert_eq!(result.data.unwrap()["outcomeId"], rows[0].id);
            assert_eq!(rows[0].goal_achieved, Some(goal));
            assert_eq!(rows[0].importance, Some(8));
            assert_eq!(rows[0].content, format!("Call outcome: {outcome}. Talked. Next: Call."));
            assert_eq!(rows[0].session("status"), Some(&json!("completed")));
            assert_eq!(rows[0].session("duration"), Some(&json!(61)));
        }
    }

    #[tokio::test]
    async fn replaces_the_outcome_in_a_database() {
        let options = serde_json::from_value(json!({ "connection": "sqlite::memory:" })).unwrap();
        let database = Arc::new(Database::new(&options).unwrap());
        let tool = LogCallOutcome::new(Some(database), memory());
        for (outcome, duration) in [("voicemail", json!(null)), ("callback_requested", json!(61))] {
            let mut context = by_phone("c", "+15551234567");
            context.metadata.insert("duration".into(), duration);
            let arguments = json!({ "outcome": outcome, "summary": "Talked." });
            assert!(tool.call(arguments, &context).await.unwrap().success);
        }
    }

    #[test]
    fn rounds_durations_to_seconds() {
        assert_eq!(seconds(Some(&json!(12))), Some(12));
        for none in [json!("12"), json!(-1), json!(1e12), json!(null)] {
            assert_eq!(seconds(Some(&none)), None);
        }
    }
}
