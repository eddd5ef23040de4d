//! The tools save_customer_info and find_customer, with access control by channel address.

pub use sdk_import::import_saved_customer;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::config::CustomerLookup;
use crate::database::{Lead, Precedence};
use crate::error::Result;
use crate::llm::ToolDefinition;
use crate::memory::MemoryManager;
use crate::tools::customers::arguments::CustomerArgs;
use crate::tools::customers::records::{SAVE, last_saved_record, own_record};
use crate::tools::leads::Leads;
use crate::tools::ownership::{CLAIMED_EMAIL, CLAIMED_PHONE, CONVERSATION, Caller, key};
use crate::tools::{Tool, ToolContext, done, failed};
use crate::types::customer::normalize_email;
use crate::types::memory::MemoryType;
use crate::types::message::ToolResult;

/// A tool that saves the details that customers give about themselves.
pub struct SaveCustomerInfo {
    definition: ToolDefinition,
    leads: Arc<Leads>,
    memory: Arc<MemoryManager>,
    country: String,
}

impl SaveCustomerInfo {
    /// Creates the tool. `country` (ISO 3166-1 alpha-2) applies to phone numbers without a country
    /// code.
    pub fn new(leads: Arc<Leads>, memory: Arc<MemoryManager>, country: String) -> Self {
        let definition = ToolDefinition {
            name: SAVE.to_owned(),
            description: "Keep what the customer tells about themselves. Pass only what they said."
                .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "name": { "type": "string", "maxLength": 200, "description": "Full name" },
                    "email": { "type": "string", "format": "email", "maxLength": 320,
                        "description": "E-mail address" },
                    "phone": { "type": "string", "maxLength": 50, "description": "Phone number" },
                    "company": { "type": "string", "maxLength": 200, "description": "Company they work for" },
                    "notes": { "type": "string", "maxLength": 4000,
                        "description": "Anything else worth knowing" },
                },
                "required": [],
            }),
        };
        Self { definition, leads, memory, country }
    }

    /// Returns the record to complete: the caller's own, that of the given e-mail address, that of
    /// the given phone number, or the one that this conversation saved before.
    async fn target(
        &self,
        caller: &Caller<'_>,
        given: &CustomerArgs,
        matches: &[Lead],
    ) -> Result<Option<Lead>> {
        if let Some(own) = caller.own_lead(&self.leads).await? {
            return Ok(Some(own));
        }
        // A record that contains the caller's address but does not belong to the caller is a claim
        // of somebody else.
        let mut others = matches.iter().filter(|lead| !caller.appears_in(lead));
        let by_email = others.clone().find(|lead| given.has_email_of(lead));
        if let Some(lead) = by_email.or_else(|| others.find(|lead| given.has_phone_of(lead, caller))) {
            return Ok(Some(lead.clone()));
        }
        let saved = last_saved_record(caller.conversation_id, &self.leads, &self.memory).await?;
        let Some(saved) = saved else { return Ok(None) };
        if !caller.customer.is_unknown() && !caller.is_only_writer(&saved) {
            return Ok(None);
        }
        let other_email = given.email.is_some() && saved.email.is_some();
        let other_phone = given.phone.is_some() && saved.phone.is_some();
        // It matched neither address, so a record that has one belongs to another person.
        Ok((!other_email && !other_phone).then_some(saved))
    }
}

#[async_trait]
impl Tool for SaveCustomerInfo {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let mut given = match CustomerArgs::read(&arguments, &self.country) {
            Ok(given) => given,
            Err(invalid) => return Ok(invalid.ask_again()),
        };
        let mut fields = given.fields();
        if fields.is_empty() {
            return Ok(failed(
                "Nothing to save: pass at least one of name, email, phone, company, notes.",
                "Could you tell me your name, and how we can reach you?",
            ));
        }
        let _exclusive = self.leads.lock().await;
        let caller = Caller::new(context, &self.country);
        let matches = given.matches(&self.leads, &caller).await?;
        let target = self.target(&caller, &given, &matches).await?;

        // An address of another record stays there, because records are never merged.
        let others =
            |lead: &&Lead| target.as_ref().is_none_or(|target| target.external_id != lead.external_id);
        if matches.iter().filter(others).any(|lead| given.has_email_of(lead)) {
            given.email = None;
            fields.retain(|field| *field != "email");
        }
        if matches.iter().filter(others).any(|lead| given.has_phone_of(lead, &caller)) {
            given.phone = None;
            fields.retain(|field| *field != "phone");
        }

        let (lead, precedence) = match target {
            Some(target) => update(&target, &given, &caller),
            None => {
                let key = new_key(&self.leads, &caller, &given).await?;
                create(key, &given, context, &caller)
            }
        };
        self.leads.save(&lead, precedence).await?;

        // The record's key may be somebody's address. The id of its row reveals nothing.
        let customer_id = self.leads.row_id(&lead.external_id).await?;
        let data = given.to_json();
        let mut memory = context.memory(MemoryType::Decision, format!("Customer information: {data}"), 9);
        let metadata = json!({
            "toolName": SAVE, "customerData": data, "customerId": customer_id, "leadId": lead.external_id,
        });
        memory.metadata = Some(metadata.into());
        self.memory.store(memory).await?;
        Ok(done(
            json!({ "customerId": customer_id, "savedFields": fields }),
            "Thank you, I've noted that down.",
        ))
    }
}

/// Returns a key that no other record has.
async fn new_key(leads: &Leads, caller: &Caller<'_>, given: &CustomerArgs) -> Result<String> {
    // The caller's own keys come first, because only they prove the ownership of the record.
    let mut keys = caller.keys_on_line();
    keys.extend(given.email.as_deref().and_then(normalize_email).map(|email| key("email", &email)));
    keys.extend(given.phone.as_deref().map(|phone| key("phone", phone)));
    keys.push(key("conversation", caller.conversation_id));
    for key in keys {
        if leads.get(&key).await?.is_none() {
            return Ok(key);
        }
    }
    Ok(key("lead", &uuid::Uuid::now_v7().to_string()))
}

/// Creates the record of a new customer. If two conversations create it concurrently, the owner's
/// values win.
fn create(
    external_id: String,
    given: &CustomerArgs,
    context: &ToolContext,
    caller: &Caller<'_>,
) -> (Lead, Precedence) {
    let mut metadata = given.details();
    metadata.insert(CONVERSATION.to_owned(), json!(context.conversation_id));
    let mut lead = Lead {
        external_id,
        name: given.name.clone(),
        email: given.email.clone().or_else(|| context.customer.email.clone()),
        phone: given.phone.clone().or_else(|| context.customer.phone.clone()),
        source: Some(context.channel.as_str().to_owned()),
        metadata,
        created_at: None,
    };
    lead.metadata.extend(caller.claim_flags(None, &lead));
    let own = !context.customer.is_unknown();
    (lead, if own { Precedence::NewerWins } else { Precedence::FillBlanks })
}

/// Returns the changes to a known record, and whether they may replace existing values.
fn update(target: &Lead, given: &CustomerArgs, caller: &Caller<'_>) -> (Lead, Precedence) {
    let trusted = caller.owns(target) || caller.is_only_writer(target);
    let mut metadata = given.details();
    // A record that others wrote or imported never becomes this conversation's own.
    if target.metadata.get(CONVERSATION).is_some_and(|value| !value.is_null()) {
        metadata.insert(CONVERSATION.to_owned(), json!(caller.conversation_id));
    }
    // The channel address only fills blanks, because the customer's own statement is newer.
    let line = |known: &Option<String>, line: &Option<String>| {
        if known.is_none() { line.clone() } else { None }
    };
    let email = given.email.clone().or_else(|| line(&target.email, &caller.customer.email));
    let phone = given.phone.clone().or_else(|| line(&target.phone, &caller.customer.phone));
    let mut lead = Lead {
        external_id: target.external_id.clone(),
        name: given.name.clone(),
        email,
        phone,
        source: None,
        metadata,
        created_at: None,
    };
    if !trusted {
        for (flag, added, known) in
            [(CLAIMED_EMAIL, &lead.email, &target.email), (CLAIMED_PHONE, &lead.phone, &target.phone)]
        {
            if added.is_some() && known.is_none() {
                lead.metadata.insert(flag.to_owned(), json!(true));
            }
        }
        return (lead, Precedence::FillBlanks);
    }
    // The record contains this person's statements, so nobody else's address may give access to it.
    let mut after = lead.clone();
    after.email = after.email.or_else(|| target.email.clone());
    after.phone = after.phone.or_else(|| target.phone.clone());
    lead.metadata.extend(caller.claim_flags(Some(target), &after));
    (lead, Precedence::NewerWins)
}

/// A tool that finds a customer by e-mail address or phone number, or the caller.
pub struct FindCustomer {
    definition: ToolDefinition,
    leads: Arc<Leads>,
    memory: Arc<MemoryManager>,
    country: String,
    lookup: CustomerLookup,
}

impl FindCustomer {
    /// Creates the tool. With [`CustomerLookup::Full`], everybody sees whole records.
    pub fn new(
        leads: Arc<Leads>,
        memory: Arc<MemoryManager>,
        country: String,
        lookup: CustomerLookup,
    ) -> Self {
        let definition = ToolDefinition {
            name: "find_customer".to_owned(),
            description:
                "Look up a customer by e-mail address or phone number, or without either the person you \
                          are talking to."
                    .to_owned(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "email": { "type": "string", "format": "email", "maxLength": 320,
                        "description": "E-mail address to look for" },
                    "phone": { "type": "string", "maxLength": 50, "description": "Phone number to look for" },
                },
                "required": [],
            }),
        };
        Self { definition, leads, memory, country, lookup }
    }
}

impl FindCustomer {
    /// Returns a whole record as a result.
    async fn found(&self, lead: &Lead) -> Result<ToolResult> {
        let customer_id = self.leads.row_id(&lead.external_id).await?;
        let data = json!({ "found": true, "customerId": customer_id, "customer": record(lead) });
        Ok(done(data, "I found your details."))
    }
}

#[async_trait]
impl Tool for FindCustomer {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    async fn call(&self, arguments: Value, context: &ToolContext) -> Result<ToolResult> {
        let asked = match CustomerArgs::read(&arguments, &self.country) {
            Ok(asked) => CustomerArgs { name: None, company: None, notes: None, ..asked },
            Err(invalid) => return Ok(invalid.ask_again()),
        };
        let caller = Caller::new(context, &self.country);
        if asked.fields().is_empty() {
            return match own_record(&caller, &self.leads, &self.memory).await? {
                Some(lead) => self.found(&lead).await,
                None => Ok(done(json!({ "found": false }), "I have no record of you yet.")),
            };
        }
        let mut matches = asked.matches(&self.leads, &caller).await?;
        // The caller's own record may contain another address by now.
        if asked.is_about(&context.customer)
            && let Some(own) = caller.own_lead(&self.leads).await?
        {
            matches.insert(0, own);
        }
        let whole = |lead: &&Lead| {
            self.lookup == CustomerLookup::Full || caller.owns(lead) || caller.is_only_writer(lead)
        };
        if let Some(lead) = matches.iter().find(whole) {
            return self.found(lead).await;
        }
        let by_email = matches.iter().find(|lead| asked.has_email_of(lead));
        Ok(match by_email.or_else(|| matches.first()) {
            Some(lead) => {
                let mut told = Map::new();
                if let Some(name) = &lead.name {
                    told.insert("name".to_owned(), json!(name));
                }
                if let Some(email) = asked.email.as_ref().filter(|_| asked.has_email_of(lead)) {
                    told.insert("email".to_owned(), json!(email));
                }
                if let Some(phone) = asked.phone.as_ref().filter(|_| asked.has_phone_of(lead, &caller)) {
                    told.insert("phone".to_owned(), json!(phone));
                }
                let data = json!({ "found": true, "customer": told, "restricted": true });
                done(data, "There is a record with these details.")
            }
            None => done(json!({ "found": false }), "I have no record with these details."),
        })
    }
}

fn record(lead: &Lead) -> Value {
    let detail = |key: &str| lead.metadata.get(key).and_then(Value::as_str).map(str::to_owned);
    let fields = [
        ("name", lead.name.clone()),
        ("email", lead.email.clone()),
        ("phone", lead.phone.clone()),
        ("company", detail("company")),
        ("notes", detail("notes")),
    ];
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect()
}

mod arguments;
pub(super) mod records;
mod sdk_import;
#[cfg(test)]
mod tests;
