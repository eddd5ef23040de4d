//! What is held of persons, also before `initialize`.

use std::sync::Arc;

use crate::channels::common::country;
use crate::customer::{Customer, normalize_phone};
use crate::error::{Error, Result};
use crate::persons::{Forgotten, Holdings, Persons};
use crate::recall::MemoryManager;
use crate::receptionist::Receptionist;

impl Receptionist {
    /// Everything that is held of a person.
    ///
    /// Fails with `INVALID_ARGUMENT` when it names nobody.
    pub async fn export_person(&self, person: Customer) -> Result<Holdings> {
        let (persons, person) = self.persons(person).await?;
        persons.export(&person).await
    }

    /// Forgets a person, in every table and in the window of this receptionist.
    ///
    /// Fails with `INVALID_ARGUMENT` when it names nobody, or our own number.
    pub async fn forget_person(&self, person: Customer) -> Result<Forgotten> {
        let (persons, person) = self.persons(person).await?;
        let forgotten = persons.forget(&person).await?;
        if let Ok(open) = self.open() {
            person.phone.iter().for_each(|phone| open.sms.allowlist().forget(phone));
            person.email.iter().for_each(|email| open.email.allowlist().forget(email));
        }
        Ok(forgotten)
    }

    async fn persons(&self, person: Customer) -> Result<(Persons, Customer)> {
        let country = country(&self.config);
        let person = person.normalized("", &country)?;
        let ours = self.line.number.as_deref().and_then(|number| normalize_phone(number, &country));
        if person.phone.is_some() && person.phone == ours {
            return Err(Error::argument("phone", "is this receptionist's own number"));
        }
        let memory = self.memory().await?;
        let database = self.database();
        Ok((Persons { memory, database, inbox: self.inbox(), country }, person))
    }

    /// The memory, also of a receptionist that is not at work.
    pub(super) async fn memory(&self) -> Result<Arc<MemoryManager>> {
        if let Some(lease) = &self.own {
            lease.take().await?;
        }
        match self.open() {
            Ok(open) => Ok(Arc::clone(open.agent.memory())),
            Err(_) => self.closed_memory().map(Arc::new),
        }
    }

    fn closed_memory(&self) -> Result<MemoryManager> {
        let storage = self.storage().ok_or_else(|| Error::config("database", "is not configured"))?;
        let settings = self.config.agent.as_ref().map(|agent| agent.memory.clone()).unwrap_or_default();
        let memory = MemoryManager::new(&settings, Some(storage))?;
        Ok(match self.meaning()? {
            Some((meaning, _)) => memory.with_meaning(Arc::new(meaning)),
            None => memory,
        })
    }
}
