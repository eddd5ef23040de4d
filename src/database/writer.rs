//! Group commit: saves and deletes that wait at the same time share statements, in the order they
//! were called. A lone one goes out at once; nobody waits for a timer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::database::executor::Row;
use crate::database::layout::Layout;
use crate::database::patience::Bounds;
use crate::database::schema::{Column, ColumnType, MEMORY};
use crate::database::statement::Statement;
use crate::database::{Database, Ready};
use crate::error::{Error, Result};

/// Rows of one transaction at most, unless a single batch is larger.
const MAX_ROWS: usize = 5_000;

/// Bytes of one transaction at most, unless a single row or batch is larger.
const MAX_BYTES: usize = 4 << 20;

/// Bytes that may wait: what comes on top is refused, or memory would fill while the database is slow or away.
const MAX_WAITING: usize = 128 << 20;

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
    /// What they hold together.
    bytes: usize,
    /// Whether a task is working the queue off.
    working: bool,
}

struct Job {
    work: Work,
    bytes: usize,
    /// When it was called for.
    since: Instant,
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
        let (mut rows, mut bytes) = (first.work.rows(), first.bytes);
        let mut group = vec![first];
        while let (Some(next), Some(last)) = (queue.jobs.front(), group.last()) {
            rows += next.work.rows();
            let full = rows > max_rows || bytes + next.bytes > MAX_BYTES;
            if full || std::mem::discriminant(&next.work) != std::mem::discriminant(&last.work) {
                break;
            }
            bytes += next.bytes;
            group.extend(queue.jobs.pop_front());
        }
        queue.bytes -= bytes;
        Some(group)
    }

    /// Takes out what has waited for so long.
    fn take_old(&self, age: Duration) -> Vec<Job> {
        let mut queue = self.queue();
        let old = queue.jobs.iter().take_while(|job| job.since.elapsed() >= age).count();
        let old: Vec<Job> = queue.jobs.drain(..old).collect();
        queue.bytes -= old.iter().map(|job| job.bytes).sum::<usize>();
        old
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
        let since = Instant::now();
        let mut queue = self.writer.queue();
        for work in works {
            let (done, outcome) = oneshot::channel();
            outcomes.push(outcome);
            let bytes = work.bytes();
            if !queue.jobs.is_empty() && queue.bytes + bytes > MAX_WAITING {
                let _ = done.send(Err(self.overloaded()));
                continue;
            }
            queue.bytes += bytes;
            queue.jobs.push_back(Job { work, bytes, since, done });
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
            let outcome = match self.ready().await {
                Ok(ready) => self.write(&ready, group).await,
                Err(error) => {
                    settle(group, &Err(error.clone()));
                    Err(error)
                }
            };
            if let Err(error @ (Error::DatabaseUnreachable { .. } | Error::PoolTimeout(_))) = outcome {
                // Who has waited as long as this one was tried is not tried just as long after it.
                settle(self.writer.take_old(self.times().connection), &Err(error));
            }
        }
    }

    /// Writes a group and tells each of its callers; what came of it as a whole.
    async fn write(&self, ready: &Ready, group: Vec<Job>) -> Result<()> {
        let group = match <[Job; 1]>::try_from(group) {
            Ok([Job { work, since, done, .. }]) => {
                let outcome = self.commit(ready, vec![work], since).await;
                let _ = done.send(outcome.clone());
                return outcome;
            }
            Err(group) => group,
        };
        let since = group.first().map_or_else(Instant::now, |job| job.since);
        let works = group.iter().map(|job| job.work.clone()).collect();
        match self.commit(ready, works, since).await {
            // One bad row must not fail its neighbours: each for itself, still in order.
            Err(Error::DatabaseFailed { .. } | Error::TenantConflict { .. }) => {
                for Job { work, since, done, .. } in group {
                    let _ = done.send(self.commit(ready, vec![work], since).await);
                }
                Ok(())
            }
            outcome => {
                settle(group, &outcome);
                outcome
            }
        }
    }

    /// That more is saved than the database takes.
    fn overloaded(&self) -> Error {
        Error::DatabaseOverloaded { target: self.target(), waiting_mb: MAX_WAITING >> 20 }
    }

    async fn commit(&self, ready: &Ready, works: Vec<Work>, since: Instant) -> Result<()> {
        let bounds = Bounds::Call { since };
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
                Some(vectors) => ready.together("delete memories", &[memories, vectors], bounds).await,
                None => ready.together("delete memories", &[memories], bounds).await,
            };
        }
        let statements = self.upsert(last_of_each(rows), ready.layout());
        ready.together("save memories", &statements, bounds).await
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

    /// What it takes of memory, about.
    fn bytes(&self) -> usize {
        let row =
            |row: &Row| size_of_val(row.as_slice()) + row.iter().flatten().map(String::len).sum::<usize>();
        match self {
            Self::Save(rows) => rows.iter().map(row).sum(),
            Self::Delete(id) => id.len(),
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
