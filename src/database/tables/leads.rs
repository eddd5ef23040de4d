//! Leads: records of customers, one row per person.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::LEADS;
use crate::database::sql::dialect::Dialect;
use crate::database::sql::result_set::Row;
use crate::database::sql::row_id::canonical;
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::statement::Statement;
use crate::database::sql::table::ColumnType;
use crate::database::{ConnectedDatabase, Database};
use crate::error::Result;

/// A customer's record.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lead {
    /// Key: `email:…`, `phone:…` or another first identifier of the person. For a row of another
    /// program, its id.
    #[serde(rename = "id")]
    pub external_id: String,
    /// Full name.
    pub name: Option<String>,
    /// E-mail address, as given.
    pub email: Option<String>,
    /// E.164 phone number.
    pub phone: Option<String>,
    /// Channel of the first contact.
    pub source: Option<String>,
    /// `company`, `notes`; and `conversationId` while only one conversation has written the record.
    pub metadata: Map<String, Value>,
    /// Time of the first save, if known. Not written, because the database sets it.
    #[serde(skip)]
    pub created_at: Option<DateTime<Utc>>,
}

/// The precedence of values when both the row and the save have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// The save's value wins.
    NewerWins,
    /// The row's value wins.
    FillBlanks,
}

impl Database {
    /// Returns the lead of that id, if any.
    pub async fn lead(&self, external_id: &str) -> Result<Option<Lead>> {
        let ready = self.ready().await?;
        let key = self.lead_key(&ready, external_id).await?;
        let select = self.select_leads(ready.layout()).and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &[key]);
        });
        Ok(fetch_leads(self.dialect(), &ready, select.finish()).await?.into_iter().next())
    }

    /// Returns the leads with this e-mail address, ignoring case, or one of these spellings of a
    /// phone number, oldest first.
    pub async fn leads_matching(&self, email: Option<&str>, phones: &[&str]) -> Result<Vec<Lead>> {
        self.leads_matching_any(email, phones, &[]).await
    }

    /// Returns the leads that [`Self::leads_matching`] returns, and those of these ids.
    pub async fn leads_matching_any(
        &self,
        email: Option<&str>,
        phones: &[&str],
        external_ids: &[String],
    ) -> Result<Vec<Lead>> {
        if email.is_none() && phones.is_empty() && external_ids.is_empty() {
            return Ok(Vec::new());
        }
        let ready = self.ready().await?;
        let keys: Vec<String> = external_ids.iter().map(|id| self.row_id(id).to_string()).collect();
        let select = self.select_leads(ready.layout()).and(|builder| {
            let mut conditions = Vec::new();
            if let Some(email) = email {
                let email = builder.bind(email.to_lowercase());
                conditions.push(format!("{} = {email}", self.dialect().folded("email")));
            }
            if !phones.is_empty() {
                let phones: Vec<String> =
                    phones.iter().map(|phone| builder.bind((*phone).to_owned())).collect();
                conditions.push(format!("phone IN ({})", phones.join(", ")));
            }
            builder.push(&conditions.join(" OR "));
            if !keys.is_empty() {
                builder.push(if conditions.is_empty() { "" } else { " OR " });
                builder.push_one_of("id", ColumnType::Id, &keys);
            }
        });
        let select = select.then(|builder| {
            builder.push(" ORDER BY created_at, id");
        });
        fetch_leads(self.dialect(), &ready, select.finish()).await
    }

    /// Inserts the lead or completes the row of that id; known values are never blanked. It is one
    /// statement, so that concurrent saves complete each other.
    pub async fn save_lead(&self, lead: &Lead, precedence: Precedence) -> Result<()> {
        let dialect = self.dialect();
        let ready = self.ready().await?;
        let text = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let row = vec![
            Some(self.lead_key(&ready, &lead.external_id).await?),
            text(&lead.name),
            text(&lead.email),
            text(&lead.phone),
            text(&lead.source),
            Some(Value::Object(lead.metadata.clone()).to_string()),
            Some(dialect.encode_time(self.stamp())),
            Some(lead.external_id.clone()),
        ];
        let prefer = |column: &str, precedence| {
            let (first, second) = match precedence {
                Precedence::NewerWins => (dialect.incoming(column), dialect.stored(column)),
                Precedence::FillBlanks => (dialect.stored(column), dialect.incoming(column)),
            };
            format!("COALESCE({first}, {second})")
        };
        let (under, over) = match precedence {
            Precedence::NewerWins => (dialect.stored("metadata"), dialect.incoming("metadata")),
            Precedence::FillBlanks => (dialect.incoming("metadata"), dialect.stored("metadata")),
        };
        // The mark of a record's only conversation is removed when another conversation
        // contributes.
        let conversation = |metadata: String| dialect.json_text(&metadata, "conversationId");
        let (stored, incoming) =
            (conversation(dialect.stored("metadata")), conversation(dialect.incoming("metadata")));
        let same = dialect.same_text(&stored, &incoming);
        let only = dialect.json_object("conversationId", &format!("CASE WHEN {same} THEN {stored} END"));
        let metadata = dialect.merge_json(&dialect.merge_json(&under, &over), &only);
        let assignments = [
            ("name", prefer("name", precedence)),
            ("email", prefer("email", precedence)),
            ("phone", prefer("phone", precedence)),
            ("source", prefer("source", Precedence::FillBlanks)),
            ("metadata", metadata),
        ];
        let (columns, row) = (ready.layout().columns(&LEADS), ready.layout().row(&LEADS, row));
        let statements = self.scope(&LEADS, ready.layout()).insert(columns, vec![row], &assignments);
        ready.transaction("save a lead", statements).await
    }

    /// Returns the primary key of the row that has, or will have, the lead of that id.
    pub async fn lead_id(&self, external_id: &str) -> Result<String> {
        self.lead_key(&self.ready().await?, external_id).await
    }

    /// Returns the primary key of a lead. A row that another program inserted for a tenant has its
    /// UUID as its only name.
    async fn lead_key(&self, ready: &ConnectedDatabase, external_id: &str) -> Result<String> {
        let ours = self.row_id(external_id).to_string();
        if self.tenant().is_none() || canonical(external_id).is_none() {
            return Ok(ours);
        }
        let keys = [ours.clone(), external_id.to_owned()];
        let select = self.scope(&LEADS, ready.layout()).select(&self.selected(&LEADS.columns[..1]));
        let select = select.and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &keys);
        });
        let found = ready.fetch("find a lead", select.finish()).await?;
        let found: Vec<String> = found.into_iter().flatten().flatten().collect();
        let of_others = !found.contains(&ours) && found.iter().any(|key| key == external_id);
        Ok(if of_others { external_id.to_owned() } else { ours })
    }

    fn select_leads(&self, layout: &TableLayout) -> ScopedQuery {
        self.scope(&LEADS, layout).select(&self.selected(layout.columns(&LEADS)))
    }
}

async fn fetch_leads(dialect: Dialect, ready: &ConnectedDatabase, statement: Statement) -> Result<Vec<Lead>> {
    let rows = ready.fetch("find leads", statement).await?;
    Ok(rows.into_iter().map(|row| lead(dialect, row)).collect())
}

fn lead(dialect: Dialect, row: Row) -> Lead {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    let id = next().unwrap_or_default();
    let (name, email, phone, source) = (next(), next(), next(), next());
    let metadata = next().and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let created_at = next().and_then(|time| dialect.decode_time(&time));
    Lead { external_id: next().unwrap_or(id), name, email, phone, source, metadata, created_at }
}
