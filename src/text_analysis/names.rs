//! Names in questions.

use std::collections::HashSet;

use super::characters::{is_space, is_word};
use super::fold::fold;

/// Returns a question without the names of the two who talk. Messages seldom have them, and in an
/// embedding they outweigh everything else. A question of names only is returned as it is.
pub fn without_names(question: &str, names: &[String]) -> String {
    let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
    let gone: HashSet<&str> = folded.iter().flat_map(|name| words(name)).collect();
    let kept: Vec<&str> = words(question).filter(|word| !gone.contains(bare(&fold(word)))).collect();
    if kept.is_empty() { question.to_owned() } else { kept.join(" ") }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// Returns a word without the punctuation after it, and without the English possessive.
fn bare(word: &str) -> &str {
    let word = word.trim_end_matches(|c| !is_word(c));
    word.strip_suffix("'s").unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn names_are_left_out() {
        let names = ["Anna Berg".to_owned(), "Zoë".to_owned()];
        for (question, left) in [
            ("What did Anna's dog eat, Anna?", "What did dog eat,"),
            ("Zoe,  wann kommt   ANNA’S Hund?", "wann kommt Hund?"),
            ("Annas dog and Bergamo", "Annas dog and Bergamo"),
            ("(Anna) said", "(Anna) said"),
            ("Anna Berg?", "Anna Berg?"),
            ("anna.'s anna''s x", "anna.'s anna''s x"),
            ("", ""),
        ] {
            assert_eq!(without_names(question, &names), left, "{question}");
        }
        assert_eq!(without_names(" a  b ", &[]), "a b");
    }
}
