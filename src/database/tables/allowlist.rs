//! The table `<prefix>allowlist`, as the TypeScript SDK created it: the customers that the agent
//! answers, by channel.

use crate::database::Database;
use crate::database::schema::tables::ALLOWLIST;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::table::ColumnType;
use crate::error::Result;

/// Prefix that separates the keys of entries from other ids that become UUIDs.
const KEYS: &str = "allowlist:";

impl Database {
    /// Adds an identifier to the list of a channel (`sms`, `email`) unless it is listed. `added_by`
    /// names the origin of the entry.
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
        let statements = self.scope(&ALLOWLIST, ready.layout()).insert(ALLOWLIST.columns, vec![row], &[]);
        ready.transaction("write to the allowlist", statements).await
    }

    /// Returns `true` if one of these spellings of an identifier is on the list of a channel.
    pub async fn is_allowed(&self, channel: &str, spellings: &[String]) -> Result<bool> {
        Ok(!self.allowlist(channel, Some(spellings)).await?.is_empty())
    }

    /// Returns the list of a channel, oldest first.
    pub async fn allowed(&self, channel: &str) -> Result<Vec<String>> {
        self.allowlist(channel, None).await
    }

    /// Removes an identifier, in these spellings, from the list of a channel. `None` removes all of
    /// them.
    pub async fn disallow(&self, channel: &str, spellings: Option<&[String]>) -> Result<()> {
        let ready = self.ready().await?;
        let statement =
            in_list(self.scope(&ALLOWLIST, ready.layout()).delete(), self.dialect(), channel, spellings)
                .finish();
        ready.execute("write to the allowlist", statement).await.map(drop)
    }

    /// Returns the channels whose lists have one of these identifiers.
    pub async fn channels_that_allow(&self, identifiers: &[String]) -> Result<Vec<String>> {
        if identifiers.is_empty() || !self.has_table(&ALLOWLIST).await? {
            return Ok(Vec::new());
        }
        let (ready, dialect) = (self.ready().await?, self.dialect());
        let channel = dialect.text(&dialect.quote("type"));
        let select = self.scope(&ALLOWLIST, ready.layout()).select(&format!("DISTINCT {channel} AS c0"));
        let select = is_one_of(select, dialect, identifiers);
        let rows = ready.fetch("look into the allowlist", select.finish()).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    /// Removes identifiers from the lists of all channels.
    pub async fn disallow_everywhere(&self, identifiers: &[String]) -> Result<()> {
        if identifiers.is_empty() || !self.has_table(&ALLOWLIST).await? {
            return Ok(());
        }
        let ready = self.ready().await?;
        let delete = is_one_of(self.scope(&ALLOWLIST, ready.layout()).delete(), self.dialect(), identifiers);
        ready.execute("write to the allowlist", delete.finish()).await.map(drop)
    }

    async fn allowlist(&self, channel: &str, spellings: Option<&[String]>) -> Result<Vec<String>> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let identifier = dialect.text(&dialect.quote("identifier"));
        let select = self.scope(&ALLOWLIST, ready.layout()).select(&format!("{identifier} AS c0"));
        let select = in_list(select, dialect, channel, spellings).then(|builder| {
            builder.push(&format!(" ORDER BY {}, {}", dialect.quote("added_at"), dialect.quote("id")));
        });
        let rows = ready.fetch("look into the allowlist", select.finish()).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }
}

/// Selects the entries of a channel, in these spellings or all.
fn in_list(rows: ScopedQuery, dialect: Dialect, channel: &str, spellings: Option<&[String]>) -> ScopedQuery {
    let rows = rows.and(|builder| {
        let channel = builder.bind(channel.to_owned());
        builder.push(&format!(
            "{} = {}",
            dialect.quote("type"),
            dialect.cast_param(ColumnType::Word, &channel)
        ));
    });
    match spellings {
        Some(spellings) => is_one_of(rows, dialect, spellings),
        None => rows,
    }
}

fn is_one_of(rows: ScopedQuery, dialect: Dialect, identifiers: &[String]) -> ScopedQuery {
    rows.and(|builder| {
        builder.push_one_of(&dialect.quote("identifier"), ColumnType::Key, identifiers);
    })
}
