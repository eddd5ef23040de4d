//! Facts: lasting statements of a customer, each with the memory in which it was made.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::types::memory::Memory;
use crate::types::validity::{FACT_FIELD, VALID_UNTIL};

/// A fact about a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Subject, in lower case.
    pub key: String,
    /// Value.
    pub value: String,
    /// Id of the memory in which it was said.
    pub source: String,
    /// Id of the memory with the fact that this one replaces.
    pub supersedes: Option<String>,
}

impl Fact {
    /// Returns the fact in a memory, if it holds one.
    pub fn of(memory: &Memory) -> Option<Self> {
        let fact = memory.meta(FACT_FIELD)?;
        let text = |field: &str| Some(fact.get(field)?.as_str()?.to_owned());
        Some(Self {
            key: text("key")?,
            value: text("value")?,
            source: text("source")?,
            supersedes: text("supersedes"),
        })
    }

    /// Returns the field of `metadata` that holds the fact.
    pub fn into_field(self) -> (String, Value) {
        let Self { key, value, source, supersedes } = self;
        let mut fact = json!({ "key": key, "value": value, "source": source });
        if let Some(supersedes) = supersedes {
            fact["supersedes"] = json!(supersedes);
        }
        (FACT_FIELD.to_owned(), fact)
    }
}

/// Marks the fact in a memory as no longer current from `time` on. Its words stay.
pub fn close_fact(memory: &mut Memory, time: DateTime<Utc>) {
    let Some(Value::Object(fact)) = memory.meta(FACT_FIELD) else { return };
    let mut fact = fact.clone();
    fact.insert(VALID_UNTIL.to_owned(), json!(time.to_rfc3339_opts(SecondsFormat::Millis, true)));
    memory.extend_metadata([(FACT_FIELD.to_owned(), Value::Object(fact))]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::{MemoryType, now};
    use crate::types::validity::is_current;

    #[test]
    fn a_closed_fact_keeps_its_words_and_is_not_current() {
        let fact = Fact {
            key: "allergy".into(),
            value: "nuts".into(),
            source: "m1".into(),
            supersedes: Some("f0".into()),
        };
        let mut memory = Memory::new(MemoryType::Decision, "allergy: nuts");
        memory.extend_metadata([fact.clone().into_field(), ("more".to_owned(), json!(1))]);
        assert_eq!(Fact::of(&memory), Some(fact.clone()));
        assert!(is_current(&memory, now()));
        close_fact(&mut memory, now());
        assert_eq!(Fact::of(&memory), Some(fact));
        assert_eq!((is_current(&memory, now()), memory.meta("more")), (false, Some(&json!(1))));
        assert_eq!(Fact::of(&Memory::new(MemoryType::Decision, "x")), None);
    }
}
