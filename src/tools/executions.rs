//! What tools did, found again in memory.

use crate::error::Result;
use crate::memory::{Memory, MemoryQuery, MemoryType};
use crate::recall::MemoryManager;

/// Executions found unless said otherwise.
pub const DEFAULT_LIMIT: u32 = 20;
/// Memories read first, and at most in one go.
const FIRST_READ: u32 = 100;
const MOST_READ: u32 = 5_000;

/// Which executions to find.
#[derive(Debug, Clone, Default)]
pub struct ExecutionQuery {
    /// Of this conversation.
    pub conversation_id: Option<String>,
    /// Of this tool.
    pub tool_name: Option<String>,
    /// Those that did what was asked, or those that did not; without it also those that never ended.
    pub success: Option<bool>,
    /// At most so many.
    pub limit: u32,
}

/// The newest executions first. Storages are asked for what the content of their memories tells, as often as it takes; the
/// calls themselves decide.
pub async fn find(memory: &MemoryManager, query: &ExecutionQuery) -> Result<Vec<Memory>> {
    let mut search = MemoryQuery {
        // Failures of the TypeScript SDK are of type `error`.
        kinds: vec![MemoryType::ToolExecution, MemoryType::Error],
        conversation_id: query.conversation_id.clone(),
        keywords: query.tool_name.iter().map(|name| format!("Tool '{name}' ")).collect(),
        ..MemoryQuery::newest(FIRST_READ)
    };
    let limit = query.limit as usize;
    let mut found = Vec::new();
    while found.len() < limit {
        let page = memory.search(&search).await?;
        let read = page.len();
        found.extend(page.into_iter().filter(|memory| matches(query, memory)));
        let asked = search.limit.unwrap_or_default();
        if read < asked as usize {
            break;
        }
        search.offset = search.offset.saturating_add(asked);
        search.limit = Some(asked.saturating_mul(4).min(MOST_READ));
    }
    found.truncate(limit);
    Ok(found)
}

fn matches(query: &ExecutionQuery, memory: &Memory) -> bool {
    let Some(call) = memory.parsed_tool_call() else { return false };
    if query.tool_name.as_ref().is_some_and(|name| *name != call.name) {
        return false;
    }
    let Some(wanted) = query.success else { return true };
    match &memory.tool_result {
        Some(result) => result.get("success").and_then(serde_json::Value::as_bool) == Some(wanted),
        None => memory.kind == MemoryType::Error && !wanted,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tools::testing::memory;

    fn execution(n: usize, tool: &str, result: serde_json::Value) -> Memory {
        Memory {
            id: format!("{n}"),
            timestamp: chrono::DateTime::from_timestamp_millis(1_000_000_000_000 + n as i64).unwrap(),
            session_metadata: json!({ "conversationId": format!("c{}", n % 2) }).as_object().cloned(),
            tool_call: Some(json!({ "id": "x", "name": tool, "parameters": {} })),
            tool_result: Some(result).filter(|result| !result.is_null()),
            ..Memory::new(MemoryType::ToolExecution, format!("Tool '{tool}' executed with parameters: {{}}"))
        }
    }

    async fn ids(memory: &MemoryManager, query: ExecutionQuery) -> Vec<String> {
        find(memory, &query).await.unwrap().into_iter().map(|memory| memory.id).collect()
    }

    #[tokio::test]
    async fn what_is_asked_for_is_found_however_much_lies_above_it() {
        let memory = memory();
        for n in 0..700 {
            let (tool, success) = if n == 3 { ("rare", false) } else { ("usual", true) };
            memory.store(execution(n, tool, json!({ "success": success }))).await.unwrap();
        }
        let unended = Memory {
            content: "Tool 'usual' started with parameters: {}".into(),
            ..execution(700, "usual", json!(null))
        };
        memory.store(unended).await.unwrap();
        let all = ExecutionQuery { limit: 2, ..ExecutionQuery::default() };
        assert_eq!(ids(&memory, all.clone()).await, ["700", "699"]);
        assert_eq!(ids(&memory, ExecutionQuery { success: Some(true), ..all.clone() }).await, ["699", "698"]);
        assert_eq!(ids(&memory, ExecutionQuery { success: Some(false), ..all.clone() }).await, ["3"]);
        let rare = ExecutionQuery { tool_name: Some("rare".into()), ..all.clone() };
        assert_eq!(ids(&memory, rare.clone()).await, ["3"]);
        let elsewhere = ExecutionQuery { conversation_id: Some("c0".into()), ..rare };
        assert!(ids(&memory, elsewhere).await.is_empty());
        let many = ExecutionQuery { limit: 10_000, ..all };
        assert_eq!(ids(&memory, many).await.len(), 701);
    }
}
