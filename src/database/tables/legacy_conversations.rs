//! The conversation table of earlier versions, with one row per conversation and its messages as a
//! JSON array. It is read page by page and converted to memories.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::database::Database;
use crate::database::sql::statement::StatementBuilder;
use crate::error::{Error, Result};
use crate::types::memory::{Memory, MemoryType, timestamp};
use crate::types::message::{Channel, Role};

/// Default name of the table.
pub const LEGACY_TABLE: &str = "ai_receptionist_conversations";

/// A page of old conversations, converted to memories.
#[derive(Debug, Default, Serialize)]
pub struct LegacyConversations {
    /// Number of conversations.
    pub conversations: u32,
    /// Number of messages that became memories.
    pub messages: usize,
    /// The memories.
    #[serde(skip)]
    pub memories: Vec<Memory>,
    /// Messages and conversations that could not be converted.
    pub skipped: Vec<Skipped>,
    /// Id of the last conversation, to continue after; `None` at the end.
    pub next: Option<String>,
}

/// A skipped message or conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// Id of the conversation.
    pub conversation_id: String,
    /// Position of the message in its conversation, from 0; absent for a whole conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<usize>,
    /// Reason for the omission.
    pub reason: String,
}

/// Columns, with the names in the old SDK and those that its users chose.
const COLUMNS: [[&str; 2]; 5] = [
    ["channel", "channel"],
    ["call_sid", "callSid"],
    ["message_sid", "messageSid"],
    ["status", "status"],
    ["messages", "messages"],
];

impl Database {
    /// Returns the conversations of table `from` after that id, in order of their ids.
    pub async fn legacy_conversations(
        &self,
        from: &str,
        after: Option<&str>,
        size: u32,
    ) -> Result<LegacyConversations> {
        let names_a_table = from.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !from.is_empty();
        if !names_a_table {
            return Err(Error::argument(
                "from",
                "must be the name of a table: letters, digits and underscores",
            ));
        }
        let executor = self.executor().await?;
        let dialect = self.dialect();
        let found = executor
            .fetch("look for old conversations", dialect.introspect(None, &[from.to_owned()]))
            .await?;
        let present: HashSet<String> = found
            .into_iter()
            .filter(|row| row[0].as_deref() == Some("column"))
            .filter_map(|mut row| row[2].take())
            .collect();
        if !present.contains("id") || !present.contains("messages") {
            let reason = format!("there is no table {from} with columns `id` and `messages`");
            return Err(Error::argument("from", reason));
        }
        let id = dialect.text(&dialect.quote("id"));
        let column = |(n, names): (usize, &[&str; 2])| {
            let column = names.iter().find(|name| present.contains(**name));
            let column = column.map_or("NULL".to_owned(), |name| dialect.text(&dialect.quote(name)));
            format!("{column} AS c{}", n + 1)
        };
        let columns: Vec<String> = COLUMNS.iter().enumerate().map(column).collect();
        let mut builder = StatementBuilder::new(
            dialect,
            format!("SELECT {id} AS c0, {} FROM {}", columns.join(", "), dialect.quote(from)),
        );
        if let Some(after) = after {
            let after = builder.bind(after.to_owned());
            builder.push(&format!(" WHERE {id} > {after}"));
        }
        builder.push(&format!(" ORDER BY {id}"));
        dialect.page(&mut builder, Some(size), 0);
        let rows = executor.fetch("read old conversations", builder.finish()).await?;
        let mut page = LegacyConversations::default();
        for row in rows {
            let mut row = row.into_iter();
            let mut next = || row.next().flatten();
            let Some(id) = next() else { continue };
            let (channel, call_sid, message_sid, status, messages) = (next(), next(), next(), next(), next());
            page.conversations += 1;
            let conversation = Conversation { id: &id, channel, call_sid, message_sid, status };
            conversation.read(messages.as_deref().unwrap_or("[]"), &mut page);
            page.next = Some(id);
        }
        if page.conversations < size {
            page.next = None;
        }
        page.messages = page.memories.len();
        Ok(page)
    }
}

struct Conversation<'a> {
    id: &'a str,
    channel: Option<String>,
    call_sid: Option<String>,
    message_sid: Option<String>,
    status: Option<String>,
}

impl Conversation<'_> {
    fn read(&self, messages: &str, page: &mut LegacyConversations) {
        let mut skip = |message, reason: String| {
            page.skipped.push(Skipped { conversation_id: self.id.to_owned(), message, reason });
        };
        // Some drivers stored the array as a JSON string.
        let messages = match serde_json::from_str(messages) {
            Ok(Value::String(inner)) => serde_json::from_str(&inner),
            other => other,
        };
        let Ok(Value::Array(messages)) = messages else {
            return skip(None, "its messages are not a JSON array".to_owned());
        };
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (n, message) in messages.iter().enumerate() {
            match self.memory(message, &mut seen) {
                Ok(memory) => page.memories.push(memory),
                Err(reason) => skip(Some(n), reason),
            }
        }
    }

    fn memory(
        &self,
        message: &Value,
        seen: &mut HashMap<String, usize>,
    ) -> std::result::Result<Memory, String> {
        let object = |key: &str| message.get(key).filter(|value| value.is_object()).cloned();
        let time = message.get("timestamp").ok_or("it has no timestamp")?;
        let moment = timestamp::deserialize(time).map_err(|_| "its timestamp is not a date")?;
        let role = message.get("role").and_then(Value::as_str).map(Role::from);
        let role = role.filter(Role::is_known).ok_or("its role is not system, user, assistant or tool")?;
        let (tool_call, tool_result) = (object("toolCall"), object("toolResult"));
        let content = match message.get("content") {
            Some(Value::String(content)) => content.clone(),
            _ if tool_call.is_some() || tool_result.is_some() => String::new(),
            _ => return Err("it has no content".to_owned()),
        };
        // The same ids as in the documented migration script. A second message with the same time
        // gets a number.
        let time = time.as_str().map_or_else(|| time.to_string(), str::to_owned);
        let base = format!("{}-{time}", self.id);
        let count = seen.entry(base.clone()).and_modify(|count| *count += 1).or_insert(1);
        let id = if *count == 1 { base } else { format!("{base}-{count}") };
        let mut session = Map::new();
        session.insert("conversationId".to_owned(), json!(self.id));
        for (key, value) in
            [("callSid", &self.call_sid), ("messageSid", &self.message_sid), ("status", &self.status)]
        {
            if let Some(value) = value {
                session.insert(key.to_owned(), json!(value));
            }
        }
        let memory = Memory {
            id,
            timestamp: moment,
            channel: self.channel.as_deref().map(Channel::from).filter(Channel::is_known),
            session_metadata: Some(session.into()),
            role: Some(role),
            tool_call: tool_call.map(Into::into),
            tool_result: tool_result.map(Into::into),
            ..Memory::new(MemoryType::Conversation, content)
        };
        memory.validate().map_err(|error| error.to_string())?;
        Ok(memory)
    }
}
