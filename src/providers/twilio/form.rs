//! Webhook forms: names with one or several values.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::http::parse_json;

/// Maximum payload length, 1 MiB.
pub const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;
/// Maximum number of values in a payload.
const MAX_VALUES: usize = 1000;

/// The fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    /// Parses `application/x-www-form-urlencoded`.
    ///
    /// Fails with `INVALID_WEBHOOK` beyond 1 MiB or 1,000 values.
    pub fn from_urlencoded(payload: &[u8]) -> Result<Self> {
        check_size(payload.len())?;
        let mut form = Self::default();
        for (count, (name, value)) in url::form_urlencoded::parse(payload).enumerate() {
            check_count(count)?;
            form.add(&name, value.into_owned());
        }
        Ok(form)
    }

    /// Parses a JSON object of strings or arrays of strings, as body parsers produce it. `null`
    /// counts as absent.
    ///
    /// Fails with `INVALID_WEBHOOK` for other JSON, or beyond 1 MiB or 1,000 values.
    pub fn from_json(payload: &str) -> Result<Self> {
        check_size(payload.len())?;
        // Parse strictly if possible, because the signature covers the exact characters.
        let value = serde_json::from_str(payload).or_else(|_| parse_json(payload.as_bytes()));
        let Ok(Value::Object(fields)) = value else {
            return Err(Error::webhook(
                "payload",
                "must be the parsed form of the request, an object of strings",
            ));
        };
        let mut form = Self::default();
        let mut count = 0;
        for (name, value) in fields {
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            for value in values {
                check_count(count)?;
                count += 1;
                match value {
                    Value::String(text) => form.add(&name, text),
                    Value::Number(number) => form.add(&name, number.to_string()),
                    Value::Bool(flag) => form.add(&name, flag.to_string()),
                    Value::Null => {}
                    Value::Array(_) | Value::Object(_) => {
                        return Err(Error::webhook(safe_name(&name), "must be a string"));
                    }
                }
            }
        }
        Ok(form)
    }

    fn add(&mut self, name: &str, value: String) {
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    /// Returns each name with its values.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.0.iter()
    }

    /// Returns the first value of a field, trimmed, unless it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the first value of a field, untrimmed.
    pub fn get_raw(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Form {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.add(name, value.to_owned());
        }
        form
    }
}

/// Rejects payloads larger than any provider sends.
fn check_size(bytes: usize) -> Result<()> {
    if bytes > MAX_PAYLOAD_BYTES {
        return Err(Error::webhook("payload", "is larger than 1 MiB"));
    }
    Ok(())
}

fn check_count(before: usize) -> Result<()> {
    if before >= MAX_VALUES {
        return Err(Error::webhook("payload", "has more than 1,000 values"));
    }
    Ok(())
}

/// Returns a field name if it is safe to quote in an error message.
fn safe_name(name: &str) -> &str {
    let plain = name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if plain { name } else { "payload" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_the_same_form() {
        let form =
            Form::from_urlencoded(b"From=%2B1555&Body=a+b%26%C3%A9&M=1&M=2&Empty=&__proto__=x").unwrap();
        let json = r#"{"From":"+1555","Body":"a b&é","M":["1","2"],"Empty":"","__proto__":"x","N":null}"#;
        assert_eq!(form, Form::from_json(json).unwrap());
        assert_eq!((form.get("From"), form.get("M"), form.get("Empty")), (Some("+1555"), Some("1"), None));
        assert_eq!((form.get("__proto__"), form.get("constructor")), (Some("x"), None));
    }

    #[test]
    fn names_the_field_that_is_not_part_of_a_form() {
        for payload in ["", "[]", "null", "\"From=1\"", "7", "{"] {
            let error = Form::from_json(payload).unwrap_err();
            assert_eq!(error.code(), "INVALID_WEBHOOK", "{payload}");
        }
        let error = Form::from_json(r#"{"Body":{"secret":"words"}}"#).unwrap_err();
        assert_eq!(error.to_string(), "Invalid webhook: `Body` must be a string");
        let error = Form::from_json(r#"{"a secret":[[]]}"#).unwrap_err();
        assert_eq!(error.to_string(), "Invalid webhook: `payload` must be a string");
    }

    #[test]
    fn payloads_are_bounded() {
        let long = format!("Body={}", "x".repeat(MAX_PAYLOAD_BYTES));
        assert!(Form::from_urlencoded(long.as_bytes()).is_err());
        assert!(Form::from_urlencoded("a&".repeat(1001).as_bytes()).is_err());
        assert!(Form::from_urlencoded("a&".repeat(1000).as_bytes()).is_ok());
    }

    #[test]
    fn replaces_half_a_surrogate_pair() {
        assert_eq!(Form::from_json(r#"{"a":"\ud800x"}"#).unwrap().get("a"), Some("\u{fffd}x"));
        assert_eq!(Form::from_json(r#"{"a":"x\u0000"}"#).unwrap().get_raw("a"), Some("x\0"));
    }
}
