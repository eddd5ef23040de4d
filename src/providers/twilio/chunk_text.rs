//! Splitting of long texts into chunks that a provider accepts.

use unicode_segmentation::GraphemeCursor;

/// Splits a text into chunks of at most `limit` UTF-16 units. Cuts after a line, sentence or word
/// if there is one in the second half of the chunk, and never inside an emoji. White space at the
/// cuts is dropped. A blank text has no chunks.
pub fn chunk_text(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some(end) = fitting_len(rest, limit) {
        let (piece, after) = rest.split_at(best_break(rest, end));
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Returns the length in bytes that fits the limit; `None` if the whole text fits.
fn fitting_len(text: &str, limit: usize) -> Option<usize> {
    let mut units = 0;
    text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > limit).then_some(at)
    })
}

/// Returns the best position to cut at or before `end`.
fn best_break(text: &str, end: usize) -> usize {
    let blank = |at: usize| text[at..].starts_with(char::is_whitespace);
    let fitting = &text[..end];
    let line = fitting.rfind('\n');
    let sentence = fitting.rmatch_indices(['.', '!', '?', '。', '！', '？']).find_map(|(at, mark)| {
        let after = at + mark.len();
        (mark.len() > 1 || blank(after)).then_some(after)
    });
    let word = if blank(end) { Some(end) } else { fitting.rfind(char::is_whitespace) };
    let natural = [line, sentence, word].into_iter().flatten().find(|at| *at > end / 2);
    natural.or_else(|| grapheme_boundary_before(text, end)).unwrap_or_else(|| end.max(first_char(text)))
}

/// Returns the last position at or before `end` that is not inside a grapheme cluster.
fn grapheme_boundary_before(text: &str, end: usize) -> Option<usize> {
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    if cursor.is_boundary(text, 0) == Ok(true) {
        return Some(end).filter(|at| *at > 0);
    }
    cursor.prev_boundary(text, 0).ok().flatten().filter(|at| *at > 0)
}

fn first_char(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_lines_sentences_and_words() {
        assert_eq!(chunk_text("One two. Three four five", 14), ["One two.", "Three four", "five"]);
        assert_eq!(chunk_text("One.\nTwo", 8), ["One.\nTwo"]);
        assert_eq!(chunk_text("first line\nsecond", 14), ["first line", "second"]);
        assert_eq!(chunk_text("exactly ten", 7), ["exactly", "ten"]);
        assert_eq!(chunk_text(" \n ", 5), [""; 0]);
        assert_eq!(chunk_text("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn keeps_emoji_whole() {
        assert_eq!(chunk_text("ab😀cd", 3), ["ab", "😀c", "d"]);
        assert_eq!(chunk_text("abc👩‍👧x", 6), ["abc", "👩‍👧x"]);
        assert_eq!(chunk_text("😀😀", 1), ["😀", "😀"]);
    }

    #[test]
    fn loses_no_text_and_keeps_every_chunk_within_the_limit() {
        let mut seed = 7_u64;
        let alphabet: Vec<char> = "ab .!?\n\u{301}é😀\u{200d}👩。漢".chars().collect();
        for _ in 0..500 {
            let mut random = || {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (seed >> 33) as usize
            };
            let length = random() % 80;
            let text: String = (0..length).map(|_| alphabet[random() % alphabet.len()]).collect();
            let limit = 4 + random() % 20;
            let pieces = chunk_text(&text, limit);
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(visible(&pieces.concat()), visible(&text));
            assert!(
                pieces.iter().all(|p| !p.is_empty() && p.encode_utf16().count() <= limit),
                "{text:?} {limit}"
            );
        }
    }
}
