//! Entries of the inbox as rows. Whether a claim succeeded is told by reading the row back: what databases and drivers
//! report as changed rows differs.

use chrono::{DateTime, Utc};

use crate::database::Database;
use crate::database::executor::Row;
use crate::database::schema::{ColumnType, INBOX};
use crate::database::scope::Scoped;
use crate::database::statement::StatementBuilder;
use crate::error::{Error, Result};
use crate::memory::now;
use crate::message::vocabulary;

/// What is noted of a customer who wants no messages.
pub const OPTED_OUT: &str = "out";

/// Sets the keys of entries apart from other ids that become UUIDs.
const KEYS: &str = "inbox:";

vocabulary! {
    /// What an entry is about.
    EntryKind {
        /// A call.
        Call = "call",
        /// A turn of a call.
        Turn = "turn",
        /// What a provider told about a call or message: that it ended, was recorded, did not arrive.
        Event = "event",
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// A message that the agent sends by itself.
        OutboundSms = "outbound_sms",
        /// A call that the agent makes.
        OutboundCall = "outbound_call",
        /// Whether a customer wants messages.
        OptOut = "opt_out",
        /// Which conversation a customer or thread is in.
        Conversation = "conversation",
        /// When a customer's messages of a kind were admitted.
        Limit = "limit",
    }
}

vocabulary! {
    /// How far an entry is.
    EntryState {
        /// Somebody is at work on it.
        Claimed = "claimed",
        /// It has its final answer.
        Answered = "answered",
        /// The answer is on its way through a provider; if this is where it ends, nobody knows whether it arrived.
        Sending = "sending",
        /// It was turned away.
        Refused = "refused",
        /// It is a fact, not work.
        Noted = "noted",
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What names it: `sms:SM…`, `call:CA…:3`. Only its hash is kept.
    pub key: String,
    /// What it is about.
    pub kind: EntryKind,
    /// The customer's normalised number or address.
    pub customer: Option<String>,
    /// How far it is.
    pub state: EntryState,
    /// Who works on it: a token of the worker's own making.
    pub owner: String,
    /// What was answered, or what is noted.
    pub answer: Option<String>,
    /// When it was last written.
    pub touched_at: DateTime<Utc>,
}

impl Entry {
    /// The conversation that it says a customer is in.
    pub fn conversation(&self) -> Option<String> {
        self.answer.clone().filter(|_| self.kind == EntryKind::Conversation)
    }

    /// Whether it says that a customer wants no messages.
    pub fn is_opt_out(&self) -> bool {
        self.kind == EntryKind::OptOut && self.answer.as_deref() == Some(OPTED_OUT)
    }
}

impl Database {
    /// Adds the entry unless there is one of its key; the one that is there.
    pub async fn claim_entry(&self, entry: Entry) -> Result<Entry> {
        let key = entry.key.clone();
        self.insert_entry(entry, &[]).await?;
        self.entry(&key).await?.ok_or_else(|| Error::Internal("a claim is gone".into()))
    }

    /// Adds the entry, or replaces the one of its key.
    pub async fn note_entry(&self, entry: Entry) -> Result<()> {
        let columns = ["kind", "customer", "state", "owner", "answer", "touched_at"];
        let assignments = columns.map(|column| (column, self.dialect().incoming(column)));
        self.insert_entry(entry, &assignments).await
    }

    /// Makes an entry `owner`'s if it still is `from`'s.
    pub async fn take_over_entry(&self, key: &str, from: &str, owner: &str) -> Result<bool> {
        self.update_entry(key, from, &[("owner", Some(owner.to_owned()))]).await?;
        Ok(self.entry(key).await?.is_some_and(|entry| entry.owner == owner))
    }

    /// Writes state and answer of an entry that is still `owner`'s.
    pub async fn settle_entry(
        &self,
        key: &str,
        owner: &str,
        state: &EntryState,
        answer: Option<String>,
    ) -> Result<bool> {
        let changes = [("state", Some(state.as_str().to_owned())), ("answer", answer)];
        self.update_entry(key, owner, &changes).await
    }

    /// Writes owner, state and answer over the entry of the same key if it still is `from`'s.
    pub async fn replace_entry(&self, from: &str, entry: Entry) -> Result<bool> {
        let changes = [
            ("owner", Some(entry.owner)),
            ("state", Some(entry.state.as_str().to_owned())),
            ("answer", entry.answer),
        ];
        self.update_entry(&entry.key, from, &changes).await
    }

    /// The entry of that key.
    pub async fn entry(&self, key: &str) -> Result<Option<Entry>> {
        let ready = self.ready().await?;
        let select =
            self.scope(&INBOX, ready.layout()).select(&self.selected(INBOX.columns)).and(|builder| {
                let id = builder.bind(self.entry_id(key));
                builder.push(&format!("id = {}", self.dialect().operand(ColumnType::Id, &id)));
            });
        let rows = ready.fetch("look into the inbox", select.finish()).await?;
        Ok(rows.into_iter().next().map(|row| self.read_entry(key, row)))
    }

    /// The entries of customers, under the hashes of their keys; none without a table.
    pub async fn entries_of(&self, customers: &[String]) -> Result<Vec<Entry>> {
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

    /// Removes the entries of customers; opt-outs lose the name of whose they are.
    pub async fn forget_entries(&self, customers: &[String]) -> Result<()> {
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

    /// Deletes entries of a kind that were last written before that time, the oldest, `most` at once; how many.
    pub async fn prune_entries(&self, kind: &EntryKind, before: DateTime<Utc>, most: u32) -> Result<u64> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let scope = self.scope(&INBOX, ready.layout());
        let before = dialect.encode_time(before);
        let untouched = |builder: &mut StatementBuilder| {
            let bound = builder.bind(before.clone());
            builder.push(&format!("touched_at < {}", dialect.operand(ColumnType::Time, &bound)));
        };
        let ids = self.selected(&INBOX.columns[..1]);
        let select = scope.select(&ids).and(|builder| {
            let bound = builder.bind(kind.as_str().to_owned());
            builder.push(&format!("kind = {bound}"));
            // By the index: what was written before that time was made before it.
            let bound = builder.bind(before.clone());
            builder.push(&format!(" AND created_at < {} AND ", dialect.operand(ColumnType::Created, &bound)));
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

    /// Changes an entry that is still `owner`'s; tells whether it was.
    async fn update_entry(&self, key: &str, owner: &str, changes: &[(&str, Option<String>)]) -> Result<bool> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let update = self.scope(&INBOX, ready.layout()).update(|builder| {
            for (column, value) in changes {
                let value = builder.bind(value.clone());
                builder.push(&format!("{} = {value}, ", dialect.quote(column)));
            }
            let touched = builder.bind(dialect.encode_time(now()));
            builder.push(&format!("touched_at = {}", dialect.operand(ColumnType::Time, &touched)));
        });
        let update = update.and(|builder| {
            let id = builder.bind(self.entry_id(key));
            builder.push(&format!("id = {}", dialect.operand(ColumnType::Id, &id)));
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

fn of_customers(rows: Scoped, customers: &[String]) -> Scoped {
    rows.and(|builder| {
        builder.push_one_of("customer", ColumnType::Key, customers);
    })
}
