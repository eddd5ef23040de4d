//! Lends connections: the last that came back is lent first, with the statements it has prepared, and without asking it whether it still works
//! as long as it is warm. What is known to be broken, or was left half-way, is closed and never lent again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::future::join_all;
use sqlx::Connection as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::database::driver::{Driver, Settings};
use crate::database::failure::{Fault, unanswered};

/// A connection unused for longer is asked whether it still works before it is lent.
const WARM: Duration = Duration::from_secs(30);
/// Longest wait for its answer.
const PING: Duration = Duration::from_secs(2);
/// Longest wait for a new connection: for the network, TLS and the login.
const CONNECT: Duration = Duration::from_secs(5);
/// How long closing waits: for connections that are in use, and for the server.
const FAREWELL: Duration = Duration::from_secs(3);

/// How many connections there may be, and for how long.
pub(crate) struct Terms {
    pub max: u32,
    /// Unused for longer, a connection is closed.
    pub idle: Option<Duration>,
    /// Older, it is closed when it comes back.
    pub lifetime: Option<Duration>,
}

/// Makes and lends the connections to one database.
pub(crate) struct Lender<DB: Driver> {
    settings: Settings<DB>,
    max: u32,
    permits: Arc<Semaphore>,
    shelf: Arc<Shelf<DB>>,
}

/// What came back.
struct Shelf<DB: Driver> {
    kept: Mutex<Contents<DB>>,
    idle: Option<Duration>,
    lifetime: Option<Duration>,
}

struct Contents<DB: Driver> {
    connections: Vec<Kept<DB>>,
    /// Whether a task waits to clear away what has been here for long.
    swept: bool,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Nothing is lent any more; what is lent comes back to be closed.
    Closing,
    Closed,
}

struct Kept<DB: Driver> {
    connection: DB::Connection,
    made: Instant,
    kept: Instant,
}

/// A connection to be given back by [`Lent::back`]; dropped otherwise, it was left half-way.
pub(crate) struct Lent<DB: Driver> {
    connection: Option<DB::Connection>,
    made: Instant,
    shelf: Arc<Shelf<DB>>,
    /// Given back last, when the connection can be had.
    permit: Option<OwnedSemaphorePermit>,
}

impl<DB: Driver> Lender<DB> {
    pub fn new(settings: Settings<DB>, terms: Terms) -> Self {
        let Terms { max, idle, lifetime } = terms;
        let kept = Contents { connections: Vec::new(), swept: false, state: State::Open };
        let permits = Arc::new(Semaphore::new(usize::try_from(max).unwrap_or(1)));
        Self { settings, max, permits, shelf: Arc::new(Shelf { kept: Mutex::new(kept), idle, lifetime }) }
    }

    /// A connection, or why there is none: within that time none became free, or none could be made.
    pub async fn lend(&self, wait: Duration) -> Result<Lent<DB>, sqlx::Error> {
        let until = Instant::now() + wait;
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => timeout_at(until, Arc::clone(&self.permits).acquire_owned())
                .await
                .map_err(|_| sqlx::Error::PoolTimedOut)?
                .map_err(|_| sqlx::Error::PoolClosed)?,
        };
        let lent = |connection, made| {
            Ok(Lent {
                connection: Some(connection),
                made,
                shelf: Arc::clone(&self.shelf),
                permit: Some(permit),
            })
        };
        if let Some(Kept { mut connection, made, kept }) = self.shelf.take()? {
            let warm = kept.elapsed() <= WARM || !DB::DISPOSABLE;
            if warm || matches!(timeout(PING, connection.ping()).await, Ok(Ok(()))) {
                return lent(connection, made);
            }
            // The others have been unused for longer.
            self.shelf.clear();
        }
        let patience = until.saturating_duration_since(Instant::now()).clamp(PING, CONNECT);
        match timeout(patience, DB::connect(&self.settings)).await {
            Ok(connection) => lent(connection?, Instant::now()),
            Err(_) => Err(unanswered(patience)),
        }
    }

    /// Whether the server answers at all, be it with a refusal.
    pub async fn answers(&self) -> bool {
        match timeout(CONNECT, DB::connect(&self.settings)).await {
            Ok(Ok(connection)) => {
                say_goodbye::<DB>(connection).await;
                true
            }
            Ok(Err(error)) => matches!(error, sqlx::Error::Database(_)),
            Err(_) => false,
        }
    }

    /// Closes every connection; waits for those lent, but not for long.
    pub async fn close(&self) {
        self.shelf.lock().state = State::Closing;
        let _all_back = timeout(FAREWELL, self.permits.acquire_many(self.max)).await;
        self.permits.close();
        let kept = {
            let mut shelf = self.shelf.lock();
            shelf.state = State::Closed;
            std::mem::take(&mut shelf.connections)
        };
        join_all(kept.into_iter().map(|kept| say_goodbye::<DB>(kept.connection))).await;
    }
}

impl<DB: Driver> Lent<DB> {
    /// The connection; none once it was given back.
    pub fn connection(&mut self) -> Result<&mut DB::Connection, sqlx::Error> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Closes the connection instead of lending it again: whatever it holds ends with it.
    pub fn retire(mut self) {
        if let (Some(connection), permit) = (self.connection.take(), self.permit.take()) {
            tokio::spawn(async move {
                say_goodbye::<DB>(connection).await;
                drop(permit);
            });
        }
    }

    /// Gives the connection back after what it was used for came to that; `whole` if nothing can be left of it where it failed.
    pub fn back<T>(mut self, outcome: Result<T, sqlx::Error>, whole: bool) -> Result<T, sqlx::Error> {
        match &outcome {
            Ok(_) => self.keep(),
            Err(error) if Fault::of(error) == Fault::Lost => {
                self.connection.take();
                // The others may be as dead as this one.
                self.shelf.clear();
            }
            Err(_) if whole || !DB::DISPOSABLE => self.keep(),
            Err(_) => self.retire(),
        }
        outcome
    }

    fn keep(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.shelf.put(Kept { connection, made: self.made, kept: Instant::now() });
        }
        self.permit.take();
    }
}

impl<DB: Driver> Drop for Lent<DB> {
    /// Closes the connection at once: the answer to what was asked on it may be on its way, or never come.
    fn drop(&mut self) {
        if !DB::DISPOSABLE {
            self.keep();
        }
    }
}

impl<DB: Driver> Shelf<DB> {
    fn lock(&self) -> MutexGuard<'_, Contents<DB>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that came back last.
    fn take(&self) -> Result<Option<Kept<DB>>, sqlx::Error> {
        let mut shelf = self.lock();
        match shelf.state {
            State::Open => Ok(shelf.connections.pop()),
            State::Closing | State::Closed => Err(sqlx::Error::PoolClosed),
        }
    }

    fn put(self: &Arc<Self>, kept: Kept<DB>) {
        let mut shelf = self.lock();
        let old = self.lifetime.is_some_and(|lifetime| kept.made.elapsed() > lifetime);
        if shelf.state == State::Closed || old {
            drop(shelf);
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(say_goodbye::<DB>(kept.connection));
            }
            return;
        }
        shelf.connections.push(kept);
        if let Some(idle) = self.idle
            && !shelf.swept
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            shelf.swept = true;
            runtime.spawn(sweep(Arc::downgrade(self), idle));
        }
    }

    /// Closes what is here, without a word: it may be broken.
    fn clear(&self) {
        let broken = std::mem::take(&mut self.lock().connections);
        drop(broken);
    }
}

/// Closes a connection as the server expects it, which has little time to take notice.
async fn say_goodbye<DB: Driver>(connection: DB::Connection) {
    let _ = timeout(FAREWELL, connection.close()).await;
}

/// Closes what nobody has used for a while, until nothing is left.
async fn sweep<DB: Driver>(shelf: Weak<Shelf<DB>>, idle: Duration) {
    loop {
        sleep(idle).await;
        let Some(shelf) = shelf.upgrade() else { return };
        let (cold, nothing_left) = {
            let mut contents = shelf.lock();
            let (still, cold): (Vec<_>, Vec<_>) = std::mem::take(&mut contents.connections)
                .into_iter()
                .partition(|kept| kept.kept.elapsed() < idle);
            contents.swept = !still.is_empty();
            contents.connections = still;
            (cold, !contents.swept)
        };
        drop(shelf);
        join_all(cold.into_iter().map(|kept| say_goodbye::<DB>(kept.connection))).await;
        if nothing_left {
            return;
        }
    }
}
