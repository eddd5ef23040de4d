//! Memories as rows: statements and mapping.

use std::sync::Arc;

use chrono::Duration;

use crate::database::Database;
use crate::database::connection::retry::RetryPolicy;
use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::{MEMORY, VECTORS};
use crate::database::sql::dialect::{Dialect, INDEXED_CHARS};
use crate::database::sql::result_set::Row;
use crate::database::sql::scope::{ROW, ScopedQuery};
use crate::database::sql::statement::{Mode, Statement, StatementBuilder};
use crate::database::sql::table::{CONVERSATION, ColumnType, SESSION_KEYS, SessionField};
use crate::database::tables::memory_row;
use crate::database::write_queue::{SavedMemory, WriteOp, write_lost};
use crate::error::{Error, Result};
use crate::types::memory::{Direction, Memory, MemoryQuery, OrderBy};

impl Database {
    /// Saves all memories or none. Of several with one id the last wins, in the place of the first.
    pub async fn save_memories(self: &Arc<Self>, memories: Vec<Memory>) -> Result<()> {
        memories.iter().try_for_each(Memory::validate)?;
        if memories.is_empty() {
            return Ok(());
        }
        let rows = memories.into_iter().map(|memory| self.saved_memory(memory)).collect::<Result<_>>()?;
        self.submit(WriteOp::Save(rows)).await
    }

    /// Saves each memory independently, in order. An item that could not be read keeps its error.
    pub async fn save_each(self: &Arc<Self>, memories: Vec<Result<Memory>>) -> Vec<Result<()>> {
        let mut ops = Vec::with_capacity(memories.len());
        let mut accept = |memory: Result<Memory>| {
            let memory = memory?;
            memory.validate()?;
            ops.push(WriteOp::Save(vec![self.saved_memory(memory)?]));
            Ok(())
        };
        let accepted: Vec<Result<()>> = memories.into_iter().map(&mut accept).collect();
        let mut written = self.submit_all(ops).await.into_iter();
        accepted
            .into_iter()
            .map(|memory| memory.and_then(|()| written.next().unwrap_or_else(write_lost)))
            .collect()
    }

    /// Returns the memory of that id. Of several that the TypeScript SDK saved under it, returns
    /// the newest.
    pub async fn memory(&self, id: &str) -> Result<Option<Memory>> {
        let ready = self.ready().await?;
        let dialect = self.dialect();
        let keys = self.row_keys(id, ready.layout());
        let is_legacy_sdk = ready.layout().is_legacy_sdk;
        let select = self.select_memories(ready.layout()).and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &keys);
            if is_legacy_sdk {
                let id = builder.bind(id.to_owned());
                builder.push(&format!(" OR external_id = {id}"));
            }
        });
        let select = select.then(|builder| {
            if is_legacy_sdk {
                let newest = MemoryQuery::newest(1);
                self.order(builder, &newest, IndexChoice::Time, ready.layout());
                dialect.page(builder, newest.limit, newest.offset);
            } else if let [_, of_others] = keys.as_slice() {
                // Our row comes first.
                let of_others = builder.bind(of_others.clone());
                let of_others = dialect.cast_param(ColumnType::Id, &of_others);
                builder.push(&format!(" ORDER BY {ROW}.id = {of_others}"));
            }
        });
        let rows = ready.fetch("get a memory", select.finish()).await?;
        rows.iter().next().map(|row| memory_row::read(dialect, row)).transpose()
    }

    /// Returns the memories that match a query.
    pub async fn search_memories(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        query.validate()?;
        let ready = self.ready().await?;
        let rows = ready.fetch("search memories", self.search_statement(query, ready.layout())).await?;
        rows.iter().map(|row| memory_row::read(self.dialect(), row)).collect()
    }

    /// Returns a page of the memories that match a query, in order of time. Every page costs the
    /// same, even where no index has the query's channel or kind in order of time.
    pub async fn scan_memories(&self, query: &MemoryQuery) -> Result<Vec<Memory>> {
        query.validate()?;
        let ready = self.ready().await?;
        let rows = ready.fetch("walk memories", self.scan_statement(query, ready.layout())).await?;
        rows.iter().map(|row| memory_row::read(self.dialect(), row)).collect()
    }

    /// Deletes the memory of that id.
    pub async fn delete_memory(self: &Arc<Self>, id: &str) -> Result<()> {
        self.submit(WriteOp::Delete(id.to_owned())).await
    }

    /// Counts the memories.
    pub async fn count_memories(&self) -> Result<u64> {
        let ready = self.ready().await?;
        let count =
            self.scope(&MEMORY, ready.layout()).select(&format!("{} AS c0", self.dialect().text("COUNT(*)")));
        let result =
            ready.run("count memories", Mode::Fetch, &[count.finish()], RetryPolicy::LongRunning).await?;
        result
            .rows
            .value()
            .and_then(|count| count.parse().ok())
            .ok_or_else(|| Error::Internal("COUNT returned no number".into()))
    }

    /// Deletes all memories and their vectors; leads and call logs stay.
    pub async fn clear_memories(&self) -> Result<()> {
        let ready = self.ready().await?;
        let tables = [Some(&MEMORY), self.has_vectors().then_some(&VECTORS)];
        let delete = |table| self.scope(table, ready.layout()).delete().finish();
        let mut statements: Vec<Statement> = tables.into_iter().flatten().map(delete).collect();
        if self.has_index(ready.layout()) {
            statements.push(self.clear_index_statement(ready.layout()));
        }
        ready.run_in_transaction("clear memories", &statements, RetryPolicy::LongRunning).await
    }

    fn saved_memory(&self, memory: Memory) -> Result<SavedMemory> {
        let index = self.may_index().then(|| self.indexed_memory(&memory, self.row_id(&memory.id)));
        Ok(SavedMemory { row: self.memory_row(memory)?, index })
    }

    fn memory_row(&self, memory: Memory) -> Result<Row> {
        let dialect = self.dialect();
        Ok(vec![
            Some(self.row_id(&memory.id).to_string()),
            Some(memory.content),
            Some(dialect.encode_time(memory.timestamp)),
            Some(memory.kind.as_str().to_owned()),
            memory.importance.map(|importance| importance.to_string()),
            memory.channel.map(|channel| channel.as_str().to_owned()),
            memory.session_metadata.map(|json| json.to_text()).transpose()?,
            memory.role.map(|role| role.as_str().to_owned()),
            memory.tool_call.map(|json| json.to_text()).transpose()?,
            memory.tool_result.map(|json| json.to_text()).transpose()?,
            memory.metadata.map(|json| json.to_text()).transpose()?,
            memory.goal_achieved.map(|goal| dialect.encode_bool(goal).to_owned()),
            Some(dialect.encode_time(self.stamp())),
            Some(memory.id),
        ])
    }

    pub(crate) fn select_memories(&self, layout: &TableLayout) -> ScopedQuery {
        self.scope(&MEMORY, layout).select(&memory_row::selected(self.dialect(), layout))
    }

    pub(crate) fn search_statement(&self, query: &MemoryQuery, layout: &TableLayout) -> Statement {
        let index = IndexChoice::of(query, self.dialect() != Dialect::MySql || layout.session_columns);
        self.statement_by(index, query, layout)
    }

    pub(crate) fn scan_statement(&self, query: &MemoryQuery, layout: &TableLayout) -> Statement {
        self.statement_by(IndexChoice::Time, query, layout)
    }

    /// Works like [`Self::scan_statement`], with the id of each row before the other columns.
    pub(crate) fn scan_with_rows(&self, query: &MemoryQuery, layout: &TableLayout) -> Statement {
        let columns = memory_row::selected_with_row(self.dialect(), layout);
        self.statement_over(&columns, IndexChoice::Time, query, layout)
    }

    fn statement_by(&self, index: IndexChoice<'_>, query: &MemoryQuery, layout: &TableLayout) -> Statement {
        self.statement_over(&memory_row::selected(self.dialect(), layout), index, query, layout)
    }

    fn statement_over(
        &self,
        columns: &str,
        index: IndexChoice<'_>,
        query: &MemoryQuery,
        layout: &TableLayout,
    ) -> Statement {
        let (dialect, of_tenant) = (self.dialect(), self.tenant().is_some());
        let scope = self.scope(&MEMORY, layout);
        let scope = match (query.order_by, index) {
            (_, IndexChoice::Session(..)) => scope.prefer_selective_index(),
            (_, IndexChoice::Conversation) if !dialect.keeps_eq_in_order_by() => {
                scope.prefer_selective_index()
            }
            (OrderBy::Timestamp, _) => scope.in_order(index.after_tenant(dialect, query)),
            (OrderBy::Importance, _) => scope,
        };
        let mut rows = scope.select(columns);
        if let Some(id) = &query.conversation_id {
            rows = rows.and(|builder| dialect.in_conversation(builder, id, of_tenant));
        }
        if let IndexChoice::Session(field, text) = index {
            rows = rows.and(|builder| {
                let text = builder.bind(text.to_owned());
                builder.push(&dialect.equal(&dialect.session("", field), &text, of_tenant));
            });
        }
        if let Some(channel) = &query.channel {
            rows = rows.and(|builder| {
                let placeholder = builder.bind(channel.as_str().to_owned());
                builder.push(&match index {
                    IndexChoice::Channel => dialect.equal("channel", &placeholder, of_tenant),
                    // The planner knows best how many rows there are.
                    IndexChoice::Time => format!("channel = {placeholder}"),
                    _ => dialect.equal(&dialect.unindexed("channel"), &placeholder, of_tenant),
                });
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
                    [only] if index == IndexChoice::Kind => {
                        builder.push(&dialect.equal(&kind, only, of_tenant));
                    }
                    kinds => {
                        let kind = if index == IndexChoice::Time { kind } else { dialect.unindexed(&kind) };
                        builder.push(&format!("{kind} IN ({})", kinds.join(", ")));
                    }
                }
            });
        }
        // Rows of another program may have microseconds, which a Date cannot show: the last
        // millisecond counts whole.
        let end = query.end.map(|end| end + Duration::microseconds(999));
        for (operator, time) in [(">=", query.start), ("<=", end)] {
            if let Some(time) = time {
                rows = rows.and(|builder| {
                    let time = builder.bind(dialect.encode_time(time));
                    let time = dialect.cast_param(ColumnType::Time, &time);
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
        index: IndexChoice<'_>,
        layout: &TableLayout,
    ) {
        let direction = match query.direction {
            Direction::Asc => "ASC",
            Direction::Desc => "DESC",
        };
        // Qualified, because a bare name would mean the selected column, which is text.
        builder.push(" ORDER BY ");
        match (query.order_by, self.dialect().keeps_eq_in_order_by()) {
            (OrderBy::Importance, _) => {
                builder.push(&format!("{ROW}.importance IS NULL, {ROW}.importance {direction}, "));
            }
            (OrderBy::Timestamp, true) => {
                let (dialect, row) = (self.dialect(), format!("{ROW}."));
                let by_tenant = self.scope(&MEMORY, layout).tenant_order();
                if let Some(tenant) = by_tenant.filter(|_| !matches!(index, IndexChoice::Session(..))) {
                    builder.push(&format!("{tenant} {direction}, "));
                }
                if let Some(key) = index.key(dialect, &row) {
                    builder.push(&format!("{key} {direction}, "));
                }
            }
            (OrderBy::Timestamp, false) => {}
        }
        builder.push(&format!("{ROW}.{} {direction}", self.dialect().quote("timestamp")));
        for column in self.dialect().insertion_order() {
            builder.push(&format!(", {ROW}.{column} {direction}"));
        }
    }
}

/// The index with the fewest other rows that has a query's rows in order. Left to its planner,
/// every database sometimes scans a longer index, hoping to meet the wanted rows soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IndexChoice<'a> {
    Conversation,
    /// The index of a field that has that value.
    Session(SessionField, &'a str),
    Channel,
    Kind,
    Time,
}

impl<'a> IndexChoice<'a> {
    /// Returns the expression before the time in the index, if any. `row` is empty, or the table's
    /// alias and a period.
    fn key(self, dialect: Dialect, row: &str) -> Option<String> {
        match self {
            Self::Conversation => Some(format!("({})", dialect.session(row, CONVERSATION))),
            Self::Session(field, _) => Some(format!("({})", dialect.session(row, field))),
            Self::Channel => Some(format!("{row}channel")),
            Self::Kind => Some(format!("{row}{}", dialect.quote("type"))),
            Self::Time => None,
        }
    }

    /// Returns the expression between the tenant and the time in a tenant's index, and its value.
    fn after_tenant(self, dialect: Dialect, query: &MemoryQuery) -> Option<(String, String)> {
        let value = match self {
            Self::Conversation => query.conversation_id.clone()?,
            Self::Channel => query.channel.as_ref()?.as_str().to_owned(),
            Self::Kind => query.kinds.first()?.as_str().to_owned(),
            // No tenant index has it.
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
