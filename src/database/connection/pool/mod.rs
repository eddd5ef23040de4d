//! A connection pool. The connection that was released last is acquired first, because its prepared
//! statements are warm, and is not tested while it is fresh. Broken connections, and those dropped
//! mid-query, are closed and never reused.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::future::join_all;
use parking_lot::{Mutex, MutexGuard};
use sqlx::Connection as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::database::connection::driver::Driver;
use crate::database::connection::error::timed_out;
use crate::database::connection::error_kind::Retryability;
use crate::database::connection::route::Route;
use crate::task;

/// Idle time after which a connection is tested before it is acquired.
const TEST_AFTER_IDLE: Duration = Duration::from_secs(30);
/// Maximum time for that test.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum time for a new connection: network, TLS and login.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum time that closing waits, for connections in use and for the server.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// Size of the pool and lifetime of its connections.
pub(crate) struct PoolLimits {
    pub max: u32,
    /// Idle time after which a connection is closed.
    pub idle_timeout: Option<Duration>,
    /// Age after which a connection is closed when it is released.
    pub max_lifetime: Option<Duration>,
}

/// A pool of connections to one database.
pub(crate) struct Pool<DB: Driver> {
    settings: DB::Settings,
    max: u32,
    permits: Arc<Semaphore>,
    inner: Arc<PoolInner<DB>>,
    /// `true` once a connection was not proven to lead to the server itself. Later connections skip
    /// the check, because behind a busy pooler even its query waits for its turn.
    possibly_pooled: AtomicBool,
}

/// The idle connections, shared with the connections in use.
struct PoolInner<DB: Driver> {
    idle: Mutex<IdleQueue<DB>>,
    idle_timeout: Option<Duration>,
    max_lifetime: Option<Duration>,
}

struct IdleQueue<DB: Driver> {
    connections: Vec<Idle<DB>>,
    /// `true` while a task waits to close connections that have been idle for long.
    reaper_running: bool,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// No connection is acquired any more; released connections are still accepted, to be closed.
    Closing,
    Closed,
}

struct Idle<DB: Driver> {
    connection: DB::Connection,
    route: Route,
    created: Instant,
    since: Instant,
}

/// A connection in use. It is returned by [`PooledConnection::release`]; one that is dropped
/// instead counts as stopped mid-query.
pub(crate) struct PooledConnection<DB: Driver> {
    connection: Option<DB::Connection>,
    route: Route,
    created: Instant,
    inner: Arc<PoolInner<DB>>,
    /// Released last, when the connection is available to others.
    permit: Option<OwnedSemaphorePermit>,
}

impl<DB: Driver> Pool<DB> {
    pub fn new(settings: DB::Settings, limits: PoolLimits) -> Self {
        let PoolLimits { max, idle_timeout, max_lifetime } = limits;
        let idle = IdleQueue { connections: Vec::new(), reaper_running: false, state: State::Open };
        let permits = Arc::new(Semaphore::new(usize::try_from(max).unwrap_or(1)));
        let inner = Arc::new(PoolInner { idle: Mutex::new(idle), idle_timeout, max_lifetime });
        Self { settings, max, permits, inner, possibly_pooled: AtomicBool::new(false) }
    }

    /// Acquires a connection, an idle one or a new one. Fails if none becomes free within `wait`,
    /// or if none can be opened.
    pub async fn acquire(&self, wait: Duration) -> Result<PooledConnection<DB>, sqlx::Error> {
        let deadline = Instant::now() + wait;
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => timeout_at(deadline, Arc::clone(&self.permits).acquire_owned())
                .await
                .map_err(|_| sqlx::Error::PoolTimedOut)?
                .map_err(|_| sqlx::Error::PoolClosed)?,
        };
        let pooled = |connection, route, created| {
            Ok(PooledConnection {
                connection: Some(connection),
                route,
                created,
                inner: Arc::clone(&self.inner),
                permit: Some(permit),
            })
        };
        if let Some(Idle { mut connection, route, created, since }) = self.inner.take()? {
            let warm = since.elapsed() <= TEST_AFTER_IDLE || !DB::CLOSE_ON_CANCEL;
            if warm || matches!(timeout(PING_TIMEOUT, connection.ping()).await, Ok(Ok(()))) {
                return pooled(connection, route, created);
            }
            // The other connections have been idle for even longer.
            self.inner.clear();
        }
        let connect_timeout =
            deadline.saturating_duration_since(Instant::now()).clamp(PING_TIMEOUT, CONNECT_TIMEOUT);
        let detect_route = !self.possibly_pooled.load(Ordering::Relaxed);
        match timeout(connect_timeout, DB::connect(&self.settings, detect_route)).await {
            Ok(created) => {
                let (connection, route) = created?;
                self.possibly_pooled.fetch_or(route == Route::PossiblyPooled, Ordering::Relaxed);
                pooled(connection, route, Instant::now())
            }
            Err(_) => Err(timed_out(connect_timeout)),
        }
    }

    /// Returns `true` if the server answers at all, even with a refusal.
    pub async fn is_server_alive(&self) -> bool {
        match timeout(CONNECT_TIMEOUT, DB::connect(&self.settings, false)).await {
            Ok(Ok((connection, _))) => {
                close_gracefully::<DB>(connection).await;
                true
            }
            Ok(Err(error)) => matches!(error, sqlx::Error::Database(_)),
            Err(_) => false,
        }
    }

    /// Closes every connection. Waits a few seconds for those in use.
    pub async fn close(&self) {
        self.inner.lock().state = State::Closing;
        let _all_back = timeout(CLOSE_TIMEOUT, self.permits.acquire_many(self.max)).await;
        self.permits.close();
        let idle = {
            let mut inner = self.inner.lock();
            inner.state = State::Closed;
            std::mem::take(&mut inner.connections)
        };
        join_all(idle.into_iter().map(|idle| close_gracefully::<DB>(idle.connection))).await;
    }
}

impl<DB: Driver> PooledConnection<DB> {
    /// Returns the connection. Fails once it was released.
    pub fn connection(&mut self) -> Result<&mut DB::Connection, sqlx::Error> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Returns the route of the connection.
    pub fn route(&self) -> Route {
        self.route
    }

    /// Closes the connection instead of returning it to the pool. The server releases all that it
    /// holds, such as locks.
    pub fn close(mut self) {
        if let (Some(connection), permit) = (self.connection.take(), self.permit.take()) {
            task::spawn(async move {
                close_gracefully::<DB>(connection).await;
                drop(permit);
            });
        }
    }

    /// Returns the connection to the pool after `outcome`. `reusable` says that a failure leaves
    /// nothing half-done on the connection.
    pub fn release<T>(mut self, outcome: Result<T, sqlx::Error>, reusable: bool) -> Result<T, sqlx::Error> {
        match &outcome {
            Ok(_) => self.return_to_pool(),
            Err(error) if Retryability::of(error) == Retryability::ConnectionLost => {
                self.connection.take();
                // The other connections may be just as dead.
                self.inner.clear();
            }
            Err(_) if reusable || !DB::CLOSE_ON_CANCEL => self.return_to_pool(),
            Err(_) => self.close(),
        }
        outcome
    }

    fn return_to_pool(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.inner.put(Idle {
                connection,
                route: self.route,
                created: self.created,
                since: Instant::now(),
            });
        }
        self.permit.take();
    }
}

impl<DB: Driver> Drop for PooledConnection<DB> {
    /// Closes the connection at once, because the answer to its last statement may still arrive, or
    /// never.
    fn drop(&mut self) {
        if !DB::CLOSE_ON_CANCEL {
            self.return_to_pool();
        }
    }
}

impl<DB: Driver> PoolInner<DB> {
    fn lock(&self) -> MutexGuard<'_, IdleQueue<DB>> {
        self.idle.lock()
    }

    /// Takes the connection that was released last, if any.
    fn take(&self) -> Result<Option<Idle<DB>>, sqlx::Error> {
        let mut inner = self.lock();
        match inner.state {
            State::Open => Ok(inner.connections.pop()),
            State::Closing | State::Closed => Err(sqlx::Error::PoolClosed),
        }
    }

    fn put(self: &Arc<Self>, idle: Idle<DB>) {
        let mut inner = self.lock();
        let old = self.max_lifetime.is_some_and(|max_lifetime| idle.created.elapsed() > max_lifetime);
        if inner.state == State::Closed || old {
            drop(inner);
            task::spawn_if_running(close_gracefully::<DB>(idle.connection));
            return;
        }
        inner.connections.push(idle);
        if let Some(idle_timeout) = self.idle_timeout
            && !inner.reaper_running
        {
            inner.reaper_running = task::spawn_if_running(reap_idle(Arc::downgrade(self), idle_timeout));
        }
    }

    /// Closes the idle connections without a goodbye to the server: they may be broken.
    fn clear(&self) {
        let broken = std::mem::take(&mut self.lock().connections);
        drop(broken);
    }
}

/// Closes a connection as the server expects it, within a few seconds.
async fn close_gracefully<DB: Driver>(connection: DB::Connection) {
    let _ = timeout(CLOSE_TIMEOUT, connection.close()).await;
}

/// Closes connections that have been idle for long, until none is left.
async fn reap_idle<DB: Driver>(inner: Weak<PoolInner<DB>>, idle_timeout: Duration) {
    loop {
        sleep(idle_timeout).await;
        let Some(inner) = inner.upgrade() else { return };
        let (expired, nothing_left) = {
            let mut queue = inner.lock();
            let (fresh, expired): (Vec<_>, Vec<_>) = std::mem::take(&mut queue.connections)
                .into_iter()
                .partition(|idle| idle.since.elapsed() < idle_timeout);
            queue.reaper_running = !fresh.is_empty();
            queue.connections = fresh;
            (expired, !queue.reaper_running)
        };
        drop(inner);
        join_all(expired.into_iter().map(|idle| close_gracefully::<DB>(idle.connection))).await;
        if nothing_left {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
