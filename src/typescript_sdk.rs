//! Finds people in rows of the TypeScript SDK (`@atchonk/ai-receptionist` 0.1.22). It stored
//! addresses as providers and models spelled them, and recorded no owner.

use std::str::FromStr;

use serde_json::Value;

use crate::phone::normalize_phone;
use crate::types::customer::{Customer, normalize_email};
use crate::types::memory::{Memory, MemoryType};
use crate::types::visibility::has_owner;

/// `metadata.toolName` of saved customer data.
pub const SAVE_CUSTOMER_TOOL: &str = "save_customer_info";
/// Maximum depth to which a tool's arguments are searched.
const MAX_DEPTH: usize = 4;

/// A normalised address of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// Lower-case e-mail address.
    Email(String),
    /// E.164 phone number, or a national number as the TypeScript SDK stored it.
    Phone(String),
}

impl Address {
    /// Returns `true` if the address belongs to the person.
    pub fn belongs_to(&self, person: &Customer) -> bool {
        match self {
            Self::Email(email) => person.email.as_ref() == Some(email),
            Self::Phone(phone) => person.phone.as_ref().is_some_and(|e164| {
                e164 == phone || sdk_national_number(phone).is_some() && spellings(e164).contains(phone)
            }),
        }
    }
}

/// Returns the channel addresses of a memory: sender and recipient of a message, a call, or the
/// webhook that started a conversation. Returns none for a memory that has an owner. `country` is
/// the default region for numbers without a country code.
pub fn channel_addresses(memory: &Memory, country: &str) -> Vec<Address> {
    if has_owner(memory) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for field in ["from", "to"] {
        read_text(memory.session(field), country, &mut found);
    }
    if memory.kind != MemoryType::System {
        return found;
    }
    for field in ["identifier", "from", "to"] {
        read_text(memory.meta(field), country, &mut found);
    }
    let Some(payload) = memory.meta("payload") else { return found };
    for field in ["From", "To", "Caller", "Called", "phoneNumber", "from", "email"] {
        read_text(payload.get(field), country, &mut found);
    }
    let full = |field: &str| payload.get(field).and_then(|full| full.get("Email"));
    read_text(full("FromFull"), country, &mut found);
    for to in payload.get("ToFull").and_then(Value::as_array).into_iter().flatten() {
        read_text(to.get("Email"), country, &mut found);
    }
    found
}

/// Returns the customer of a conversation, as far as its messages show. With several customers the
/// result is empty. `own_addresses` are the receptionist's own addresses.
pub fn customer(history: &[Memory], own_addresses: &[Address], country: &str) -> Customer {
    let mut customers: Vec<Address> = Vec::new();
    for memory in history {
        let end = |field: &str| {
            let mut found = Vec::new();
            read_text(memory.session(field), country, &mut found);
            found.retain(|address| !own_addresses.contains(address));
            found
        };
        let direction = memory.session("direction").or_else(|| memory.meta("direction"));
        let (from, to) = (end("from"), end("to"));
        let mut found = match direction.and_then(Value::as_str) {
            Some("inbound") => from,
            // The SDK counted calls without a direction as outbound; then our own number decides.
            Some(_) if !to.is_empty() => to,
            _ => from,
        };
        if found.is_empty()
            && memory.kind == MemoryType::System
            && let Some(caller) = memory.meta("payload").and_then(|payload| payload.get("From"))
        {
            read_text(Some(caller), country, &mut found);
        }
        found.retain(|address| !customers.contains(address));
        customers.extend(found);
    }
    match customers.as_slice() {
        [Address::Email(email)] => Customer { email: Some(email.clone()), ..Customer::default() },
        [Address::Phone(phone)] => {
            let national = sdk_national_number(phone);
            let phone = national.map_or(Some(phone.clone()), |national| normalize_phone(national, country));
            Customer { phone, ..Customer::default() }
        }
        _ => Customer::default(),
    }
}

/// Returns the call SID and message SID of the webhook that started a conversation, by their
/// `sessionMetadata` fields.
pub fn webhook_sids(memory: &Memory) -> Vec<(&'static str, String)> {
    let payload = memory.meta("payload");
    let sid = |(field, key): (&str, &'static str)| {
        Some((key, payload?.get(field)?.as_str().filter(|sid| !sid.is_empty())?.to_owned()))
    };
    [("CallSid", "callSid"), ("MessageSid", "messageSid")].into_iter().filter_map(sid).collect()
}

/// Returns the addresses saved as customer data, as somebody stated them in a conversation.
pub fn saved_addresses(memory: &Memory, country: &str) -> Vec<Address> {
    let mut found = Vec::new();
    if memory.meta("toolName").and_then(Value::as_str) == Some(SAVE_CUSTOMER_TOOL)
        && let Some(data) = memory.meta("customerData")
    {
        for field in ["email", "phone"] {
            read_text(data.get(field), country, &mut found);
        }
    }
    found
}

/// Returns `true` if a memory mentions an address of the person: as a channel address, as saved
/// data, or in a tool's arguments.
pub fn mentions(memory: &Memory, person: &Customer, country: &str) -> bool {
    let is_theirs = |address: &Address| address.belongs_to(person);
    if channel_addresses(memory, country).iter().any(is_theirs)
        || saved_addresses(memory, country).iter().any(is_theirs)
    {
        return true;
    }
    let arguments = memory.tool_call.as_ref().and_then(|call| call.get("parameters"));
    let mut found = Vec::new();
    read_all(arguments, country, MAX_DEPTH, &mut found);
    found.iter().any(is_theirs)
}

/// Parses the e-mail addresses in a header, in lower case.
pub fn parse_emails(header: &str) -> Vec<String> {
    let (mut quoted, mut start, mut parts) = (false, 0, Vec::new());
    for (at, c) in header.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => {
                parts.push(header.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(header.get(start..).unwrap_or_default());
    let address = |part: &str| {
        let address =
            part.rsplit_once('<').map_or(part, |(_, rest)| rest.split('>').next().unwrap_or_default());
        let address = normalize_email(address)?;
        Some(address.strip_prefix("mailto:").map(str::to_owned).unwrap_or(address))
    };
    parts.into_iter().filter_map(address).collect()
}

/// Parses the phone number in an address of Twilio or a customer. Returns E.164. A number that the
/// TypeScript SDK prefixed with `+` or `+1` without a country code is returned unchanged, because
/// its country was not recorded.
pub fn phone(address: &str, country: &str) -> Option<String> {
    let address = address.trim();
    let number = match address.split_once(':') {
        Some((scheme, number)) if scheme.chars().all(|c| c.is_ascii_alphabetic()) => number,
        _ => address,
    };
    let number = number.split('@').next().unwrap_or_default();
    if sdk_national_number(number).is_some() {
        return Some(number.to_owned());
    }
    // The SDK also put a plus sign before international prefixes.
    let dialled = number.strip_prefix('+').filter(|rest| rest.starts_with("00"));
    normalize_phone(dialled.unwrap_or(number), country)
}

/// Returns the national number that the TypeScript SDK turned into `+020…` or `+106…`. It can be
/// recognised, because no country code begins with 0 and no North American area code with 0 or 1.
fn sdk_national_number(number: &str) -> Option<&str> {
    let digits = number
        .strip_prefix('+')
        .filter(|rest| rest.len() >= 7 && rest.chars().all(|c| c.is_ascii_digit()))?;
    match digits.strip_prefix('1').filter(|rest| rest.len() == 10 && rest.starts_with(['0', '1'])) {
        Some(national) => Some(national),
        None => Some(digits).filter(|rest| rest.starts_with('0') && !rest.starts_with("00")),
    }
}

/// Returns the forms in which the SDK may have stored a number as sender or recipient.
pub fn spellings(e164: &str) -> Vec<String> {
    let mut spellings = vec![e164.to_owned(), e164.trim_start_matches('+').to_owned()];
    if let Some(national) = national_digits(e164) {
        spellings.push(format!("+{national}"));
        if national.len() == 10 {
            spellings.push(format!("+1{national}"));
        }
        spellings.push(national);
    }
    spellings.extend(["whatsapp", "sms", "rcs"].map(|scheme| format!("{scheme}:{e164}")));
    spellings
}

/// Returns the digits of a number as dialled within its own country.
fn national_digits(e164: &str) -> Option<String> {
    let number = phonenumber::PhoneNumber::from_str(e164).ok()?;
    let national = number.format().mode(phonenumber::Mode::National).to_string();
    Some(national.chars().filter(char::is_ascii_digit).collect())
}

fn read_text(value: Option<&Value>, country: &str, found: &mut Vec<Address>) {
    match value {
        Some(Value::String(text)) if text.contains('@') && !text.starts_with("sip:") => {
            found.extend(parse_emails(text).into_iter().map(Address::Email));
        }
        Some(Value::String(text)) => found.extend(phone(text, country).map(Address::Phone)),
        Some(Value::Array(texts)) => texts.iter().for_each(|text| {
            if text.is_string() {
                read_text(Some(text), country, found);
            }
        }),
        _ => {}
    }
}

fn read_all(value: Option<&Value>, country: &str, depth: usize, found: &mut Vec<Address>) {
    match value {
        Some(Value::Object(fields)) if depth > 0 => {
            fields.values().for_each(|value| read_all(Some(value), country, depth - 1, found));
        }
        Some(Value::Array(values)) if depth > 0 => {
            values.iter().for_each(|value| read_all(Some(value), country, depth - 1, found));
        }
        text => read_text(text, country, found),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn memory(kind: MemoryType, session: Value, metadata: Value) -> Memory {
        Memory {
            session_metadata: session.as_object().cloned().map(Into::into),
            metadata: Some(metadata.into()),
            ..Memory::new(kind, "x")
        }
    }

    #[test]
    fn parses_email_addresses() {
        for (header, expected) in [
            ("John@Example.com", &["john@example.com"][..]),
            ("John Doe <John@Example.com>", &["john@example.com"]),
            (
                "\"Doe, John\" <John@Example.com>, Sales <sales@acme.test>",
                &["john@example.com", "sales@acme.test"],
            ),
            ("\"A <b@c.d>\" <john@example.com>", &["john@example.com"]),
            ("a@b.c; D@E.F", &["a@b.c", "d@e.f"]),
            // Models save links as e-mails show them.
            ("mailto:John@Example.com", &["john@example.com"]),
            ("John <MailTo:John@Example.com>", &["john@example.com"]),
            ("", &[]),
            ("undisclosed-recipients:;", &[]),
        ] {
            assert_eq!(parse_emails(header), expected, "{header}");
        }
    }

    #[test]
    fn parses_phone_numbers_stored_by_the_sdk() {
        for (stored, country, expected) in [
            ("+15551234567", "US", "+15551234567"),
            ("whatsapp:+15551234567", "US", "+15551234567"),
            ("sms:+15551234567", "US", "+15551234567"),
            ("sip:+15551234567@example.com", "US", "+15551234567"),
            ("15551234567", "US", "+15551234567"),
            // `PhoneNumberUtils.normalize` of 020 7946 0018, 06 12 34 56 78, 0044 20 7946 0018, 030
            // 901820.
            ("+02079460018", "US", "+442079460018"),
            ("+10612345678", "FR", "+33612345678"),
            ("+00442079460018", "US", "+442079460018"),
            ("+030901820", "DE", "+4930901820"),
        ] {
            let person = Customer { phone: Some(expected.to_owned()), ..Customer::default() };
            let found = phone(stored, country).map(Address::Phone);
            assert!(found.is_some_and(|address| address.belongs_to(&person)), "{stored}");
            if !stored.starts_with("sip") && !stored.starts_with("+00") {
                assert!(spellings(expected).contains(&stored.to_owned()), "{stored}");
            }
        }
        let maine = Customer { phone: Some("+12079460018".into()), ..Customer::default() };
        assert!(!Address::Phone(phone("+02079460018", "US").unwrap()).belongs_to(&maine));
        for stored in ["", "client:anna", "anonymous", "12345", "Acme"] {
            assert_eq!(phone(stored, "US"), None, "{stored}");
        }
    }

    #[test]
    fn finds_people_in_all_parts_of_a_row() {
        let anna = Customer {
            email: Some("anna@x.y".into()),
            phone: Some("+15551234567".into()),
            ..Customer::default()
        };
        let system = MemoryType::System;
        for (kind, session, metadata) in [
            (MemoryType::Conversation, json!({ "from": "Anna@X.y" }), json!({})),
            (MemoryType::Conversation, json!({ "to": "Anna <ANNA@x.y>, b@c.d" }), json!({})),
            (MemoryType::Conversation, json!({ "from": "whatsapp:+15551234567" }), json!({})),
            (system.clone(), json!({}), json!({ "identifier": "Anna@X.y" })),
            (system.clone(), json!({}), json!({ "from": "anna@x.y", "to": ["us@acme.test"] })),
            (system.clone(), json!({}), json!({ "payload": { "From": "+15551234567", "Body": "STOP" } })),
            (system.clone(), json!({}), json!({ "payload": { "FromFull": { "Email": "ANNA@X.Y" } } })),
            (system, json!({}), json!({ "payload": { "ToFull": [{ "Email": "Anna@x.y" }] } })),
        ] {
            let row = memory(kind, session.clone(), metadata.clone());
            assert!(
                channel_addresses(&row, "US").iter().any(|address| address.belongs_to(&anna)),
                "{session} {metadata}"
            );
            assert!(mentions(&row, &anna, "US"), "{session} {metadata}");
        }
        for data in [
            json!({ "email": "Anna@X.y" }),
            json!({ "phone": "(555) 123-4567" }),
            json!({ "phone": "555 1234567" }),
        ] {
            let metadata = json!({ "toolName": SAVE_CUSTOMER_TOOL, "customerData": data });
            let row = memory(MemoryType::Decision, json!({ "conversationId": "c" }), metadata);
            assert!(channel_addresses(&row, "US").is_empty());
            assert!(saved_addresses(&row, "US").iter().any(|address| address.belongs_to(&anna)), "{data}");
        }
        let call = json!({ "name": "send_email", "parameters": { "to": ["Anna <anna@x.y>"], "body": "Hi" } });
        let sent = Memory { tool_call: Some(call.into()), ..Memory::new(MemoryType::ToolExecution, "x") };
        assert!(mentions(&sent, &anna, "US"));
        let other =
            memory(MemoryType::Conversation, json!({ "from": "bob@x.y", "to": "joanna@x.y" }), json!({}));
        assert!(!mentions(&other, &anna, "US"));
        let owned = memory(
            MemoryType::Conversation,
            json!({ "from": "anna@x.y", "customerEmail": "b@x.y" }),
            json!({}),
        );
        assert!(channel_addresses(&owned, "US").is_empty());
    }
}
