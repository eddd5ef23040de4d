//! Lenient parsing of JSON written by models, so that databases can store it.

use std::borrow::Cow;

use serde::de::Error;
use serde_json::Value;

/// A byte order mark. Some servers begin with one; it is not part of the text (RFC 8259, 8.1).
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const REPLACEMENT: &str = "\\ufffd";
/// Maximum number of values. In memory, a value takes up to forty times its size as text.
const MAX_VALUES: usize = 500_000;

/// Parses JSON, replacing text that no database can store (lone surrogates, NUL, invalid UTF-8)
/// with U+FFFD instead of failing. Fails if there are more than 500,000 values.
pub fn parse_json(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let json = String::from_utf8_lossy(bytes);
    if holds_too_many_values(&json) {
        return Err(serde_json::Error::custom("it has too many values"));
    }
    serde_json::from_str(&repair(&json))
}

/// Returns `true` if the JSON has too many values. Every value but the first follows a comma, a
/// colon or a bracket.
fn holds_too_many_values(json: &str) -> bool {
    if json.len() <= MAX_VALUES {
        return false;
    }
    let (mut values, mut within_text, mut escaped) = (1, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = within_text,
            b'"' => within_text = !within_text,
            b',' | b':' | b'[' | b'{' if !within_text => values += 1,
            _ => {}
        }
    }
    values > MAX_VALUES
}

/// Replaces `\u` escapes of NUL or of half a surrogate pair.
fn repair(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let mut repaired = String::new();
    let (mut kept, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let length = match escaped_unit(&bytes[at..]) {
            None => {
                at += 2;
                continue;
            }
            Some(0xD800..=0xDBFF)
                if matches!(bytes.get(at + 6..).and_then(escaped_unit), Some(0xDC00..=0xDFFF)) =>
            {
                at += 12;
                continue;
            }
            Some(0 | 0xD800..=0xDFFF) => 6,
            Some(_) => {
                at += 6;
                continue;
            }
        };
        repaired.push_str(&json[kept..at]);
        repaired.push_str(REPLACEMENT);
        at += length;
        kept = at;
    }
    if kept == 0 {
        return Cow::Borrowed(json);
    }
    repaired.push_str(&json[kept..]);
    Cow::Owned(repaired)
}

/// Returns the code unit of a `\uXXXX` escape at the start.
fn escaped_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(text: &str) -> Value {
        parse_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn replaces_lone_surrogates_and_nul() {
        assert_eq!(
            parsed(r#"["a\ud83db","\udc00","\u0000","\ud83d\ud83d\ude00"]"#),
            json!(["a\u{fffd}b", "\u{fffd}", "\u{fffd}", "\u{fffd}😀"])
        );
    }

    #[test]
    fn keeps_text_that_only_looks_like_an_escape() {
        assert_eq!(
            parsed(r#"["\\ud83d","\\\u0041","\ud83d\ude00","é\n"]"#),
            json!(["\\ud83d", "\\A", "😀", "é\n"])
        );
        assert!(parse_json(br#"["\u12"]"#).is_err());
        assert!(parse_json(b"\\").is_err());
    }

    #[test]
    fn rejects_too_many_values_but_accepts_long_strings() {
        for unit in ["[],", "1,", "{\"\":\"\\\\\"},"] {
            let json = format!("[{}1]", unit.repeat(MAX_VALUES));
            assert!(parse_json(json.as_bytes()).is_err(), "{unit}");
        }
        let text = "[,\\\"{:".repeat(MAX_VALUES);
        assert!(parse_json(format!("[\"{text}\"]").as_bytes()).is_ok());
    }

    #[test]
    fn drops_a_byte_order_mark() {
        assert_eq!(parsed("\u{feff}{\"a\":1}"), json!({ "a": 1 }));
    }

    #[test]
    fn replaces_invalid_utf8() {
        assert_eq!(parse_json(b"\"a\xffb\"").unwrap(), json!("a\u{fffd}b"));
    }
}
