//! The tools remember_preference and recall_preference. A preference is visible to its own customer
//! only.

mod keys;

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::memory::MemoryManager;
use crate::tools::customers::records::{notes_about, own_record};
use crate::tools::leads::Leads;
use crate::tools::ownership::Caller;
use crate::tools::preferences::keys::{is_same_key, mentions};
use crate::tools::{Tool, ToolContext, argument, done, failed};
use crate::types::memory::{Memory, MemoryQuery, MemoryType};
use crate::types::message::ToolResult;

const REMEMBER: &str = "remember_preference";
const DEFAULT_IMPORTANCE: i32 = 7;
const PAGE: u32 = 100;
/// Maximum number of pages searched for a similar key.
const MAX_PAGES: u32 = 20;
/// Maximum number of keys listed.
const MAX_KEYS: usize = 50;

/// A tool that stores a preference of the customer, or of the conversation with an unknown
/// customer.
pub struct RememberPreference {
    definition: ToolDefinition,
    memory: Arc<MemoryManager>,
}

impl RememberPreference {
    /// Creates a tool that stores preferences in `memory`.
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
        let metadata = json!({ "toolName": REMEMBER, "preferenceKey": key, "preferenceValue": value });
        memory.metadata = Some(metadata.into());
        let id = memory.id.clone();
        self.memory.store(memory).await?;
        let data = json!({ "preferenceId": id, "key": key, "value": value });
        Ok(done(data, format!("I'll remember that: {value}.")))
    }
}

/// A tool that looks up a preference of the customer, or of the conversation with an unknown
/// customer.
pub struct RecallPreference {
    definition: ToolDefinition,
    memory: Arc<MemoryManager>,
    leads: Arc<Leads>,
    country: String,
}

/// A stored preference.
struct Preference {
    key: String,
    value: String,
}

impl RecallPreference {
    /// Creates a tool that searches `memory`, and the notes of the records in `leads`. `country`
    /// applies to phone numbers without a country code.
    pub fn new(memory: Arc<MemoryManager>, leads: Arc<Leads>, country: String) -> Self {
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
        Self { definition, memory, leads, country }
    }

    /// Returns the newest preference with that key, ignoring case.
    async fn newest(&self, key: &str, caller: &Caller<'_>) -> Result<Option<Preference>> {
        let keyword = format!("Customer preference: {key} =");
        let mut newest: Option<Memory> = None;
        for scope in caller.memory_scopes(&self.memory).await? {
            let mut query = MemoryQuery { keywords: vec![keyword.clone()], ..scope.narrow(preferences()) };
            loop {
                let page = self.memory.search(&query).await?;
                let is_last = page.len() < PAGE as usize;
                let found = page.into_iter().find(|memory| {
                    caller.owns_memory(memory, &scope)
                        && preference(memory)
                            .is_some_and(|found| found.key.to_lowercase() == key.to_lowercase())
                });
                if let Some(found) = found {
                    // Ids are UUIDv7: within the same millisecond, the later id is greater.
                    let is_newer =
                        |known: &Memory| (known.timestamp, &known.id) < (found.timestamp, &found.id);
                    if newest.as_ref().is_none_or(is_newer) {
                        newest = Some(found);
                    }
                    break;
                }
                if is_last {
                    break;
                }
                query.offset += PAGE;
            }
        }
        Ok(newest.as_ref().and_then(preference))
    }

    /// Returns all preferences, newest first. Each key appears once with its newest value.
    async fn all(&self, caller: &Caller<'_>) -> Result<Vec<Preference>> {
        let mut memories = Vec::new();
        for scope in caller.memory_scopes(&self.memory).await? {
            let mut query = scope.narrow(preferences());
            for _ in 0..MAX_PAGES {
                let page = self.memory.search(&query).await?;
                let is_last = page.len() < PAGE as usize;
                memories.extend(page.into_iter().filter(|memory| caller.owns_memory(memory, &scope)));
                if is_last {
                    break;
                }
                query.offset += PAGE;
            }
        }
        memories.sort_by(|a, b| (b.timestamp, &b.id).cmp(&(a.timestamp, &a.id)));
        let mut seen = HashSet::new();
        let preferences = memories.iter().filter_map(preference);
        Ok(preferences.filter(|found| seen.insert(found.key.to_lowercase())).collect())
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
        let caller = Caller::new(context, &self.country);
        let found = |Preference { key, value }| {
            let words = format!("You prefer {value}.");
            done(json!({ "found": true, "key": key, "value": value }), words)
        };
        if let Some(preference) = self.newest(key, &caller).await? {
            return Ok(found(preference));
        }
        let mut others = self.all(&caller).await?;
        if let Some(near) = others.iter().position(|other| is_same_key(&other.key, key)) {
            return Ok(found(others.swap_remove(near)));
        }
        let record = own_record(&caller, &self.leads, &self.memory).await?;
        let notes = match &record {
            Some(record) => notes_about(record, &caller, &self.memory).await?,
            None => Vec::new(),
        };
        Ok(not_remembered(key, &others, &notes))
    }
}

/// Creates the result for a key without a preference. It lists alternatives: notes and other keys.
fn not_remembered(key: &str, others: &[Preference], notes: &[String]) -> ToolResult {
    let about: Vec<&String> = notes.iter().filter(|note| mentions(note, key)).collect();
    let is_noted = !about.is_empty();
    let mut data = json!({ "found": is_noted, "key": key });
    if is_noted {
        data["value"] = json!(about.iter().map(|note| note.as_str()).collect::<Vec<_>>().join("\n"));
        data["source"] = json!("notes");
    } else if !notes.is_empty() {
        data["notes"] = json!(notes);
    }
    if !others.is_empty() {
        let keys: Vec<&str> = others.iter().take(MAX_KEYS).map(|other| other.key.as_str()).collect();
        data["availableKeys"] = json!(keys);
    }
    let words = if is_noted {
        "I found a note about that."
    } else if !notes.is_empty() {
        "Let me look at my notes."
    } else if !others.is_empty() {
        "I have noted other things, but not under that name."
    } else {
        "I have nothing noted about that."
    };
    done(data, words)
}

fn preferences() -> MemoryQuery {
    MemoryQuery {
        kinds: vec![MemoryType::Decision],
        keywords: vec!["Customer preference: ".to_owned()],
        ..MemoryQuery::newest(PAGE)
    }
}

fn preference(memory: &Memory) -> Option<Preference> {
    memory.meta("toolName").filter(|tool| *tool == REMEMBER)?;
    let text = |field| memory.meta(field)?.as_str();
    let (key, value) = (text("preferenceKey")?.trim().to_owned(), text("preferenceValue")?.to_owned());
    Some(Preference { key, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::customers::SaveCustomerInfo;
    use crate::tools::testing::{by_email, by_phone, context, memory};

    async fn remember(memory: &Arc<MemoryManager>, context: &ToolContext, key: &str, value: &str) {
        let tool = RememberPreference::new(Arc::clone(memory));
        assert!(tool.call(json!({ "key": key, "value": value }), context).await.unwrap().success);
    }

    async fn recall(memory: &Arc<MemoryManager>, context: &ToolContext, key: &str) -> Option<String> {
        let leads = Arc::new(Leads::new(None, Arc::clone(memory)));
        let tool = RecallPreference::new(Arc::clone(memory), leads, "US".into());
        let data = tool.call(json!({ "key": key }), context).await.unwrap().data.unwrap();
        assert_eq!(data["found"], json!(data.get("value").is_some()));
        data.get("value").and_then(Value::as_str).map(str::to_owned)
    }

    #[tokio::test]
    async fn returns_the_latest_value_ignoring_case() {
        let memory = memory();
        for value in ["evenings", "mornings", "noon = 12"] {
            remember(&memory, &context("c"), " Preferred_Time ", value).await;
        }
        assert_eq!(recall(&memory, &context("c"), "preferred_time").await.as_deref(), Some("noon = 12"));
        assert_eq!(recall(&memory, &context("c"), "time").await, None);
    }

    #[tokio::test]
    async fn stores_the_documented_memory() {
        let memory = memory();
        remember(&memory, &by_email("c", "a@x.y"), "k", "v").await;
        let found = memory.search(&MemoryQuery::newest(1)).await.unwrap();
        assert_eq!(found[0].content, "Customer preference: k = v");
        assert_eq!((found[0].importance, found[0].kind.clone()), (Some(7), MemoryType::Decision));
        assert_eq!(found[0].session("customerEmail"), Some(&json!("a@x.y")));
    }

    #[tokio::test]
    async fn shows_preferences_to_their_own_customer_only() {
        let memory = memory();
        remember(&memory, &by_email("one", "a@x.y"), "k", "a's").await;
        assert_eq!(recall(&memory, &by_email("two", "a@x.y"), "k").await.as_deref(), Some("a's"));
        assert_eq!(recall(&memory, &by_email("one", "b@x.y"), "k").await, None);
        // Neither the same conversation without a customer, nor text that looks like a stored
        // preference.
        assert_eq!(recall(&memory, &context("one"), "k").await, None);
        remember(&memory, &context("three"), "x", "Customer preference: k = b's customerEmail a@x.y").await;
        assert_eq!(recall(&memory, &by_email("four", "a@x.y"), "k").await.as_deref(), Some("a's"));
        assert_eq!(recall(&memory, &context("four"), "x").await, None);
    }

    #[tokio::test]
    async fn finds_a_preference_behind_many_similar_ones() {
        let memory = memory();
        remember(&memory, &context("c"), "k", "v").await;
        for _ in 0..250 {
            remember(&memory, &context("c"), "other", "Customer preference: k = w").await;
        }
        assert_eq!(recall(&memory, &context("c"), "k").await.as_deref(), Some("v"));
    }

    async fn told(memory: &Arc<MemoryManager>, context: &ToolContext, key: &str) -> ToolResult {
        let leads = Arc::new(Leads::new(None, Arc::clone(memory)));
        RecallPreference::new(Arc::clone(memory), leads, "US".into())
            .call(json!({ "key": key }), context)
            .await
            .unwrap()
    }

    async fn save(memory: &Arc<MemoryManager>, context: &ToolContext, arguments: Value) {
        let leads = Arc::new(Leads::new(None, Arc::clone(memory)));
        let tool = SaveCustomerInfo::new(leads, Arc::clone(memory), "US".into());
        assert!(tool.call(arguments, context).await.unwrap().success);
    }

    #[tokio::test]
    async fn finds_similar_keys_and_lists_known_ones() {
        let memory = memory();
        let anna = by_email("c", "a@x.y");
        remember(&memory, &anna, "preferredTime", "mornings").await;
        remember(&memory, &anna, "Seats", "window").await;
        remember(&memory, &by_email("d", "b@x.y"), "secret_of_b", "s").await;
        for key in ["preferred_time", "Preferred Times", "preferred-time", "PREFERRED_TIME"] {
            let data = told(&memory, &anna, key).await.data.unwrap();
            assert_eq!(data, json!({ "found": true, "key": "preferredTime", "value": "mornings" }), "{key}");
        }
        let unknown = told(&memory, &anna, "language").await;
        let keys = json!({ "found": false, "key": "language", "availableKeys": ["Seats", "preferredTime"] });
        assert_eq!(unknown.data.unwrap(), keys);
        assert!(!unknown.response["text"].as_str().unwrap().contains("nothing"));
        let nothing = told(&memory, &context("c"), "language").await;
        assert_eq!(nothing.data.unwrap(), json!({ "found": false, "key": "language" }));
    }

    #[tokio::test]
    async fn finds_notes_of_the_own_record_only() {
        let memory = memory();
        let anna = by_email("c", "a@x.y");
        save(&memory, &anna, json!({ "notes": "Allergic to nuts" })).await;
        save(&memory, &anna, json!({ "name": "Anna", "notes": "Prefers mornings" })).await;
        for (key, value) in [("allergies", "Allergic to nuts"), ("preferred_time", "Prefers mornings")] {
            let told = told(&memory, &anna, key).await;
            let noted = json!({ "found": true, "key": key, "value": value, "source": "notes" });
            assert_eq!(told.data.unwrap(), noted);
        }
        let other = told(&memory, &anna, "language").await;
        assert_eq!(other.data.unwrap()["notes"], json!(["Prefers mornings", "Allergic to nuts"]));
        assert!(!other.response["text"].as_str().unwrap().contains("nothing"));
        // Neither the conversation without its customer, nor a person who only states her address.
        let mallory = by_email("m", "m@x.y");
        save(&memory, &mallory, json!({ "email": "a@x.y", "name": "Mallory" })).await;
        for stranger in [context("c"), mallory, by_phone("n", "+15550000001")] {
            let data = told(&memory, &stranger, "allergies").await.data.unwrap();
            assert_eq!(data, json!({ "found": false, "key": "allergies" }));
        }
        // For an unknown caller, only notes of this conversation are found.
        save(&memory, &context("x"), json!({ "name": "Bob", "notes": "allergic to cats" })).await;
        assert_eq!(told(&memory, &context("x"), "allergy").await.data.unwrap()["value"], "allergic to cats");
        assert_eq!(told(&memory, &context("y"), "allergy").await.data.unwrap()["found"], false);
    }
}
