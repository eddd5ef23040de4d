//! Recognition of questions.

use super::characters::is_space;

/// Characters that end a sentence.
const SENTENCE_ENDS: [char; 12] = ['.', '!', '?', '…', '。', '！', '？', '؟', '।', '؛', '\n', '\r'];
/// Sentence ends of scripts that put no space between sentences.
const ENDS_WITHOUT_SPACE: [char; 5] = ['。', '！', '？', '\n', '\r'];
/// Minimum length of the word before a full stop, in characters. A shorter one may be a title, as in
/// "Dr. Weber".
const MIN_LAST_WORD: usize = 4;

/// Returns `true` if a text ends with a question mark of any script. Greek writes a semicolon.
pub fn asks(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let is_greek = text.starts_with(|c| ('\u{370}'..='\u{3ff}').contains(&c));
    text.ends_with(['?', '？', '؟']) || is_greek && text.ends_with(';')
}

/// Returns the sentences of a text that end with a question mark, in order.
pub fn questions(text: &str) -> impl Iterator<Item = &str> {
    sentences(text).map(|sentence| sentence.trim_matches(is_space)).filter(|sentence| asks(sentence))
}

/// Cuts a text into sentences, each with the characters that end it.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (sentence, after) = rest.split_at(end_of_sentence(rest));
        rest = after;
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// Returns the position after the first sentence.
fn end_of_sentence(text: &str) -> usize {
    let mut word = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if !SENTENCE_ENDS.contains(&c) {
            word = if is_space(c) { 0 } else { word + 1 };
            continue;
        }
        let next = characters.peek().map(|(_, next)| *next);
        let is_end = match next {
            None => true,
            // "?!" is one end.
            Some(next) if SENTENCE_ENDS.contains(&next) => false,
            Some(_) if ENDS_WITHOUT_SPACE.contains(&c) => true,
            Some(next) => is_space(next) && (c != '.' || word >= MIN_LAST_WORD),
        };
        if is_end {
            return at + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_of_all_scripts_ask() {
        for text in ["Wirklich? ", "本当？", "متى؟\n", "Πότε ανοίγετε;", "?", "a?\x1f"] {
            assert!(asks(text), "{text}");
        }
        for text in ["", " ", "Yes.", "Why? Because.", "int x;", "?!"] {
            assert!(!asks(text), "{text}");
        }
    }

    #[test]
    fn questions_are_found_among_other_sentences() {
        for (text, expected) in [
            ("", vec![]),
            ("I am Anna. Thanks!", vec![]),
            ("Do you have parking?", vec!["Do you have parking?"]),
            ("My name is Anna. Do you have parking? Thanks.", vec!["Do you have parking?"]),
            ("Does Dr. Weber do implants?", vec!["Does Dr. Weber do implants?"]),
            ("At 9.30? Or at ten?\nThanks", vec!["At 9.30?", "Or at ten?"]),
            ("a\n\nIs it open?", vec!["Is it open?"]),
            ("你好。有停车位吗？谢谢", vec!["有停车位吗？"]),
            ("Really?!", vec![]),
            ("Πότε ανοίγετε;", vec!["Πότε ανοίγετε;"]),
        ] {
            assert_eq!(questions(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
