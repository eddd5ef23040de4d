//! Health check of all dependencies of a receptionist.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use serde::Serialize;
use tokio::time::timeout;

use super::{GOOGLE, ProvidedStorage, Receptionist, Running, TWILIO};
use crate::config::MissingSettings;
use crate::error::{Error, Result};

/// Maximum duration of a check, 5 s. Load balancer probes do not wait longer.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// Name and check of a service. The check succeeds if the service responds and accepts our
/// credentials.
type ServiceCheck<'a> = (&'static str, BoxFuture<'a, Result<()>>);

/// Result of a health check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    /// `true` if everything is healthy.
    pub healthy: bool,
    /// `true` if the agent is ready.
    pub agent: bool,
    /// `true` if the database or the provided storage responds; absent without either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<bool>,
    /// Health of each service, by name: it responds and accepts our credentials.
    pub providers: BTreeMap<&'static str, bool>,
    /// Descriptions of the problems.
    pub errors: Vec<String>,
}

impl Receptionist {
    /// Runs all checks concurrently, within 5 s. Fails with `NOT_INITIALIZED` before `initialize`.
    pub async fn health(&self) -> Result<Health> {
        let running = self.running()?;
        let services = self.services(&running)?;
        let asked =
            services.into_iter().map(|(name, check)| async move { (name, with_timeout(check).await) });
        let (answers, database) = tokio::join!(join_all(asked), self.database_health());
        let mut health = Health {
            healthy: true,
            agent: true,
            database: database.as_ref().map(|outcome| outcome.is_ok()),
            providers: BTreeMap::new(),
            errors: Vec::new(),
        };
        health.record(database.unwrap_or(Ok(())));
        for (name, outcome) in answers {
            health.providers.insert(name, outcome.is_ok());
            health.record(outcome.map_err(|reason| format!("Provider '{name}': {reason}")));
        }
        for MissingSettings { service, reason } in self.config.missing_settings() {
            health.providers.insert(service, false);
            health.record(Err(reason));
        }
        Ok(health)
    }

    /// Returns the checks of the configured services.
    fn services<'a>(&'a self, running: &'a Running) -> Result<Vec<ServiceCheck<'a>>> {
        let model = self.config.require_model()?.provider.as_str();
        let mut services = vec![(model, running.agent.model().check())];
        if let Some(twilio) = &self.twilio {
            services.push((TWILIO, twilio.check().boxed()));
        }
        services.extend(self.transports.iter().map(|(name, transport)| (*name, transport.check())));
        if let Some(calendar) = &self.calendar {
            services.push((GOOGLE, async { calendar.time_zone().await.map(drop) }.boxed()));
        }
        Ok(services)
    }

    async fn database_health(&self) -> Option<Result<(), String>> {
        let database = match self.database() {
            Some(database) => Some(with_timeout(database.check()).await),
            None => None,
        };
        let custom = match &self.provided {
            Some(ProvidedStorage::Custom { storage, .. }) => {
                Some(match timeout(CHECK_TIMEOUT, storage.health_check()).await {
                    Ok(true) => Ok(()),
                    Ok(false) => Err("The storage's healthCheck() returned false".to_owned()),
                    Err(_) => Err(timeout_message("The storage's healthCheck()")),
                })
            }
            _ => None,
        };
        // Memories live in the storage, leads and call logs in the database: both must work.
        match (database, custom) {
            (Some(Err(reason)), _) => Some(Err(reason)),
            (database, custom) => custom.or(database).or_else(|| self.storage().map(|_| Ok(()))),
        }
    }
}

impl Health {
    fn record(&mut self, outcome: Result<(), String>) {
        if let Err(reason) = outcome {
            self.healthy = false;
            self.errors.push(reason);
        }
    }
}

async fn with_timeout(check: impl Future<Output = Result<(), Error>>) -> Result<(), String> {
    match timeout(CHECK_TIMEOUT, check).await {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err(timeout_message("It")),
    }
}

fn timeout_message(who: &str) -> String {
    format!("{who} did not answer within {} s", CHECK_TIMEOUT.as_secs())
}
