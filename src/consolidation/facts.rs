//! The facts about the customer of a conversation, as memories.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::digest::StatedFact;
use crate::error::Result;
use crate::memory::{ConversationOwner, MemoryManager};
use crate::types::fact::{Fact, close_fact};
use crate::types::memory::{Memory, MemoryQuery, MemoryType, now};
use crate::types::validity::is_current;

/// Maximum number of decisions that are searched for known facts, for each identifier of the
/// customer.
const MAX_SEARCHED: u32 = 200;
/// Maximum number of known facts in a request.
const MAX_PAIRS: usize = 50;
/// Namespace of the ids of facts.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1c_3a52_9d0b_5e8f_8a77_41c2_b3f0_92d4);

/// The current facts about a customer.
#[derive(Debug, Default)]
pub(super) struct KnownFacts {
    /// Memories of facts, each key once.
    memories: Vec<(Memory, Fact)>,
}

impl KnownFacts {
    /// Reads the current facts about the owner of a conversation. Without an owner there are none.
    pub async fn read(memory: &MemoryManager, owner: &ConversationOwner) -> Result<Self> {
        let mut known = Self::default();
        let mut found = Vec::new();
        for (field, value) in &owner.fields {
            let query = MemoryQuery {
                kinds: vec![MemoryType::Decision],
                session_metadata: Map::from_iter([(field.clone(), value.clone())]),
                ..MemoryQuery::newest(MAX_SEARCHED)
            };
            found.extend(memory.search(&query).await?);
        }
        found.sort_by(|a, b| (b.timestamp, &b.id).cmp(&(a.timestamp, &a.id)));
        for memory in found {
            let Some(fact) = Fact::of(&memory).filter(|_| is_current(&memory, now())) else { continue };
            if known.of_key(&fact.key).is_none() {
                known.memories.push((memory, fact));
            }
        }
        Ok(known)
    }

    /// Returns the keys and values of the newest facts.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let newest = self.memories.iter().take(MAX_PAIRS);
        newest.map(|(_, fact)| (fact.key.clone(), fact.value.clone())).collect()
    }

    fn of_key(&self, key: &str) -> Option<&(Memory, Fact)> {
        self.memories.iter().find(|(_, fact)| fact.key == key)
    }

    /// Returns the memories that record these facts: one for each that is new, and for each that it
    /// replaces, that one, closed. A statement that is older than the known fact is not recorded, as
    /// when conversations are read in another order. Ids and times depend on the conversation and the
    /// statement, so that two processes record the same.
    pub fn record(
        &self,
        stated: Vec<StatedFact>,
        conversation_id: &str,
        owner: &ConversationOwner,
    ) -> (Vec<Memory>, Vec<Fact>) {
        let (mut memories, mut facts): (Vec<Memory>, Vec<Fact>) = (Vec::new(), Vec::new());
        if owner.fields.is_empty() {
            return (memories, facts);
        }
        for StatedFact { key, value, source, at } in stated {
            let known = self.of_key(&key);
            let is_known = known.is_some_and(|(_, fact)| fact.value.to_lowercase() == value.to_lowercase());
            let is_older = known.is_some_and(|(memory, _)| at < memory.timestamp);
            if is_known || is_older {
                continue;
            }
            let supersedes = known.map(|(memory, _)| memory.id.clone());
            let fact = Fact { key, value, source, supersedes };
            let mut memory = Memory::new(MemoryType::Decision, format!("{}: {}", fact.key, fact.value));
            memory.id = id_of(conversation_id, &fact);
            memory.timestamp = at;
            memory.extend_session(
                owner
                    .fields
                    .clone()
                    .into_iter()
                    .chain([("conversationId".to_owned(), json!(conversation_id))]),
            );
            memory.extend_metadata([fact.clone().into_field()]);
            if let Some((old, _)) = known {
                let mut old = old.clone();
                close_fact(&mut old, at);
                memories.push(old);
            }
            let channel = owner.channel.clone();
            memories.push(Memory { importance: Some(7), channel, ..memory });
            facts.push(fact);
        }
        (memories, facts)
    }
}

fn id_of(conversation_id: &str, fact: &Fact) -> String {
    let name = Value::from(vec![conversation_id, &fact.key, &fact.value, &fact.source]).to_string();
    format!("fact-{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn owner() -> ConversationOwner {
        let fields = Map::from_iter([("customerPhone".to_owned(), json!("+15551234567"))]);
        ConversationOwner { fields, channel: None }
    }

    fn stated(key: &str, value: &str) -> StatedFact {
        StatedFact { key: key.into(), value: value.into(), source: "m".into(), at: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn a_new_value_replaces_the_old_one_and_keeps_it() {
        let first = KnownFacts::default().record(
            vec![stated("allergy", "nuts"), stated("car", "Golf")],
            "c",
            &owner(),
        );
        let values: Vec<&str> = first.1.iter().map(|fact| fact.value.as_str()).collect();
        assert_eq!(values, ["nuts", "Golf"]);
        let memories = first.0.into_iter().zip(first.1);
        let known = KnownFacts { memories: memories.collect() };
        let (memories, facts) =
            known.record(vec![stated("allergy", "Nuts"), stated("car", "Polo")], "d", &owner());
        assert_eq!(facts.len(), 1);
        let [old, new] = memories.as_slice() else { unreachable!("{memories:?}") };
        assert_eq!((old.content.as_str(), new.content.as_str()), ("car: Golf", "car: Polo"));
        assert_eq!(facts[0].supersedes.as_ref(), Some(&old.id));
        assert_eq!((is_current(old, now()), is_current(new, now())), (false, true));
    }

    #[test]
    fn an_older_statement_does_not_replace_a_newer_one() {
        let record = |known: &KnownFacts, value: &str, hours: i64| {
            let at = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
            known.record(vec![StatedFact { at, ..stated("car", value) }], "c", &owner())
        };
        let (memories, facts) = record(&KnownFacts::default(), "Polo", 2);
        assert_eq!(memories[0].timestamp, DateTime::UNIX_EPOCH + TimeDelta::hours(2));
        let known = KnownFacts { memories: memories.into_iter().zip(facts).collect() };
        assert!(record(&known, "Golf", 1).0.is_empty());
        assert_eq!(record(&known, "Tiguan", 3).0.len(), 2);
    }

    #[test]
    fn nothing_is_recorded_without_an_owner_and_ids_repeat() {
        let record = |owner: &ConversationOwner| {
            let (memories, _) = KnownFacts::default().record(vec![stated("a", "b")], "c", owner);
            memories.into_iter().map(|memory| memory.id).collect::<Vec<_>>()
        };
        assert!(record(&ConversationOwner::default()).is_empty());
        assert_eq!(record(&owner()), record(&owner()));
    }
}
