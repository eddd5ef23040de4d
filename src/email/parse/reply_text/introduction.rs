//! Detection of the lines that introduce a quotation: "On Wed, 4 Mar 2026 at 09:12, Sarah
//! <s@acme.example> wrote:".

use crate::email::parse::reply_text::line::{Evidence, Line, addresses, ends_with_address, has_mailbox};
use crate::email::parse::reply_text::phrases::{INTRODUCTION_VERBS, PERSONAL_PRONOUNS, words};

/// Maximum length of an introduction, in lines and, without its last line, in bytes.
const MAX_LINES: usize = 4;
const MAX_BYTES: usize = 600;

/// Returns the last line of the introduction that begins at line `at`, if one does. `quoted_below`
/// returns `true` if the next non-blank line below a line is a quotation.
///
/// An introduction is recognized by its form: it ends in a colon, and contains an address and a
/// date, in any order and language. Without marked quotations below, the evidence must be stronger,
/// because everything that follows is dropped.
pub(super) fn introduction_end(
    lines: &[Line<'_>],
    at: usize,
    quoted_below: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let begins = at == 0 || lines[at - 1].is_blank() || lines[at - 1].is_quoted() || lines[at - 1].is_rule();
    let mut joined = String::new();
    for (last, line) in lines.iter().enumerate().skip(at).take(MAX_LINES) {
        if line.is_blank() || line.is_quoted() || line.plain.is_empty() || joined.len() > MAX_BYTES {
            return None;
        }
        joined.push_str(&line.plain);
        if is_introduction(&joined, &lines[at..=last], quoted_below(last), begins) {
            return (last == at || belongs_to_introduction(&lines[at..=last], quoted_below(last)))
                .then_some(last);
        }
        joined.push(' ');
    }
    None
}

/// Returns `true` if the first line is part of an introduction that continues below, and not of the
/// text above it.
fn belongs_to_introduction(lines: &[Line<'_>], quoted: bool) -> bool {
    let [first, rest @ ..] = lines else { return false };
    let joined: Vec<&str> = rest.iter().map(|line| line.plain.as_str()).collect();
    if !is_introduction(&joined.join(" "), rest, quoted, false) {
        return true;
    }
    let found = first.evidence();
    (found.date || found.time) && !first.plain.ends_with(['.', '!', '?', '。', '！', '？'])
}

/// Returns `true` if lines, joined, introduce the text below them.
fn is_introduction(joined: &str, lines: &[Line<'_>], quoted: bool, begins: bool) -> bool {
    let bare = joined.trim_end_matches(['*', '_', '"', '\'', ' ']);
    let drawn = joined.starts_with("--") && joined.ends_with("--");
    let colon = bare.ends_with(':') || joined.starts_with(':');
    let found = Evidence::of_all(lines);
    if !(colon || drawn || quoted) {
        return begins && found.mailbox && found.date && found.time && is_followed_inline(joined);
    }
    if !(found.digit || found.address) {
        return false;
    }
    let mailbox = || found.mailbox || found.address && lines.len() > 1 && has_mailbox(joined);
    let verb = || holds_verb(joined);
    if quoted {
        let ends = colon || drawn;
        return ends && (found.address || found.date || found.time || verb())
            || found.date && (mailbox() || verb());
    }
    if !found.date && !found.time {
        return false;
    }
    if drawn {
        return found.address || verb();
    }
    if is_personal(joined) {
        return false;
    }
    if !found.address {
        return found.date && found.time && begins && verb();
    }
    // In a language whose verb is unknown, the date must be in its usual position, beside a single
    // address.
    verb()
        || (ends_with_address(joined) || begins && mailbox())
            && found.date
            && found.time
            && begins_with_date(joined)
            && addresses(joined) == 1
}

/// Returns `true` if a line mentions its writer or reader, which introductions by programs never
/// do: "On 4 March 2026 at 9:12 you wrote:".
fn is_personal(joined: &str) -> bool {
    let mut words = joined
        .split_whitespace()
        .filter(|word| !word.contains('@'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()));
    let personal = |word: &str| !word.is_empty() && self::words(PERSONAL_PRONOUNS).any(|known| known == word);
    // Except at the beginning, a capitalized word is part of a name: "Our House".
    words.next().is_some_and(|first| personal(first) || personal(&first.to_lowercase()))
        || words.any(personal)
        || joined.contains(['我', '您', '你', '私'])
}

/// Returns `true` if a line begins with a date, optionally after a weekday, a preposition or a
/// mailbox.
fn begins_with_date(joined: &str) -> bool {
    let rest = match joined.split_once('>') {
        Some((mailbox, rest)) if mailbox.contains('<') && !mailbox.contains(|c: char| c.is_ascii_digit()) => {
            rest
        }
        _ => joined,
    };
    let before = rest.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let words = before.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let most = match (rest.len() < joined.len(), before.is_ascii()) {
        (true, _) => 0,
        (false, true) => 2,
        (false, false) => 4,
    };
    words <= most
}

/// Returns `true` if the quotation follows in the same line, as in Yahoo's mobile apps: "… Sarah
/// <s@acme.example> wrote: Hello".
fn is_followed_inline(joined: &str) -> bool {
    let between =
        joined.split_once('>').and_then(|(_, rest)| rest.split_once(':')).map(|(between, _)| between);
    between.is_some_and(|between| between.chars().count() <= 60 && holds_verb(between))
}

fn holds_verb(text: &str) -> bool {
    let text = text.to_lowercase();
    words(INTRODUCTION_VERBS).any(|verb| text.contains(verb))
}
