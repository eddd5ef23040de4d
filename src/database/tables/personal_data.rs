//! Personal data: leads and call logs of a person, and erasure of vectors.

use crate::database::schema::tables::{CALL_LOGS, LEADS, VECTORS};
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::table::{ColumnType, Table};
use crate::database::tables::call_logs::read_call_log;
use crate::database::{CallLog, ConnectedDatabase, Database, Lead};
use crate::error::Result;

/// Maximum number of values in one statement.
const PAGE: usize = 500;

/// The identifiers by which rows about a person are found.
#[derive(Debug, Clone, Default)]
pub struct PersonIdentifiers {
    /// Normalised e-mail address.
    pub email: Option<String>,
    /// The phone number, in every spelling that other programs may have used.
    pub phones: Vec<String>,
    /// Keys of our own records of the person.
    pub leads: Vec<String>,
    /// Conversations with no other customer.
    pub conversations: Vec<String>,
}

impl Database {
    /// Returns the leads that have an address of the person or one of their keys.
    pub async fn leads_of(&self, keys: &PersonIdentifiers) -> Result<Vec<Lead>> {
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

    /// Returns the call logs of the person's numbers and conversations.
    pub async fn call_logs_of(&self, keys: &PersonIdentifiers) -> Result<Vec<CallLog>> {
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

    /// Deletes these leads, and erases the person's addresses from all others, which belong to
    /// people who only mentioned them.
    pub async fn erase_leads(&self, keys: &PersonIdentifiers, leads: &[Lead]) -> Result<()> {
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

    /// Deletes the call logs of the person's numbers and conversations.
    pub async fn erase_call_logs(&self, keys: &PersonIdentifiers) -> Result<()> {
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

    /// Deletes the vectors of memories, if the table exists, even if vectors are not enabled now.
    pub async fn erase_vectors(&self, memories: &[String]) -> Result<()> {
        if self.has_table(&VECTORS).await? {
            for page in memories.chunks(PAGE) {
                self.delete_vectors(page).await?;
            }
        }
        Ok(())
    }

    /// Returns `true` if a table exists. Tables created by hand may be incomplete.
    pub(crate) async fn has_table(&self, table: &Table) -> Result<bool> {
        let ready: ConnectedDatabase = self.ready().await?;
        let name = self.table_name(table);
        let found =
            ready.fetch("look for a table", self.dialect().introspect(self.schema(), &[name])).await?;
        Ok(found.iter().any(|mut row| row.next().flatten() == Some("column")))
    }

    /// Returns expressions, each with the values that match, which together find the person's call
    /// logs.
    fn call_log_keys<'a>(&self, keys: &'a PersonIdentifiers) -> Vec<(Vec<String>, &'a [String])> {
        let dialect = self.dialect();
        // Where the column cannot store a conversation's id, `metadata` does.
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

fn any_of(rows: ScopedQuery, (expressions, values): (Vec<String>, &[String])) -> ScopedQuery {
    rows.and(|builder| {
        for (n, expression) in expressions.iter().enumerate() {
            builder.push(if n == 0 { "" } else { " OR " });
            builder.push_one_of(expression, ColumnType::Text, values);
        }
    })
}
