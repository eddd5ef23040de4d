//! How long prompts and histories are, and what to do when they are too long.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::llm::tokens::{self, Budget};

/// Tokens of a prompt at most, unless said otherwise.
pub const DEFAULT_MAX_TOKENS: usize = 8_000;

/// How long a prompt is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Size {
    /// Tokens, as models count them.
    pub total_tokens: usize,
    /// Characters.
    pub total_chars: usize,
    /// Lines.
    pub total_lines: usize,
    /// Its parts: what stands beneath each line that begins with `# `.
    pub sections: Vec<SectionSize>,
}

/// How long a part of a prompt is, title included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionSize {
    /// Its title.
    pub name: String,
    /// Tokens.
    pub tokens: usize,
    /// Characters.
    pub chars: usize,
}

/// Measures a prompt.
pub fn measure(prompt: &str) -> Size {
    let sections = sections(prompt).into_iter().map(|(name, text)| SectionSize {
        name: name.to_owned(),
        tokens: tokens::count(&text),
        chars: text.chars().count(),
    });
    Size {
        total_tokens: tokens::count(prompt),
        total_chars: prompt.chars().count(),
        total_lines: prompt.lines().count(),
        sections: sections.collect(),
    }
}

/// The prompt, tightened, if it then has so many tokens at most; fails with `PROMPT_TOO_LARGE`.
pub fn fit(prompt: &str, max_tokens: Option<usize>) -> Result<String> {
    let (prompt, max_tokens) = (tighten(prompt), max_tokens.unwrap_or(DEFAULT_MAX_TOKENS));
    let tokens = tokens::count(&prompt);
    if tokens <= max_tokens {
        return Ok(prompt);
    }
    let sections = measure(&prompt).sections.into_iter().map(|section| (section.name, section.tokens));
    Err(Error::PromptTooLarge { tokens, max_tokens, sections: sections.collect() })
}

/// The prompt without lines that repeat the one before, and without needless blanks; its words stay.
fn tighten(prompt: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in prompt.lines().map(str::trim_end) {
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// What would make a prompt fit; nothing when it does.
pub fn advice(prompt: &str, max_tokens: usize) -> Vec<String> {
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

/// Something said, as far as its length matters.
#[derive(Debug, Clone, Deserialize)]
pub struct Said {
    /// The words.
    #[serde(default)]
    pub content: String,
}

/// How many of the newest messages fit into so many tokens.
pub fn newest_that_fit(messages: &[Said], max_tokens: usize) -> usize {
    let mut budget = Budget::new(max_tokens);
    messages.iter().rev().take_while(|message| budget.take(message.content.clone())).count()
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
    fn sections_are_measured() {
        let size = measure("# One\nten words\n\n# Two\nx");
        assert_eq!((size.total_lines, size.total_chars), (5, 24));
        let names: Vec<_> = size.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["One", "Two"]);
        assert!(size.sections[0].tokens > size.sections[1].tokens);
    }

    #[test]
    fn only_repetitions_and_blanks_go() {
        assert_eq!(tighten("# A  \n- x\n- x\n\n\n\n- y\n"), "# A\n- x\n\n- y");
    }

    #[test]
    fn a_prompt_that_is_too_long_is_refused_with_the_length_of_its_parts() {
        assert_eq!(fit("# A\nx", None).unwrap(), "# A\nx");
        let error = fit("# A\none two three four", Some(3)).unwrap_err();
        assert!(
            matches!(&error, Error::PromptTooLarge { max_tokens: 3, sections, .. } if sections[0].0 == "A")
        );
    }

    #[test]
    fn advice_names_the_largest_sections() {
        let prompt = format!("# Small\nx\n# Large\n{}", "word ".repeat(100));
        assert!(advice(&prompt, 1_000).is_empty());
        let advice = advice(&prompt, 10);
        assert!(advice[0].contains("too many") && advice[1].contains("Large"), "{advice:?}");
    }

    #[test]
    fn the_newest_messages_are_kept() {
        let said: Vec<Said> =
            ["one two three", "four", "five"].map(|content| Said { content: content.into() }).into();
        assert_eq!(newest_that_fit(&said, 100), 3);
        assert_eq!(newest_that_fit(&said, 2), 2);
        assert_eq!(newest_that_fit(&said, 0), 0);
    }
}
