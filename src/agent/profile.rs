//! What an agent is, which may change while it works.

use std::sync::{Arc, PoisonError, RwLock};

use crate::config::AgentConfig;
use crate::error::Result;

/// The pillars of an agent: every turn, and every look at the prompt, takes them as they are then.
#[derive(Debug, Default)]
pub struct Profile(RwLock<Arc<AgentConfig>>);

impl Profile {
    /// A profile that is that.
    pub fn new(config: AgentConfig) -> Self {
        Self(RwLock::new(Arc::new(config)))
    }

    /// What it is now.
    pub fn get(&self) -> Arc<AgentConfig> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes it something else; what cannot be is refused, and nothing changes. Settings of the memory stay as they were.
    pub fn set(&self, config: AgentConfig) -> Result<()> {
        config.validate()?;
        let mut profile = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *profile = Arc::new(AgentConfig { memory: profile.memory.clone(), ..config });
        Ok(())
    }
}
