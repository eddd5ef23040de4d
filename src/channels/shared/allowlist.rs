//! The allowlist of a channel. A customer is added with the first message, unless removed before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::try_join_all;
use parking_lot::RwLock;

use crate::database::{Database, Entry, EntryKind};
use crate::email::Mailbox;
use crate::error::{Error, Result};
use crate::inbox::Inbox;
use crate::phone::{PhoneNumber, phone_identity, phone_spellings};

/// Value of `added_by` for a customer added with the first message.
const FIRST_MESSAGE: &str = "conversation_init";
/// Concurrent inbox writes when a list is cleared.
const MARK_SEEN_BATCH: usize = 64;

/// The kind of identifiers in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowlistKind {
    /// Phone numbers, for SMS, stored as E.164.
    Numbers {
        /// The default country of numbers without a country code, ISO 3166-1 alpha-2.
        country: String,
    },
    /// E-mail addresses, stored in lower case.
    Addresses,
}

/// The allowlist of one channel. Decisions query the database; the cache of this process only
/// serves listings.
pub struct Allowlist {
    kind: AllowlistKind,
    database: Option<Arc<Database>>,
    /// Records of all customers seen, so that a removed customer is not added again.
    inbox: Arc<dyn Inbox>,
    /// Cached identifiers with their spellings in the table, which other programs write too.
    cache: RwLock<BTreeMap<String, BTreeSet<String>>>,
}

impl AllowlistKind {
    /// Returns the name of the channel in the table.
    pub fn channel(&self) -> &'static str {
        match self {
            Self::Numbers { .. } => "sms",
            Self::Addresses => "email",
        }
    }

    /// Returns the canonical spelling; `None` if `given` is not a number or address.
    pub fn normalize(&self, given: &str) -> Option<String> {
        match self {
            Self::Numbers { country } => {
                PhoneNumber::of_person(given, country).ok().map(|number| phone_identity(&number.e164))
            }
            Self::Addresses => Mailbox::parse(given).map(|mailbox| mailbox.key()),
        }
    }

    /// Returns the canonical spelling, or `given` trimmed if it is not a number or address.
    pub fn canonical(&self, given: &str) -> String {
        self.normalize(given).unwrap_or_else(|| given.trim().to_owned())
    }

    /// Returns the canonical spelling of a developer's argument.
    ///
    /// Fails with `INVALID_ARGUMENT` if it is not a number or address.
    pub fn read(&self, given: &str) -> Result<String> {
        match self {
            Self::Numbers { country } => match PhoneNumber::of_person(given, country) {
                Ok(number) => Ok(phone_identity(&number.e164)),
                Err(problem) => Err(Error::phone("phoneNumber", &problem)),
            },
            Self::Addresses => self
                .normalize(given)
                .ok_or_else(|| Error::argument("email", "must be an e-mail address like ann@example.com")),
        }
    }
}

impl Allowlist {
    /// Creates the list of a channel. Without a database it lasts as long as the process.
    pub fn new(kind: AllowlistKind, database: Option<Arc<Database>>, inbox: Arc<dyn Inbox>) -> Self {
        Self { kind, database, inbox, cache: RwLock::default() }
    }

    /// Returns the kind of identifiers.
    pub fn kind(&self) -> &AllowlistKind {
        &self.kind
    }

    /// Returns the rows of the database as stored, oldest first.
    pub async fn rows(&self) -> Result<Vec<String>> {
        match &self.database {
            Some(database) => database.allowed(self.kind.channel()).await,
            None => Ok(self.cached()),
        }
    }

    /// Loads the cache from the database.
    pub async fn load(&self) -> Result<()> {
        if self.database.is_none() {
            return Ok(());
        }
        let mut cache: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.rows().await? {
            cache.entry(self.kind.canonical(&row)).or_default().insert(row);
        }
        *self.cache.write() = cache;
        Ok(())
    }

    /// Adds a normalized number or address; `added_by` says how it was added.
    pub async fn add(&self, identifier: &str, added_by: &str) -> Result<()> {
        if let Some(database) = &self.database {
            database.allow(self.kind.channel(), identifier, added_by).await?;
        }
        let cache = || self.cache.write();
        cache().entry(identifier.to_owned()).or_default();
        // Written last: after a crash before this line, the next message adds the customer again.
        self.mark_seen(identifier).await
    }

    /// Removes a number or address permanently: its next message does not add it again.
    pub async fn remove(&self, identifier: &str) -> Result<()> {
        self.mark_seen(identifier).await?;
        if let Some(database) = &self.database {
            database.disallow(self.kind.channel(), Some(&self.spellings(identifier))).await?;
        }
        self.cache.write().remove(identifier);
        Ok(())
    }

    /// Removes an identifier from the cache after its rows were deleted.
    pub fn forget(&self, identifier: &str) {
        self.cache.write().remove(identifier);
    }

    /// Removes all identifiers permanently.
    pub async fn clear(&self) -> Result<()> {
        // The SDK's rows have no entry in the inbox.
        self.load().await?;
        for some in self.cached().chunks(MARK_SEEN_BATCH) {
            let meeting: Vec<_> = some.iter().map(|identifier| self.mark_seen(identifier)).collect();
            try_join_all(meeting).await?;
        }
        if let Some(database) = &self.database {
            database.disallow(self.kind.channel(), None).await?;
        }
        self.cache.write().clear();
        Ok(())
    }

    /// Returns `true` if the sender of a message is to be answered: listed by any process, or added
    /// now because this is the first message.
    pub async fn allows(&self, identifier: &str) -> Result<bool> {
        let is_allowed = match &self.database {
            Some(database) => database.is_allowed(self.kind.channel(), &self.spellings(identifier)).await?,
            None => self.is_cached(identifier),
        };
        if is_allowed {
            return Ok(true);
        }
        for spelling in phone_spellings(identifier) {
            if self.inbox.get(&self.seen_key(&spelling)).await?.is_some() {
                return Ok(false);
            }
        }
        self.add(identifier, FIRST_MESSAGE).await?;
        Ok(true)
    }

    /// Returns `true` if the identifier is in the cache of this process.
    pub fn is_cached(&self, identifier: &str) -> bool {
        self.cache.read().contains_key(identifier)
    }

    /// Returns the cached identifiers in order.
    pub fn cached(&self) -> Vec<String> {
        self.cache.read().keys().cloned().collect()
    }

    /// Returns all spellings that rows may have.
    fn spellings(&self, identifier: &str) -> Vec<String> {
        let cache = self.cache.read();
        let mut spellings = cache.get(identifier).cloned().unwrap_or_default();
        spellings.extend(phone_spellings(identifier));
        spellings.into_iter().collect()
    }

    /// Records that a customer has been seen, whether listed or not.
    async fn mark_seen(&self, identifier: &str) -> Result<()> {
        let contact = Entry::recorded(EntryKind::Contact, self.seen_key(identifier), None);
        self.inbox.put(contact.for_customer(identifier.to_owned())).await
    }

    fn seen_key(&self, identifier: &str) -> String {
        format!("contact:{}:{identifier}", self.kind.channel())
    }
}
