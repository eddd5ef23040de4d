//! Where an agent is in its life.

use std::sync::atomic::{AtomicU8, Ordering};

use serde::Serialize;

use super::Receptionist;
use crate::error::Error;

/// Where an agent is in its life, in the words of the TypeScript SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Not initialized yet.
    Initializing,
    /// Waiting for somebody to say something.
    Ready,
    /// Answering.
    Processing,
    /// `initialize` failed.
    Error,
    /// Disposed of.
    Disposed,
}

/// Why nothing is open.
#[derive(Default)]
pub(super) struct Stage(AtomicU8);

const NEW: u8 = 0;
const FAILED: u8 = 1;
const DISPOSED: u8 = 2;

impl Stage {
    pub fn note(&self, failure: Option<&Error>) {
        self.0.store(if failure.is_some() { FAILED } else { NEW }, Ordering::Relaxed);
    }

    pub fn dispose(&self) {
        self.0.store(DISPOSED, Ordering::Relaxed);
    }

    /// What using it fails with while nothing is open.
    pub fn why_closed(&self) -> Error {
        match self.0.load(Ordering::Relaxed) {
            DISPOSED => Error::Disposed("AIReceptionist"),
            _ => Error::NotInitialized,
        }
    }
}

impl Receptionist {
    /// Where its agent is in its life, at this moment.
    pub fn status(&self) -> Status {
        match (self.open(), self.stage.0.load(Ordering::Relaxed)) {
            (Ok(open), _) if open.agent.is_busy() => Status::Processing,
            (Ok(_), _) => Status::Ready,
            (Err(_), FAILED) => Status::Error,
            (Err(_), DISPOSED) => Status::Disposed,
            (Err(_), _) => Status::Initializing,
        }
    }
}
