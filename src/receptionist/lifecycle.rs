//! The stage of a receptionist that is not running.

use parking_lot::Mutex;

use crate::error::Error;

/// The last change of a receptionist's lifecycle.
#[derive(Default)]
pub(super) struct Lifecycle(Mutex<Stopped>);

/// Reason why a receptionist is not running.
#[derive(Clone, Copy, Default)]
pub(super) enum Stopped {
    /// It was not initialized yet.
    #[default]
    New,
    /// `initialize` failed.
    Failed,
    /// It was disposed of.
    Disposed,
}

impl Lifecycle {
    /// Returns the reason why the receptionist is not running, if it is not.
    pub fn reason(&self) -> Stopped {
        *self.0.lock()
    }

    pub fn record(&self, failure: Option<&Error>) {
        *self.0.lock() = if failure.is_some() { Stopped::Failed } else { Stopped::New };
    }

    pub fn dispose(&self) {
        *self.0.lock() = Stopped::Disposed;
    }

    /// Returns the error for calls made while the receptionist is not running.
    pub fn closed_error(&self) -> Error {
        match self.reason() {
            Stopped::Disposed => Error::Disposed("AIReceptionist"),
            Stopped::New | Stopped::Failed => Error::NotInitialized,
        }
    }
}
