//! The identifiers of each person: which of them the developer or a conversation has linked.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::try_join_all;
use parking_lot::Mutex as SyncMutex;
use tokio::sync::Mutex;

use crate::customers::people::{MAX_IDENTIFIERS, People};
use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::types::customer::Customer;
use crate::types::person_links::{Identifier, PersonLinks};

/// Maximum number of customers whose last person is remembered.
const MAX_REMEMBERED: usize = 10_000;

/// The identifiers of each person.
pub struct Identities {
    memory: Arc<MemoryManager>,
    changing: Mutex<()>,
    /// Last known linked identifiers, by the identifiers on the line. A turn reads by them, and
    /// checks them at the same time.
    remembered: SyncMutex<HashMap<String, Vec<Customer>>>,
}

/// The person who is on the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Customer with the linked identifiers.
    pub customer: Customer,
    /// The identifiers on the line are not linked with each other yet.
    pub is_unlinked: bool,
}

impl Identities {
    /// Creates the identities of the persons in a memory.
    pub fn new(memory: Arc<MemoryManager>) -> Self {
        Self { memory, changing: Mutex::default(), remembered: SyncMutex::default() }
    }

    /// Returns the customer with the identifiers that were linked when [`Self::person`] last read
    /// them. They may have changed since.
    pub fn remembered(&self, line: &Customer) -> Customer {
        let also = self.remembered.lock().get(&key(line)).cloned().unwrap_or_default();
        Customer { also, ..line.clone() }
    }

    /// Reads the person who has the identifiers on the line, in one round trip.
    pub async fn person(&self, line: &Customer) -> Result<Person> {
        let own = Identifier::all_of(line);
        if own.is_empty() || !self.memory.has_storage() {
            return Ok(Person { customer: line.clone(), is_unlinked: false });
        }
        let mut people = People::default();
        self.read(&mut people, own.clone()).await?;
        let linked = people.members(&own).into_iter().filter(|one| !own.contains(one));
        let also: Vec<Customer> = linked.take(MAX_IDENTIFIERS).map(|one| one.customer()).collect();
        let mut remembered = self.remembered.lock();
        if also.is_empty() {
            remembered.remove(&key(line));
        } else {
            if remembered.len() >= MAX_REMEMBERED {
                remembered.clear();
            }
            remembered.insert(key(line), also.clone());
        }
        let is_unlinked = own.len() > 1 && people.is_unlinked(&own);
        Ok(Person { customer: Customer { also, ..line.clone() }, is_unlinked })
    }

    /// Links identifiers that were the customer of one conversation.
    pub async fn link(&self, together: &[Identifier]) -> Result<()> {
        if together.len() < 2 || !self.memory.has_storage() {
            return Ok(());
        }
        self.change(together, |people| {
            people.link(together);
            Ok(())
        })
        .await
    }

    /// Makes one person of these identifiers.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` if the person would have more than 10 identifiers.
    pub async fn merge(&self, given: &[Identifier]) -> Result<()> {
        self.change(given, |people| match people.merge(given) {
            true => Ok(()),
            false => Err(Error::argument(
                "other",
                format!("cannot be merged: one person has {MAX_IDENTIFIERS} identifiers at most"),
            )),
        })
        .await
    }

    /// Splits an identifier from its person.
    pub async fn split(&self, one: &Identifier) -> Result<()> {
        self.change(std::slice::from_ref(one), |people| {
            people.split(one);
            Ok(())
        })
        .await
    }

    /// Returns the identifiers of a person, and those that the developer has merged with them.
    pub async fn merged(&self, person: &Customer) -> Result<Vec<Identifier>> {
        let own = Identifier::all_of(person);
        let mut people = People::default();
        self.read(&mut people, own.clone()).await?;
        Ok(people.merged(&own))
    }

    /// Removes all mentions of these identifiers from the links of others.
    pub async fn erase_mentions(&self, erased: &[Identifier]) -> Result<()> {
        self.change(erased, |people| {
            erased.iter().for_each(|one| people.erase(one));
            Ok(())
        })
        .await
    }

    /// Changes the links of these identifiers and of those that are linked to them.
    async fn change(
        &self,
        given: &[Identifier],
        change: impl FnOnce(&mut People) -> Result<()> + Send,
    ) -> Result<()> {
        let _changing = self.changing.lock().await;
        let mut before = People::default();
        self.read(&mut before, given.to_vec()).await?;
        let missing = before.missing();
        self.read(&mut before, missing).await?;
        let mut after = before.clone();
        change(&mut after)?;
        let changes = after.changes_since(&before);
        let memories: Vec<_> = changes.into_iter().map(|(one, links)| links.memory(one)).collect();
        if memories.is_empty() {
            return Ok(());
        }
        self.memory.save_lasting(memories).await
    }

    async fn read(&self, people: &mut People, identifiers: Vec<Identifier>) -> Result<()> {
        let reads = identifiers.into_iter().map(|one| async move {
            let memory = self.memory.get(&one.links_id()).await?;
            let links = memory.and_then(|memory| PersonLinks::of(&memory, &one)).unwrap_or_default();
            Ok::<_, Error>((one, links))
        });
        for (one, links) in try_join_all(reads).await? {
            people.add(one, links);
        }
        Ok(())
    }
}

fn key(customer: &Customer) -> String {
    let keys: Vec<String> = Identifier::all_of(customer).iter().map(Identifier::key).collect();
    keys.join("\0")
}
