//! Templates of Twilio's Content API, which WhatsApp accepts at any time.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::json;
use crate::providers::twilio::{Template, is_sid};

/// Values of a template's placeholders: an object, or the JSON of one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged, expecting = "must be an object like { 1: 'Ann' }, or the JSON of one")]
pub enum ContentVariables {
    /// By placeholder name: `{ 1: 'Ann' }`.
    Object(BTreeMap<String, Value>),
    /// JSON, as in Twilio's own libraries: `'{"1":"Ann"}'`.
    Json(String),
}

/// Reads a template and its values.
///
/// Fails with `INVALID_ARGUMENT` if they cannot be sent, or if an argument is given that the
/// template replaces.
pub(super) fn read(
    content_sid: Option<String>,
    variables: Option<ContentVariables>,
    body: &str,
    media_urls: &[String],
) -> Result<Option<Template>> {
    let Some(content_sid) = content_sid.map(|sid| sid.trim().to_owned()) else {
        return match variables {
            Some(_) => {
                Err(Error::argument("contentVariables", "need a `contentSid`, whose placeholders they fill"))
            }
            None => Ok(None),
        };
    };
    if !is_sid(&content_sid, &["HX"]) {
        let reason = "must be \"HX\" and 32 hexadecimal digits; the Content Template Builder shows it";
        return Err(Error::argument("contentSid", reason));
    }
    if !body.trim().is_empty() || !media_urls.is_empty() {
        let field = if media_urls.is_empty() { "body" } else { "mediaUrl" };
        return Err(Error::argument(
            field,
            "must not be given with `contentSid`: the template is the message",
        ));
    }
    let content_variables = variables.map(values).transpose()?;
    Ok(Some(Template { content_sid, content_variables }))
}

/// Returns the values in Twilio's notation: a JSON object of strings.
fn values(variables: ContentVariables) -> Result<String> {
    let refuse = || {
        let reason = "must be an object of strings and numbers, like { 1: 'Ann', 2: '10:00' }";
        Error::argument("contentVariables", reason)
    };
    let object: BTreeMap<String, Value> = match variables {
        ContentVariables::Object(object) => object,
        ContentVariables::Json(json) => serde_json::from_str(&json).map_err(|_| refuse())?,
    };
    let text = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Number(number) => Ok((name, number.to_string())),
        _ => Err(refuse()),
    };
    let texts = object.into_iter().map(text).collect::<Result<BTreeMap<_, _>>>()?;
    json::write(&texts)
}

/// Returns the text stored for a template message, because only Twilio knows the template's text.
pub(super) fn describe(template: &Template) -> String {
    let values = template.content_variables.as_deref().map(|json| format!(" with the values {json}"));
    format!("[The template {}{}]", template.content_sid, values.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sid() -> Option<String> {
        Some(format!("HX{}", "a".repeat(32)))
    }

    fn variables(json: Value) -> Option<ContentVariables> {
        Some(serde_json::from_value(json).unwrap())
    }

    #[test]
    fn values_become_strings() {
        for (given, sent) in [
            (json!({ "1": "Ann", "2": 7 }), r#"{"1":"Ann","2":"7"}"#),
            (json!(r#"{"1":"Ann"}"#), r#"{"1":"Ann"}"#),
            (json!({}), "{}"),
        ] {
            let template = read(sid(), variables(given), "", &[]).unwrap().unwrap();
            assert_eq!(template.content_variables.as_deref(), Some(sent));
        }
        assert_eq!(read(None, None, "Hi", &[]).unwrap(), None);
    }

    #[test]
    fn rejects_what_cannot_be_sent() {
        let media = ["https://example.com/1.png".to_owned()];
        let refused = |sid, given: Option<Value>, body: &str, media: &[String]| {
            read(sid, given.and_then(variables), body, media).unwrap_err().to_string()
        };
        assert!(refused(Some("HX1".into()), None, "", &[]).contains("`contentSid`"));
        assert!(refused(sid(), None, "Hi", &[]).contains("`body`"));
        assert!(refused(sid(), None, "", &media).contains("`mediaUrl`"));
        assert!(refused(None, Some(json!({ "1": "x" })), "Hi", &[]).contains("`contentVariables`"));
        for bad in [json!({ "1": null }), json!({ "1": {} }), json!("no JSON"), json!("[1]")] {
            assert!(refused(sid(), Some(bad), "", &[]).contains("`contentVariables`"));
        }
    }
}
