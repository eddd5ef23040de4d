//! Erasure of a person's signatures.

use serde_json::Value;
use uuid::Uuid;

use crate::database::Database;
use crate::database::recall::RemovedMemory;
use crate::database::schema::tables::RECALL;
use crate::error::Result;
use crate::types::memory::Memory;
use crate::types::signature::Scope;

/// Maximum number of scopes in one statement.
const PAGE: usize = 500;

impl Database {
    /// Erases the signatures of deleted memories, and of all memories of owners and conversations,
    /// from blocks too, if the table exists, even if the index is off now.
    pub async fn erase_signatures(
        &self,
        memories: &[Memory],
        owners: &[(String, Value)],
        conversations: &[String],
    ) -> Result<()> {
        if !self.has_table(&RECALL).await? {
            return Ok(());
        }
        let ready = self.ready().await?;
        let layout = ready.layout();
        let tenant = self.tenant_id();
        let owners =
            owners.iter().filter_map(|(field, value)| Some(Scope::owner(tenant, field, value.as_str()?)));
        let conversations = conversations.iter().map(|id| Scope::conversation(tenant, id));
        let scopes: Vec<i64> = owners.chain(conversations).map(Scope::hash).collect();
        for page in scopes.chunks(PAGE) {
            let delete = self.scope(&RECALL, layout).delete().and(|builder| {
                builder.push_one_of_numbers(&self.dialect().quote("scope"), page);
            });
            ready.execute("forget signatures", delete.finish()).await?;
        }
        let mut removed: Vec<RemovedMemory> = Vec::with_capacity(memories.len());
        for memory in memories {
            let keys = self.row_keys(&memory.id, layout);
            let rows = keys.iter().filter_map(|key| Uuid::parse_str(key).ok());
            removed.extend(rows.map(|row| self.removed_of(memory, row)));
        }
        for page in removed.chunks(PAGE) {
            let delete = self.delete_single_rows(page, layout);
            ready.execute("forget signatures", delete).await?;
        }
        self.strip_blocks(&ready, &removed).await?;
        self.purge(&ready).await
    }
}
