//! Conversations that the TypeScript SDK began in the same tables and that continue here.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::database::{Database, Participant};
use crate::email::parse::InboundEmail;
use crate::email::threads::{KnownEmail, ThreadEntry};
use crate::error::Result;
use crate::types::customer::Customer;
use crate::types::memory::{Memory, MemoryQuery, now};
use crate::types::message::{Channel, Role};
use crate::typescript_sdk::{Address, channel_addresses, phone, spellings};

/// Subject prefixes that the TypeScript SDK treated as a reply or forward, and those of mail
/// clients in other languages.
const REPLY_PREFIXES: [&str; 16] =
    ["re", "fwd", "fw", "aw", "wg", "sv", "vs", "antw", "tr", "rv", "rif", "odp", "res", "enc", "ynt", "r"];

/// A reader of conversations of the TypeScript SDK. Finds nothing in databases without its tables.
pub struct LegacyConversations {
    database: Option<Arc<Database>>,
    country: String,
}

impl LegacyConversations {
    /// Creates a reader of that database. Numbers without a country code belong to `country`.
    pub fn new(database: Option<Arc<Database>>, country: String) -> Self {
        Self { database, country }
    }

    /// Returns the database if the TypeScript SDK created its tables.
    async fn database(&self) -> Result<Option<&Arc<Database>>> {
        match &self.database {
            Some(database) if database.has_typescript_sdk_tables().await? => Ok(Some(database)),
            _ => Ok(None),
        }
    }

    /// Returns `true` if the TypeScript SDK used the database.
    pub async fn exists(&self) -> Result<bool> {
        Ok(self.database().await?.is_some())
    }

    /// Returns the conversation of a number on a line, unless it has been silent for too long.
    pub async fn conversation(
        &self,
        channel: &Channel,
        line: &str,
        customer: &str,
        session_timeout: TimeDelta,
    ) -> Result<Option<String>> {
        let Some(database) = self.database().await? else { return Ok(None) };
        let messages = database.messages_with(channel, &Participant::Numbers(&spellings(customer))).await?;
        let customer = Customer { phone: Some(customer.to_owned()), ..Customer::default() };
        let line = phone(line, &self.country).map(Address::Phone);
        let is_between = |memory: &Memory| {
            let ends = channel_addresses(memory, &self.country);
            // The SDK stored its own number as the sender only in inbound messages.
            let others = ends.iter().filter(|end| !end.belongs_to(&customer));
            ends.iter().any(|end| end.belongs_to(&customer))
                && others.clone().all(|end| Some(end) == line.as_ref())
        };
        let newest = messages.iter().find(|memory| is_between(memory));
        let newest = newest.filter(|memory| memory.timestamp + session_timeout >= now());
        Ok(newest.and_then(Memory::conversation_id).map(str::to_owned))
    }

    /// Returns the mail that `mail` answers, with its thread. Looks it up by the referenced ids,
    /// otherwise by subject, and only in conversations of the sender.
    pub async fn thread(&self, mail: &InboundEmail, sender: &str) -> Result<Option<KnownEmail>> {
        let Some(database) = self.database().await? else { return Ok(None) };
        let sender = Address::Email(sender.to_owned());
        let answered = match mail.references.as_slice() {
            [] => Vec::new(),
            references => database.mails_of(&ids_as_stored(references)).await?,
        };
        for memory in &answered {
            if self.has_only_customer(database, memory, &sender).await? {
                return Ok(to_known_email(memory, &sender));
            }
        }
        let Some(subject) = original_subject(&mail.subject) else { return Ok(None) };
        let Address::Email(email) = &sender else { return Ok(None) };
        let earlier = database.messages_with(&Channel::Email, &Participant::Email(email)).await?;
        let same = earlier.iter().find(|memory| {
            let about = memory.session("subject").and_then(serde_json::Value::as_str).unwrap_or_default();
            bare_subject(about) == subject && channel_addresses(memory, &self.country).contains(&sender)
        });
        Ok(match same {
            Some(memory) if self.has_only_customer(database, memory, &sender).await? => {
                to_known_email(memory, &sender)
            }
            _ => None,
        })
    }

    /// Returns `true` if an address is the only customer in a conversation. The TypeScript SDK
    /// grouped mails by subject, regardless of the sender.
    async fn has_only_customer(
        &self,
        database: &Database,
        memory: &Memory,
        address: &Address,
    ) -> Result<bool> {
        let Some(id) = memory.conversation_id() else { return Ok(false) };
        let history = database.search_memories(&MemoryQuery::conversation(id)).await?;
        let ends = history.iter().map(|memory| channel_addresses(memory, &self.country));
        let lines: Vec<Vec<Address>> = ends.filter(|ends| !ends.is_empty()).collect();
        Ok(!lines.is_empty() && lines.iter().all(|ends| ends.contains(address)))
    }
}

fn to_known_email(memory: &Memory, customer: &Address) -> Option<KnownEmail> {
    let text = |field: &str| memory.session(field).and_then(serde_json::Value::as_str).map(str::to_owned);
    let Address::Email(customer) = customer else { return None };
    Some(KnownEmail {
        customer: customer.clone(),
        entry: ThreadEntry {
            conversation_id: memory.conversation_id()?.to_owned(),
            subject: text("subject").unwrap_or_default(),
            references: Vec::new(),
            is_outbound: memory.role == Some(Role::Assistant),
        },
    })
}

/// Returns ids as the TypeScript SDK stored them. It stored its own mails by Postmark's id, which
/// is the part before the `@`.
fn ids_as_stored(references: &[String]) -> Vec<String> {
    let before_at = |id: &String| id.split_once('@').map(|(local, _)| local.to_owned());
    let mut ids: Vec<String> =
        references.iter().rev().flat_map(|id| [Some(id.clone()), before_at(id)]).flatten().collect();
    ids.dedup();
    ids
}

/// Returns the subject of the mail that a mail answers; `None` if it is not a reply.
fn original_subject(subject: &str) -> Option<String> {
    let bare = bare_subject(subject);
    (!bare.is_empty() && bare != subject.trim().to_lowercase()).then_some(bare)
}

/// Returns a subject in lower case, without `Re:` and similar prefixes.
fn bare_subject(subject: &str) -> String {
    let mut bare = subject.trim();
    while let Some((prefix, rest)) = bare.split_once([':', '：']) {
        let prefix = prefix.split('[').next().unwrap_or_default().trim().to_lowercase();
        if !REPLY_PREFIXES.contains(&prefix.as_str()) {
            break;
        }
        bare = rest.trim();
    }
    bare.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_have_the_subject_of_the_original() {
        for (subject, answered) in [
            ("Re: Table for two", Some("table for two")),
            ("RE: Re: Fwd: Table", Some("table")),
            ("AW: Tisch", Some("tisch")),
            ("SV: Bord", Some("bord")),
            ("Re[2]: Table", Some("table")),
            ("Table: for two", None),
            ("Table", None),
            ("Re:", None),
        ] {
            assert_eq!(original_subject(subject).as_deref(), answered, "{subject}");
        }
    }

    #[test]
    fn looks_up_ids_with_and_without_their_domain() {
        let references = ["first@mail.example".to_owned(), "0af1@mtasv.net".to_owned()];
        assert_eq!(ids_as_stored(&references), ["0af1@mtasv.net", "0af1", "first@mail.example", "first"]);
    }
}
