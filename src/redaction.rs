//! Redaction of error messages before they are logged or shown.

const MAX_CHARS: usize = 200;
const SECRET_CHARS: usize = 24;
const REDACTED: &str = "[redacted]";

/// Returns the first line of a message, at most 200 characters, without anything that looks like a
/// key, a token, a path or a URL.
pub(crate) fn redact(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut after_marker = false;
    let words: Vec<&str> = line
        .split_whitespace()
        .map(|word| {
            let hidden = after_marker || is_secret(word);
            after_marker = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
            if hidden { REDACTED } else { word }
        })
        .collect();
    words.join(" ").chars().take(MAX_CHARS).collect()
}

fn is_secret(word: &str) -> bool {
    let lower = word.to_lowercase();
    let named = ["key=", "token=", "secret=", "password=", "pwd=", "key:", "token:", "password:"];
    word.contains("://")
        || word.starts_with(['/', '\\'])
        || lower.trim_start_matches(['"', '\'', '(']).starts_with("sk-")
        || named.iter().any(|name| lower.contains(name))
        || longest_run(word) >= SECRET_CHARS
}

fn longest_run(word: &str) -> usize {
    word.split(|c: char| !(c.is_ascii_alphanumeric() || "-_+=".contains(c))).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_secrets() {
        for secret in [
            "sk-abc123",
            "AKIAIOSFODNN7EXAMPLE1234567890",
            "postgres://u:p@h/db",
            "api_key=abc",
            "Bearer abc",
            "/etc/passwd",
        ] {
            let redacted = redact(&format!("failed with {secret} today\n at stack"));
            assert!(!redacted.contains(secret.split(' ').next_back().unwrap()), "{redacted}");
            assert!(redacted.starts_with("failed with") && redacted.ends_with("today"), "{redacted}");
        }
    }

    #[test]
    fn keeps_plain_text() {
        assert_eq!(redact("The calendar is full on Tuesday"), "The calendar is full on Tuesday");
        assert_eq!(redact(&"word ".repeat(100)).len(), 200);
    }
}
