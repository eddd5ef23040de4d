//! Reads the facts about the customer of a turn.

use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join_all;
use serde_json::Map;
use tracing::warn;

use crate::customers::appointments::RUN_OF_CALENDAR;
use crate::customers::developer_context::{self, ContextProvider, ContextRequest};
use crate::customers::known_customer::KnownCustomer;
use crate::customers::prompt_section;
use crate::database::Lead;
use crate::error::{Error, Result};
use crate::memory::MemoryManager;
use crate::tools::leads::Leads;
use crate::tools::{ToolContext, is_own_record, phone_formats, record_keys};
use crate::types::customer::{Customer, normalize_email};
use crate::types::memory::{Memory, MemoryQuery, MemoryType, now};
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
        Self { memory, leads, country, zone, has_calendar: false, is_enabled: true, provider: None }
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

    /// Returns the sections of the prompt about the customer, and the developer's facts. Each begins
    /// with an empty line. Never fails and is bounded in time; facts that cannot be read are left out.
    pub async fn prompt_sections(&self, context: &ToolContext) -> String {
        let ToolContext { customer, channel, conversation_id, .. } = context;
        let about_customer = async {
            if !self.is_enabled {
                return String::new();
            }
            let known = self.read_within_time(customer, conversation_id).await;
            format!("\n\n{}", prompt_section::section(&known, now(), &self.zone))
        };
        let by_developer = async {
            let Some(provider) = &self.provider else { return String::new() };
            let request = ContextRequest { customer, channel, conversation_id };
            developer_context::section(&**provider, &request).await
        };
        let (about_customer, by_developer) = tokio::join!(about_customer, by_developer);
        about_customer + &by_developer
    }

    /// Reads the facts like [`Self::read`]. Facts that cannot be read in time are left out.
    pub async fn read_within_time(&self, customer: &Customer, conversation_id: &str) -> KnownCustomer {
        let read = tokio::time::timeout(READ_TIMEOUT, self.read(customer, conversation_id)).await;
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

    /// Reads the facts about the person that the developer names.
    ///
    /// Fails with `INVALID_ARGUMENT` if no identifier is given, or if one is invalid.
    pub async fn of_person(&self, person: Customer) -> Result<KnownCustomer> {
        let person = person.normalized("", &self.country)?;
        if person.is_unknown() {
            return Err(Error::argument("person", "names nobody; give `email`, `phone` or `id`"));
        }
        self.read(&person, "").await
    }

    /// Reads the facts about a customer, in one round trip: its parts are read concurrently. Of an
    /// unknown customer nothing is read.
    pub async fn read(&self, customer: &Customer, conversation_id: &str) -> Result<KnownCustomer> {
        if customer.is_unknown() {
            return Ok(KnownCustomer::default());
        }
        let (lead, memories) = tokio::try_join!(self.own_lead(customer), self.own_memories(customer))?;
        Ok(KnownCustomer::new(customer.clone(), lead.as_ref(), &memories, conversation_id, now()))
    }

    /// Returns the customer's own record, that of the e-mail address first.
    async fn own_lead(&self, customer: &Customer) -> Result<Option<Lead>> {
        let phones = customer.phone.as_deref().map(phone_formats).unwrap_or_default();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        let keys = record_keys(customer);
        let mut own = self.leads.candidates(customer.email.as_deref(), &phones, &keys).await?;
        own.retain(|lead| is_own_record(customer, &self.country, lead));
        let has_email = |lead: &Lead| {
            customer.email.is_some() && lead.email.as_deref().and_then(normalize_email) == customer.email
        };
        let place = own.iter().position(has_email).unwrap_or_default();
        Ok(own.into_iter().nth(place))
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

fn newest(kind: MemoryType) -> MemoryQuery {
    MemoryQuery { kinds: vec![kind], ..MemoryQuery::newest(MAX_MEMORIES) }
}
