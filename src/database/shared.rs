//! A database shared by several receptionists: opened by the first that uses it, closed by the
//! last.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::database::Database;
use crate::error::{Error, Result};

/// A handle of a shared database. Dropping it releases the handle, but closes nothing.
pub struct SharedDatabase {
    shared: Arc<Shared>,
    state: Mutex<HandleState>,
}

struct Shared {
    database: Arc<Database>,
    users: AtomicUsize,
    /// Held while the database opens or closes, so that no user starts while the last one closes.
    turn: tokio::sync::Mutex<()>,
}

/// The state of one handle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HandleState {
    Unused,
    InUse,
    Released,
}

impl SharedDatabase {
    /// Creates the first handle of a database.
    pub fn new(database: Database) -> Self {
        let database = Arc::new(database);
        Self::of(Arc::new(Shared { database, users: AtomicUsize::new(0), turn: Default::default() }))
    }

    /// Creates another handle of the same database, which is not in use yet.
    pub fn share(&self) -> Self {
        Self::of(Arc::clone(&self.shared))
    }

    /// Returns the database, which may not be open, to prepare work with it.
    pub fn database(&self) -> &Arc<Database> {
        &self.shared.database
    }

    /// Starts using the database and opens it. Returns its warnings.
    pub async fn open(&self) -> Result<Vec<String>> {
        self.begin().await;
        self.database().initialize().await
    }

    /// Starts using the database and returns it. Fails with `DISPOSED` after
    /// [`SharedDatabase::close`].
    pub async fn take(&self) -> Result<&Arc<Database>> {
        if *self.state.lock() == HandleState::Released {
            return Err(Error::Disposed("The storage"));
        }
        self.begin().await;
        Ok(self.database())
    }

    /// Releases the handle. The last one closes the database.
    pub async fn close(&self) {
        let _turn = self.shared.turn.lock().await;
        if self.set_state(HandleState::Released) == HandleState::InUse {
            self.shared.users.fetch_sub(1, Ordering::AcqRel);
        }
        if self.shared.users.load(Ordering::Acquire) == 0 {
            self.database().close().await;
        }
    }

    fn of(shared: Arc<Shared>) -> Self {
        Self { shared, state: Mutex::new(HandleState::Unused) }
    }

    async fn begin(&self) {
        let _turn = self.shared.turn.lock().await;
        if self.set_state(HandleState::InUse) != HandleState::InUse {
            self.shared.users.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Sets the state and returns the previous one.
    fn set_state(&self, state: HandleState) -> HandleState {
        std::mem::replace(&mut *self.state.lock(), state)
    }
}

impl Drop for SharedDatabase {
    fn drop(&mut self) {
        if *self.state.get_mut() == HandleState::InUse {
            self.shared.users.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease() -> SharedDatabase {
        let options = crate::config::parse(r#"{"connection":"sqlite::memory:"}"#).unwrap();
        SharedDatabase::new(Database::new(&options).unwrap())
    }

    #[tokio::test]
    async fn last_user_closes_the_database() {
        let first = lease();
        let second = first.share();
        first.open().await.unwrap();
        second.open().await.unwrap();
        first.close().await;
        first.close().await;
        assert_eq!(first.take().await.err().unwrap().code(), "DISPOSED");
        assert!(second.take().await.unwrap().is_healthy().await);
        second.close().await;
        assert!(!second.database().is_healthy().await);
        first.open().await.unwrap();
        assert!(first.take().await.unwrap().is_healthy().await);
    }

    #[tokio::test]
    async fn dropped_handle_does_not_keep_the_database_open() {
        let first = lease();
        let second = first.share();
        first.open().await.unwrap();
        second.open().await.unwrap();
        drop(second);
        first.close().await;
        assert!(!first.database().is_healthy().await);
    }

    #[tokio::test]
    async fn unused_handle_does_not_close_the_database_of_others() {
        let first = lease();
        let second = first.share();
        first.open().await.unwrap();
        second.close().await;
        assert!(first.take().await.unwrap().is_healthy().await);
    }
}
