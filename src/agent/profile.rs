//! The agent's options, which can change at run time.
use std::sync::Arc;

use parking_lot::RwLock;

use crate::config::AgentConfig;
use crate::error::Result;

/// The current options of an agent. Every turn and every read of the prompt uses the latest ones.
#[derive(Debug, Default)]
pub struct Profile(RwLock<Arc<AgentConfig>>);

impl Profile {
    /// Creates a profile with these options.
    pub fn new(config: AgentConfig) -> Self {
        Self(RwLock::new(Arc::new(config)))
    }

    /// Returns the current options.
    pub fn get(&self) -> Arc<AgentConfig> {
        Arc::clone(&self.0.read())
    }

    /// Replaces the options. Invalid options are rejected and change nothing. Of the memory
    /// options, only `contextWindow` is replaced, if given.
    pub fn set(&self, config: AgentConfig) -> Result<()> {
        config.validate()?;
        let mut profile = self.0.write();
        let mut memory = profile.memory.clone();
        memory.context_window = config.memory.context_window.or(memory.context_window);
        *profile = Arc::new(AgentConfig { memory, ..config });
        Ok(())
    }
}
