//! Lends the connections of a pool. The pool itself asks every connection that comes back whether it still works, a round trip
//! for every statement, and lends the one that has been idle longest. Here those that come back well stay warm, with
//! the statements they have prepared, and the last is lent first; the pool connects, retires and closes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

/// A connection unused for longer goes back to the pool; sooner, if the pool is to close idle ones sooner.
pub(crate) const WARM: Duration = Duration::from_secs(30);
/// One in use for longer goes back once, so that the pool can retire it if it is old.
const REVIEW: Duration = Duration::from_secs(300);

/// How long closing waits for connections: one whose query was given up half-way may wait for an answer that never comes.
const FAREWELL: Duration = Duration::from_secs(3);

/// A pool whose connections are lent from here only.
pub(crate) struct Lender<DB: Database> {
    pool: Pool<DB>,
    permits: Arc<Semaphore>,
    shelf: Arc<Shelf<DB>>,
}

/// What came back.
struct Shelf<DB: Database> {
    warm: Mutex<Warm<DB>>,
    /// How long something may be here unused.
    rest: Duration,
}

struct Warm<DB: Database> {
    connections: Vec<Kept<DB>>,
    /// Whether a task waits to clear away what has been here for long.
    swept: bool,
    closed: bool,
}

struct Kept<DB: Database> {
    connection: PoolConnection<DB>,
    taken: Instant,
    kept: Instant,
}

/// A connection to be given back by [`Lent::back`]; dropped otherwise, it is the pool's to look after.
pub(crate) struct Lent<DB: Database> {
    connection: PoolConnection<DB>,
    taken: Instant,
    shelf: Arc<Shelf<DB>>,
    /// Given back last, when the connection can be had.
    permit: OwnedSemaphorePermit,
}

impl<DB: Database> Lender<DB> {
    pub fn new(pool: Pool<DB>) -> Self {
        let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(1);
        let warm = Warm { connections: Vec::new(), swept: false, closed: false };
        let rest = pool.options().get_idle_timeout().map_or(WARM, |timeout| timeout.min(WARM));
        let shelf = Shelf { warm: Mutex::new(warm), rest };
        Self { pool, permits: Arc::new(Semaphore::new(most)), shelf: Arc::new(shelf) }
    }

    /// A connection, or why there is none within the pool's time for it.
    pub async fn lend(&self) -> Result<Lent<DB>, sqlx::Error> {
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                let wait = Arc::clone(&self.permits).acquire_owned();
                let waited = timeout(self.pool.options().get_acquire_timeout(), wait).await;
                waited.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?
            }
        };
        let warm = self.shelf.lock().connections.pop();
        let (connection, taken) = match warm {
            Some(kept) => (kept.connection, kept.taken),
            None => (self.pool.acquire().await?, Instant::now()),
        };
        Ok(Lent { connection, taken, shelf: Arc::clone(&self.shelf), permit })
    }

    /// Closes every connection; those lent, when they come back.
    pub async fn close(&self) {
        let warm = {
            let mut shelf = self.shelf.lock();
            shelf.closed = true;
            std::mem::take(&mut shelf.connections)
        };
        drop(warm);
        let _ = timeout(FAREWELL, self.pool.close()).await;
    }
}

impl<DB: Database> Lent<DB> {
    pub fn connection(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }

    /// Has the connection closed instead of lent again.
    pub fn retire(mut self) {
        self.connection.close_on_drop();
    }

    /// Gives the connection back after what it was used for came to that.
    pub fn back<T>(self, outcome: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        match &outcome {
            Ok(_) => self.keep(),
            Err(sqlx::Error::Database(_)) => {}
            // The others may be as dead as this one: the pool asks them.
            Err(_) => drop(std::mem::take(&mut self.shelf.lock().connections)),
        }
        outcome
    }

    fn keep(self) {
        let Self { connection, taken, shelf, permit } = self;
        let now = Instant::now();
        if now.duration_since(taken) < REVIEW {
            shelf.put(Kept { connection, taken, kept: now });
        }
        drop(permit);
    }
}

impl<DB: Database> Shelf<DB> {
    fn lock(&self) -> MutexGuard<'_, Warm<DB>> {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(self: &Arc<Self>, kept: Kept<DB>) {
        let mut warm = self.lock();
        if warm.closed {
            return;
        }
        warm.connections.push(kept);
        if !std::mem::replace(&mut warm.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self), self.rest));
        }
    }
}

impl<DB: Database> Drop for Shelf<DB> {
    /// Whoever lets go of a database without closing it may do so outside of the runtime, where nothing can be given back.
    fn drop(&mut self) {
        for kept in std::mem::take(&mut self.lock().connections) {
            drop(kept.connection.detach());
        }
    }
}

/// Gives back to the pool what nobody has used for a while, until nothing is left.
async fn sweep<DB: Database>(shelf: Weak<Shelf<DB>>, rest: Duration) {
    loop {
        sleep(rest).await;
        let Some(shelf) = shelf.upgrade() else { return };
        let mut warm = shelf.lock();
        let now = Instant::now();
        let (still, cold): (Vec<_>, Vec<_>) = std::mem::take(&mut warm.connections)
            .into_iter()
            .partition(|kept| now.duration_since(kept.kept) < rest);
        warm.swept = !still.is_empty();
        warm.connections = still;
        let done = !warm.swept;
        drop(warm);
        drop(cold);
        if done {
            return;
        }
    }
}
