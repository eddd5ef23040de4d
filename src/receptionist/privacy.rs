//! Personal data export and erasure; also work before `initialize`.

use std::sync::Arc;

use crate::channels::shared::context::default_country;
use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::phone::phone_identity;
use crate::privacy::{ErasureReport, PersonalData, PersonalDataExport};
use crate::receptionist::Receptionist;
use crate::receptionist::import_mode::ImportMode;
use crate::types::customer::Customer;

impl Receptionist {
    /// Exports all personal data of a person.
    ///
    /// Fails with `INVALID_ARGUMENT` if no identifier is given.
    pub async fn export_person(&self, person: Customer) -> Result<PersonalDataExport> {
        let (personal_data, person) = self.personal_data(person).await?;
        personal_data.export(&person).await
    }

    /// Erases a person from every table and from the short-term memory of this receptionist.
    ///
    /// Fails with `INVALID_ARGUMENT` if no identifier is given, or if it is our own number.
    pub async fn forget_person(&self, person: Customer) -> Result<ErasureReport> {
        let (personal_data, person) = self.personal_data(person).await?;
        if personal_data.database.as_ref().is_some_and(|database| database.may_migrate()) {
            // An opt-out must outlive the STOP message that caused it, so it is imported first.
            self.import_sdk_data(Arc::clone(&personal_data.memory), ImportMode::Import).await?;
        }
        let merged = personal_data.merged(&person).await?;
        let forgotten = personal_data.forget(&person).await?;
        if let Ok(running) = self.running() {
            for Customer { phone, email, .. } in &merged {
                phone.iter().for_each(|phone| running.sms.allowlist().forget(&phone_identity(phone)));
                email.iter().for_each(|email| running.email.allowlist().forget(email));
            }
        }
        Ok(forgotten)
    }

    async fn personal_data(&self, person: Customer) -> Result<(PersonalData, Customer)> {
        let country = default_country(&self.config);
        let person = person.normalized("", &country)?;
        let is_own = |phone: &String| self.twilio_endpoint.is_own(phone, &country);
        if person.phone.as_ref().is_some_and(is_own) {
            return Err(Error::argument("phone", "is this receptionist's own number"));
        }
        let memory = self.memory().await?;
        let (database, inbox) = (self.database(), self.inbox());
        let personal_data = PersonalData { memory, database, inbox, country: country.clone() };
        let merged = personal_data.merged(&person).await?;
        if merged.iter().filter_map(|one| one.phone.as_ref()).any(is_own) {
            let reason = "is merged with this receptionist's own number; split the number first";
            return Err(Error::argument("person", reason));
        }
        Ok((personal_data, person))
    }

    /// Returns the memory; also works before `initialize` and after `dispose`.
    pub(super) async fn memory(&self) -> Result<Arc<MemoryManager>> {
        if let Some(database) = &self.owned_database {
            database.take().await?;
        }
        match self.running() {
            Ok(running) => Ok(Arc::clone(running.agent.memory())),
            Err(_) => self.memory_before_startup().map(Arc::new),
        }
    }

    fn memory_before_startup(&self) -> Result<MemoryManager> {
        let storage = self.storage().ok_or_else(|| Error::config("database", "is not configured"))?;
        let settings = self.config.agent.as_ref().map(|agent| agent.memory.clone()).unwrap_or_default();
        let memory = MemoryManager::new(&settings, Some(storage))?;
        Ok(match self.semantic_index()? {
            Some((semantic_index, _)) => memory.with_semantic_index(Arc::new(semantic_index)),
            None => memory,
        })
    }
}
