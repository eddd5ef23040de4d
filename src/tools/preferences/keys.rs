//! Comparison of preference keys: models write `preferredTime` today and `Preferred times`
//! tomorrow.

/// Number of leading letters that related words share.
const STEM: usize = 5;

/// Returns `true` if two keys differ only in case, separators, camel case or number.
pub(super) fn is_same_key(a: &str, b: &str) -> bool {
    let (a, b) = (joined(a), joined(b));
    !a.is_empty() && a == b
}

/// Returns `true` if a note contains a word of the key, or a word with the same beginning.
pub(super) fn mentions(note: &str, key: &str) -> bool {
    let note = words(note);
    words(key).iter().any(|word| note.iter().any(|noted| shares_stem(word, noted)))
}

fn shares_stem(a: &str, b: &str) -> bool {
    a == b
        || (a.chars().count() >= STEM
            && b.chars().count() >= STEM
            && a.chars().take(STEM).eq(b.chars().take(STEM)))
}

fn joined(key: &str) -> String {
    words(key).concat()
}

/// Returns the words of a text: lower-case, singular, without separators.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before: Option<char> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                // `preferredTime`; `SMSOptIn` is `SMS`, `Opt`, `In`.
                !before.is_uppercase() || letters.peek().is_some_and(|next| next.is_lowercase())
            });
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = Some(letter);
    }
    words.iter().filter(|word| !word.is_empty()).map(|word| singular(word)).collect()
}

/// Returns the singular of an English plural. A word that only looks like a plural loses its ending
/// on both sides of a comparison.
fn singular(word: &str) -> String {
    if word.chars().count() <= 3 || word.ends_with("ss") {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["ches", "shes", "sses", "xes", "zes"] {
        if word.ends_with(end) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_equivalent_keys() {
        for (a, b) in [
            ("preferred_time", "preferredTime"),
            ("preferred_time", "PreferredTime"),
            ("preferred_time", "preferred-time"),
            ("preferred_time", "Preferred Time"),
            ("preferred_time", "PREFERRED_TIME"),
            ("preferred_time", "preferred.time"),
            ("preferred_time", "preferredtime"),
            ("preferred_time", "preferred__times"),
            ("preferred_time", " preferred times "),
            ("allergy", "Allergies"),
            ("box", "boxes"),
            ("lunch", "lunches"),
            ("dishWish", "dish_wishes"),
            ("glass", "glasses"),
            ("child_name", "childrenName".replace("ren", "").as_str()),
            ("sms_opt_in", "SMSOptIn"),
            ("größe", "GRÖSSE".replace("SS", "ß").as_str()),
            ("любимый_цвет", "Любимый Цвет"),
            ("好きな色", "好きな色"),
            ("table2", "Table_2"),
        ] {
            assert!(is_same_key(a, b), "{a} {b}");
            assert!(is_same_key(b, a), "{b} {a}");
        }
    }

    #[test]
    fn distinguishes_different_keys() {
        for (a, b) in [
            ("preferred_time", "time"),
            ("preferred_time", "preferred_table"),
            ("child_1", "child_2"),
            ("bus", "bu"),
            ("as", "a"),
            ("_", "-"),
            ("", ""),
            ("news", "new york"),
        ] {
            assert!(!is_same_key(a, b), "{a} {b}");
        }
    }

    #[test]
    fn matches_notes_by_words_of_the_key() {
        for (note, key) in [
            ("Prefers mornings", "preferred_time"),
            ("Allergic to nuts.", "allergies"),
            ("wants the Window seat", "seat"),
            ("two children", "children"),
        ] {
            assert!(mentions(note, key), "{note} {key}");
        }
        for (note, key) in [("Prefers mornings", "seat"), ("", "seat"), ("a b", "")] {
            assert!(!mentions(note, key), "{note} {key}");
        }
    }
}
