//! Group commit: saves and deletes that wait at the same time share statements, in the order they
//! were called. A lone one goes out at once; nobody waits for a timer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use tokio::sync::oneshot;

use crate::database::executor::Row;
use crate::database::layout::Layout;
use crate::database::schema::{Column, ColumnType, MEMORY};
use crate::database::statement::Statement;
use crate::database::{Database, Ready};
use crate::error::{Error, Result};

/// Rows of one transaction at most, unless a single batch is larger.
const MAX_ROWS: usize = 5_000;

/// Rows that the calling thread writes itself.
const FEW_ROWS: usize = 100;

/// What waits to be written, in call order.
#[derive(Default)]
pub(crate) struct Writer {
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Whether a task is working the queue off.
    working: bool,
}

struct Job {
    work: Work,
    done: oneshot::Sender<Result<()>>,
}

/// What to write. Rows begin with their id.
#[derive(Clone)]
pub(crate) enum Work {
    /// Rows that belong together.
    Save(Vec<Row>),
    /// The memory of that id, as the caller names it.
    Delete(String),
}

impl Writer {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waiting jobs of one kind, as many as fit; none ends the work.
    fn next_group(&self, max_rows: usize) -> Option<Vec<Job>> {
        let mut queue = self.queue();
        let Some(first) = queue.jobs.pop_front() else {
            queue.working = false;
            return None;
        };
        let mut rows = first.work.rows();
        let mut group = vec![first];
        while let (Some(next), Some(last)) = (queue.jobs.front(), group.last()) {
            rows += next.work.rows();
            if rows > max_rows || std::mem::discriminant(&next.work) != std::mem::discriminant(&last.work) {
                break;
            }
            group.extend(queue.jobs.pop_front());
        }
        Some(group)
    }
}

impl Database {
    /// Takes its place in the queue at once; resolves when the work is committed.
    pub(crate) fn submit(self: &Arc<Self>, work: Work) -> impl Future<Output = Result<()>> + use<> {
        let outcomes = self.submit_all(vec![work]);
        async move { outcomes.await.pop().unwrap_or_else(lost) }
    }

    /// [`Self::submit`] for works that stand side by side: each succeeds or fails by itself.
    pub(crate) fn submit_all(
        self: &Arc<Self>,
        works: Vec<Work>,
    ) -> impl Future<Output = Vec<Result<()>>> + use<> {
        let rows = works.iter().map(Work::rows).sum::<usize>();
        let mut outcomes = Vec::with_capacity(works.len());
        let mut queue = self.writer.queue();
        for work in works {
            let (done, outcome) = oneshot::channel();
            queue.jobs.push_back(Job { work, done });
            outcomes.push(outcome);
        }
        let idle = !std::mem::replace(&mut queue.working, true);
        drop(queue);
        if idle {
            // A task of its own, so that a caller who gives up does not take the others along.
            let mut task = Box::pin(Arc::clone(self).work_off());
            // Few rows go out from here: to wake another thread for them takes longer.
            let begin = rows <= FEW_ROWS;
            if !begin || task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                tokio::spawn(task);
            }
        }
        async move {
            let mut done = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                done.push(outcome.await.unwrap_or_else(|_| lost()));
            }
            done
        }
    }

    async fn work_off(self: Arc<Self>) {
        let _watch = Watch(&self.writer);
        // A transaction of the user's commits later: what fails there must fail alone.
        let max_rows = if self.in_transaction() { 0 } else { MAX_ROWS };
        while let Some(group) = self.writer.next_group(max_rows) {
            match self.ready().await {
                Ok(ready) => self.write(&ready, group).await,
                Err(error) => settle(group, &Err(error)),
            }
        }
    }

    async fn write(&self, ready: &Ready, group: Vec<Job>) {
        let group = match <[Job; 1]>::try_from(group) {
            Ok([Job { work, done }]) => {
                let _ = done.send(self.commit(ready, vec![work]).await);
                return;
            }
            Err(group) => group,
        };
        let works = group.iter().map(|job| job.work.clone()).collect();
        match self.commit(ready, works).await {
            // One bad row must not fail its neighbours: each for itself, still in order.
            Err(Error::DatabaseFailed { .. } | Error::TenantConflict { .. }) => {
                for Job { work, done } in group {
                    let _ = done.send(self.commit(ready, vec![work]).await);
                }
            }
            outcome => settle(group, &outcome),
        }
    }

    async fn commit(&self, ready: &Ready, works: Vec<Work>) -> Result<()> {
        let mut rows = Vec::new();
        let mut ids = Vec::new();
        for work in works {
            match work {
                Work::Save(saved) => rows.extend(saved),
                Work::Delete(id) => ids.push(id),
            }
        }
        if !ids.is_empty() {
            let vectors = self.has_vectors().then(|| self.delete_vectors_statement(&ids, ready.layout()));
            let memories = self.delete(ids, ready.layout());
            return match vectors {
                Some(vectors) => ready.transaction("delete memories", vec![memories, vectors]).await,
                None => ready.execute("delete memories", memories).await.map(drop),
            };
        }
        let mut statements = self.upsert(last_of_each(rows), ready.layout());
        match statements.pop() {
            Some(statement) if statements.is_empty() => {
                ready.execute("save memories", statement).await.map(drop)
            }
            last => {
                statements.extend(last);
                ready.transaction("save memories", statements).await
            }
        }
    }

    fn upsert(&self, rows: Vec<Row>, layout: &Layout) -> Vec<Statement> {
        let scope = self.scope(&MEMORY, layout);
        let columns = layout.columns(&MEMORY);
        let rows = rows.into_iter().map(|row| layout.row(&MEMORY, row)).collect();
        let kept = |column: &&Column| !matches!(column.kind, ColumnType::Id | ColumnType::Created);
        let incoming = |column: &Column| (column.name, self.dialect().incoming(column.name));
        let assignments: Vec<(&str, String)> = columns.iter().filter(kept).map(incoming).collect();
        if layout.adopted {
            return scope.insert_by_external_id(columns, rows, &assignments);
        }
        scope.insert(columns, rows, &assignments)
    }

    fn delete(&self, ids: Vec<String>, layout: &Layout) -> Statement {
        let keys: Vec<String> = ids.iter().flat_map(|id| self.row_keys(id, layout)).collect();
        let delete = self.scope(&MEMORY, layout).delete().and(|builder| {
            builder.push_one_of("id", ColumnType::Id, &keys);
            if layout.adopted {
                builder.push(" OR ").push_one_of("external_id", ColumnType::Key, &ids);
            }
        });
        delete.finish()
    }
}

/// Should a write panic, the next one starts another task.
struct Watch<'a>(&'a Writer);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue().working = false;
        }
    }
}

/// Of a write that nobody answers for.
pub(crate) fn lost() -> Result<()> {
    Err(Error::Internal("a write was lost".into()))
}

/// Tells every caller who still listens.
fn settle(group: Vec<Job>, outcome: &Result<()>) {
    for job in group {
        let _ = job.done.send(outcome.clone());
    }
}

impl Work {
    fn rows(&self) -> usize {
        match self {
            Self::Save(rows) => rows.len(),
            Self::Delete(_) => 1,
        }
    }
}

/// One row per id: the last one's content in the first one's place.
fn last_of_each(rows: Vec<Row>) -> Vec<Row> {
    if rows.len() < 2 {
        return rows;
    }
    let created = MEMORY.columns.iter().position(|column| column.kind == ColumnType::Created);
    let mut places: HashMap<Option<String>, usize> = HashMap::with_capacity(rows.len());
    let mut unique: Vec<Row> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let id = row.first().cloned().flatten();
        let place = *places.entry(id).or_insert(unique.len());
        match unique.get_mut(place) {
            None => unique.push(row),
            Some(first) => {
                std::mem::swap(first, &mut row);
                if let Some(created) = created {
                    first[created] = row[created].take();
                }
            }
        }
    }
    unique
}
