//! Imports data of the TypeScript SDK into our own form: customers as records in `leads`, and SMS
//! opt-outs. The SDK's rows are left unchanged.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tracing::info;

use crate::channels::shared::context::default_country;
use crate::channels::sms::{Consent, LegacyConsents};
use crate::database::{Database, Entry, EntryKind};
use crate::error::Result;
use crate::memory::MemoryManager;
use crate::phone::normalize_phone;
use crate::receptionist::Receptionist;
use crate::receptionist::import_mode::ImportMode;
use crate::tools::customers::import_saved_customer;
use crate::tools::leads::Leads;
use crate::types::customer::{Customer, normalize_email};
use crate::types::memory::{Memory, MemoryQuery, MemoryType, now};
use crate::types::message::Channel;
use crate::typescript_sdk::{Address, SAVE_CUSTOMER_TOOL, customer, phone};

/// Memories read per page.
const PAGE: u32 = 500;
/// Maximum number of messages read to identify the customer of a conversation.
const MAX_MESSAGES: u32 = 200;
/// Overlap with the previous import. Clocks differ, and both packages may be running.
const OVERLAP: TimeDelta = TimeDelta::hours(1);
/// Key of the inbox entry that records the progress of the import.
const PROGRESS_KEY: &str = "typescript-sdk:adopted";

/// Report of an import or a dry run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Memories of `save_customer_info` that became records or completed one.
    pub customers: usize,
    /// People whose last keyword was STOP.
    pub opt_outs: usize,
}

impl ImportReport {
    /// Returns the report as SQL comments, one per line.
    pub fn lines(&self) -> Vec<String> {
        let line =
            |count: usize, what: &str| (count > 0).then(|| format!("-- TypeScript SDK: {count} {what}"));
        [
            line(self.customers, "memories of save_customer_info kept as records in leads"),
            line(self.opt_outs, "numbers that said STOP noted in inbox"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Receptionist {
    /// Imports data that the TypeScript SDK has stored since the last import, or only counts it.
    /// Several processes may import concurrently, and an interrupted import can be repeated.
    /// `memory` belongs to this receptionist.
    pub(super) async fn import_sdk_data(
        &self,
        memory: Arc<MemoryManager>,
        mode: ImportMode,
    ) -> Result<ImportReport> {
        let Some(database) = self.database() else { return Ok(ImportReport::default()) };
        let work = Import { database: &database, mode, country: default_country(&self.config) };
        if mode != ImportMode::DryRunBeforeMigration && !database.has_typescript_sdk_tables().await? {
            return Ok(ImportReport::default());
        }
        let inbox = self.inbox();
        let began = now();
        let since = match mode {
            ImportMode::DryRunBeforeMigration => None,
            _ if !database.has_inbox().await? => None,
            _ => inbox.get(PROGRESS_KEY).await?.map(|entry| entry.touched_at - OVERLAP),
        };
        let leads = Leads::new(Some(Arc::clone(&database)), memory);
        let report = ImportReport {
            customers: work.import_customers(&leads, self.own_addresses(), since).await?,
            opt_outs: work.import_opt_outs(&Consent::new(Arc::clone(&inbox)), since).await?,
        };
        if mode == ImportMode::Import {
            inbox.put(Entry::recorded(EntryKind::Migration, PROGRESS_KEY.to_owned(), None).at(began)).await?;
            if report != ImportReport::default() {
                let ImportReport { customers, opt_outs } = report;
                info!(customers, opt_outs, "Customers and opt-outs of the TypeScript SDK imported");
            }
        }
        Ok(report)
    }

    /// Returns the addresses that our own messages come from.
    fn own_addresses(&self) -> Vec<Address> {
        let country = default_country(&self.config);
        let number =
            self.twilio_endpoint.number.as_deref().and_then(|number| normalize_phone(number, &country));
        let senders = self
            .transports
            .iter()
            .filter_map(|(_, transport)| normalize_email(&transport.sender().from.address));
        number.map(Address::Phone).into_iter().chain(senders.map(Address::Email)).collect()
    }
}

/// One import run.
struct Import<'a> {
    database: &'a Arc<Database>,
    mode: ImportMode,
    country: String,
}

impl Import<'_> {
    /// Imports customers, newest first, so that the newest memory fills the blanks.
    async fn import_customers(
        &self,
        leads: &Leads,
        own_addresses: Vec<Address>,
        since: Option<DateTime<Utc>>,
    ) -> Result<usize> {
        let mut resolver = CustomerResolver {
            database: self.database,
            own_addresses,
            country: self.country.clone(),
            caller_numbers: None,
        };
        let query = MemoryQuery {
            kinds: vec![MemoryType::Decision],
            keywords: vec!["Customer information: {".to_owned()],
            start: since,
            ..MemoryQuery::newest(PAGE)
        };
        // Our own memories name the record they were saved to.
        let is_theirs = |memory: &Memory| {
            memory.meta("toolName").and_then(Value::as_str) == Some(SAVE_CUSTOMER_TOOL)
                && memory.meta("leadId").is_none()
        };
        let mut count = 0;
        let mut pages = PageCursor::of(query);
        while let Some(page) = pages.next(self.database, self.mode).await? {
            for memory in page.iter().filter(|memory| is_theirs(memory)) {
                if self.mode == ImportMode::DryRunBeforeMigration {
                    count += 1;
                    continue;
                }
                let with = resolver.customer(memory).await?;
                count += usize::from(
                    import_saved_customer(
                        leads,
                        memory,
                        with,
                        &self.country,
                        self.mode == ImportMode::DryRun,
                    )
                    .await?,
                );
            }
        }
        Ok(count)
    }

    async fn import_opt_outs(&self, consent: &Consent, since: Option<DateTime<Utc>>) -> Result<usize> {
        let mut words = LegacyConsents::default();
        let query = MemoryQuery { channel: Some(Channel::Sms), start: since, ..MemoryQuery::newest(PAGE) };
        let mut pages = PageCursor::of(query);
        while let Some(page) = pages.next(self.database, self.mode).await? {
            page.iter().for_each(|memory| words.read(memory, &self.country));
        }
        let mut count = 0;
        for word in words.into_latest() {
            let opted_out = word.opted_out;
            let imported = match self.mode {
                ImportMode::DryRunBeforeMigration => true,
                ImportMode::DryRun => consent.is_newer(&word).await?,
                ImportMode::Import => consent.adopt(word).await?,
            };
            count += usize::from(imported && opted_out);
        }
        Ok(count)
    }
}

/// Cursor over the pages of a query.
struct PageCursor {
    query: MemoryQuery,
    done: bool,
}

impl PageCursor {
    fn of(query: MemoryQuery) -> Self {
        Self { query, done: false }
    }

    async fn next(&mut self, database: &Database, mode: ImportMode) -> Result<Option<Vec<Memory>>> {
        if self.done {
            return Ok(None);
        }
        let page = match mode {
            ImportMode::DryRunBeforeMigration => database.memories_of_typescript_sdk(&self.query).await?,
            ImportMode::Import | ImportMode::DryRun => database.scan_memories(&self.query).await?,
        };
        self.done = page.len() < PAGE as usize;
        self.advance_past(&page);
        Ok(Some(page))
    }

    /// Advances to the end of a page by its time. An offset alone would read all earlier pages
    /// again and again.
    fn advance_past(&mut self, page: &[Memory]) {
        let Some(last) = page.last().map(|memory| memory.timestamp) else { return };
        let of_that_time = page.iter().rev().take_while(|memory| memory.timestamp == last).count();
        let before = if self.query.end == Some(last) { self.query.offset } else { 0 };
        self.query.end = Some(last);
        self.query.offset = before + u32::try_from(of_that_time).unwrap_or(PAGE);
    }
}

/// Identifies the customers of conversations.
struct CustomerResolver<'a> {
    database: &'a Database,
    own_addresses: Vec<Address>,
    country: String,
    /// Callers by `CallSid`, from the webhooks that started conversations. They help when the calls
    /// themselves were not stored.
    caller_numbers: Option<HashMap<String, String>>,
}

impl CustomerResolver<'_> {
    /// Returns the customer of the conversation that a memory belongs to.
    async fn customer(&mut self, memory: &Memory) -> Result<Customer> {
        let Some(id) = memory.conversation_id() else { return Ok(Customer::default()) };
        let history = MemoryQuery { limit: Some(MAX_MESSAGES), ..MemoryQuery::conversation(id) };
        let history = self.database.search_memories(&history).await?;
        let found = customer(&history, &self.own_addresses, &self.country);
        let sid = memory.session("callSid").and_then(Value::as_str);
        match sid {
            Some(sid) if found.is_unknown() => self.caller(sid).await,
            _ => Ok(found),
        }
    }

    async fn caller(&mut self, sid: &str) -> Result<Customer> {
        if self.caller_numbers.is_none() {
            self.caller_numbers = Some(self.read_callers().await?);
        }
        let number = self.caller_numbers.as_ref().and_then(|caller_numbers| caller_numbers.get(sid));
        let phone = number.and_then(|number| phone(number, &self.country));
        Ok(Customer { phone, ..Customer::default() })
    }

    async fn read_callers(&self) -> Result<HashMap<String, String>> {
        let mut caller_numbers = HashMap::new();
        let mut pages = PageCursor::of(MemoryQuery {
            channel: Some(Channel::from("voice")),
            kinds: vec![MemoryType::System],
            ..MemoryQuery::newest(PAGE)
        });
        while let Some(page) = pages.next(self.database, ImportMode::DryRun).await? {
            for payload in page.iter().filter_map(|memory| memory.meta("payload")) {
                let text = |field: &str| payload.get(field).and_then(Value::as_str).map(str::to_owned);
                if let (Some(sid), Some(from)) = (text("CallSid"), text("From"))
                    && text("Direction").as_deref() == Some("inbound")
                {
                    caller_numbers.insert(sid, from);
                }
            }
        }
        Ok(caller_numbers)
    }
}
