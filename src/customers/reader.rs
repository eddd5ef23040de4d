//! Reads the facts about the customer of a turn.

use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join_all;
use serde_json::Map;
use tracing::warn;

use crate::customers::appointments::RUN_OF_CALENDAR;
use crate::customers::developer_context::{self, ContextProvider, ContextRequest};
use crate::customers::identities::{Identities, Person};
use crate::customers::known_customer::KnownCustomer;
use crate::customers::prompt_section;
use crate::customers::remembered_names::RememberedNames;
use crate::database::{Lead, Precedence};
use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::tools::leads::Leads;
use crate::tools::{ToolContext, disowning_flags, is_own_record, phone_formats, record_keys};
use crate::types::customer::{Customer, normalize_email};
use crate::types::memory::{Memory, MemoryQuery, MemoryType, now};
use crate::types::person_links::Identifier;
use crate::types::time_zone::Zone;
use crate::types::visibility::{is_owned_by, owner_field_variants};

/// Maximum time that a turn waits for the facts.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum number of memories of one kind, the newest.
const MAX_MEMORIES: u32 = 100;

/// The reader of the facts about customers.
pub struct KnownCustomers {
    memory: Arc<MemoryManager>,
    leads: Leads,
    identities: Identities,
    names: RememberedNames,
    /// Default country of phone numbers, ISO 3166-1 alpha-2.
    country: String,
    zone: Zone,
    has_calendar: bool,
    is_enabled: bool,
    provider: Option<Arc<dyn ContextProvider>>,
}

impl KnownCustomers {
    /// Creates a reader of the records in `leads` and of the customers' memories. `country` applies to
    /// phone numbers without a country code, `zone` to the dates in the prompt.
    pub fn new(memory: Arc<MemoryManager>, leads: Leads, country: String, zone: Zone) -> Self {
        let identities = Identities::new(Arc::clone(&memory));
        Self {
            memory,
            leads,
            identities,
            names: RememberedNames::default(),
            country,
            zone,
            has_calendar: false,
            is_enabled: true,
            provider: None,
        }
    }

    /// Reads appointments too, if there is a calendar.
    pub fn with_calendar(self, has_calendar: bool) -> Self {
        Self { has_calendar, ..self }
    }

    /// Leaves the section about the customer out of the prompt, unless `is_enabled`.
    pub fn with_section(self, is_enabled: bool) -> Self {
        Self { is_enabled, ..self }
    }

    /// Adds the developer's own facts to every turn.
    pub fn with_context(self, provider: Option<Arc<dyn ContextProvider>>) -> Self {
        Self { provider, ..self }
    }

    /// Returns the identifiers of persons.
    pub fn identities(&self) -> &Identities {
        &self.identities
    }

    /// Returns the section of the prompt about the customer, or an empty text if it is turned off. It
    /// begins with an empty line. Never fails and is bounded in time; facts that cannot be read are
    /// left out.
    pub async fn section(&self, customer: &Customer, conversation_id: &str) -> String {
        if !self.is_enabled {
            return String::new();
        }
        let known = within_time(customer, self.read(customer, conversation_id)).await;
        format!("\n\n{}", prompt_section::section(&known, now(), &self.zone))
    }

    /// Returns the section of the prompt with the developer's facts, as [`Self::section`] does.
    pub async fn developer_section(&self, context: &ToolContext) -> String {
        let Some(provider) = &self.provider else { return String::new() };
        let ToolContext { customer, channel, conversation_id, .. } = context;
        let request = ContextRequest { customer, channel, conversation_id };
        developer_context::section(&**provider, &request).await
    }

    /// Reads the facts about the person on the line. Facts that cannot be read in time are left out.
    pub async fn read_within_time(&self, line: &Customer, conversation_id: &str) -> KnownCustomer {
        let read = async {
            let Person { customer, .. } = self.identities.person(line).await?;
            self.read(&customer, conversation_id).await
        };
        within_time(line, read).await
    }

    /// Returns the name of a customer, if this process has read it before.
    pub fn remembered_name(&self, customer: &Customer) -> Option<String> {
        self.names.get(customer)
    }

    /// Reads the name of the customer.
    pub async fn name(&self, customer: &Customer) -> Result<Option<String>> {
        Ok(self.own_leads(customer).await?.into_iter().find_map(|lead| lead.name))
    }

    /// Makes one person of two, as the developer says, and returns the facts about it.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` if one of them names nobody, if both name the same identifier, or if the
    /// person would have too many. `INVALID_CONFIG` without a storage.
    pub async fn merge(&self, person: Customer, other: Customer) -> Result<KnownCustomer> {
        let person = self.named(person, "person")?;
        let other = self.named(other, "other")?;
        let mut identifiers = Identifier::all_of(&person);
        let both = Identifier::all_of(&other);
        if both.iter().all(|one| identifiers.contains(one))
            || identifiers.iter().all(|one| both.contains(one))
        {
            return Err(Error::argument(
                "other",
                "names the same identifiers as `person`; give another identifier of the person",
            ));
        }
        for one in both {
            if !identifiers.contains(&one) {
                identifiers.push(one);
            }
        }
        self.identities.merge(&identifiers).await?;
        self.of_person(person).await
    }

    /// Splits an identifier from its person, and returns the facts that are left under it.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` unless exactly one identifier is given.
    pub async fn split(&self, identifier: Customer) -> Result<KnownCustomer> {
        let alone = self.named(identifier, "identifier")?;
        let [one] = Identifier::all_of(&alone).try_into().map_err(|_| {
            Error::argument("identifier", "names several; give one of `email`, `phone` and `id`")
        })?;
        let Person { customer, .. } = self.identities.person(&alone).await?;
        if !customer.also.is_empty() {
            // Records first: once the links are gone, a repeated split would not find them.
            self.split_records(&alone, &customer.also).await?;
            self.identities.split(&one).await?;
        }
        self.of_person(alone).await
    }

    /// Leaves each record that several identifiers of a person have completed to those on its side.
    async fn split_records(&self, alone: &Customer, others: &[Customer]) -> Result<()> {
        for lead in self.candidates(alone).await? {
            let is_theirs = |one: &Customer| is_own_record(one, &self.country, &lead);
            if !others.iter().any(is_theirs) {
                continue;
            }
            let is_begun_here = record_keys(alone).contains(&lead.external_id);
            let former = if is_begun_here { others } else { std::slice::from_ref(alone) };
            let flags = former.iter().flat_map(|one| disowning_flags(one, &self.country, &lead));
            let change =
                Lead { external_id: lead.external_id.clone(), metadata: flags.collect(), ..Lead::default() };
            self.leads.save(&change, Precedence::NewerWins).await?;
        }
        Ok(())
    }

    /// Returns the normalized identifiers that the developer gives, of somebody.
    fn named(&self, given: Customer, argument: &str) -> Result<Customer> {
        let given = given.normalized(&format!("{argument}."), &self.country)?;
        if given.is_unknown() {
            return Err(Error::argument(argument, "names nobody; give `email`, `phone` or `id`"));
        }
        Ok(given)
    }

    /// Reads the facts about the person that the developer names.
    ///
    /// Fails with `INVALID_ARGUMENT` if no identifier is given, or if one is invalid.
    pub async fn of_person(&self, person: Customer) -> Result<KnownCustomer> {
        let person = person.normalized("", &self.country)?;
        if person.is_unknown() {
            return Err(Error::argument("person", "names nobody; give `email`, `phone` or `id`"));
        }
        let Person { customer, .. } = self.identities.person(&person).await?;
        self.read(&customer, "").await
    }

    /// Reads the facts about a customer, in one round trip: its parts are read concurrently. Of an
    /// unknown customer nothing is read.
    pub async fn read(&self, customer: &Customer, conversation_id: &str) -> Result<KnownCustomer> {
        if customer.is_unknown() {
            return Ok(KnownCustomer::default());
        }
        let (leads, memories) = tokio::try_join!(self.own_leads(customer), self.own_memories(customer))?;
        let known = KnownCustomer::new(customer.clone(), &leads, &memories, conversation_id, now());
        self.names.set(customer, known.name.clone());
        Ok(known)
    }

    /// Returns the person's own records, that of the identifiers on the line first.
    async fn own_leads(&self, customer: &Customer) -> Result<Vec<Lead>> {
        let read = try_join_all(customer.all().map(|one| self.own_lead(one))).await?;
        let mut leads: Vec<Lead> = Vec::new();
        for lead in read.into_iter().flatten() {
            if !leads.iter().any(|known| known.external_id == lead.external_id) {
                leads.push(lead);
            }
        }
        Ok(leads)
    }

    /// Returns the record of one customer's identifiers, that of the e-mail address first.
    async fn own_lead(&self, customer: &Customer) -> Result<Option<Lead>> {
        let customer = &Customer { also: Vec::new(), ..customer.clone() };
        let own = self.candidates(customer).await?;
        let has_email = |lead: &Lead| {
            customer.email.is_some() && lead.email.as_deref().and_then(normalize_email) == customer.email
        };
        let place = own.iter().position(has_email).unwrap_or_default();
        Ok(own.into_iter().nth(place))
    }

    /// Returns the records that belong to these identifiers.
    async fn candidates(&self, customer: &Customer) -> Result<Vec<Lead>> {
        let phones = customer.phone.as_deref().map(phone_formats).unwrap_or_default();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        let keys = record_keys(customer);
        let mut own = self.leads.candidates(customer.email.as_deref(), &phones, &keys).await?;
        own.retain(|lead| is_own_record(customer, &self.country, lead));
        Ok(own)
    }

    /// Returns the customer's memories from which the facts are taken, newest first.
    async fn own_memories(&self, customer: &Customer) -> Result<Vec<Memory>> {
        let calendar =
            MemoryQuery { keywords: vec![RUN_OF_CALENDAR.to_owned()], ..newest(MemoryType::ToolExecution) };
        let kinds = [newest(MemoryType::Decision), newest(MemoryType::System)].into_iter();
        let kinds: Vec<MemoryQuery> = kinds.chain(self.has_calendar.then_some(calendar)).collect();
        let fields = owner_field_variants(customer);
        let queries = fields.into_iter().flat_map(|field| {
            let session_metadata = Map::from_iter([field]);
            kinds
                .iter()
                .map(move |query| MemoryQuery { session_metadata: session_metadata.clone(), ..query.clone() })
        });
        let queries: Vec<MemoryQuery> = queries.collect();
        let found = try_join_all(queries.iter().map(|query| self.memory.search(query))).await?;
        let mut found: Vec<Memory> = found.into_iter().flatten().collect();
        // A custom storage may ignore parts of a query.
        found.retain(|memory| is_owned_by(memory, customer));
        // Ids are UUIDv7: within the same millisecond, the later id is greater.
        found.sort_by(|a, b| (b.timestamp, &b.id).cmp(&(a.timestamp, &a.id)));
        found.dedup_by(|a, b| a.id == b.id);
        Ok(found)
    }
}

/// Waits for the facts for a limited time. Facts that cannot be read are left out, with a warning.
async fn within_time(
    customer: &Customer,
    read: impl Future<Output = Result<KnownCustomer>>,
) -> KnownCustomer {
    let read = tokio::time::timeout(READ_TIMEOUT, read).await;
    let read = read.unwrap_or_else(|_| {
        Err(Error::DatabaseQueryFailed {
            action: "read a customer".into(),
            reason: format!("no result within {} ms, the limit for a reply", READ_TIMEOUT.as_millis()),
            cause: None,
        })
    });
    read.unwrap_or_else(|error| {
        let code = error.code();
        warn!(code, %error, "The customer's facts were left out of a turn");
        KnownCustomer { customer: customer.clone(), ..KnownCustomer::default() }
    })
}

fn newest(kind: MemoryType) -> MemoryQuery {
    MemoryQuery { kinds: vec![kind], ..MemoryQuery::newest(MAX_MEMORIES) }
}
