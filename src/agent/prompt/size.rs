//! Sizes of prompts and histories, and ways to reduce them.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::llm::tokens::{self, TokenBudget};

/// Default maximum tokens of a prompt.
pub const DEFAULT_MAX_TOKENS: usize = 8_000;

/// The size of a prompt.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptSize {
    /// Number of tokens, by a model's tokenizer.
    pub total_tokens: usize,
    /// Number of characters.
    pub total_chars: usize,
    /// Number of lines.
    pub total_lines: usize,
    /// Sections, each starting at a line that begins with `# `.
    pub sections: Vec<SectionSize>,
}

/// The size of a section, including its title.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionSize {
    /// Title of the section.
    pub name: String,
    /// Number of tokens.
    pub tokens: usize,
    /// Number of characters.
    pub chars: usize,
}

/// Measures a prompt.
pub fn measure(prompt: &str) -> PromptSize {
    let sections = sections(prompt).into_iter().map(|(name, text)| SectionSize {
        name: name.to_owned(),
        tokens: tokens::count(&text),
        chars: text.chars().count(),
    });
    PromptSize {
        total_tokens: tokens::count(prompt),
        total_chars: prompt.chars().count(),
        total_lines: prompt.lines().count(),
        sections: sections.collect(),
    }
}

/// Removes redundant lines of a prompt and checks its size. Fails with `PROMPT_TOO_LARGE` if it
/// still exceeds the maximum.
pub fn fit_to_limit(prompt: &str, max_tokens: Option<usize>) -> Result<String> {
    let (prompt, max_tokens) = (collapse_whitespace(prompt), max_tokens.unwrap_or(DEFAULT_MAX_TOKENS));
    let tokens = tokens::count(&prompt);
    if tokens <= max_tokens {
        return Ok(prompt);
    }
    let sections = measure(&prompt).sections.into_iter().map(|section| (section.name, section.tokens));
    Err(Error::PromptTooLarge { tokens, max_tokens, sections: sections.collect() })
}

/// Removes repeated lines and redundant whitespace. Words are not changed.
fn collapse_whitespace(prompt: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in prompt.lines().map(str::trim_end) {
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// Returns suggestions that reduce a prompt to the maximum. Empty if it already fits.
pub fn suggestions(prompt: &str, max_tokens: usize) -> Vec<String> {
    let mut size = measure(prompt);
    let Some(excess) = size.total_tokens.checked_sub(max_tokens).filter(|excess| *excess > 0) else {
        return Vec::new();
    };
    size.sections.sort_by_key(|section| std::cmp::Reverse(section.tokens));
    let largest = size.sections.iter().take(3);
    let largest =
        largest.map(|section| format!("Shorten \"{}\", which has {} tokens.", section.name, section.tokens));
    std::iter::once(format!("The prompt has {excess} tokens too many.")).chain(largest).collect()
}

/// A message of a history.
#[derive(Debug, Clone, Deserialize)]
pub struct HistoryMessage {
    /// Text of the message.
    #[serde(default)]
    pub content: String,
}

/// Returns the number of newest messages that fit into `max_tokens`.
pub fn count_newest_fitting(messages: &[HistoryMessage], max_tokens: usize) -> usize {
    let mut budget = TokenBudget::new(max_tokens);
    messages.iter().rev().take_while(|message| budget.try_charge(message.content.clone())).count()
}

fn sections(prompt: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in prompt.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            found.push((title.trim(), String::new()));
        }
        if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_sections() {
        let size = measure("# One\nten words\n\n# Two\nx");
        assert_eq!((size.total_lines, size.total_chars), (5, 24));
        let names: Vec<_> = size.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["One", "Two"]);
        assert!(size.sections[0].tokens > size.sections[1].tokens);
    }

    #[test]
    fn removes_only_repetitions_and_whitespace() {
        assert_eq!(collapse_whitespace("# A  \n- x\n- x\n\n\n\n- y\n"), "# A\n- x\n\n- y");
    }

    #[test]
    fn rejects_a_large_prompt_with_the_sizes_of_its_sections() {
        assert_eq!(fit_to_limit("# A\nx", None).unwrap(), "# A\nx");
        let error = fit_to_limit("# A\none two three four", Some(3)).unwrap_err();
        assert!(
            matches!(&error, Error::PromptTooLarge { max_tokens: 3, sections, .. } if sections[0].0 == "A")
        );
    }

    #[test]
    fn suggests_shortening_the_largest_sections() {
        let prompt = format!("# Small\nx\n# Large\n{}", "word ".repeat(100));
        assert!(suggestions(&prompt, 1_000).is_empty());
        let suggestions = suggestions(&prompt, 10);
        assert!(suggestions[0].contains("too many") && suggestions[1].contains("Large"), "{suggestions:?}");
    }

    #[test]
    fn keeps_the_newest_messages() {
        let messages: Vec<HistoryMessage> = ["one two three", "four", "five"]
            .map(|content| HistoryMessage { content: content.into() })
            .into();
        assert_eq!(count_newest_fitting(&messages, 100), 3);
        assert_eq!(count_newest_fitting(&messages, 2), 2);
        assert_eq!(count_newest_fitting(&messages, 0), 0);
    }
}
