//! Leads and call logs of a person, and the vectors of what is forgotten.

use crate::database::call_logs::read_call_log;
use crate::database::schema::{CALL_LOGS, ColumnType, LEADS, Table, VECTORS};
use crate::database::scope::Scoped;
use crate::database::{CallLog, Database, Lead, Ready};
use crate::error::Result;

/// Values in one statement at most.
const PAGE: usize = 500;

/// What rows about a person show.
#[derive(Debug, Clone, Default)]
pub struct PersonKeys {
    /// Normalised.
    pub email: Option<String>,
    /// The number, in every notation that others may have used.
    pub phones: Vec<String>,
    /// The names that our own records of the person have.
    pub leads: Vec<String>,
    /// Conversations with nobody else.
    pub conversations: Vec<String>,
}

impl Database {
    /// Leads that show an address of the person or are named after them.
    pub async fn leads_of(&self, keys: &PersonKeys) -> Result<Vec<Lead>> {
        if !self.has_table(&LEADS).await? {
            return Ok(Vec::new());
        }
        let phones: Vec<&str> = keys.phones.iter().map(String::as_str).collect();
        let mut leads = self.leads_matching(keys.email.as_deref(), &phones).await?;
        for key in &keys.leads {
            let known = leads.iter().any(|lead| lead.external_id == *key);
            leads.extend(if known { None } else { self.lead(key).await? });
        }
        Ok(leads)
    }

    /// Call logs of the person's numbers and conversations.
    pub async fn call_logs_of(&self, keys: &PersonKeys) -> Result<Vec<CallLog>> {
        if !self.has_table(&CALL_LOGS).await? {
            return Ok(Vec::new());
        }
        let ready = self.ready().await?;
        let columns = self.selected(ready.layout().columns(&CALL_LOGS));
        let mut logs: Vec<CallLog> = Vec::new();
        for values in self.call_log_keys(keys) {
            let select =
                any_of(self.scope(&CALL_LOGS, ready.layout()).select(&columns), values).then(|builder| {
                    builder.push(" ORDER BY created_at, id");
                });
            let rows = ready.fetch("find call logs", select.finish()).await?;
            let found = rows.into_iter().map(read_call_log);
            let new: Vec<CallLog> = found.filter(|log| !logs.contains(log)).collect();
            logs.extend(new);
        }
        Ok(logs)
    }

    /// Removes these leads, and the person's addresses from all others, which are of those who only named them.
    pub async fn forget_leads(&self, keys: &PersonKeys, leads: &[Lead]) -> Result<()> {
        if !self.has_table(&LEADS).await? {
            return Ok(());
        }
        let ready = self.ready().await?;
        let scope = self.scope(&LEADS, ready.layout());
        let ids: Vec<String> =
            leads.iter().flat_map(|lead| self.row_keys(&lead.external_id, ready.layout())).collect();
        for page in ids.chunks(PAGE) {
            let delete = scope.delete().and(|builder| {
                builder.push_one_of("id", ColumnType::Id, page);
            });
            ready.execute("forget leads", delete.finish()).await?;
        }
        if let Some(email) = &keys.email {
            let update = scope.set("email = NULL").and(|builder| {
                let email = builder.bind(email.to_lowercase());
                builder.push(&format!("{} = {email}", self.dialect().folded("email")));
            });
            ready.execute("forget an address", update.finish()).await?;
        }
        if !keys.phones.is_empty() {
            let update = scope.set("phone = NULL").and(|builder| {
                builder.push_one_of("phone", ColumnType::Key, &keys.phones);
            });
            ready.execute("forget a number", update.finish()).await?;
        }
        Ok(())
    }

    /// Removes call logs of the person's numbers and conversations.
    pub async fn forget_call_logs(&self, keys: &PersonKeys) -> Result<()> {
        if !self.has_table(&CALL_LOGS).await? {
            return Ok(());
        }
        let ready = self.ready().await?;
        for values in self.call_log_keys(keys) {
            let delete = any_of(self.scope(&CALL_LOGS, ready.layout()).delete(), values);
            ready.execute("forget call logs", delete.finish()).await?;
        }
        Ok(())
    }

    /// Removes the vectors of memories where there are any, even if vectors are not kept now.
    pub async fn forget_vectors(&self, memories: &[String]) -> Result<()> {
        if self.has_table(&VECTORS).await? {
            for page in memories.chunks(PAGE) {
                self.delete_vectors(page).await?;
            }
        }
        Ok(())
    }

    /// Whether a table is there: who made them by hand may lack some.
    pub(super) async fn has_table(&self, table: &Table) -> Result<bool> {
        let ready: Ready = self.ready().await?;
        let name = self.table_name(table);
        let found = ready.fetch("look for a table", self.dialect().inspect(self.schema(), &[name])).await?;
        Ok(found.iter().any(|mut row| row.next().flatten() == Some("column")))
    }

    /// Expressions and the values that one of them has, which together find the person's call logs.
    fn call_log_keys<'a>(&self, keys: &'a PersonKeys) -> Vec<(Vec<String>, &'a [String])> {
        let dialect = self.dialect();
        // Where the column cannot hold a conversation's id, `metadata` does.
        let conversation = || {
            vec![
                dialect.text(&dialect.quote("conversation_id")),
                dialect.json_text("metadata", "conversationId"),
            ]
        };
        let phones = keys.phones.chunks(PAGE).map(|page| (vec!["phone_number".to_owned()], page));
        phones.chain(keys.conversations.chunks(PAGE).map(|page| (conversation(), page))).collect()
    }
}

fn any_of(rows: Scoped, (expressions, values): (Vec<String>, &[String])) -> Scoped {
    rows.and(|builder| {
        for (n, expression) in expressions.iter().enumerate() {
            builder.push(if n == 0 { "" } else { " OR " });
            builder.push_one_of(expression, ColumnType::Text, values);
        }
    })
}
