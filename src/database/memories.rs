//! Memories as rows: statements and mapping.

use std::sync::Arc;

use chrono::Duration;
use serde_json::Value;

use crate::database::Database;
use crate::database::dialect::{Dialect, INDEXED_CHARS};
use crate::database::executor::Row;
use crate::database::layout::Layout;
use crate::database::memory_row::{self, MemoryRow};
use crate::database::patience::Bounds;
use crate::database::result_set::ResultSet;
use crate::database::schema::{CONVERSATION, ColumnType, MEMORY, SESSION_KEYS, SessionField, VECTORS};
use crate::database::scope::{HELD, Scoped};
use crate::database::statement::{Mode, Statement, StatementBuilder};
use crate::database::writer::{Work, lost};
use crate::error::{Error, Result};
use crate::memory::{Direction, Memory, MemoryQuery, OrderBy};
use crate::output;

impl Database {
    /// Saves all or none; of several with one id the last wins, in the place of the first.
    pub async fn save_memories(self: &Arc<Self>, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        if memories.is_empty() {
            return Ok(());
        }
        let rows = memories.into_iter().map(|memory| self.memory_row(memory)).collect();
        self.submit(Work::Save(rows)).await
    }

    /// Saves each by itself, in their order; what could not be read fails as it did.
    pub async fn save_each(self: &Arc<Self>, memories: Vec<Result<Memory>>) -> Vec<Result<()>> {
        let mut works = Vec::with_capacity(memories.len());
        let mut accept = |memory: Result<Memory>| {
            let memory = memory?;
            memory.validate()?;
            works.push(Work::Save(vec![self.memory_row(memory)]));
            Ok(())
        };
        let accepted: Vec<Result<()>> = memories.into_iter().map(&mut accept).collect();
        let mut written = self.submit_all(works).await.into_iter();
        accepted.into_iter().map(|memory| memory.and_then(|()| written.next().unwrap_or_else(lost))).collect()
    }

    /// The memory of that id; of several that the TypeScript SDK saved under it, the newest.
    pub async fn memory(&self, id: &str) -> Result<Option<Memory>> {
        let rows = self.find_memory(id).await?;
        let row = rows.iter().next();
        row.map(|row| Ok(MemoryRow::read(self.dialect(), row)?.into_memory())).transpose()
    }

    /// [`Self::memory`] as JSON.
    pub async fn memory_json(&self, id: &str) -> Result<Option<String>> {
        let rows = self.find_memory(id).await?;
        let row = rows.iter().next();
        row.map(|row| output::write(&MemoryRow::read(self.dialect(), row)?)).transpose()
    }

    async fn find_memory(&self, id: &str) -> Result<ResultSet> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let keys = self.row_keys(id, ready.layout());
        let adopted = ready.layout().adopted;
        let select = self.select_memories(ready.layout()).and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &keys);
            if adopted {
                let id = builder.bind(id.to_owned());
                builder.push(&format!(" OR external_id = {id}"));
            }
        });
        let select = select.then(|builder| {
            if adopted {
                let newest = MemoryQuery::newest(1);
                self.order(builder, &newest, BestIndex::Time, ready.layout());
                dialect.page(builder, newest.limit, newest.offset);
            } else if let [_, of_others] = keys.as_slice() {
                // Ours first.
                let of_others = builder.bind(of_others.clone());
                let of_others = dialect.operand(ColumnType::Id, &of_others);
                builder.push(&format!(" ORDER BY {HELD}.id = {of_others}"));
            }
        });
        ready.fetch("get a memory", select.finish()).await
    }

    /// The memories a query asks for.
    pub async fn search_memories(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        let rows = self.find_memories(query).await?;
        rows.iter().map(|row| Ok(MemoryRow::read(self.dialect(), row)?.into_memory())).collect()
    }

    /// The memories a query asks for, as a JSON array of them: what is JSON in the database is copied, not read.
    pub async fn search_memories_json(&self, query: &MemoryQuery) -> Result<String> {
        let rows = self.find_memories(query).await?;
        let rows: Vec<MemoryRow> =
            rows.iter().map(|row| MemoryRow::read(self.dialect(), row)).collect::<Result<_>>()?;
        output::write(&rows)
    }

    async fn find_memories(&self, query: &MemoryQuery) -> Result<ResultSet> {
        query.validate()?;
        let ready = self.ready().await?;
        ready.fetch("search memories", self.search_statement(query, ready.layout())).await
    }

    /// Removes the memory of that id.
    pub async fn delete_memory(self: &Arc<Self>, id: &str) -> Result<()> {
        self.submit(Work::Delete(id.to_owned())).await
    }

    /// How many memories there are.
    pub async fn count_memories(&self) -> Result<u64> {
        let ready = self.ready().await?;
        let count =
            self.scope(&MEMORY, ready.layout()).select(&format!("{} AS c0", self.dialect().text("COUNT(*)")));
        let reply = ready.run("count memories", Mode::Fetch, &[count.finish()], Bounds::Long).await?;
        reply
            .rows
            .value()
            .and_then(|count| count.parse().ok())
            .ok_or_else(|| Error::Internal("COUNT gave no number".into()))
    }

    /// Removes all memories and what they mean; leads and call logs stay.
    pub async fn clear_memories(&self) -> Result<()> {
        let ready = self.ready().await?;
        let tables = [Some(&MEMORY), self.has_vectors().then_some(&VECTORS)];
        let delete = |table| self.scope(table, ready.layout()).delete().finish();
        let statements: Vec<Statement> = tables.into_iter().flatten().map(delete).collect();
        ready.together("clear memories", &statements, Bounds::Long).await
    }

    fn memory_row(&self, memory: Memory) -> Row {
        let dialect = self.dialect();
        vec![
            Some(self.row_id(&memory.id).to_string()),
            Some(memory.content),
            Some(dialect.encode_time(memory.timestamp)),
            Some(memory.kind.as_str().to_owned()),
            memory.importance.map(|importance| importance.to_string()),
            memory.channel.map(|channel| channel.as_str().to_owned()),
            memory.session_metadata.map(|json| Value::Object(json).to_string()),
            memory.role.map(|role| role.as_str().to_owned()),
            memory.tool_call.map(|json| json.to_string()),
            memory.tool_result.map(|json| json.to_string()),
            memory.metadata.map(|json| json.to_string()),
            memory.goal_achieved.map(|goal| dialect.encode_bool(goal).to_owned()),
            Some(dialect.encode_time(self.stamp())),
            Some(memory.id),
        ]
    }

    fn select_memories(&self, layout: &Layout) -> Scoped {
        self.scope(&MEMORY, layout).select(&memory_row::selected(self.dialect(), layout))
    }

    fn search_statement(&self, query: &MemoryQuery, layout: &Layout) -> Statement {
        let (dialect, of_tenant) = (self.dialect(), self.tenant().is_some());
        let index = BestIndex::of(query, dialect != Dialect::MySql || layout.session_columns);
        let scope = self.scope(&MEMORY, layout);
        let scope = match (query.order_by, index) {
            (_, BestIndex::Session(..)) => scope.among_few(),
            (_, BestIndex::Conversation) if !dialect.orders_by_equals() => scope.among_few(),
            (OrderBy::Timestamp, _) => scope.in_order(index.after_tenant(dialect, query)),
            (OrderBy::Importance, _) => scope,
        };
        let mut rows = scope.select(&memory_row::selected(dialect, layout));
        if let Some(id) = &query.conversation_id {
            rows = rows.and(|builder| dialect.in_conversation(builder, id, of_tenant));
        }
        if let BestIndex::Session(field, text) = index {
            rows = rows.and(|builder| {
                let text = builder.bind(text.to_owned());
                builder.push(&dialect.equal(&dialect.session("", field), &text, of_tenant));
            });
        }
        if let Some(channel) = &query.channel {
            rows = rows.and(|builder| {
                let column =
                    if index == BestIndex::Channel { "channel" } else { &dialect.unindexed("channel") };
                let channel = builder.bind(channel.as_str().to_owned());
                builder.push(&dialect.equal(column, &channel, of_tenant));
            });
        }
        if let Some(role) = &query.role {
            rows = rows.and(|builder| {
                let role = builder.bind(role.as_str().to_owned());
                builder.push(&format!("role = {role}"));
            });
        }
        if !query.kinds.is_empty() {
            rows = rows.and(|builder| {
                let kind = dialect.quote("type");
                let kinds: Vec<String> =
                    query.kinds.iter().map(|kind| builder.bind(kind.as_str().to_owned())).collect();
                match kinds.as_slice() {
                    [only] if index == BestIndex::Kind => {
                        builder.push(&dialect.equal(&kind, only, of_tenant));
                    }
                    kinds => {
                        let kind = if index == BestIndex::Time { kind } else { dialect.unindexed(&kind) };
                        builder.push(&format!("{kind} IN ({})", kinds.join(", ")));
                    }
                }
            });
        }
        // Rows of others may have microseconds that a Date cannot show: the last millisecond counts whole.
        let end = query.end.map(|end| end + Duration::microseconds(999));
        for (operator, time) in [(">=", query.start), ("<=", end)] {
            if let Some(time) = time {
                rows = rows.and(|builder| {
                    let time = builder.bind(dialect.encode_time(time));
                    let time = dialect.operand(ColumnType::Time, &time);
                    builder.push(&format!("{} {operator} {time}", dialect.quote("timestamp")));
                });
            }
        }
        if let Some(least) = query.min_importance {
            rows = rows.and(|builder| {
                let least = builder.bind((least.ceil() as i64).to_string());
                builder.push(&format!("importance >= {}", dialect.integer(&least)));
            });
        }
        for (key, value) in &query.session_metadata {
            rows = rows.and(|builder| dialect.session_field(builder, key, value));
        }
        if !query.keywords.is_empty() {
            rows = rows.and(|builder| {
                for (n, keyword) in query.keywords.iter().enumerate() {
                    builder.push(if n == 0 { "" } else { " OR " });
                    dialect.content_has(builder, keyword);
                }
            });
        }
        let page = rows.then(|builder| {
            self.order(builder, query, index, layout);
            dialect.page(builder, query.limit, query.offset);
        });
        page.finish()
    }

    fn order(
        &self,
        builder: &mut StatementBuilder,
        query: &MemoryQuery,
        index: BestIndex<'_>,
        layout: &Layout,
    ) {
        let direction = match query.direction {
            Direction::Asc => "ASC",
            Direction::Desc => "DESC",
        };
        // Qualified: a bare name would mean the selected column, which is text.
        builder.push(" ORDER BY ");
        match (query.order_by, self.dialect().orders_by_equals()) {
            (OrderBy::Importance, _) => {
                builder.push(&format!("{HELD}.importance IS NULL, {HELD}.importance {direction}, "));
            }
            (OrderBy::Timestamp, true) => {
                let (dialect, row) = (self.dialect(), format!("{HELD}."));
                let by_tenant = self.scope(&MEMORY, layout).tenant_order();
                if let Some(tenant) = by_tenant.filter(|_| !matches!(index, BestIndex::Session(..))) {
                    builder.push(&format!("{tenant} {direction}, "));
                }
                if let Some(key) = index.key(dialect, &row) {
                    builder.push(&format!("{key} {direction}, "));
                }
            }
            (OrderBy::Timestamp, false) => {}
        }
        builder.push(&format!("{HELD}.{} {direction}", self.dialect().quote("timestamp")));
        for column in self.dialect().saving_order() {
            builder.push(&format!(", {HELD}.{column} {direction}"));
        }
    }
}

/// The index that leads to the rows of a query in their order: it has the fewest others. Left to itself, every database would at
/// times rather walk a longer one, in the hope of meeting the wanted rows soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BestIndex<'a> {
    Conversation,
    /// Of a field that has that value.
    Session(SessionField, &'a str),
    Channel,
    Kind,
    Time,
}

impl<'a> BestIndex<'a> {
    /// What it has before the time; `row` is empty, or the table's alias and a point.
    fn key(self, dialect: Dialect, row: &str) -> Option<String> {
        match self {
            Self::Conversation => Some(format!("({})", dialect.session(row, CONVERSATION))),
            Self::Session(field, _) => Some(format!("({})", dialect.session(row, field))),
            Self::Channel => Some(format!("{row}channel")),
            Self::Kind => Some(format!("{row}{}", dialect.quote("type"))),
            Self::Time => None,
        }
    }

    /// What a tenant's index has after the tenant and before the time, and the value that is asked for.
    fn after_tenant(self, dialect: Dialect, query: &MemoryQuery) -> Option<(String, String)> {
        let value = match self {
            Self::Conversation => query.conversation_id.clone()?,
            Self::Channel => query.channel.as_ref()?.as_str().to_owned(),
            Self::Kind => query.kinds.first()?.as_str().to_owned(),
            // No tenant's index has it.
            Self::Session(..) | Self::Time => return None,
        };
        Some((self.key(dialect, "")?, value))
    }

    fn of(query: &'a MemoryQuery, has_session_keys: bool) -> Self {
        let session_key = SESSION_KEYS.into_iter().filter(|_| has_session_keys).find_map(|field| {
            let text = query.session_metadata.get(field.key)?.as_str()?;
            (text.chars().count() <= INDEXED_CHARS).then_some(Self::Session(field, text))
        });
        match (query, session_key) {
            (MemoryQuery { conversation_id: Some(_), .. }, _) => Self::Conversation,
            (_, Some(session_key)) => session_key,
            (MemoryQuery { channel: Some(_), .. }, _) => Self::Channel,
            (MemoryQuery { kinds, .. }, _) if kinds.len() == 1 => Self::Kind,
            _ => Self::Time,
        }
    }
}
