//! One database for several receptionists: opened by the first that works with it, closed by the last.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use crate::database::Database;
use crate::error::{Error, Result};

/// A user's share of a database. Dropping it gives it back, but closes nothing.
pub struct Lease {
    shared: Arc<Shared>,
    state: AtomicU8,
}

struct Shared {
    database: Arc<Database>,
    users: AtomicUsize,
    /// Nobody begins while the last one closes.
    turn: tokio::sync::Mutex<()>,
}

const UNUSED: u8 = 0;
const USED: u8 = 1;
const RETURNED: u8 = 2;

impl Lease {
    /// The first share of a database.
    pub fn new(database: Database) -> Self {
        let database = Arc::new(database);
        Self::of(Arc::new(Shared { database, users: AtomicUsize::new(0), turn: Default::default() }))
    }

    /// Another share of the same database, which nobody works with yet.
    pub fn share(&self) -> Self {
        Self::of(Arc::clone(&self.shared))
    }

    /// The database, to prepare work with it: it may not be open.
    pub fn database(&self) -> &Arc<Database> {
        &self.shared.database
    }

    /// Begins to work with the database and opens it; returns its warnings.
    pub async fn open(&self) -> Result<Vec<String>> {
        self.begin().await;
        self.database().initialize().await
    }

    /// The database, to work with at once; fails with `DISPOSED` after [`Lease::close`].
    pub async fn take(&self) -> Result<&Arc<Database>> {
        match self.state.load(Ordering::Acquire) {
            RETURNED => Err(Error::Disposed("The storage")),
            _ => {
                self.begin().await;
                Ok(self.database())
            }
        }
    }

    /// Gives the share back; whoever is last closes the database.
    pub async fn close(&self) {
        let _turn = self.shared.turn.lock().await;
        if self.state.swap(RETURNED, Ordering::AcqRel) == USED {
            self.shared.users.fetch_sub(1, Ordering::AcqRel);
        }
        if self.shared.users.load(Ordering::Acquire) == 0 {
            self.database().close().await;
        }
    }

    fn of(shared: Arc<Shared>) -> Self {
        Self { shared, state: AtomicU8::new(UNUSED) }
    }

    async fn begin(&self) {
        let _turn = self.shared.turn.lock().await;
        if self.state.swap(USED, Ordering::AcqRel) != USED {
            self.shared.users.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if *self.state.get_mut() == USED {
            self.shared.users.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease() -> Lease {
        let options = crate::config::parse(r#"{"connection":"sqlite::memory:"}"#).unwrap();
        Lease::new(Database::new(&options).unwrap())
    }

    #[tokio::test]
    async fn the_last_user_closes() {
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
    async fn a_share_that_was_dropped_keeps_nothing_open() {
        let first = lease();
        let second = first.share();
        first.open().await.unwrap();
        second.open().await.unwrap();
        drop(second);
        first.close().await;
        assert!(!first.database().is_healthy().await);
    }

    #[tokio::test]
    async fn a_share_that_nobody_worked_with_closes_nothing_of_others() {
        let first = lease();
        let second = first.share();
        first.open().await.unwrap();
        second.close().await;
        assert!(first.take().await.unwrap().is_healthy().await);
    }
}
