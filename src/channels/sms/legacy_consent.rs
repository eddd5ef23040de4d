//! Import of opt-outs from the TypeScript SDK. It stored the customers' messages and, in most
//! setups, nothing else.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::channels::shared::remote_party::RemoteParty;
use crate::channels::sms::keywords::keyword;
use crate::phone::phone_identity;
use crate::providers::twilio::Form;
use crate::providers::twilio::webhook::{OptOutType, SmsWebhook};
use crate::types::memory::Memory;
use crate::types::message::Role;

/// The last STOP or START of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyConsent {
    /// The customer's key, as in the consent store.
    pub customer: String,
    /// `true` for STOP.
    pub opted_out: bool,
    /// The time of the message.
    pub at: DateTime<Utc>,
}

/// A collector of the last STOP or START of each customer in messages of the TypeScript SDK.
/// Numbers without a country code belong to `country`.
#[derive(Default)]
pub struct LegacyConsents(Vec<(DateTime<Utc>, String, SmsWebhook)>);

impl LegacyConsents {
    /// Reads a memory, in any order. Keeps nothing of memories that are not a customer's keyword.
    pub fn read(&mut self, memory: &Memory, country: &str) {
        let Some(sms) = received(memory).filter(|sms| keyword(sms, true).is_some()) else { return };
        let number = crate::typescript_sdk::phone(&sms.from, country);
        let number = number.map(|number| phone_identity(&number));
        let Some(customer) = number.or_else(|| RemoteParty::read(&sms.from, country).key()) else {
            return;
        };
        self.0.push((memory.timestamp, customer, sms));
    }

    /// Returns the last keyword of each customer.
    pub fn into_latest(mut self) -> Vec<LegacyConsent> {
        self.0.sort_by_key(|(at, ..)| *at);
        let mut last: HashMap<String, LegacyConsent> = HashMap::new();
        for (at, customer, sms) in self.0 {
            let opted_out = last.get(&customer).is_some_and(|word| word.opted_out);
            let opted_out = match keyword(&sms, opted_out) {
                Some(OptOutType::Stop) => true,
                Some(OptOutType::Start) => false,
                _ => continue,
            };
            last.insert(customer.clone(), LegacyConsent { customer, opted_out, at });
        }
        last.into_values().collect()
    }
}

/// Returns the inbound message of a memory: one that was stored, or the webhook that began a
/// conversation.
fn received(memory: &Memory) -> Option<SmsWebhook> {
    let fields = if let Some(Value::Object(payload)) = memory.meta("payload") {
        payload.clone()
    } else {
        if memory.role != Some(Role::User) || memory.session("direction") == Some(&Value::from("outbound")) {
            return None;
        }
        let session = |field: &str| memory.session(field).cloned();
        let fields = [("MessageSid", "messageSid"), ("From", "from"), ("To", "to"), ("Body", "body")];
        fields
            .into_iter()
            .filter_map(|(name, field)| Some((name.to_owned(), session(field)?)))
            .collect::<Map<_, _>>()
    };
    SmsWebhook::read(&Form::from_json(&Value::Object(fields).to_string()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::memory::MemoryType;

    #[test]
    fn the_last_keyword_wins() {
        let said = |minute: i64, from: &str, body: &str| {
            Memory {
            timestamp: DateTime::from_timestamp(1_700_000_000 + minute * 60, 0).unwrap(),
            role: Some(Role::User),
            session_metadata: json!({ "messageSid": "SM1", "from": from, "to": "+15550001111", "body": body, "direction": "inbound" })
                .as_object()
                .cloned()
                .map(Into::into),
            ..Memory::new(MemoryType::Conversation, body)
        }
        };
        let began = |minute: i64, from: &str, body: &str| {
            Memory {
            metadata: Some(
                json!({ "source": "webhook", "payload": { "MessageSid": "SM2", "From": from, "To": "+15550001111", "Body": body } })
                .into(),
            ),
            role: None,
            session_metadata: None,
            ..said(minute, from, body)
        }
        };
        for (messages, opted_out) in [
            (vec![said(1, "+15551234567", "STOP")], Some(true)),
            (vec![began(1, "+15551234567", "Stop")], Some(true)),
            (vec![said(1, "whatsapp:+15551234567", "unsubscribe")], Some(true)),
            (vec![said(2, "+15551234567", "START"), said(1, "+15551234567", "STOP")], Some(false)),
            (vec![said(1, "+15551234567", "STOP"), began(2, "+15551234567", "yes")], Some(false)),
            (vec![said(1, "+15551234567", "yes")], None),
            (vec![said(1, "+15551234567", "please stop by at nine")], None),
            (vec![said(1, "+15551234567", "STOP"), said(2, "+15551234567", "hello?")], Some(true)),
            (vec![said(1, "anonymous", "STOP")], None),
        ] {
            let mut words = LegacyConsents::default();
            messages.iter().for_each(|memory| words.read(memory, "US"));
            let list = words.into_latest();
            assert_eq!(list.first().map(|word| word.opted_out), opted_out, "{messages:?}");
            assert!(list.iter().all(|word| word.customer == "+15551234567"), "{messages:?}");
        }
    }
    #[test]
    fn spellings_of_a_number_are_one_customer() {
        for (stopped, started, customer) in [
            ("whatsapp:+5218112345678", "+528112345678", "+528112345678"),
            ("whatsapp:+5491123456789", "+541123456789", "+541123456789"),
            ("whatsapp:+553187654321", "+5531987654321", "+5531987654321"),
        ] {
            let said = |minute: i64, from: &str, body: &str| Memory {
                timestamp: DateTime::from_timestamp(1_700_000_000 + minute * 60, 0).unwrap(),
                role: Some(Role::User),
                session_metadata: json!({ "messageSid": "SM1", "from": from, "body": body })
                    .as_object()
                    .cloned()
                    .map(Into::into),
                ..Memory::new(MemoryType::Conversation, body)
            };
            let mut words = LegacyConsents::default();
            [said(1, stopped, "STOP"), said(2, started, "YES")]
                .iter()
                .for_each(|memory| words.read(memory, "US"));
            let list = words.into_latest();
            let list: Vec<_> = list.iter().map(|word| (word.customer.as_str(), word.opted_out)).collect();
            assert_eq!(list, [(customer, false)], "{stopped}");
        }
    }
}
