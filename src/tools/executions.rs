//! Queries over the tool runs recorded in memory.

use crate::error::Result;
use crate::memory::MemoryManager;
use crate::types::memory::{Memory, MemoryQuery, MemoryType};

/// Default limit of a query.
pub const DEFAULT_LIMIT: u32 = 20;
/// Size of the first page of memories, and maximum size of a page.
const FIRST_PAGE: u32 = 100;
const MAX_PAGE: u32 = 5_000;

/// A query for tool runs.
#[derive(Debug, Clone, Default)]
pub struct ExecutionQuery {
    /// The conversation id.
    pub conversation_id: Option<String>,
    /// The name of the tool.
    pub tool_name: Option<String>,
    /// The success of the run. `None` also matches runs that never ended.
    pub success: Option<bool>,
    /// Maximum number of results.
    pub limit: u32,
}

/// Returns the matching runs, newest first. The storage preselects by the text of the memories,
/// page by page; the recorded calls decide.
pub async fn find(memory: &MemoryManager, query: &ExecutionQuery) -> Result<Vec<Memory>> {
    let mut search = MemoryQuery {
        // The TypeScript SDK stored failures with type `error`.
        kinds: vec![MemoryType::ToolExecution, MemoryType::Error],
        conversation_id: query.conversation_id.clone(),
        keywords: query.tool_name.iter().map(|name| format!("Tool '{name}' ")).collect(),
        ..MemoryQuery::newest(FIRST_PAGE)
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
        search.limit = Some(asked.saturating_mul(4).min(MAX_PAGE));
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
            session_metadata: json!({ "conversationId": format!("c{}", n % 2) })
                .as_object()
                .cloned()
                .map(Into::into),
            tool_call: Some(json!({ "id": "x", "name": tool, "parameters": {} }).into()),
            tool_result: Some(result).filter(|result| !result.is_null()).map(Into::into),
            ..Memory::new(MemoryType::ToolExecution, format!("Tool '{tool}' executed with parameters: {{}}"))
        }
    }

    async fn ids(memory: &MemoryManager, query: ExecutionQuery) -> Vec<String> {
        find(memory, &query).await.unwrap().into_iter().map(|memory| memory.id).collect()
    }

    #[tokio::test]
    async fn finds_runs_behind_many_others() {
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
