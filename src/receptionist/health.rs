//! Whether everything a receptionist depends on answers.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use serde::Serialize;
use tokio::time::timeout;

use super::{GOOGLE, GivenStorage, Open, Receptionist, TWILIO};
use crate::error::{Error, Result};

/// What a check may take: a load balancer's probe waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The name of a service, and the question whether it answers and takes our credentials.
type Service<'a> = (&'static str, BoxFuture<'a, Result<()>>);

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
        let services = self.services(&open)?;
        let asked = services.into_iter().map(|(name, check)| async move { (name, bounded(check).await) });
        let (answers, database) = tokio::join!(join_all(asked), self.database_health());
        let mut health = Health {
            healthy: true,
            agent: true,
            database: database.as_ref().map(|outcome| outcome.is_ok()),
            providers: BTreeMap::new(),
            errors: Vec::new(),
        };
        health.note(database.unwrap_or(Ok(())));
        for (name, outcome) in answers {
            health.providers.insert(name, outcome.is_ok());
            health.note(outcome.map_err(|reason| format!("Provider '{name}': {reason}")));
        }
        Ok(health)
    }

    /// The services in use.
    fn services<'a>(&'a self, open: &'a Open) -> Result<Vec<Service<'a>>> {
        let model = self.config.require_model()?.provider.as_str();
        let mut services = vec![(model, open.agent.model().check())];
        if let Some(twilio) = &self.twilio {
            services.push((TWILIO, twilio.check().boxed()));
        }
        services.extend(self.mailers.iter().map(|(name, mailer)| (*name, mailer.check())));
        if let Some(calendar) = &self.calendar {
            services.push((GOOGLE, async { calendar.time_zone().await.map(drop) }.boxed()));
        }
        Ok(services)
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
    fn note(&mut self, outcome: Result<(), String>) {
        if let Err(reason) = outcome {
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
