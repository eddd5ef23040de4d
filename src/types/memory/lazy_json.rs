//! JSON of a memory that is parsed only if a field is read.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::json::write;

/// A JSON value, held as text, as a parsed value, or as both.
///
/// A database returns text, and most readers pass it on unread. It is parsed on first use. Clones
/// share both forms.
pub struct LazyJson<T = Value>(Arc<Forms<T>>);

/// The forms of a value, at least one of which is set.
struct Forms<T> {
    text: Option<Box<RawValue>>,
    value: OnceLock<T>,
}

impl<T> LazyJson<T> {
    /// Creates a value from text without parsing it. Returns `None` if the text is not JSON.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let text: &RawValue = serde_json::from_str(text).ok()?;
        Some(Self(Arc::new(Forms { text: Some(text.to_owned()), value: OnceLock::new() })))
    }
}

impl<T: DeserializeOwned + Default> LazyJson<T> {
    /// Returns the parsed value. Text that does not fit in a `T` (a lone surrogate, a number out of
    /// range) is read as the default value.
    fn value(&self) -> &T {
        let Forms { text, value } = &*self.0;
        value.get_or_init(|| {
            text.as_ref().and_then(|text| serde_json::from_str(text.get()).ok()).unwrap_or_default()
        })
    }
}

impl<T: DeserializeOwned + Default + Clone> LazyJson<T> {
    /// Returns the parsed value; copies it only if other clones exist.
    pub(crate) fn into_value(self) -> T {
        self.value();
        match Arc::try_unwrap(self.0) {
            Ok(forms) => forms.value.into_inner().unwrap_or_default(),
            Err(shared) => Self(shared).value().clone(),
        }
    }
}

impl<T: Serialize> LazyJson<T> {
    /// Returns a copy of the text.
    pub(crate) fn to_text(&self) -> crate::error::Result<String> {
        match &self.0.text {
            Some(text) => Ok(text.get().to_owned()),
            None => write(&self.0.value.get()),
        }
    }
}

impl<T> From<T> for LazyJson<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(Forms { text: None, value: value.into() }))
    }
}

impl From<Map<String, Value>> for LazyJson<Value> {
    fn from(fields: Map<String, Value>) -> Self {
        Value::Object(fields).into()
    }
}

impl<T> Clone for LazyJson<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: DeserializeOwned + Default> Deref for LazyJson<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value()
    }
}

impl<T: DeserializeOwned + Default + fmt::Debug> fmt::Debug for LazyJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

impl<T: DeserializeOwned + Default + PartialEq> PartialEq for LazyJson<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<T: Serialize> Serialize for LazyJson<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.text {
            Some(text) => text.serialize(serializer),
            None => self.0.value.get().serialize(serializer),
        }
    }
}

/// Parses at once, so that values that no database can store are found.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for LazyJson<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> LazyJson {
        LazyJson::from_text(text).unwrap()
    }

    #[test]
    fn passes_text_on_unread() {
        let text = r#"{"b": 1.0, "a": 12345678901234567890123, "half": "\ud800", "b": 1e999}"#;
        let json = read(text);
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
        assert!(json.0.value.get().is_none());
    }

    #[test]
    fn parses_on_first_use_and_keeps_the_text() {
        let json = read(r#"{ "z": 0.1, "a": [null] }"#);
        assert_eq!(
            (json.get("z"), json.clone().into_value()),
            (Some(&json!(0.1)), json!({ "z": 0.1, "a": [null] }))
        );
        assert_eq!(json.to_text().unwrap(), r#"{ "z": 0.1, "a": [null] }"#);
    }

    #[test]
    fn compares_text_and_values_by_meaning() {
        let json = LazyJson::from(json!({ "z": 1, "a": "é" }));
        assert_eq!(serde_json::to_string(&json).unwrap(), r#"{"z":1,"a":"é"}"#);
        assert_eq!(json, read(r#"{"a":"\u00e9","z":1}"#));
    }

    #[test]
    fn reads_as_absent_if_unreadable() {
        assert_eq!(read(r#"{"a":"\ud800"}"#).get("a"), None);
        assert_eq!(LazyJson::<Map<String, Value>>::from_text(r#"{"a":1e999}"#).unwrap().get("a"), None);
        assert!(LazyJson::<Value>::from_text("{").is_none());
    }
}
