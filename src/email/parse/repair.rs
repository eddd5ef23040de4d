//! Repair of common errors in messages before they are parsed: a missing last boundary, encoded
//! words that split a character, and headers with raw text in some charset.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;

use crate::email::parse::charset;

/// Maximum number of boundaries that are checked.
const MAX_BOUNDARIES: usize = 20;
/// Maximum length of a boundary, in bytes (RFC 2046 allows 70).
const MAX_BOUNDARY_BYTES: usize = 200;
/// Maximum size of the header section, in bytes.
const MAX_HEADER_BYTES: usize = 256 * 1024;

/// Returns the repaired message.
pub(crate) fn repair(bytes: &[u8]) -> Cow<'_, [u8]> {
    let closed = close_parts(bytes);
    let end = header_end(&closed);
    let Some(headers) = repair_headers(&closed[..end]) else { return closed };
    Cow::Owned([&headers, &closed[end..]].concat())
}

/// Adds missing closing boundaries, the innermost first.
fn close_parts(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut missing: Vec<&[u8]> = Vec::new();
    let mut seen = 0;
    let mut at = 0;
    while let Some(found) = find_ignoring_case(&bytes[at..], b"boundary=") {
        at += found + b"boundary=".len();
        seen += 1;
        if seen > MAX_BOUNDARIES {
            break;
        }
        let value = boundary(&bytes[at..]);
        // A value counts as a boundary only if a part begins with it.
        if !value.is_empty()
            && !missing.contains(&value)
            && has_line(bytes, value, b"")
            && !has_line(bytes, value, b"--")
        {
            missing.push(value);
        }
    }
    if missing.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut closed = bytes.to_vec();
    for value in missing.iter().rev() {
        closed.extend_from_slice(&[b"\r\n--", *value, b"--\r\n"].concat());
    }
    Cow::Owned(closed)
}

fn boundary(rest: &[u8]) -> &[u8] {
    let rest = &rest[..rest.len().min(MAX_BOUNDARY_BYTES)];
    let (rest, end): (&[u8], fn(&u8) -> bool) = match rest.strip_prefix(b"\"") {
        Some(quoted) => (quoted, |byte| matches!(byte, b'"' | b'\r' | b'\n')),
        None => (rest, |byte| byte.is_ascii_whitespace() || *byte == b';'),
    };
    let end = rest.iter().position(end).unwrap_or(rest.len());
    &rest[..end]
}

/// Returns `true` if a line begins with a boundary and `after`.
fn has_line(bytes: &[u8], boundary: &[u8], after: &[u8]) -> bool {
    let wanted = [b"--", boundary, after].concat();
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], &wanted) {
        let start = at + found;
        let begins_line = start == 0 || bytes[start - 1] == b'\n';
        let longer = after.is_empty()
            && bytes.get(start + wanted.len()).is_some_and(|byte| !byte.is_ascii_whitespace());
        if begins_line && !longer {
            return true;
        }
        at = start + 1;
    }
    false
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

fn find_ignoring_case(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(equals) = memchr::memchr(b'=', &bytes[at..]) {
        let end = at + equals + 1;
        let start = end.checked_sub(wanted.len());
        if let Some(start) = start.filter(|start| bytes[*start..end].eq_ignore_ascii_case(wanted)) {
            return Some(start);
        }
        at = end;
    }
    None
}

/// Returns the end of the header section.
fn header_end(bytes: &[u8]) -> usize {
    let bytes = &bytes[..bytes.len().min(MAX_HEADER_BYTES)];
    let ends = [find(bytes, b"\r\n\r\n"), find(bytes, b"\n\n")];
    ends.into_iter().flatten().min().unwrap_or(bytes.len())
}

/// Returns the headers in UTF-8, with encoded words that hold whole characters, or `None` if they
/// need no repair.
fn repair_headers(headers: &[u8]) -> Option<Vec<u8>> {
    let raw = std::str::from_utf8(headers).is_err() || headers.contains(&0x1b);
    if !raw && find(headers, b"=?").is_none() {
        return None;
    }
    // The charset is detected per line, because the subject's charset may differ from that of a
    // relay's comment.
    let lines = headers.split_inclusive(|byte| *byte == b'\n');
    let text: String = lines
        .map(|line| match std::str::from_utf8(line) {
            Ok(text) if !line.contains(&0x1b) => text.to_owned(),
            _ => charset::decode(line, None, ""),
        })
        .collect();
    Some(join_words(&text).into_bytes())
}

/// An encoded word (RFC 2047).
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// The end of the word in the text.
    end: usize,
}

/// Joins adjacent encoded words of the same charset into one.
fn join_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text[at..].find("=?") {
        let start = at + found;
        out.push_str(&text[at..start]);
        let Some(first) = word(text, start) else {
            out.push_str("=?");
            at = start + 2;
            continue;
        };
        let (mut bytes, mut end, mut parts) = (first.bytes, first.end, 1);
        loop {
            let gap = text[end..].len() - text[end..].trim_start().len();
            let Some(next) =
                word(text, end + gap).filter(|next| next.charset.eq_ignore_ascii_case(first.charset))
            else {
                break;
            };
            bytes.extend_from_slice(&next.bytes);
            (end, parts) = (next.end, parts + 1);
        }
        if parts == 1 && !charset::is_seven_bit(first.charset) {
            out.push_str(&text[start..end]);
        } else {
            let bytes = charset::decode(&bytes, Some(first.charset), "");
            out.push_str("=?utf-8?B?");
            out.push_str(&base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes));
            out.push_str("?=");
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

fn word(text: &str, start: usize) -> Option<Word<'_>> {
    let rest = text.get(start..)?.strip_prefix("=?")?;
    let (charset, after) = rest.split_once('?')?;
    let (encoding, after) = after.split_once('?')?;
    let length = after.find("?=")?;
    let data = &after[..length];
    if charset.is_empty() || charset.len() > 60 || data.contains(['\r', '\n', '?']) {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => base64_decode(data.trim().as_bytes()).or_else(|| data.is_empty().then(Vec::new))?,
        "Q" | "q" => unquoted(data.as_bytes()),
        _ => return None,
    };
    let end = text.len() - after.len() + length + 2;
    // A language may follow the charset (RFC 2231).
    Some(Word { charset: charset.split('*').next().unwrap_or(charset), bytes, end })
}

fn unquoted(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(byte) = data.get(at) {
        let digits = data.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match (byte, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'=', Some(decoded)) => {
                out.push(decoded);
                at += 3;
                continue;
            }
            (b'_', _) => out.push(b' '),
            _ => out.push(*byte),
        }
        at += 1;
    }
    out
}
