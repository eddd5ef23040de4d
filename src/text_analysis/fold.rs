//! Folding: texts that differ only in what people leave out when they type become equal.

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::characters::is_nonspacing_mark;

/// Returns the text in lower case, without marks on Latin, Greek, Cyrillic and Arabic letters.
/// Vietnamese letters keep their marks, which tell its words apart.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Neither composition nor case mapping reaches across a space.
    for word in text.split_inclusive(' ') {
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            fold_word(word, &mut folded);
        }
    }
    folded
}

fn fold_word(word: &str, folded: &mut String) {
    let lower = match is_nfkc_quick(word.chars()) {
        IsNormalized::Yes => word.to_lowercase(),
        _ => word.nfkc().collect::<String>().to_lowercase(),
    };
    for c in lower.chars() {
        match c {
            '\0'..='\x7f' => folded.push(c),
            'ß' => folded.push_str("ss"),
            '’' => folded.push('\''),
            '\u{600}'..='\u{6ff}' => folded.extend(fold_arabic(c)),
            '\u{80}'..='\u{52f}' | '\u{1f00}'..='\u{1fff}' => {
                decompose_canonical(c, |part| {
                    if !is_nonspacing_mark(part) {
                        folded.push(part);
                    }
                });
            }
            _ => folded.push(c),
        }
    }
}

/// Returns the letter as it is most often typed, or `None` for vowel signs and the tatweel.
fn fold_arabic(c: char) -> Option<char> {
    match c {
        'أ' | 'إ' | 'آ' => Some('ا'),
        'ى' => Some('ي'),
        'ة' => Some('ه'),
        'ـ' => None,
        _ => (!is_nonspacing_mark(c)).then_some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_become_equal() {
        for (text, folded) in [
            ("Straße CAFÉ naïve", "strasse cafe naive"),
            ("ẞ Ｆｕｌｌ ﬁn", "ss full fin"),
            ("Anna’s", "anna's"),
            ("ΟΔΟΣ Ἀθῆναι", "οδος αθηναι"),
            ("Ёлка й", "елка и"),
            ("İstanbul ı", "istanbul ı"),
            ("Tiếng Việt", "tiếng việt"),
            ("مُدَرِّسَة إلى أمـان", "مدرسه الي امان"),
            ("हिन्दी ไทย", "हिन्दी ไทย"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
