//! Validity of memories in time: passages of documents may apply from a time, or until one, and facts
//! until they are superseded.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::types::memory::Memory;

/// Field of `metadata` that describes the document of a passage.
pub const KNOWLEDGE_FIELD: &str = "knowledge";
/// Field of `metadata` that holds a fact.
pub const FACT_FIELD: &str = "fact";
/// Field of a document or a fact: the time from which on it applies.
pub const VALID_FROM: &str = "validFrom";
/// Field of a document or a fact: the time at which it no longer applies.
pub const VALID_UNTIL: &str = "validUntil";

/// Returns `true` unless the memory is a passage of a document, or a fact, that does not apply yet,
/// or no longer.
pub fn is_current(memory: &Memory, now: DateTime<Utc>) -> bool {
    [KNOWLEDGE_FIELD, FACT_FIELD].into_iter().all(|field| {
        let Some(Value::Object(described)) = memory.meta(field) else { return true };
        let time = |field: &str| DateTime::parse_from_rfc3339(described.get(field)?.as_str()?).ok();
        time(VALID_FROM).is_none_or(|from| from <= now) && time(VALID_UNTIL).is_none_or(|until| now < until)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::memory::{MemoryType, now};
    use chrono::TimeDelta;
    use serde_json::json;

    #[test]
    fn compares_the_times_of_a_document() {
        let now = now();
        let hour = TimeDelta::hours(1);
        let text = |time: DateTime<Utc>| time.to_rfc3339();
        for (metadata, current) in [
            (json!({}), true),
            (json!({ "validUntil": text(now - hour) }), true),
            (json!({ "knowledge": { "validUntil": text(now - hour) } }), false),
            (json!({ "knowledge": { "validUntil": text(now) } }), false),
            (json!({ "knowledge": { "validUntil": text(now + hour) } }), true),
            (json!({ "fact": { "validUntil": text(now) } }), false),
            (json!({ "fact": { "validUntil": text(now + hour) } }), true),
            (json!({ "knowledge": { "validFrom": text(now) } }), true),
            (json!({ "knowledge": { "validFrom": text(now + hour) } }), false),
        ] {
            let memory =
                Memory { metadata: Some(metadata.clone().into()), ..Memory::new(MemoryType::System, "x") };
            assert_eq!(is_current(&memory, now), current, "{metadata}");
        }
    }
}
