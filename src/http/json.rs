//! JSON as models write it, read so that databases can hold it.

use std::borrow::Cow;

use serde::de::Error;
use serde_json::Value;

const REPLACEMENT: &str = "\\ufffd";
/// Values read at most. In memory one takes up to forty times as many bytes as it is written with.
const MAX_VALUES: usize = 500_000;

/// Parses JSON, replacing what no database holds (lone surrogates, NUL, bytes that are not UTF-8)
/// with U+FFFD instead of refusing it. Refuses more values than anybody means to send.
pub fn parse_json(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    let json = String::from_utf8_lossy(bytes);
    if holds_too_many_values(&json) {
        return Err(serde_json::Error::custom("it has too many values"));
    }
    serde_json::from_str(&repair(&json))
}

/// Every value but the first follows a comma, a colon or a bracket.
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

/// Replaces the `\u` escapes that stand for a NUL or half a surrogate pair.
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

/// The code unit of a `\uXXXX` at the start.
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
    fn lone_surrogates_and_nul_are_replaced() {
        assert_eq!(
            parsed(r#"["a\ud83db","\udc00","\u0000","\ud83d\ud83d\ude00"]"#),
            json!(["a\u{fffd}b", "\u{fffd}", "\u{fffd}", "\u{fffd}😀"])
        );
    }

    #[test]
    fn what_only_looks_like_an_escape_stays() {
        assert_eq!(
            parsed(r#"["\\ud83d","\\\u0041","\ud83d\ude00","é\n"]"#),
            json!(["\\ud83d", "\\A", "😀", "é\n"])
        );
        assert!(parse_json(br#"["\u12"]"#).is_err());
        assert!(parse_json(b"\\").is_err());
    }

    #[test]
    fn more_values_than_anybody_means_are_refused_and_long_texts_are_not() {
        for unit in ["[],", "1,", "{\"\":\"\\\\\"},"] {
            let json = format!("[{}1]", unit.repeat(MAX_VALUES));
            assert!(parse_json(json.as_bytes()).is_err(), "{unit}");
        }
        let text = "[,\\\"{:".repeat(MAX_VALUES);
        assert!(parse_json(format!("[\"{text}\"]").as_bytes()).is_ok());
    }

    #[test]
    fn bytes_that_are_no_utf8_are_replaced() {
        assert_eq!(parse_json(b"\"a\xffb\"").unwrap(), json!("a\u{fffd}b"));
    }
}
