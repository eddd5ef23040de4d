//! Import of customers that the TypeScript SDK saved as memories.

use serde_json::{Map, Value, json};

use crate::database::{Lead, Precedence};
use crate::error::Result;
use crate::phone::normalize_phone;
use crate::tools::ToolContext;
use crate::tools::customers::arguments::CustomerArgs;
use crate::tools::customers::{create, new_key, update};
use crate::tools::leads::Leads;
use crate::tools::ownership::{Caller, key};
use crate::types::customer::{Customer, normalize_email};
use crate::types::memory::Memory;
use crate::types::message::Channel;

/// Imports a customer that the SDK saved in a conversation with `customer`, as if it had been saved
/// here at that time. It only fills blanks of an existing record, so repeating the import changes
/// nothing. Returns `true` if there was anything to import. `dry_run` only checks.
pub async fn import_saved_customer(
    leads: &Leads,
    memory: &Memory,
    customer: Customer,
    country: &str,
    dry_run: bool,
) -> Result<bool> {
    let Some(Value::Object(data)) = memory.meta("customerData") else { return Ok(false) };
    let Ok(mut given) = CustomerArgs::read(&Value::Object(readable(data, country)), country) else {
        return Ok(false);
    };
    if given.fields().is_empty() {
        return Ok(false);
    }
    let context = ToolContext {
        channel: memory.channel.clone().unwrap_or(Channel::Text),
        conversation_id: memory.conversation_id().unwrap_or(&memory.id).to_owned(),
        call_sid: None,
        message_sid: None,
        metadata: Map::new(),
        customer,
        agent_id: None,
        more: Map::new(),
    };
    let _exclusive = leads.lock().await;
    let caller = Caller::new(&context, country);
    let matches = given.matches(leads, &caller).await?;
    let mut target = caller.own_lead(leads).await?;
    if target.is_none() {
        let by_email = matches.iter().find(|lead| given.has_email_of(lead));
        target = by_email.or_else(|| matches.iter().find(|lead| given.has_phone_of(lead, &caller))).cloned();
    }
    if target.is_none() && given.email.is_none() && given.phone.is_none() {
        target = leads.get(&key("conversation", caller.conversation_id)).await?;
    }
    let is_other = |id: &str| target.as_ref().is_none_or(|target| target.external_id != id);
    if matches.iter().any(|lead| is_other(&lead.external_id) && given.has_email_of(lead)) {
        given.email = None;
    }
    if matches.iter().any(|lead| is_other(&lead.external_id) && given.has_phone_of(lead, &caller)) {
        given.phone = None;
    }
    let lead = match target {
        Some(target) => {
            let (lead, _) = update(&target, &given, &caller);
            if !fills(&target, &lead) {
                return Ok(false);
            }
            lead
        }
        None => create(new_key(leads, &caller, &given).await?, &given, &context, &caller).0,
    };
    if !dry_run {
        leads.save(&lead, Precedence::FillBlanks).await?;
    }
    Ok(true)
}

/// Returns `true` if `lead` fills blanks of `target`.
fn fills(target: &Lead, lead: &Lead) -> bool {
    let blank = |known: &Option<String>, new: &Option<String>| known.is_none() && new.is_some();
    blank(&target.name, &lead.name)
        || blank(&target.email, &lead.email)
        || blank(&target.phone, &lead.phone)
        || lead.metadata.keys().any(|key| !target.metadata.contains_key(key))
}

/// Returns the saved data without invalid addresses, because nobody can be asked again.
fn readable(data: &Map<String, Value>, country: &str) -> Map<String, Value> {
    let mut data = data.clone();
    let text =
        |data: &Map<String, Value>, field: &str| data.get(field).and_then(Value::as_str).map(str::to_owned);
    if text(&data, "email").is_some_and(|email| normalize_email(&email).is_none()) {
        data.remove("email");
    }
    if let Some(phone) = text(&data, "phone") {
        match normalize_phone(&phone, country) {
            Some(phone) => data.insert("phone".to_owned(), json!(phone)),
            None => data.remove("phone"),
        };
    }
    data
}
