//! Group commit: saves and deletes that wait at the same time share statements, in order of their
//! calls. A single one is sent at once, without a timer.

use std::collections::HashMap;
use std::sync::Arc;
use std::task::{Context, Waker};

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::async_context;
use crate::database::connection::retry::RetryPolicy;
use crate::database::recall::IndexedMemory;
use crate::database::schema::introspect::TableLayout;
use crate::database::schema::tables::MEMORY;
use crate::database::sql::result_set::Row;
use crate::database::sql::statement::{Statement, StatementBuilder};
use crate::database::sql::table::{Column, ColumnType};
use crate::database::write_queue::{
    MAX_QUEUED_BYTES, ResetOnPanic, SavedMemory, WriteJob, WriteOp, complete_all, write_lost,
};
use crate::database::{ConnectedDatabase, Database};
use crate::error::{Error, Result};
use crate::task;

/// Maximum number of rows of one transaction, unless a single batch is larger.
const MAX_ROWS: usize = 5_000;

/// Maximum number of rows that the calling thread writes itself.
const MAX_INLINE_ROWS: usize = 100;

impl Database {
    /// Adds a write to the queue at once. Resolves when it is committed.
    pub(crate) fn submit(self: &Arc<Self>, op: WriteOp) -> impl Future<Output = Result<()>> + use<> {
        let outcomes = self.submit_all(vec![op]);
        async move { outcomes.await.pop().unwrap_or_else(write_lost) }
    }

    /// Works like [`Self::submit`] for independent writes: each succeeds or fails alone.
    pub(crate) fn submit_all(
        self: &Arc<Self>,
        ops: Vec<WriteOp>,
    ) -> impl Future<Output = Vec<Result<()>>> + use<> {
        let rows = ops.iter().map(WriteOp::rows).sum::<usize>();
        let mut outcomes = Vec::with_capacity(ops.len());
        let (since, caller) = (Instant::now(), async_context::current());
        let mut queue = self.write_queue.queue();
        for op in ops {
            let (done, outcome) = oneshot::channel();
            outcomes.push(outcome);
            let bytes = op.bytes();
            if !queue.jobs.is_empty() && queue.bytes + bytes > MAX_QUEUED_BYTES {
                let _ = done.send(Err(self.overloaded()));
                continue;
            }
            queue.bytes += bytes;
            queue.jobs.push_back(WriteJob { op, bytes, since, caller: caller.clone(), done });
        }
        let idle = !std::mem::replace(&mut queue.draining, true);
        drop(queue);
        if idle {
            // A separate task, so that a cancelled caller does not cancel the writes of others.
            let mut task = Box::pin(async_context::with_context(None, Arc::clone(self).drain_write_queue()));
            // A few rows are sent from this thread, because waking another one takes longer.
            let begin = rows <= MAX_INLINE_ROWS;
            if !begin || task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                task::spawn(task);
            }
        }
        async move {
            let mut done = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                done.push(outcome.await.unwrap_or_else(|_| write_lost()));
            }
            done
        }
    }

    async fn drain_write_queue(self: Arc<Self>) {
        let _reset_on_panic = ResetOnPanic(&self.write_queue);
        // The user's transaction commits later, so each write must fail alone.
        let max_rows = if self.in_transaction() { 0 } else { MAX_ROWS };
        while let Some(group) = self.write_queue.next_group(max_rows) {
            // A statement shared by several callers runs in the context of none.
            let caller = async_context::common_to(group.iter().map(|job| &job.caller));
            let outcome = async_context::with_context(caller, self.write_when_ready(group)).await;
            self.maintain_index();
            if let Err(error @ (Error::DatabaseUnreachable { .. } | Error::PoolTimeout(_))) = outcome {
                // A job that has already waited as long as this group is not tried for just as long
                // again.
                complete_all(self.write_queue.take_expired(self.timeouts().connection), &Err(error));
            }
        }
    }

    async fn write_when_ready(&self, group: Vec<WriteJob>) -> Result<()> {
        match self.ready().await {
            Ok(ready) => self.write(&ready, group).await,
            Err(error) => {
                complete_all(group, &Err(error.clone()));
                Err(error)
            }
        }
    }

    /// Writes a group and notifies each of its callers. Returns the outcome of the group.
    async fn write(&self, ready: &ConnectedDatabase, group: Vec<WriteJob>) -> Result<()> {
        let group = match <[WriteJob; 1]>::try_from(group) {
            Ok([WriteJob { op, since, done, .. }]) => {
                let outcome = self.commit(ready, vec![op], since).await;
                let _ = done.send(outcome.clone());
                return outcome;
            }
            Err(group) => group,
        };
        let since = group.first().map_or_else(Instant::now, |job| job.since);
        let ops = group.iter().map(|job| job.op.clone()).collect();
        match self.commit(ready, ops, since).await {
            // One bad row must not fail the others: each is written alone, still in order.
            Err(Error::DatabaseQueryFailed { .. } | Error::TenantConflict { .. }) => {
                for WriteJob { op, since, caller, done, .. } in group {
                    let commit = self.commit(ready, vec![op], since);
                    let _ = done.send(async_context::with_context(caller, commit).await);
                }
                Ok(())
            }
            outcome => {
                complete_all(group, &outcome);
                outcome
            }
        }
    }

    /// Creates the error of a full queue.
    fn overloaded(&self) -> Error {
        Error::DatabaseOverloaded { target: self.target(), waiting_mb: MAX_QUEUED_BYTES >> 20 }
    }

    async fn commit(&self, ready: &ConnectedDatabase, ops: Vec<WriteOp>, since: Instant) -> Result<()> {
        let policy = RetryPolicy::Query { since };
        let mut rows = Vec::new();
        let mut ids = Vec::new();
        for op in ops {
            match op {
                WriteOp::Save(saved) => rows.extend(saved),
                WriteOp::Delete(id) => ids.push(id),
            }
        }
        if !ids.is_empty() {
            return Box::pin(self.commit_deletes(ready, ids, policy)).await;
        }
        let layout = ready.layout();
        let (rows, index): (Vec<Row>, Vec<Option<IndexedMemory>>) =
            deduplicate_by_id(rows).into_iter().map(|saved| (saved.row, saved.index)).unzip();
        let mut statements = self.upsert(rows, layout);
        if self.has_index(layout) {
            statements.extend(self.index_statements(index.into_iter().flatten().collect(), true, layout));
        }
        let statements = self.dialect().merge(statements);
        ready.run_in_transaction("save memories", &statements, policy).await
    }

    async fn commit_deletes(
        &self,
        ready: &ConnectedDatabase,
        ids: Vec<String>,
        policy: RetryPolicy,
    ) -> Result<()> {
        let layout = ready.layout();
        let mut statements = Vec::new();
        if self.has_vectors() {
            statements.push(self.delete_vectors_statement(&ids, layout));
        }
        if self.has_index(layout) {
            let removed = self.find_indexed(ready, &ids, policy).await?;
            statements.extend(self.unindex_statements(&removed, layout));
            self.recall.count_deleted(removed.len());
        }
        statements.insert(0, self.delete(&ids, layout));
        let statements = self.dialect().merge(statements);
        ready.run_in_transaction("delete memories", &statements, policy).await
    }

    fn upsert(&self, rows: Vec<Row>, layout: &TableLayout) -> Vec<Statement> {
        let scope = self.scope(&MEMORY, layout);
        let columns = layout.columns(&MEMORY);
        let rows = rows.into_iter().map(|row| layout.row(&MEMORY, row)).collect();
        let kept = |column: &&Column| !matches!(column.kind, ColumnType::Id | ColumnType::Created);
        let incoming = |column: &Column| (column.name, self.dialect().incoming(column.name));
        let assignments: Vec<(&str, String)> = columns.iter().filter(kept).map(incoming).collect();
        if layout.is_legacy_sdk {
            return scope.insert_by_external_id(columns, rows, &assignments);
        }
        scope.insert(columns, rows, &assignments)
    }

    fn delete(&self, ids: &[String], layout: &TableLayout) -> Statement {
        self.scope(&MEMORY, layout).delete().and(|builder| self.push_ids(builder, ids, layout)).finish()
    }

    /// Adds the condition for the memories of callers' ids.
    pub(super) fn push_ids(&self, builder: &mut StatementBuilder, ids: &[String], layout: &TableLayout) {
        let keys: Vec<String> = ids.iter().flat_map(|id| self.row_keys(id, layout)).collect();
        builder.push_one_of("id", ColumnType::Id, &keys);
        if layout.is_legacy_sdk {
            builder.push(" OR ").push_one_of("external_id", ColumnType::Key, ids);
        }
    }
}

/// Keeps one row per id: the content of the last, in the place of the first.
fn deduplicate_by_id(rows: Vec<SavedMemory>) -> Vec<SavedMemory> {
    if rows.len() < 2 {
        return rows;
    }
    let created = MEMORY.columns.iter().position(|column| column.kind == ColumnType::Created);
    let mut places: HashMap<Option<String>, usize> = HashMap::with_capacity(rows.len());
    let mut unique: Vec<SavedMemory> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let id = row.row.first().cloned().flatten();
        let place = *places.entry(id).or_insert(unique.len());
        match unique.get_mut(place) {
            None => unique.push(row),
            Some(first) => {
                std::mem::swap(first, &mut row);
                if let Some(created) = created {
                    first.row[created] = row.row[created].take();
                }
            }
        }
    }
    unique
}
