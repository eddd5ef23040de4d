//! The table `<prefix>allowlist`, as the TypeScript SDK made it: who is answered, by channel.

use crate::database::Database;
use crate::database::schema::{ALLOWLIST, ColumnType};
use crate::database::statement::StatementBuilder;
use crate::error::Result;

/// Sets the keys of entries apart from other ids that become UUIDs.
const KEYS: &str = "allowlist:";

impl Database {
    /// Adds an identifier to the list of a channel (`sms`, `email`) unless it is there; `added_by` says how it got there.
    pub async fn allow(&self, channel: &str, identifier: &str, added_by: &str) -> Result<()> {
        // The SDK's rows have random ids.
        if self.is_allowed(channel, &[identifier.to_owned()]).await? {
            return Ok(());
        }
        let ready = self.ready().await?;
        let row = vec![
            Some(self.row_id(&format!("{KEYS}{channel}:{identifier}")).to_string()),
            Some(identifier.to_owned()),
            Some(channel.to_owned()),
            Some(self.dialect().encode_time(self.stamp())),
            Some(added_by.to_owned()),
        ];
        let statements = self.dialect().insert(&self.table(&ALLOWLIST), ALLOWLIST.columns, vec![row], &[]);
        ready.transaction("write to the allowlist", statements).await
    }

    /// Whether one of these spellings of an identifier is on the list of a channel.
    pub async fn is_allowed(&self, channel: &str, spellings: &[String]) -> Result<bool> {
        Ok(!self.allowlist(channel, Some(spellings)).await?.is_empty())
    }

    /// The list of a channel, oldest first.
    pub async fn allowed(&self, channel: &str) -> Result<Vec<String>> {
        self.allowlist(channel, None).await
    }

    /// Removes an identifier, in these spellings, from the list of a channel, or all of them.
    pub async fn disallow(&self, channel: &str, spellings: Option<&[String]>) -> Result<()> {
        let ready = self.ready().await?;
        let head = format!("DELETE FROM {}", self.table(&ALLOWLIST));
        let statement = self.in_allowlist(head, channel, spellings).finish();
        ready.execute("write to the allowlist", statement).await.map(drop)
    }

    /// The channels on whose lists one of these identifiers is.
    pub async fn channels_that_allow(&self, identifiers: &[String]) -> Result<Vec<String>> {
        if identifiers.is_empty() || !self.has_table(&ALLOWLIST).await? {
            return Ok(Vec::new());
        }
        let (ready, dialect) = (self.ready().await?, self.dialect());
        let channel = dialect.text(&dialect.quote("type"));
        let select = format!("SELECT DISTINCT {channel} AS c0 FROM {} WHERE ", self.table(&ALLOWLIST));
        let mut builder = StatementBuilder::new(dialect, select);
        builder.push_one_of(&dialect.quote("identifier"), ColumnType::Key, identifiers);
        let rows = ready.fetch("look into the allowlist", builder.finish()).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    /// Removes identifiers from the lists of all channels.
    pub async fn disallow_everywhere(&self, identifiers: &[String]) -> Result<()> {
        if identifiers.is_empty() || !self.has_table(&ALLOWLIST).await? {
            return Ok(());
        }
        let delete = format!("DELETE FROM {} WHERE ", self.table(&ALLOWLIST));
        let mut builder = StatementBuilder::new(self.dialect(), delete);
        builder.push_one_of(&self.dialect().quote("identifier"), ColumnType::Key, identifiers);
        let ready = self.ready().await?;
        ready.execute("write to the allowlist", builder.finish()).await.map(drop)
    }

    async fn allowlist(&self, channel: &str, spellings: Option<&[String]>) -> Result<Vec<String>> {
        let ready = self.ready().await?;
        let (dialect, table) = (self.dialect(), self.table(&ALLOWLIST));
        let head = format!("SELECT {} AS c0 FROM {table}", dialect.text(&dialect.quote("identifier")));
        let mut builder = self.in_allowlist(head, channel, spellings);
        builder.push(&format!(" ORDER BY {}, {}", dialect.quote("added_at"), dialect.quote("id")));
        let rows = ready.fetch("look into the allowlist", builder.finish()).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    fn in_allowlist(&self, head: String, channel: &str, spellings: Option<&[String]>) -> StatementBuilder {
        let dialect = self.dialect();
        let mut builder = StatementBuilder::new(dialect, head);
        let channel = builder.bind(channel.to_owned());
        let channel = dialect.operand(ColumnType::Word, &channel);
        builder.push(&format!(" WHERE {} = {channel}", dialect.quote("type")));
        if let Some(spellings) = spellings {
            builder.push(" AND ");
            builder.push_one_of(&dialect.quote("identifier"), ColumnType::Key, spellings);
        }
        builder
    }
}
