//! Work that keeps a processor busy.

use crate::error::{Error, Result};
use crate::task;

/// Runs work that takes milliseconds on a thread for blocking tasks. Neither JavaScript's thread nor
/// the runtime's threads wait for it.
///
/// # Errors
///
/// `INTERNAL` if the work panics.
pub(crate) async fn compute<T, W>(work: W) -> Result<T>
where
    T: Send + 'static,
    W: FnOnce() -> T + Send + 'static,
{
    task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
}
