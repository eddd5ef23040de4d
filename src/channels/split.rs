//! Cuts long texts into pieces that a provider takes.

use unicode_segmentation::GraphemeCursor;

/// Pieces of at most `limit` UTF-16 units each, cut after a line, a sentence or a word where there is one in the second
/// half, and never inside an emoji. White space at the cuts is dropped; a blank text has no pieces.
pub fn split(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some(end) = end_of_fitting(rest, limit) {
        let (piece, after) = rest.split_at(cut(rest, end));
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// How much fits, in bytes; `None` when everything does.
fn end_of_fitting(text: &str, limit: usize) -> Option<usize> {
    let mut units = 0;
    text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > limit).then_some(at)
    })
}

/// The best place to cut at or before `end`.
fn cut(text: &str, end: usize) -> usize {
    let blank = |at: usize| text[at..].starts_with(char::is_whitespace);
    let fitting = &text[..end];
    let line = fitting.rfind('\n');
    let sentence = fitting.rmatch_indices(['.', '!', '?', '。', '！', '？']).find_map(|(at, mark)| {
        let after = at + mark.len();
        (mark.len() > 1 || blank(after)).then_some(after)
    });
    let word = if blank(end) { Some(end) } else { fitting.rfind(char::is_whitespace) };
    let natural = [line, sentence, word].into_iter().flatten().find(|at| *at > end / 2);
    natural.or_else(|| before_cluster(text, end)).unwrap_or_else(|| end.max(first_char(text)))
}

/// The last place at or before `end` that is not inside what is seen as one character.
fn before_cluster(text: &str, end: usize) -> Option<usize> {
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
    fn cuts_are_where_one_would_breathe() {
        assert_eq!(split("One two. Three four five", 14), ["One two.", "Three four", "five"]);
        assert_eq!(split("One.\nTwo", 8), ["One.\nTwo"]);
        assert_eq!(split("first line\nsecond", 14), ["first line", "second"]);
        assert_eq!(split("exactly ten", 7), ["exactly", "ten"]);
        assert_eq!(split(" \n ", 5), [""; 0]);
        assert_eq!(split("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn emoji_stay_whole() {
        assert_eq!(split("ab😀cd", 3), ["ab", "😀c", "d"]);
        assert_eq!(split("abc👩‍👧x", 6), ["abc", "👩‍👧x"]);
        assert_eq!(split("😀😀", 1), ["😀", "😀"]);
    }

    #[test]
    fn nothing_is_lost_and_every_piece_fits() {
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
            let pieces = split(&text, limit);
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(visible(&pieces.concat()), visible(&text));
            assert!(
                pieces.iter().all(|p| !p.is_empty() && p.encode_utf16().count() <= limit),
                "{text:?} {limit}"
            );
        }
    }
}
