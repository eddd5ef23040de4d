//! Recognition of questions.

use super::characters::is_space;

/// Returns `true` if a text ends with a question mark of any script. Greek writes a semicolon.
pub fn asks(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let is_greek = text.starts_with(|c| ('\u{370}'..='\u{3ff}').contains(&c));
    text.ends_with(['?', '？', '؟']) || is_greek && text.ends_with(';')
}

#[cfg(test)]
mod tests {
    use super::asks;

    #[test]
    fn question_marks_of_all_scripts_ask() {
        for text in ["Wirklich? ", "本当？", "متى؟\n", "Πότε ανοίγετε;", "?", "a?\x1f"] {
            assert!(asks(text), "{text}");
        }
        for text in ["", " ", "Yes.", "Why? Because.", "int x;", "?!"] {
            assert!(!asks(text), "{text}");
        }
    }
}
