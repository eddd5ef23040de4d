//! Rows of the TypeScript SDK, found by the text in their JSON, because it recorded no owner and
//! did not normalise addresses.

use serde_json::json;

use crate::database::Database;
use crate::database::connection::retry::RetryPolicy;
use crate::database::schema::tables::{INBOX, MEMORY};
use crate::database::sql::dialect::Dialect;
use crate::database::sql::result_set::ResultSet;
use crate::database::sql::scope::ROW;
use crate::database::sql::statement::{Mode, StatementBuilder};
use crate::database::sql::table::{ColumnType, SESSION_KEYS, SessionField};
use crate::database::tables::memory_row;
use crate::error::Result;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryQuery};
use crate::types::message::Channel;
use crate::types::visibility::has_owner;
use crate::typescript_sdk::{parse_emails, spellings};

/// Columns that name people.
const JSON_COLUMNS: [&str; 3] = ["session_metadata", "metadata", "tool_call"];
/// Punctuation between the digits of a phone number.
const PUNCTUATION: [&str; 7] = [" ", "-", "(", ")", ".", "/", "\u{a0}"];
/// Number of last digits that are the same in every spelling of a number.
const SAME_DIGITS: usize = 7;
/// Rows per page.
const PAGE: u32 = 500;
/// Maximum number of messages searched for the conversation to continue.
const MAX_MESSAGES: u32 = 100;
/// Maximum number of a customer's earlier conversations.
const MAX_EARLIER_CONVERSATIONS: usize = 10;
/// Fields of `sessionMetadata` for both ends of a message.
const ENDS: [SessionField; 2] = [SESSION_KEYS[2], SESSION_KEYS[3]];

/// The sender or recipient of messages.
pub enum Participant<'a> {
    /// A phone number, in these spellings.
    Numbers(&'a [String]),
    /// An e-mail address.
    Email(&'a str),
}

impl Participant<'_> {
    fn push(&self, dialect: Dialect, builder: &mut StatementBuilder) {
        let [from, to] = ENDS.map(|end| match dialect {
            // Exactly as its index has it.
            Dialect::Postgres => dialect.session("", end),
            _ => dialect.json_text("session_metadata", end.key),
        });
        match self {
            Self::Numbers(spellings) => {
                builder.push_one_of(&from, ColumnType::Text, spellings).push(" OR ");
                builder.push_one_of(&to, ColumnType::Text, spellings);
            }
            Self::Email(email) => {
                let pattern = format!("%{}%", like_literal(&email.to_lowercase()));
                let first = builder.bind(pattern.clone());
                builder.push(&format!("lower({from}) LIKE {first} ESCAPE '!' OR "));
                let second = builder.bind(pattern);
                builder.push(&format!("lower({to}) LIKE {second} ESCAPE '!'"));
            }
        }
    }
}

impl Database {
    /// Returns `true` if the TypeScript SDK created the memory table.
    pub async fn has_typescript_sdk_tables(&self) -> Result<bool> {
        Ok(self.ready().await?.layout().is_legacy_sdk)
    }

    /// Returns the memories that match a query, without changing the tables. Returns none unless
    /// the TypeScript SDK created them.
    pub async fn memories_of_typescript_sdk(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        let executor = self.executor().await?;
        let layout = self.layout_of(&self.introspect(&executor).await?);
        if !layout.is_legacy_sdk {
            return Ok(Vec::new());
        }
        let rows = executor.fetch("count what is to be adopted", self.scan_statement(query, &layout)).await?;
        read(self.dialect(), &rows)
    }

    /// Returns `true` if the table of the inbox exists.
    pub async fn has_inbox(&self) -> Result<bool> {
        self.has_table(&INBOX).await
    }

    /// Returns the memories whose JSON contains an e-mail address in any case, or the last digits
    /// of a number in any notation. That is all memories that name the person, and some others.
    pub async fn memories_mentioning(&self, email: Option<&str>, phone: Option<&str>) -> Result<Vec<Memory>> {
        let digits = phone.map(|phone| {
            let from = phone.len().saturating_sub(SAME_DIGITS);
            phone.get(from..).unwrap_or(phone).to_owned()
        });
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let mut found = Vec::new();
        loop {
            let select = self.select_memories(ready.layout()).and(|builder| {
                let mut glue = "";
                for column in JSON_COLUMNS {
                    let text = dialect.text(column);
                    if let Some(email) = email {
                        let pattern = builder.bind(format!("%{}%", like_literal(&email.to_lowercase())));
                        builder.push(&format!("{glue}lower({text}) LIKE {pattern} ESCAPE '!'"));
                        glue = " OR ";
                    }
                    if let Some(digits) = &digits {
                        let pattern = builder.bind(format!("%{}%", like_literal(digits)));
                        builder.push(&format!("{glue}{} LIKE {pattern}", without_punctuation(&text)));
                        glue = " OR ";
                    }
                }
            });
            let select = select.then(|builder| self.oldest_first(builder, found.len() as u32));
            let result = ready
                .run("look for a person", Mode::Fetch, &[select.finish()], RetryPolicy::LongRunning)
                .await?;
            let page = read(dialect, &result.rows)?;
            let last = page.len() < PAGE as usize;
            found.extend(page);
            if last {
                return Ok(found);
            }
        }
    }

    /// Returns the newest messages of a channel with one of these at either end, each as it was
    /// written there: numbers in every spelling, or an e-mail address in any case and with any
    /// name.
    pub async fn messages_with(&self, channel: &Channel, ends: &Participant<'_>) -> Result<Vec<Memory>> {
        let dialect = self.dialect();
        self.newest_messages(Some(channel), |builder| ends.push(dialect, builder)).await
    }

    /// Returns the newest conversations that the TypeScript SDK had with this customer only.
    pub async fn conversations_with(&self, customer: &Customer) -> Result<Vec<String>> {
        let dialect = self.dialect();
        let numbers = customer.phone.as_deref().map(spellings).unwrap_or_default();
        let mut ids: Vec<String> = Vec::new();
        let mail = customer.email.as_deref().map(|email| (Some(&Channel::Email), Participant::Email(email)));
        let phone = customer.phone.as_ref().map(|_| (None, Participant::Numbers(&numbers)));
        for (channel, ends) in mail.into_iter().chain(phone) {
            let messages = self.newest_messages(channel, |builder| ends.push(dialect, builder)).await?;
            let new = messages.iter().filter(|memory| !has_owner(memory)).filter_map(Memory::conversation_id);
            for id in new {
                if !ids.iter().any(|known| known == id) {
                    ids.push(id.to_owned());
                }
            }
        }
        ids.truncate(MAX_EARLIER_CONVERSATIONS);
        let mut alone = Vec::new();
        for id in ids {
            if self.is_only_with(&id, customer, &numbers).await? {
                alone.push(id);
            }
        }
        Ok(alone)
    }

    /// Returns `true` if every message with an address, in a conversation, has one of the
    /// customer's.
    async fn is_only_with(&self, id: &str, customer: &Customer, numbers: &[String]) -> Result<bool> {
        let ready = self.ready().await?;
        let (dialect, of_tenant) = (self.dialect(), self.tenant().is_some());
        let [from, to] = ENDS.map(|end| dialect.json_text("session_metadata", end.key));
        let columns = format!("DISTINCT {} AS c0, {} AS c1", dialect.text(&from), dialect.text(&to));
        let select = self.scope(&MEMORY, ready.layout()).select(&columns).and(|builder| {
            dialect.in_conversation(builder, id, of_tenant);
        });
        let rows = ready.fetch("look who is in a conversation", select.finish()).await?;
        Ok(rows.into_iter().all(|row| {
            let ends: Vec<String> = row.into_iter().flatten().filter(|end| !end.is_empty()).collect();
            let is_customer = |end: &String| {
                numbers.contains(end)
                    || customer.email.as_ref().is_some_and(|email| parse_emails(end).contains(email))
            };
            ends.is_empty() || ends.iter().any(is_customer)
        }))
    }

    /// Returns the newest memories of e-mails with one of these ids.
    pub async fn mails_of(&self, ids: &[String]) -> Result<Vec<Memory>> {
        let dialect = self.dialect();
        self.newest_messages(Some(&Channel::Email), |builder| {
            if dialect != Dialect::Postgres {
                let id = dialect.json_text("session_metadata", "emailId");
                builder.push_one_of(&id, ColumnType::Text, ids);
                return;
            }
            // In the form that the TypeScript SDK's own index supports.
            for (n, id) in ids.iter().enumerate() {
                let wanted = builder.bind(json!({ "emailId": id }).to_string());
                let glue = if n == 0 { "" } else { " OR " };
                builder.push(&format!("{glue}session_metadata @> CAST({wanted} AS jsonb)"));
            }
        })
        .await
    }

    async fn newest_messages(
        &self,
        channel: Option<&Channel>,
        condition: impl FnOnce(&mut StatementBuilder),
    ) -> Result<Vec<Memory>> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let mut select = self.select_memories(ready.layout()).and(condition);
        if let Some(channel) = channel {
            select = select.and(|builder| {
                let channel = builder.bind(channel.as_str().to_owned());
                builder.push(&format!("channel = {channel}"));
            });
        }
        let select = select.then(|builder| {
            builder.push(&format!(" ORDER BY {ROW}.{} DESC", dialect.quote("timestamp")));
            dialect.page(builder, Some(MAX_MESSAGES), 0);
        });
        read(dialect, &ready.fetch("look for messages", select.finish()).await?)
    }

    fn oldest_first(&self, builder: &mut StatementBuilder, offset: u32) {
        builder.push(&format!(" ORDER BY {ROW}.created_at, {ROW}.id"));
        self.dialect().page(builder, Some(PAGE), offset);
    }
}

fn read(dialect: Dialect, rows: &ResultSet) -> Result<Vec<Memory>> {
    rows.iter().map(|row| memory_row::read(dialect, row)).collect()
}

/// Escapes text for LIKE, with `!` as the escape character.
fn like_literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern
}

fn without_punctuation(text: &str) -> String {
    PUNCTUATION.iter().fold(text.to_owned(), |text, mark| format!("REPLACE({text}, '{mark}', '')"))
}
