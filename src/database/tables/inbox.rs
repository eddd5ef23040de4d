//! Entries of the inbox as rows. An insert reads the row back to learn whether it succeeded,
//! because databases and drivers count changed rows differently.

use chrono::{DateTime, Utc};

use crate::database::Database;
use crate::database::schema::tables::INBOX;
use crate::database::sql::result_set::Row;
use crate::database::sql::scope::ScopedQuery;
use crate::database::sql::statement::StatementBuilder;
use crate::database::sql::table::ColumnType;
use crate::error::{Error, Result};
use crate::types::memory::now;
use crate::types::message::string_enum;

/// Answer of an opt-out entry when the customer wants no messages.
pub const OPTED_OUT: &str = "out";

/// Prefix that separates the keys of entries from other ids that become UUIDs.
const KEYS: &str = "inbox:";

string_enum! {
    /// The subject of an entry.
    EntryKind {
        /// A call.
        Call = "call",
        /// A turn of a call.
        Turn = "turn",
        /// A provider's event about a call or message: it ended, was recorded, was not delivered.
        Event = "event",
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// A message that the agent sends on its own initiative.
        OutboundSms = "outbound_sms",
        /// A call that the agent makes.
        OutboundCall = "outbound_call",
        /// A customer's opt-out from messages, or its withdrawal.
        OptOut = "opt_out",
        /// A customer who has written before, whether listed in the allowlist or not.
        Contact = "contact",
        /// The current conversation of a customer or thread.
        Conversation = "conversation",
        /// Times at which a customer's messages of a kind were admitted, for the rate limit.
        RateLimit = "rate_limit",
        /// Progress of the adoption of another package's rows.
        Migration = "migration",
    }
}

string_enum! {
    /// The progress of an entry.
    EntryState {
        /// A worker is processing it.
        InProgress = "in_progress",
        /// It has its final answer.
        Completed = "completed",
        /// The answer is being sent through a provider. If it ends here, delivery is unknown.
        Sending = "sending",
        /// It was rejected.
        Rejected = "rejected",
        /// It records a fact, not work.
        Recorded = "recorded",
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Idempotency key: `sms:SM…`, `call:CA…:3`. Only its hash is stored.
    pub key: String,
    /// Subject of the entry.
    pub kind: EntryKind,
    /// The customer's normalised number or address.
    pub customer: Option<String>,
    /// Progress of the entry.
    pub state: EntryState,
    /// The worker that processes it: a token of the worker's own choice.
    pub owner: String,
    /// The answer, or the recorded fact.
    pub answer: Option<String>,
    /// Time of the last write.
    pub touched_at: DateTime<Utc>,
}

impl Entry {
    /// Creates an entry that records a fact, written now. Its owner is new, so that the writer
    /// recognises it.
    pub fn recorded(kind: EntryKind, key: String, value: impl Into<Option<String>>) -> Self {
        Self {
            key,
            kind,
            customer: None,
            state: EntryState::Recorded,
            owner: uuid::Uuid::new_v4().to_string(),
            answer: value.into(),
            touched_at: now(),
        }
    }

    /// Creates an entry of work that begins now, with a new owner.
    pub fn in_progress(kind: EntryKind, key: String) -> Self {
        Self { state: EntryState::InProgress, ..Self::recorded(kind, key, None) }
    }

    /// Sets the customer.
    pub fn for_customer(self, customer: impl Into<Option<String>>) -> Self {
        Self { customer: customer.into(), ..self }
    }

    /// Sets the time of the last write.
    pub fn at(self, touched_at: DateTime<Utc>) -> Self {
        Self { touched_at, ..self }
    }

    /// Returns the customer's current conversation, if the entry records one.
    pub fn conversation(&self) -> Option<String> {
        let answer = self.answer.clone().filter(|_| self.kind == EntryKind::Conversation)?;
        // For an e-mail, the answer is its position in the thread.
        match serde_json::from_str::<serde_json::Value>(&answer) {
            Ok(serde_json::Value::Object(place)) => Some(place.get("conversationId")?.as_str()?.to_owned()),
            _ => Some(answer),
        }
    }

    /// Returns `true` if the entry records that a customer wants no messages.
    pub fn is_opt_out(&self) -> bool {
        self.kind == EntryKind::OptOut && self.answer.as_deref() == Some(OPTED_OUT)
    }
}

impl Database {
    /// Inserts the entry unless its key exists, and returns the stored entry.
    pub async fn insert_entry_if_absent(&self, entry: Entry) -> Result<Entry> {
        let key = entry.key.clone();
        self.insert_entry(entry, &[]).await?;
        self.entry(&key)
            .await?
            .ok_or_else(|| Error::Internal("an inbox entry disappeared right after its insert".into()))
    }

    /// Inserts or replaces the entry of its key.
    pub async fn put_entry(&self, entry: Entry) -> Result<()> {
        let columns = ["kind", "customer", "state", "owner", "answer", "touched_at"];
        let assignments = columns.map(|column| (column, self.dialect().incoming(column)));
        self.insert_entry(entry, &assignments).await
    }

    /// Changes the owner of an entry from `from` to `owner`. Returns `true` if `owner` owns it
    /// afterwards.
    pub async fn reclaim_entry(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        self.update_entry(key, from, &[("owner", Some(owner.to_owned()))]).await?;
        Ok(self.entry(key).await?.is_some_and(|entry| entry.owner == owner))
    }

    /// Writes state and answer of an entry that `owner` still owns. Returns `true` if it did.
    pub async fn complete_entry(
        &self,
        key: &str,
        owner: &str,
        state: &EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        let changes = [("state", Some(state.as_str().to_owned())), ("answer", answer)];
        self.update_entry(key, owner, &changes).await
    }

    /// Writes owner, state and answer over the entry of the same key, if `from` still owns it.
    /// Returns `true` if it did.
    pub async fn compare_and_set_entry(&self, from: &str, entry: Entry) -> Result<bool> {
        let changes = [
            ("owner", Some(entry.owner)),
            ("state", Some(entry.state.as_str().to_owned())),
            ("answer", entry.answer),
        ];
        self.update_entry(&entry.key, from, &changes).await
    }

    /// Returns the entry of that key, if any.
    pub async fn entry(&self, key: &str) -> Result<Option<Entry>> {
        let ready = self.ready().await?;
        let select =
            self.scope(&INBOX, ready.layout()).select(&self.selected(INBOX.columns)).and(|builder| {
                let id = builder.bind(self.entry_id(key));
                builder.push(&format!("id = {}", self.dialect().cast_param(ColumnType::Id, &id)));
            });
        let rows = ready.fetch("look into the inbox", select.finish()).await?;
        Ok(rows.into_iter().next().map(|row| self.read_entry(key, row)))
    }

    /// Returns the entries of customers, with the hashes of their keys. Returns none if the table
    /// is missing.
    pub async fn entries_of_customers(&self, customers: &[String]) -> Result<Vec<Entry>> {
        if customers.is_empty() || !self.has_table(&INBOX).await? {
            return Ok(Vec::new());
        }
        let ready = self.ready().await?;
        let select =
            of_customers(self.scope(&INBOX, ready.layout()).select(&self.selected(INBOX.columns)), customers);
        let select = select.then(|builder| {
            builder.push(" ORDER BY created_at, id");
        });
        let rows = ready.fetch("look into the inbox", select.finish()).await?;
        let hash = |row: &Row| row.first().cloned().flatten().unwrap_or_default();
        Ok(rows.into_iter().map(|row| self.read_entry(&hash(&row), row)).collect())
    }

    /// Deletes the entries of customers. Opt-outs remain, without the customer's number or address.
    pub async fn erase_entries(&self, customers: &[String]) -> Result<()> {
        if customers.is_empty() || !self.has_table(&INBOX).await? {
            return Ok(());
        }
        let ready = self.ready().await?;
        let scope = self.scope(&INBOX, ready.layout());
        let delete = of_customers(scope.delete(), customers).and(|builder| {
            let opt_out = EntryKind::OptOut;
            builder.push(&format!(
                "kind <> '{}' OR answer IS NULL OR answer <> '{OPTED_OUT}'",
                opt_out.as_str()
            ));
        });
        let update = of_customers(scope.set("customer = NULL"), customers);
        ready.transaction("forget in the inbox", vec![delete.finish(), update.finish()]).await
    }

    /// Deletes the oldest entries of a kind that were last written before that time, at most
    /// `most`. Returns their number.
    pub async fn prune_entries(&self, kind: &EntryKind, before: DateTime<Utc>, most: u32) -> Result<u64> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let scope = self.scope(&INBOX, ready.layout());
        let before = dialect.encode_time(before);
        let untouched = |builder: &mut StatementBuilder| {
            let bound = builder.bind(before.clone());
            builder.push(&format!("touched_at < {}", dialect.cast_param(ColumnType::Time, &bound)));
        };
        let ids = self.selected(&INBOX.columns[..1]);
        let select = scope.select(&ids).and(|builder| {
            let bound = builder.bind(kind.as_str().to_owned());
            builder.push(&format!("kind = {bound}"));
            // Uses the index: an entry last written before that time was also created before it.
            let bound = builder.bind(before.clone());
            builder
                .push(&format!(" AND created_at < {} AND ", dialect.cast_param(ColumnType::Created, &bound)));
            untouched(builder);
        });
        let select = select.then(|builder| {
            builder.push(" ORDER BY created_at");
            dialect.page(builder, Some(most), 0);
        });
        let rows = ready.fetch("look for old entries of the inbox", select.finish()).await?;
        let ids: Vec<String> = rows.into_iter().flatten().flatten().collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let count = ids.len() as u64;
        let delete = scope.delete().and(|builder| {
            untouched(builder);
            builder.push(" AND ").push_one_of("id", ColumnType::Id, &ids);
        });
        ready.execute("delete old entries of the inbox", delete.finish()).await?;
        Ok(count)
    }

    async fn insert_entry(&self, entry: Entry, assignments: &[(&str, String)]) -> Result<()> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let row = vec![
            Some(self.entry_id(&entry.key)),
            Some(entry.kind.as_str().to_owned()),
            entry.customer,
            Some(entry.state.as_str().to_owned()),
            Some(entry.owner),
            entry.answer,
            Some(dialect.encode_time(entry.touched_at)),
            Some(dialect.encode_time(self.stamp())),
        ];
        let statements = self.scope(&INBOX, ready.layout()).insert(INBOX.columns, vec![row], assignments);
        ready.transaction("write to the inbox", statements).await
    }

    /// Changes an entry that `owner` still owns. Returns `true` if it did.
    async fn update_entry(&self, key: &str, owner: &str, changes: &[(&str, Option<String>)]) -> Result<bool> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let update = self.scope(&INBOX, ready.layout()).update(|builder| {
            for (column, value) in changes {
                let value = builder.bind(value.clone());
                builder.push(&format!("{} = {value}, ", dialect.quote(column)));
            }
            let touched = builder.bind(dialect.encode_time(now()));
            builder.push(&format!("touched_at = {}", dialect.cast_param(ColumnType::Time, &touched)));
        });
        let update = update.and(|builder| {
            let id = builder.bind(self.entry_id(key));
            builder.push(&format!("id = {}", dialect.cast_param(ColumnType::Id, &id)));
            let owner = builder.bind(owner.to_owned());
            builder.push(&format!(" AND owner = {owner}"));
        });
        Ok(ready.execute("write to the inbox", update.finish()).await? > 0)
    }

    fn entry_id(&self, key: &str) -> String {
        self.row_id(&format!("{KEYS}{key}")).to_string()
    }

    fn read_entry(&self, key: &str, row: Row) -> Entry {
        let mut row = row.into_iter();
        let mut next = || row.next().flatten();
        let _id = next();
        let kind = next().unwrap_or_default();
        let customer = next();
        let (state, owner) = (next().unwrap_or_default(), next().unwrap_or_default());
        let answer = next();
        let touched_at = next().and_then(|time| self.dialect().decode_time(&time)).unwrap_or_else(now);
        Entry {
            key: key.to_owned(),
            kind: kind.as_str().into(),
            customer,
            state: state.as_str().into(),
            owner,
            answer,
            touched_at,
        }
    }
}

fn of_customers(rows: ScopedQuery, customers: &[String]) -> ScopedQuery {
    rows.and(|builder| {
        builder.push_one_of("customer", ColumnType::Key, customers);
    })
}
