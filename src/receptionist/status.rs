//! Lifecycle status of an agent.

use serde::Serialize;

use super::Receptionist;
use crate::receptionist::lifecycle::Stopped;

/// Lifecycle status of an agent, named as in the TypeScript SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Not initialized yet.
    Initializing,
    /// Idle, ready for a message.
    Ready,
    /// Processing a message.
    Processing,
    /// `initialize` failed.
    Error,
    /// Disposed of.
    Disposed,
}

impl Receptionist {
    /// Returns the current status of the agent.
    pub fn status(&self) -> Status {
        match self.running() {
            Ok(running) if running.agent.is_busy() => Status::Processing,
            Ok(_) => Status::Ready,
            Err(_) => match self.lifecycle.reason() {
                Stopped::New => Status::Initializing,
                Stopped::Failed => Status::Error,
                Stopped::Disposed => Status::Disposed,
            },
        }
    }
}
