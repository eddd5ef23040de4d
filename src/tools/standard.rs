//! The tools that every agent with a storage has.

use std::sync::Arc;

use crate::config::ToolsConfig;
use crate::database::Database;
use crate::memory::MemoryManager;
use crate::tools::{DEFAULT_COUNTRY, Tool, calls, customers, leads, preferences};

/// Creates the five tools that every receptionist with a storage has: save_customer_info,
/// find_customer, log_call_outcome, remember_preference, recall_preference.
///
/// Without a database, customer records and outcomes are kept as memories only.
pub fn standard_tools(
    memory: &Arc<MemoryManager>,
    database: Option<Arc<Database>>,
    config: &ToolsConfig,
) -> Vec<Arc<dyn Tool>> {
    let leads = Arc::new(leads::Leads::new(database.clone(), Arc::clone(memory)));
    let country = config.default_country.clone().unwrap_or_else(|| DEFAULT_COUNTRY.to_owned());
    vec![
        Arc::new(customers::SaveCustomerInfo::new(Arc::clone(&leads), Arc::clone(memory), country.clone())),
        Arc::new(customers::FindCustomer::new(
            Arc::clone(&leads),
            Arc::clone(memory),
            country.clone(),
            config.customer_lookup,
        )),
        Arc::new(calls::LogCallOutcome::new(database, Arc::clone(memory))),
        Arc::new(preferences::RememberPreference::new(Arc::clone(memory))),
        Arc::new(preferences::RecallPreference::new(Arc::clone(memory), leads, country)),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tools::registry::ToolRegistry;
    use crate::tools::testing;
    use crate::types::message::Channel;

    #[test]
    fn creates_five_built_in_tools() {
        let registry = ToolRegistry::new(None);
        registry.install(standard_tools(&testing::memory(), None, &ToolsConfig::default())).unwrap();
        let tools = registry.list(Some(&Channel::Text));
        let names: Vec<&str> = tools.iter().map(|tool| tool.definition().name.as_str()).collect();
        assert_eq!(
            names,
            [
                "save_customer_info",
                "find_customer",
                "log_call_outcome",
                "remember_preference",
                "recall_preference"
            ]
        );
    }

    #[tokio::test]
    async fn rejects_arguments_outside_the_schema() {
        let registry = ToolRegistry::new(None);
        registry.install(standard_tools(&testing::memory(), None, &ToolsConfig::default())).unwrap();
        for (name, arguments) in [
            ("remember_preference", json!({ "key": "k".repeat(201), "value": "v" })),
            ("remember_preference", json!({ "key": "k", "value": "v", "importance": 11 })),
            ("log_call_outcome", json!({ "outcome": "won", "summary": "s" })),
            ("log_call_outcome", json!({ "outcome": "voicemail" })),
            ("find_customer", json!({ "email": 7 })),
        ] {
            let error = registry.execute(name, arguments, &testing::context("c"), None).await.unwrap_err();
            assert_eq!(error.code(), "TOOL_ARGUMENTS_INVALID", "{name}");
        }
        let blank = json!({ "name": null, "email": "j@x.y" });
        let saved =
            registry.execute("save_customer_info", blank, &testing::context("c"), None).await.unwrap();
        assert!(saved.result.success);
    }
}
