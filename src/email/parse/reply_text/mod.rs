//! Extraction of the reply text: an e-mail's text without quoted e-mails and signature.
//!
//! Only a reply has history. History is recognized by its form, so that it is found in any
//! language: an introduction (`introduction.rs`), a header block or a separator line
//! (`markers.rs`), or a position marked in HTML (`html/`). Phrases that programs write
//! (`phrases.rs`) are additional evidence. From any other e-mail, only a signature is removed, and
//! a quotation at the end with every sign of one.

mod introduction;
mod line;
mod markers;
mod phrases;
#[cfg(test)]
mod tests;

use crate::email::parse::reply_text::introduction::introduction_end;
pub(crate) use crate::email::parse::reply_text::line::is_blank;
use crate::email::parse::reply_text::line::{Evidence, Line};
use crate::email::parse::reply_text::markers::{Separator, is_header_block, separator};
use crate::email::parse::reply_text::phrases::{DEVICES, SENT_FROM, SENT_FROM_AT_END, words};
use crate::email::parse::subject::bare_subject;

/// Maximum length of a mobile signature line, in characters.
const MAX_SIGNATURE_CHARS: usize = 90;
/// Maximum number of lines starting with `>` that may be arrows or comparisons (`> 100 guests`) if
/// nothing introduces them.
const MAX_ARROWS: usize = 3;

/// Facts about an e-mail besides its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReplyContext<'a> {
    /// The e-mail is a reply and not a forward.
    pub is_answer: bool,
    /// The e-mail has attachments, so that it has content even without own words.
    pub has_attachments: bool,
    /// The subject.
    pub subject: &'a str,
    /// The lines at which history begins according to the HTML.
    pub marks: HistoryMarkers<'a>,
}

/// Line numbers at which history begins according to the HTML.
#[derive(Debug, Clone, Copy, Default)]
pub struct HistoryMarkers<'a> {
    /// The line from which on there is only history.
    pub history: Option<usize>,
    /// The lines that introduce quotations, in order.
    pub introductions: &'a [usize],
    /// The text was HTML, so that lines with `>` are always quotations.
    pub is_html: bool,
}

/// Returns the text that the sender wrote, without history and signature. Returns the whole text if
/// nothing would remain, unless it is a reply with attachments.
pub fn reply_text(text: &str, context: &ReplyContext<'_>) -> String {
    let lines: Vec<Line<'_>> = text.split('\n').map(Line::of).collect();
    let own = own_lines(&lines, context);
    let kept: Vec<&str> =
        lines.iter().zip(&own).filter(|(_, own)| **own).map(|(line, _)| line.text).collect();
    let kept = kept.join("\n").trim().to_owned();
    if kept.is_empty() && !(context.is_answer && context.has_attachments) {
        text.trim().to_owned()
    } else {
        kept
    }
}

/// Returns `true` for each line that the sender wrote, and for quotations that the sender answers
/// inline.
fn own_lines(lines: &[Line<'_>], context: &ReplyContext<'_>) -> Vec<bool> {
    let quotations = Quotations::of(lines);
    let subject = bare_subject(context.subject);
    let quoted_below = |at: usize| quotations.is_quoted_below(at);
    let mut own = vec![true; lines.len()];
    let (mut at, mut signature, mut end) = (0, false, lines.len());
    // A rule or separator announces headers.
    let mut announced = false;
    while let Some(line) = lines.get(at) {
        // Within a quotation, separators and headers belong to the quoted text.
        let within = line.is_quoted() && at > 0 && lines[at - 1].is_quoted();
        match separator(line).filter(|_| !within) {
            // Forwarded text is meant to be read, including its quotations.
            Some(Separator::Forwarded) => return own,
            Some(Separator::Original) if context.is_answer && !line.is_quoted() => {
                end = at;
                break;
            }
            _ => {}
        }
        if context.is_answer {
            let marked = context.marks.introductions.binary_search(&at).is_ok() && quoted_below(at);
            let introduction = if marked { Some(at) } else { introduction_end(lines, at, &quoted_below) };
            if let Some(last) = introduction {
                // Above an inline answer, the introduction is part of the text.
                if !quotations.is_answered_below(last) {
                    end = at;
                    break;
                }
                (at, signature, announced) = (last + 1, false, false);
                continue;
            }
            let headers = || !line.is_quoted() && is_header_block(lines, at, announced, &subject);
            if context.marks.history == Some(at) || headers() {
                end = at;
                break;
            }
        }
        if !context.is_answer && ends_with_quotation(lines, at, &quotations) {
            own[at..].fill(false);
            return own;
        }
        signature = (signature || line.is_signature_mark) && !line.is_quoted();
        own[at] = !signature;
        announced = line.is_rule() || announced && line.is_blank();
        at += 1;
    }
    own[end..].fill(false);
    if context.is_answer {
        drop_trailing_history(lines, &mut own[..end], context.marks.is_html);
    }
    own
}

/// Returns `true` if an e-mail that is not marked as a reply ends in a quotation from this line on.
/// The quotation must certainly be made by a program. Some programs omit the id of the e-mail that
/// they answer.
fn ends_with_quotation(lines: &[Line<'_>], at: usize, quotations: &Quotations) -> bool {
    // A cheap check, because most lines have neither.
    let may_be = lines[at].evidence().digit || lines[at].evidence().address;
    let last = may_be.then(|| introduction_end(lines, at, &|at| quotations.is_quoted_below(at))).flatten();
    last.is_some_and(|last| {
        let found = Evidence::of_all(&lines[at..=last]);
        let certain = found.mailbox && found.date && found.time;
        certain && quotations.is_quoted_below(last) && !quotations.is_answered_below(last)
    })
}

/// Marks trailing history as not own. Quotations between own lines are kept because the text around
/// them answers them.
fn drop_trailing_history(lines: &[Line<'_>], own: &mut [bool], is_html: bool) {
    let mut end = own.len();
    let first = (0..end).find(|at| own[*at] && !lines[*at].is_blank());
    while let Some(last) = own[..end].iter().rposition(|own| *own) {
        let line = &lines[last];
        if line.is_quoted() {
            let first =
                (0..=last).rev().take_while(|at| lines[*at].is_quoted() || lines[*at].is_blank()).last();
            let first = first.unwrap_or(last);
            if !is_html && may_be_own_text(lines, first, last) {
                return;
            }
            own[first..=last].fill(false);
        } else if line.is_blank() || line.is_rule() || is_mobile_signature(line) {
            // A blank or signature line that is all of the e-mail is kept.
            if first == Some(last) && !line.is_rule() {
                return;
            }
            own[last] = false;
        } else {
            return;
        }
        end = last;
    }
}

/// Returns `true` if lines that begin like a quotation may be the sender's own: a few of them
/// directly below other words, or a single comparison.
fn may_be_own_text(lines: &[Line<'_>], first: usize, last: usize) -> bool {
    let quoted = lines[first..=last].iter().filter(|line| line.is_quoted()).count();
    let follows_words = lines[first].is_quoted()
        && first
            .checked_sub(1)
            .and_then(|above| lines.get(above))
            .is_some_and(|above| !above.is_blank() && !above.is_rule() && !is_mobile_signature(above));
    let compares = || {
        let value = lines[last].plain.trim_start_matches(['>', '=', ' ', '€', '$', '£', '~']);
        value.starts_with(|c: char| c.is_ascii_digit())
    };
    follows_words && quoted <= MAX_ARROWS || quoted == 1 && compares()
}

/// The positions of quotations, computed once because an e-mail may consist only of introductions.
struct Quotations {
    /// The first quoted line at or below each line, and the first non-blank line.
    quoted: Vec<Option<usize>>,
    filled: Vec<Option<usize>>,
    /// The last line with the sender's own words.
    last_words: Option<usize>,
}

impl Quotations {
    fn of(lines: &[Line<'_>]) -> Self {
        let (mut quoted, mut filled) = (vec![None; lines.len()], vec![None; lines.len()]);
        let (mut next_quoted, mut next_filled) = (None, None);
        for (at, line) in lines.iter().enumerate().rev() {
            next_quoted = if line.is_quoted() { Some(at) } else { next_quoted };
            next_filled = if line.is_blank() { next_filled } else { Some(at) };
            (quoted[at], filled[at]) = (next_quoted, next_filled);
        }
        let signature = lines.iter().rposition(|line| line.is_signature_mark || line.is_quoted());
        let end = signature.filter(|at| lines[*at].is_signature_mark).unwrap_or(lines.len());
        let own = |line: &Line<'_>| {
            !line.is_blank() && !line.is_quoted() && !line.is_rule() && !is_mobile_signature(line)
        };
        Self { quoted, filled, last_words: lines[..end].iter().rposition(own) }
    }

    /// Returns `true` if the next non-blank line below a line is quoted.
    fn is_quoted_below(&self, at: usize) -> bool {
        let next = self.filled.get(at + 1).copied().flatten();
        next.is_some() && next == self.quoted.get(at + 1).copied().flatten()
    }

    /// Returns `true` if the sender continues below the quotation that follows a line.
    fn is_answered_below(&self, at: usize) -> bool {
        self.is_quoted_below(at)
            && self
                .quoted
                .get(at + 1)
                .copied()
                .flatten()
                .is_some_and(|quoted| self.last_words.is_some_and(|words| words > quoted))
    }
}

/// Returns `true` if a line is a signature that phones and mail programs append: that the e-mail
/// was sent, and from which device.
fn is_mobile_signature(line: &Line<'_>) -> bool {
    let whole = line.plain.trim_end_matches(['.', '!', ' ', '>', '*', '_']);
    if whole.is_empty() || whole.chars().count() > MAX_SIGNATURE_CHARS || whole.contains(". ") {
        return false;
    }
    let text = whole.trim_start_matches(['*', '_', '[', '(']).to_lowercase();
    words(DEVICES).any(|device| text.contains(device))
        && (words(SENT_FROM).any(|start| text.starts_with(start))
            || words(SENT_FROM_AT_END).any(|end| text.ends_with(end)))
}
