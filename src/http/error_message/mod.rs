//! The provider's error message, extracted from any form of error body, shortened, and without
//! secrets and content of the request.

use std::collections::HashSet;

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::http::request::{Body, HttpRequest};

/// Maximum length of the message, in characters.
const MAX_CHARS: usize = 300;
/// Maximum length of the original message that is processed, in bytes.
const MAX_BYTES: usize = 4_096;
/// The placeholder of redacted text.
const PLACEHOLDER: &str = "[…]";
/// Minimum number of consecutive words that count as a quotation of a conversation.
const MIN_QUOTED_WORDS: usize = 4;
/// Minimum number of consecutive words that count as a quotation of instructions. It is higher
/// because instructions are long and share phrases with any English text.
const MIN_QUOTED_INSTRUCTION_WORDS: usize = 8;
/// Prefixes of API keys and tokens of the services in use.
const KEY_PREFIXES: &[&str] =
    &["sk-", "sk_", "pk-", "gsk_", "xai-", "AIza", "hf_", "pplx-", "nvapi-", "r8_", "tgp_", "eyJ", "ya29."];
/// Markers after which validators print the rejected value.
const VALUE_DUMP_MARKERS: &[&str] =
    &["input_value=", "'input':", "\"input\":", "failed_generation", "Input:"];
/// JSON keys whose strings are API names, not content.
const NAME_FIELDS: &[&str] = &[
    "model",
    "tools",
    "functions",
    "tool_choice",
    "role",
    "type",
    "id",
    "tool_call_id",
    "tool_use_id",
    "name",
    "encoding_format",
    "MessageStream",
    "timeZone",
];

/// The content of a request, none of which may appear in an error message.
#[derive(Debug, Default)]
pub(crate) struct SentContent {
    secrets: Vec<String>,
    content: Vec<Vec<String>>,
    instructions: Vec<Vec<String>>,
    /// Names that may appear: fields, models, tools.
    names: HashSet<String>,
}

impl SentContent {
    /// Collects the content of a request.
    pub(crate) fn new(request: &HttpRequest<'_>) -> Self {
        let mut sent = Self { secrets: secrets(request.headers), ..Self::default() };
        match request.body {
            Body::Empty => {}
            Body::Json(json) => {
                if let Ok(json) = serde_json::from_slice::<Value>(json) {
                    sent.collect(&json, false);
                }
            }
            Body::Form(fields) => {
                for (name, value) in fields {
                    sent.names.insert((*name).to_lowercase());
                    sent.content.push(words(value).into_iter().map(|word| word.text).collect());
                    if ["assertion", "client_secret", "refresh_token"].contains(name) {
                        sent.secrets.push(value.clone());
                    }
                }
            }
        }
        sent
    }

    /// Collects texts that were sent in earlier requests.
    pub(crate) fn from_texts<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let content = texts.map(|text| words(text).into_iter().map(|word| word.text).collect()).collect();
        Self { content, ..Self::default() }
    }

    fn collect(&mut self, value: &Value, instructs: bool) {
        match value {
            Value::String(text) => {
                let text = words(text).into_iter().map(|word| word.text).collect();
                if instructs { self.instructions.push(text) } else { self.content.push(text) }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, instructs)),
            Value::Object(object) => {
                let role = object.get("role").and_then(Value::as_str);
                let instructs = instructs || matches!(role, Some("system" | "developer"));
                for (key, value) in object {
                    self.names.insert(key.to_lowercase());
                    if NAME_FIELDS.contains(&key.as_str()) {
                        self.name(value);
                    } else {
                        self.collect(
                            value,
                            instructs || matches!(key.as_str(), "system" | "systemInstruction"),
                        );
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds every name in a part of the request that the developer wrote.
    fn name(&mut self, value: &Value) {
        match value {
            Value::String(name) => {
                self.names.insert(name.to_lowercase());
            }
            Value::Array(items) => items.iter().for_each(|item| self.name(item)),
            Value::Object(object) => {
                for (key, value) in object {
                    self.names.insert(key.to_lowercase());
                    self.name(value);
                }
            }
            _ => {}
        }
    }

    /// Returns the provider's message in an error body, if any of it may be shown.
    pub(crate) fn error_message(&self, body: &[u8]) -> Option<String> {
        self.redact(&parse::read(body)?)
    }

    /// Removes request content, secrets, addresses and numbers from a text, and shortens it.
    /// Returns `None` if no words remain.
    pub(crate) fn redact(&self, text: &str) -> Option<String> {
        let mut text = text[..text.floor_char_boundary(MAX_BYTES)].to_owned();
        if let Some(at) = VALUE_DUMP_MARKERS.iter().filter_map(|dump| text.find(dump)).min() {
            text.truncate(at);
            text.push_str(PLACEHOLDER);
        }
        for secret in &self.secrets {
            text = text.replace(secret.as_str(), PLACEHOLDER);
        }
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let redacted_ranges = self.redacted_ranges(&text);
        let mut shown = String::new();
        let mut at = 0;
        for (start, end) in redacted_ranges {
            if start > at {
                let between = &text[at..start];
                // Adjacent redactions are merged into one.
                if !shown.ends_with(PLACEHOLDER) || between.contains(char::is_alphanumeric) {
                    shown.push_str(between);
                }
            }
            if end > at {
                if !shown.ends_with(PLACEHOLDER) {
                    shown.push_str(PLACEHOLDER);
                }
                at = end;
            }
        }
        shown.push_str(&text[at..]);
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let says = shown.replace(PLACEHOLDER, "").chars().any(char::is_alphanumeric);
        let short: String = shown.chars().take(MAX_CHARS).collect();
        let short = if short.len() < shown.len() { format!("{}…", short.trim_end()) } else { short };
        says.then_some(short)
    }

    /// Returns the byte ranges that may not be shown, in order.
    fn redacted_ranges(&self, text: &str) -> Vec<(usize, usize)> {
        let found = words(text);
        let mut redacted = vec![false; found.len()];
        let public = |word: &Word| self.names.contains(&word.text);
        for (content, least) in
            [(&self.content, MIN_QUOTED_WORDS), (&self.instructions, MIN_QUOTED_INSTRUCTION_WORDS)]
        {
            for text in content {
                // A short text counts as quoted only if all of it appears.
                let length = least.min(text.len());
                if text.iter().map(String::len).sum::<usize>() < 5 {
                    continue;
                }
                let runs: HashSet<&[String]> = text.windows(length.max(1)).collect();
                for at in 0..(found.len() + 1).saturating_sub(length) {
                    let run: Vec<String> =
                        found[at..at + length].iter().map(|word| word.text.clone()).collect();
                    let named = length == 1 && public(&found[at]);
                    if length > 0 && !named && runs.contains(run.as_slice()) {
                        redacted[at..at + length].fill(true);
                    }
                }
            }
        }
        let content: HashSet<&str> = self.content.iter().flatten().map(String::as_str).collect();
        for (word, hide) in found.iter().zip(&mut redacted) {
            let digits = word.text.chars().filter(char::is_ascii_digit).count();
            let is_sent_number = digits >= 4 && content.contains(word.text.as_str());
            *hide |= !public(word) && is_sent_number;
        }
        let mut ranges: Vec<(usize, usize)> = found
            .iter()
            .zip(redacted)
            .filter_map(|(word, hide)| hide.then_some((word.start, word.end)))
            .chain(self.quotations(text))
            .chain(tokens(text).filter(|&(start, end)| self.is_private(&text[start..end])))
            .chain(long_numbers(text))
            .collect();
        ranges.sort_unstable();
        ranges
    }

    /// Returns the ranges of text in quotation marks that was sent, however short.
    fn quotations(&self, text: &str) -> Vec<(usize, usize)> {
        let mut ranges = Vec::new();
        for (open, close) in [('\'', '\''), ('"', '"'), ('`', '`'), ('“', '”'), ('«', '»')] {
            let mut rest = 0;
            while let Some(start) = text[rest..].find(open).map(|at| rest + at + open.len_utf8()) {
                let Some(end) = text[start..].find(close).map(|at| start + at) else { break };
                let quoted: Vec<String> =
                    words(&text[start..end]).into_iter().map(|word| word.text).collect();
                let is_name = self.names.contains(text[start..end].trim().to_lowercase().as_str());
                let is_said = || {
                    self.content
                        .iter()
                        .any(|content| content.windows(quoted.len()).any(|run| run == quoted.as_slice()))
                };
                if !quoted.is_empty() && !is_name && is_said() {
                    ranges.push((start, end));
                    rest = end + close.len_utf8();
                } else {
                    // The closing mark may also open the next quotation, because an apostrophe is
                    // not a quotation mark.
                    rest = if open == close { start } else { end };
                }
            }
        }
        ranges
    }

    /// Returns `true` if a token is an API key, an e-mail address or an opaque identifier.
    fn is_private(&self, token: &str) -> bool {
        if self.names.contains(token.to_lowercase().as_str()) {
            return false;
        }
        let is_key = token.len() >= 8 && KEY_PREFIXES.iter().any(|prefix| token.starts_with(prefix));
        let is_mail = token.find('@').is_some_and(|at| at > 0 && token[at..].len() > 1);
        let opaque = |c: char| c.is_ascii_alphanumeric() || "_-+=".contains(c);
        let is_opaque = token.len() >= 40 && token.chars().all(opaque);
        is_key || is_mail || is_opaque || token.contains("***") || token.contains("•••")
    }
}

/// Returns the values of sensitive headers, without the scheme before them.
fn secrets(headers: &HeaderMap) -> Vec<String> {
    headers
        .values()
        .filter(|value| value.is_sensitive())
        .filter_map(|value| value.to_str().ok())
        .map(|value| value.rsplit(' ').next().unwrap_or(value).to_owned())
        .filter(|secret| secret.len() >= 4)
        .collect()
}

/// A word of a text, in lower case, and its byte range.
struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// Returns the words of a text. In scripts without spaces, each character is a word.
fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let alone = c >= '\u{2e80}' && c.is_alphanumeric();
        let inner = c.is_alphanumeric() || c == '_' || c == '@';
        if let Some(word) = found.last_mut().filter(|_| open && inner && !alone) {
            word.text.extend(c.to_lowercase());
            word.end = end;
        } else if inner || alone {
            found.push(Word { text: c.to_lowercase().collect(), start: at, end });
        }
        open = inner && !alone;
    }
    found
}

/// Returns the ranges between spaces, without punctuation at their ends.
fn tokens(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mark = |c: char| "'\"`()[]{}<>,;:.!?\\".contains(c);
    text.split_whitespace().flat_map(|token| token.split(['=', '"', '\'', '?', '&', ','])).filter_map(
        move |token| {
            let token = token.trim_matches(mark);
            let start = token.as_ptr() as usize - text.as_ptr() as usize;
            (!token.is_empty()).then_some((start, start + token.len()))
        },
    )
}

/// Returns the ranges of personal numbers: phones, cards, accounts. Token limits are shorter.
fn long_numbers(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let (mut start, mut digits, mut end) = (None, 0, 0);
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        let joins = c == '+' || (start.is_some() && "-(). ".contains(c));
        if c.is_ascii_digit() || joins {
            if c == '+' && digits > 0 {
                start = None;
            }
            if start.is_none() {
                (start, digits) = (Some(at), 0);
            }
            if c.is_ascii_digit() {
                digits += 1;
                end = at + 1;
            }
        } else if let Some(from) = start.take() {
            let is_phone = text[from..].starts_with('+') && digits >= 6;
            if is_phone || digits >= 9 {
                ranges.push((from, end));
            }
            digits = 0;
        }
    }
    ranges
}

mod parse;
#[cfg(test)]
mod tests;
