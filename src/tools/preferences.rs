//! remember_preference and recall_preference: what a customer likes, and only for that customer.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::audience::{has_owner, is_owned_by, owner_fields};
use crate::customer::Customer;
use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::memory::{Memory, MemoryQuery, MemoryType};
use crate::message::ToolResult;
use crate::recall::MemoryManager;
use crate::tools::{Tool, ToolContext, argument, done, failed};

const REMEMBER: &str = "remember_preference";
const DEFAULT_IMPORTANCE: i32 = 7;
const PAGE: u32 = 100;

/// Remembers a preference of the customer, else of the conversation.
pub struct RememberPreference {
    definition: ToolDefinition,
    memory: Arc<MemoryManager>,
}

impl RememberPreference {
    /// Kept in `memory`.
    pub fn new(memory: Arc<MemoryManager>) -> Self {
        let definition = ToolDefinition {
            name: REMEMBER.to_owned(),
            description: "Remember something the customer prefers, for this and later conversations."
                .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "key": { "type": "string", "minLength": 1, "maxLength": 200,
                        "description": "What it is about, for example preferred_time" },
                    "value": { "type": "string", "minLength": 1, "maxLength": 2000,
                        "description": "What they prefer, for example mornings" },
                    "importance": { "type": "number", "minimum": 1, "maximum": 10, "default": DEFAULT_IMPORTANCE,
                        "description": "How much it matters, 1 to 10" },
                },
                "required": ["key", "value"],
            }),
        };
        Self { definition, memory }
    }
}

#[async_trait]
impl Tool for RememberPreference {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let (Some(key), Some(value)) = (argument(&arguments, "key"), argument(&arguments, "value")) else {
            return Ok(failed("`key` or `value` is empty.", "I did not get what you prefer."));
        };
        let importance = arguments.get("importance").and_then(Value::as_f64);
        let importance = importance.map_or(DEFAULT_IMPORTANCE, |given| given.round().clamp(1.0, 10.0) as i32);
        let content = format!("Customer preference: {key} = {value}");
        let mut memory = context.memory(MemoryType::Decision, content, importance);
        memory.metadata =
            Some(json!({ "toolName": REMEMBER, "preferenceKey": key, "preferenceValue": value }));
        let id = memory.id.clone();
        self.memory.store(memory).await?;
        let data = json!({ "preferenceId": id, "key": key, "value": value });
        Ok(done(data, format!("I'll remember that: {value}.")))
    }
}

/// Recalls a preference of the customer, else of the conversation.
pub struct RecallPreference {
    definition: ToolDefinition,
    memory: Arc<MemoryManager>,
}

impl RecallPreference {
    /// Found in `memory`.
    pub fn new(memory: Arc<MemoryManager>) -> Self {
        let definition = ToolDefinition {
            name: "recall_preference".to_owned(),
            description: "Recall what the customer prefers.".to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "key": { "type": "string", "minLength": 1, "maxLength": 200,
                        "description": "What it is about, as it was remembered" },
                },
                "required": ["key"],
            }),
        };
        Self { definition, memory }
    }

    /// The newest preference of that key among the memories that `filter` lets through.
    async fn newest(&self, key: &str, mut query: MemoryQuery, customer: &Customer) -> Result<Option<Memory>> {
        query.kinds = vec![MemoryType::Decision];
        query.keywords = vec![format!("Customer preference: {key} =")];
        query.limit = Some(PAGE);
        loop {
            let page = self.memory.search(&query).await?;
            let last = page.len() < PAGE as usize;
            let found =
                page.into_iter().find(|memory| is_preference(memory, key) && belongs(memory, customer));
            if found.is_some() || last {
                return Ok(found);
            }
            query.offset += PAGE;
        }
    }
}

#[async_trait]
impl Tool for RecallPreference {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let Some(key) = argument(&arguments, "key") else {
            return Ok(failed("`key` is empty.", "I did not get what you are asking about."));
        };
        let mut queries: Vec<MemoryQuery> = owner_fields(&context.customer)
            .into_iter()
            .map(|identifier| MemoryQuery {
                session_metadata: [identifier].into_iter().collect(),
                ..MemoryQuery::default()
            })
            .collect();
        if queries.is_empty() {
            let conversation_id = Some(context.conversation_id.clone());
            queries.push(MemoryQuery { conversation_id, ..MemoryQuery::default() });
        }
        let mut newest: Option<Memory> = None;
        for query in queries {
            if let Some(found) = self.newest(key, query, &context.customer).await?
                // Ids are UUIDv7: of the same millisecond the later one is greater.
                && newest.as_ref().is_none_or(|known| (known.timestamp, &known.id) < (found.timestamp, &found.id))
            {
                newest = Some(found);
            }
        }
        let value = newest.as_ref().and_then(|memory| memory.meta("preferenceValue")?.as_str());
        Ok(match value {
            Some(value) => {
                let data = json!({ "found": true, "key": key, "value": value });
                done(data, format!("You prefer {value}."))
            }
            None => done(json!({ "found": false, "key": key }), "I have nothing noted about that."),
        })
    }
}

fn is_preference(memory: &Memory, key: &str) -> bool {
    let same = |stored: &Value| {
        stored.as_str().is_some_and(|stored| stored.trim().to_lowercase() == key.to_lowercase())
    };
    memory.meta("toolName").is_some_and(|tool| tool == REMEMBER)
        && memory.meta("preferenceKey").is_some_and(same)
}

/// Whether a memory found is this customer's: it shares an identifier, or nobody is known on both sides.
fn belongs(memory: &Memory, customer: &Customer) -> bool {
    if customer.is_unknown() { !has_owner(memory) } else { is_owned_by(memory, customer) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::testing::{by_email, context, memory};

    async fn remember(memory: &Arc<MemoryManager>, context: &ToolContext, key: &str, value: &str) {
        let tool = RememberPreference::new(Arc::clone(memory));
        assert!(tool.call(json!({ "key": key, "value": value }), context).await.unwrap().success);
    }

    async fn recall(memory: &Arc<MemoryManager>, context: &ToolContext, key: &str) -> Option<String> {
        let tool = RecallPreference::new(Arc::clone(memory));
        let data = tool.call(json!({ "key": key }), context).await.unwrap().data.unwrap();
        assert_eq!(data["found"], json!(data.get("value").is_some()));
        data.get("value").and_then(Value::as_str).map(str::to_owned)
    }

    #[tokio::test]
    async fn the_latest_value_wins_however_the_key_is_written() {
        let memory = memory();
        for value in ["evenings", "mornings", "noon = 12"] {
            remember(&memory, &context("c"), " Preferred_Time ", value).await;
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        assert_eq!(recall(&memory, &context("c"), "preferred_time").await.as_deref(), Some("noon = 12"));
        assert_eq!(recall(&memory, &context("c"), "time").await, None);
    }

    #[tokio::test]
    async fn the_memory_reads_as_promised() {
        let memory = memory();
        remember(&memory, &by_email("c", "a@x.y"), "k", "v").await;
        let found = memory.search(&MemoryQuery::newest(1)).await.unwrap();
        assert_eq!(found[0].content, "Customer preference: k = v");
        assert_eq!((found[0].importance, found[0].kind.clone()), (Some(7), MemoryType::Decision));
        assert_eq!(found[0].session("customerEmail"), Some(&json!("a@x.y")));
    }

    #[tokio::test]
    async fn preferences_follow_the_customer_and_nobody_else() {
        let memory = memory();
        remember(&memory, &by_email("one", "a@x.y"), "k", "a's").await;
        assert_eq!(recall(&memory, &by_email("two", "a@x.y"), "k").await.as_deref(), Some("a's"));
        assert_eq!(recall(&memory, &by_email("one", "b@x.y"), "k").await, None);
        // Neither the same conversation without a customer, nor words that look like a record.
        assert_eq!(recall(&memory, &context("one"), "k").await, None);
        remember(&memory, &context("three"), "x", "Customer preference: k = b's customerEmail a@x.y").await;
        assert_eq!(recall(&memory, &by_email("four", "a@x.y"), "k").await.as_deref(), Some("a's"));
        assert_eq!(recall(&memory, &context("four"), "x").await, None);
    }

    #[tokio::test]
    async fn a_preference_is_found_behind_many_that_only_look_like_it() {
        let memory = memory();
        remember(&memory, &context("c"), "k", "v").await;
        for _ in 0..250 {
            remember(&memory, &context("c"), "other", "Customer preference: k = w").await;
        }
        assert_eq!(recall(&memory, &context("c"), "k").await.as_deref(), Some("v"));
    }
}
