//! Detection of placeholder secrets, left over from examples, templates and unset variables.

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};

/// Texts that templates and unset variables produce, in lower case.
const WORDS: [&str; 9] =
    ["undefined", "null", "none", "nan", "changeme", "change-me", "change_me", "todo", "tbd"];

/// Prefixes of example values, in lower case and without the prefix of a service's keys.
const PREFIXES: [&str; 14] = [
    "your-",
    "your_",
    "your ",
    "yourapi",
    "yourkey",
    "my-api-key",
    "my_api_key",
    "insert",
    "enter-",
    "enter_",
    "replace",
    "process.env",
    "${",
    "[object",
];

/// Rejects a secret that is a placeholder. `write` is the recommended value.
pub(super) fn reject(option: &str, secret: Option<&SecretString>, write: &str) -> Result<()> {
    reject_text(option, secret.map(ExposeSecret::expose_secret), write)
}

/// Rejects a text that is a placeholder.
pub(super) fn reject_text(option: &str, text: Option<&str>, write: &str) -> Result<()> {
    if !text.is_some_and(is_placeholder) {
        return Ok(());
    }
    let name = option.rsplit('.').next().unwrap_or(option);
    Err(Error::config(option, format!("is a placeholder; write `{name}: {write}` and set that variable")))
}

fn is_placeholder(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let prefixes = ["sk-ant-", "sk-or-v1-", "sk-proj-", "sk-", "sk_", "ac"];
    let bare = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(&text);
    let filler = |text: &str| text.chars().count() >= 3 && text.chars().all(|c| "x.*…_-".contains(c));
    let begins = |text: &str| PREFIXES.iter().any(|beginning| text.starts_with(beginning));
    WORDS.contains(&text.as_str())
        || (text.starts_with('<') && text.ends_with('>'))
        || filler(&text)
        || (!bare.is_empty() && filler(bare))
        || bare == "…"
        || text.ends_with("-here")
        || text.ends_with("_here")
        || begins(&text)
        || begins(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_placeholders_from_secrets() {
        // Sources: the READMEs and `.env.example` files of OpenAI, Anthropic, OpenRouter, Twilio,
        // Postmark and LangChain, and template strings with unset variables.
        for text in [
            "your-api-key",
            "YOUR_API_KEY",
            "your_openai_api_key",
            "sk-your-key",
            "sk-...",
            "sk-…",
            "sk-xxxxxxxx",
            "sk-ant-...",
            "sk-ant-your-key",
            "sk-or-v1-xxxx",
            "<API_KEY>",
            "<your key>",
            "undefined",
            "null",
            "changeme",
            "CHANGE_ME",
            "todo",
            "xxx",
            "***",
            "...",
            "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "your_auth_token",
            "your-server-token",
            "${OPENAI_API_KEY}",
            "process.env.OPENAI_API_KEY",
            "[object Object]",
            "insert-key",
            "enter_your_key",
            "replace-me",
            "api-key-here",
            "key_here",
            "my-api-key",
            " your-api-key ",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "sk-1",
            "sk-test",
            "sk-proj-AbC_-123",
            "k",
            "x",
            "secret",
            "test-key",
            "hunter2",
            "ollama",
            "",
            "AC0123456789abcdef0123456789abcdef",
            "POSTMARK_API_TEST",
            "yours-truly",
            "AIzaSyA-1",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
