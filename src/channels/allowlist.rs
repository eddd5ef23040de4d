//! Who is answered on a channel: whoever has written once and was not removed.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use crate::database::Database;
use crate::error::Result;

/// The list of one channel. Decisions ask the database; what this process knows of it is there to be looked at.
pub struct Allowlist {
    /// `sms`, `email`.
    channel: &'static str,
    database: Option<Arc<Database>>,
    known: RwLock<BTreeSet<String>>,
}

impl Allowlist {
    /// The list of a channel; without a database it is gone when the process ends.
    pub fn new(channel: &'static str, database: Option<Arc<Database>>) -> Self {
        Self { channel, database, known: RwLock::default() }
    }

    /// Reads what is in the database.
    pub async fn load(&self) -> Result<()> {
        if let Some(database) = &self.database {
            let known = database.allowed(self.channel).await?;
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = known.into_iter().collect();
        }
        Ok(())
    }

    /// Adds a normalised number or address; `added_by` says how it got there.
    pub async fn add(&self, identifier: &str, added_by: &str) -> Result<()> {
        if let Some(database) = &self.database {
            database.allow(self.channel, identifier, added_by).await?;
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(identifier.to_owned());
        Ok(())
    }

    /// Removes a number or address.
    pub async fn remove(&self, identifier: &str) -> Result<()> {
        if let Some(database) = &self.database {
            database.disallow(self.channel, Some(identifier)).await?;
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(identifier);
        Ok(())
    }

    /// Removes all.
    pub async fn clear(&self) -> Result<()> {
        if let Some(database) = &self.database {
            database.disallow(self.channel, None).await?;
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// Whether a number or address is on the list, whichever process added it.
    pub async fn admits(&self, identifier: &str) -> Result<bool> {
        match &self.database {
            Some(database) => database.is_allowed(self.channel, identifier).await,
            None => Ok(self.known(identifier)),
        }
    }

    /// Whether this process knows it to be on the list.
    pub fn known(&self, identifier: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains(identifier)
    }

    /// What this process knows to be on the list, in order.
    pub fn all(&self) -> Vec<String> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
