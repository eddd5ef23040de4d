//! Whether everything a receptionist depends on answers.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;

use super::{GivenStorage, Receptionist, TWILIO};
use crate::error::{Error, Result};

/// What a check may take: a load balancer's probe waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether everything answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    /// Whether all of it does.
    pub healthy: bool,
    /// Whether the agent is ready.
    pub agent: bool,
    /// Whether the database answers, or the storage that was given; absent without either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<bool>,
    /// Whether the services answer and take our credentials, by name.
    pub providers: BTreeMap<&'static str, bool>,
    /// What is wrong, in words.
    pub errors: Vec<String>,
}

impl Receptionist {
    /// Asks everything at once, and takes five seconds at most. Fails with `NOT_INITIALIZED` before `initialize`.
    pub async fn health(&self) -> Result<Health> {
        let open = self.open()?;
        let model = bounded(open.agent.model().check());
        let twilio = async {
            match &self.twilio {
                Some(twilio) => Some(bounded(twilio.check()).await),
                None => None,
            }
        };
        let name = self.config.require_model()?.provider.as_str();
        let (model, twilio, database) = tokio::join!(model, twilio, self.database_health());
        let mut health = Health {
            healthy: true,
            agent: true,
            database: database.as_ref().map(|outcome| outcome.is_ok()),
            providers: BTreeMap::new(),
            errors: Vec::new(),
        };
        health.note(database);
        for (name, outcome) in [(name, Some(model)), (TWILIO, twilio)] {
            if let Some(outcome) = &outcome {
                health.providers.insert(name, outcome.is_ok());
            }
            health.note(
                outcome.map(|outcome| outcome.map_err(|reason| format!("Provider '{name}': {reason}"))),
            );
        }
        Ok(health)
    }

    async fn database_health(&self) -> Option<Result<(), String>> {
        let database = match self.database() {
            Some(database) => Some(bounded(database.check()).await),
            None => None,
        };
        let custom = match &self.given {
            Some(GivenStorage::Custom { storage, .. }) => {
                Some(match timeout(PATIENCE, storage.health_check()).await {
                    Ok(true) => Ok(()),
                    Ok(false) => Err("The storage's healthCheck() says that it does not work".to_owned()),
                    Err(_) => Err(late("The storage's healthCheck()")),
                })
            }
            _ => None,
        };
        // Memories are in the storage, leads and call logs in the database: both must work.
        match (database, custom) {
            (Some(Err(reason)), _) => Some(Err(reason)),
            (database, custom) => custom.or(database).or_else(|| self.storage().map(|_| Ok(()))),
        }
    }
}

impl Health {
    fn note(&mut self, outcome: Option<Result<(), String>>) {
        if let Some(Err(reason)) = outcome {
            self.healthy = false;
            self.errors.push(reason);
        }
    }
}

async fn bounded(check: impl Future<Output = Result<(), Error>>) -> Result<(), String> {
    match timeout(PATIENCE, check).await {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err(late("It")),
    }
}

fn late(who: &str) -> String {
    format!("{who} did not answer within {} s", PATIENCE.as_secs())
}
