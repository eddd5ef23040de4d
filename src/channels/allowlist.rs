//! Who is answered on a channel: whoever has written once and was not removed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use futures::future::try_join_all;

use crate::customer::normalize_phone;
use crate::database::{Database, Entry, EntryKind, EntryState};
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::mail::Mailbox;
use crate::memory::now;

/// Notes how a customer got onto the list whose first message came in.
const FIRST_MESSAGE: &str = "conversation_init";
/// Notes written at once when a list is cleared.
const MET_AT_ONCE: usize = 64;

/// What a list is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifiers {
    /// Phone numbers, for SMS, kept as E.164.
    Numbers {
        /// Where numbers without a country code are dialled, ISO 3166-1 alpha-2.
        country: String,
    },
    /// E-mail addresses, kept in lower case.
    Addresses,
}

/// The list of one channel. Decisions ask the database; what this process knows of it is there to be looked at.
pub struct Allowlist {
    of: Identifiers,
    database: Option<Arc<Database>>,
    /// Remembers who has written before, so that who was removed stays so.
    inbox: Arc<dyn Inbox>,
    /// What is on the list, and how its rows spell it: others than we wrote into the table too.
    known: RwLock<BTreeMap<String, BTreeSet<String>>>,
}

impl Identifiers {
    /// How the table names the channel.
    pub fn channel(&self) -> &'static str {
        match self {
            Self::Numbers { .. } => "sms",
            Self::Addresses => "email",
        }
    }

    /// The one spelling that is compared; `None` when it is no number or address.
    pub fn normalize(&self, given: &str) -> Option<String> {
        match self {
            Self::Numbers { country } => normalize_phone(given, country),
            Self::Addresses => Mailbox::parse(given).map(|mailbox| mailbox.key()),
        }
    }

    /// The same; what is no number or address for us stays as it is.
    pub fn spell(&self, given: &str) -> String {
        self.normalize(given).unwrap_or_else(|| given.trim().to_owned())
    }

    /// The same for what a developer gives.
    ///
    /// Fails with `INVALID_ARGUMENT` when it is no number or address.
    pub fn read(&self, given: &str) -> Result<String> {
        self.normalize(given).ok_or_else(|| match self {
            Self::Numbers { .. } => Error::phone("phoneNumber"),
            Self::Addresses => Error::argument("email", "must be an e-mail address like ann@example.com"),
        })
    }
}

impl Allowlist {
    /// The list of a channel; without a database it is gone when the process ends.
    pub fn new(of: Identifiers, database: Option<Arc<Database>>, inbox: Arc<dyn Inbox>) -> Self {
        Self { of, database, inbox, known: RwLock::default() }
    }

    /// What it is of.
    pub fn of(&self) -> &Identifiers {
        &self.of
    }

    /// What is in the database, as it is spelled there, oldest first.
    pub async fn rows(&self) -> Result<Vec<String>> {
        match &self.database {
            Some(database) => database.allowed(self.of.channel()).await,
            None => Ok(self.all()),
        }
    }

    /// Reads what is in the database.
    pub async fn load(&self) -> Result<()> {
        if self.database.is_none() {
            return Ok(());
        }
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.rows().await? {
            known.entry(self.of.spell(&row)).or_default().insert(row);
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// Adds a normalised number or address; `added_by` says how it got there.
    pub async fn add(&self, identifier: &str, added_by: &str) -> Result<()> {
        if let Some(database) = &self.database {
            database.allow(self.of.channel(), identifier, added_by).await?;
        }
        let known = || self.known.write().unwrap_or_else(PoisonError::into_inner);
        known().entry(identifier.to_owned()).or_default();
        // Last: after a crash before, the next message adds the customer again.
        self.meet(identifier).await
    }

    /// Removes a number or address for good: its next message will not add it.
    pub async fn remove(&self, identifier: &str) -> Result<()> {
        self.meet(identifier).await?;
        if let Some(database) = &self.database {
            database.disallow(self.of.channel(), Some(&self.spellings(identifier))).await?;
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(identifier);
        Ok(())
    }

    /// Drops what this process knows of a number or address, whose rows are gone.
    pub fn forget(&self, identifier: &str) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(identifier);
    }

    /// Removes all, for good.
    pub async fn clear(&self) -> Result<()> {
        // The SDK's rows have left no other trace.
        self.load().await?;
        for some in self.all().chunks(MET_AT_ONCE) {
            let meeting: Vec<_> = some.iter().map(|identifier| self.meet(identifier)).collect();
            try_join_all(meeting).await?;
        }
        if let Some(database) = &self.database {
            database.disallow(self.of.channel(), None).await?;
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// Whether somebody who has written is answered: on the list, whichever process added them, or now added because it is their
    /// first message.
    pub async fn welcomes(&self, identifier: &str) -> Result<bool> {
        let admitted = match &self.database {
            Some(database) => database.is_allowed(self.of.channel(), &self.spellings(identifier)).await?,
            None => self.known(identifier),
        };
        if admitted {
            return Ok(true);
        }
        if self.inbox.get(&self.contact(identifier)).await?.is_some() {
            return Ok(false);
        }
        self.add(identifier, FIRST_MESSAGE).await?;
        Ok(true)
    }

    /// Whether this process knows it to be on the list.
    pub fn known(&self, identifier: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains_key(identifier)
    }

    /// What this process knows to be on the list, in order.
    pub fn all(&self) -> Vec<String> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// How rows may spell it.
    fn spellings(&self, identifier: &str) -> Vec<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut spellings = known.get(identifier).cloned().unwrap_or_default();
        spellings.insert(identifier.to_owned());
        spellings.into_iter().collect()
    }

    /// Notes that somebody is known, on the list or not.
    async fn meet(&self, identifier: &str) -> Result<()> {
        let contact = Entry {
            key: self.contact(identifier),
            kind: EntryKind::OptOut,
            customer: Some(identifier.to_owned()),
            state: EntryState::Noted,
            owner: String::new(),
            answer: None,
            touched_at: now(),
        };
        self.inbox.note(contact).await
    }

    fn contact(&self, identifier: &str) -> String {
        format!("contact:{}:{identifier}", self.of.channel())
    }
}
