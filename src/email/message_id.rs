//! `Message-ID`s.

/// Maximum length of a message id in bytes. Longer ids are truncated on both sides of a comparison.
const MAX_ID_BYTES: usize = 400;

/// Returns an id without angle brackets and surrounding space, limited in length.
pub fn bare_id(id: &str) -> String {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let end = (0..=MAX_ID_BYTES.min(id.len())).rev().find(|end| id.is_char_boundary(*end)).unwrap_or(0);
    id.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_brackets_and_limits_the_length() {
        assert_eq!(bare_id(" <a@b> "), "a@b");
        assert_eq!(bare_id(&"é".repeat(300)).len(), MAX_ID_BYTES);
    }
}
