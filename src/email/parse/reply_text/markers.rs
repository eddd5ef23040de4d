//! Detection of separator lines above a forwarded or quoted e-mail, and of the header blocks below
//! them.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::email::parse::reply_text::line::Line;
use crate::email::parse::reply_text::phrases::{
    DATE, FORWARDED, FORWARDS, FROM, ORIGINAL, SUBJECT, TO, words,
};
use crate::email::parse::subject::bare_subject;

/// Maximum length of a header block, in lines.
const MAX_HEADERS: usize = 12;
/// Maximum length of a header's label, in characters.
const MAX_LABEL_CHARS: usize = 30;

/// The kind of e-mail that a separator line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// A forwarded e-mail, which the sender wants to be read.
    Forwarded,
    /// The e-mail that is answered, which is history.
    Original,
}

type Words = LazyLock<HashSet<&'static str>>;
static IS_FORWARDED: Words = LazyLock::new(|| words(FORWARDED).collect());
static IS_ORIGINAL: Words = LazyLock::new(|| words(ORIGINAL).collect());
static IS_FROM: Words = LazyLock::new(|| words(FROM).collect());
static IS_DATE: Words = LazyLock::new(|| words(DATE).collect());
static IS_TO: Words = LazyLock::new(|| words(TO).collect());
static IS_SUBJECT: Words = LazyLock::new(|| words(SUBJECT).collect());

/// Returns the kind of separator that a line is, if any: `---- Forwarded message ----`,
/// `Begin forwarded message:`.
pub(super) fn separator(line: &Line<'_>) -> Option<Separator> {
    let is_rule =
        |c: char| matches!(c, '-' | '–' | '—' | '_' | '=' | '━' | '─' | '*' | '<' | '>' | ' ' | '#');
    let plain = line.plain.as_str();
    if plain.is_empty() || plain.chars().count() > 120 {
        return None;
    }
    let bare = plain.trim_matches(is_rule);
    let drawn = plain.trim_start_matches(['>', ' ', '*']).starts_with(['-', '–', '—', '_', '=', '━', '─']);
    let says_more = plain.trim_end().ends_with(':');
    let words = bare.trim_end_matches([':', ' ']).to_lowercase();
    // Notes and others add the sender: `---- Forwarded by Ann/Acme on 04/03/2026 ----`.
    let forwards = || drawn && self::words(FORWARDS).any(|start| words.starts_with(start));
    if (drawn || says_more) && IS_FORWARDED.contains(words.as_str()) || forwards() {
        return Some(Separator::Forwarded);
    }
    (drawn && IS_ORIGINAL.contains(words.as_str())).then_some(Separator::Original)
}

/// The facts collected about a header block.
#[derive(Default)]
struct HeaderBlock {
    lines: usize,
    /// A sender or recipient is given by address.
    has_address: bool,
    /// The first line has an address beside a name.
    first_is_mailbox: bool,
    mailboxes: usize,
    dated: bool,
    clocked: bool,
    from: bool,
    date: bool,
    /// The second line is the date, as in Outlook.
    date_is_second: bool,
    to: bool,
    subject: bool,
    same_subject: bool,
}

/// Returns `true` if the headers of another e-mail begin at a line: sender, date, recipients and
/// subject, one per line, in any language. `announced` says that a rule or a separator is above.
/// `subject` is the bare subject of the e-mail itself.
pub(super) fn is_header_block(lines: &[Line<'_>], at: usize, announced: bool, subject: &str) -> bool {
    let mut block = HeaderBlock::default();
    let mut continuations_left = 2;
    for line in lines[at..].iter().take(MAX_HEADERS) {
        let Some((label, value)) = header(line) else {
            // Recipients continue in the next line.
            let more = block.lines > 0
                && continuations_left > 0
                && !line.is_blank()
                && line.plain.contains(['@', ';']);
            if !more {
                break;
            }
            continuations_left -= 1;
            block.has_address |= line.evidence().address;
            continue;
        };
        let evidence = line.evidence();
        block.first_is_mailbox |= block.lines == 0 && evidence.mailbox;
        block.lines += 1;
        let is_from = IS_FROM.contains(label.as_str());
        let is_to = IS_TO.contains(label.as_str());
        block.has_address |= evidence.address && (block.lines == 1 || is_from || is_to);
        block.mailboxes += usize::from(evidence.mailbox);
        let is_date = IS_DATE.contains(label.as_str());
        block.dated |= evidence.date || is_date && evidence.digit;
        block.clocked |= (evidence.date || is_date) && evidence.time;
        block.from |= block.lines <= 2 && is_from;
        block.date |= is_date;
        block.date_is_second |= is_date && block.lines == 2 && block.from;
        block.to |= is_to;
        block.subject |= IS_SUBJECT.contains(label.as_str());
        block.same_subject |= subject.chars().count() >= 3
            && value.to_lowercase().ends_with(subject)
            && bare_subject(value) == subject;
    }
    block.is_email_header(announced)
}

impl HeaderBlock {
    /// Returns `true` if the block consists of e-mail headers. People write similar lists: "From:
    /// Hamburg", "Contact: Ann <ann@example.com>". Therefore further evidence is required: a sender
    /// or recipient given by address, the subject of the e-mail itself, or Outlook's order.
    fn is_email_header(&self, announced: bool) -> bool {
        let labels = [self.from, self.date, self.to, self.subject].into_iter().filter(|known| *known).count();
        if announced
            && self.lines >= 2
            && (self.has_address && (self.from || self.dated) || self.from && self.clocked && labels >= 3)
        {
            return true;
        }
        if self.lines < 3 || !self.dated {
            return false;
        }
        self.from && self.has_address && (labels >= 3 || labels >= 2 && self.mailboxes > 0)
            || self.first_is_mailbox && (labels >= 3 || self.mailboxes >= 2 && self.clocked)
            || self.same_subject && (self.has_address || self.from && self.clocked)
            || self.from && self.subject && self.clocked && self.date_is_second
    }
}

/// Returns the label, in lower case, and the value of a header, if the line is one.
fn header<'a>(line: &'a Line<'_>) -> Option<(String, &'a str)> {
    let plain = line.plain.trim_start_matches(['>', '*', '_', '|', ' ']);
    let (label, value) = plain.split_once(':')?;
    let label = label.trim_matches(['*', '_', ' ', '\t']);
    let fits = !label.is_empty()
        && label.chars().count() <= MAX_LABEL_CHARS
        && label.split_whitespace().count() <= 4
        && !label.contains(['@', '<', '>', '/', '"', ',', '?'])
        && !label.bytes().any(|byte| byte.is_ascii_digit());
    fits.then(|| (label.to_lowercase(), value.trim_matches(['*', '_', ' ', '\t', ';'])))
}
